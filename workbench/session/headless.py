"""Running a script without a screen: from the first line to the last, or to the first error."""

import sys
from contextlib import redirect_stdout
from io import TextIOBase
from typing import TextIO

from workbench.endings import ExitCode, ending_of
from workbench.protocol import describe_error
from workbench.protocol.policy import Policy
from workbench.session.advice import advise, summarise
from workbench.session.interpreter import Interpreter
from workbench.session.script import Script, Statement
from workbench.session.script_error import ScriptError
from workbench.session.step_limit import StepLimit
from workbench.session.transcript import Transcript
from workbench.session.visible import visible


def run_script(
    script: Script,
    *,
    out: TextIO,
    err: TextIO,
    timeout_seconds: float,
    policy: Policy | None = None,
    title: str = "workbench run",
) -> ExitCode:
    """Run a script and write its transcript.

    Args:
        script: What to run.
        out: Takes the transcript.
        err: Takes the one message about an error.
        timeout_seconds: How long a peer may be silent.
        policy: Of connections to which the script gives none.
        title: Of the command, for the message about an error.

    Returns:
        The exit code.

    Raises:
        OSError: The transcript could not be written, and the run was ended for it; `BrokenPipeError` where nobody reads it.
    """
    return _Run(script, out, err, timeout_seconds, policy, title).run()


class Lines:
    """Writes lines as long as they can be written. It is called inside a tap, so it never raises."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.failure: OSError | None = None
        """Why no more can be written; `BrokenPipeError` where nobody reads any more."""

    def write(self, line: str) -> None:
        """Write a line, if that is still possible."""
        if self.failure is not None:
            return
        try:
            print(line, file=self._stream, flush=True)
        except OSError as error:
            self.failure = error


class _PrintedText(TextIOBase):
    """Stands in for standard output, so that `set_debuglevel` prints into the transcript."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript

    def write(self, text: str) -> int:
        self._transcript.printed(text)
        return len(text)


class _Run:
    """One run of one script."""

    def __init__(
        self,
        script: Script,
        out: TextIO,
        err: TextIO,
        timeout_seconds: float,
        policy: Policy | None,
        title: str,
    ) -> None:
        self._script = script
        self._title = title
        self._lines = Lines(out)
        self._err = err
        self._limit = StepLimit(timeout_seconds)
        self._transcript = Transcript(self._lines.write)
        self._interpreter = Interpreter(
            tap=self._transcript.listen,
            on_connection=self._limit.watch,
            output=self._transcript.printed,
            default_timeout=timeout_seconds,
            default_policy=policy,
        )
        self._done = 0
        self._outcome = "done: every call succeeded"

    def run(self) -> ExitCode:
        self._transcript.started(self._script)
        try:
            with redirect_stdout(_PrintedText(self._transcript)):
                code = self._run_steps()
        finally:
            self._interpreter.close()
        if self._lines.failure is not None:
            raise self._lines.failure
        self._transcript.finished(self._script, self._done, self._outcome)
        return code

    def _run_steps(self) -> ExitCode:
        for statement in self._script.statements:
            self._done += statement.is_step
            try:
                code = self._run_statement(statement)
            except KeyboardInterrupt as stop:
                self._outcome, code = ending_of(stop)
                self._complain(f"{self._place(statement)}: {self._outcome}", "")
                return code
            if code is not ExitCode.SUCCEEDED:
                self._outcome = "stopped at an error"
            if code is not ExitCode.SUCCEEDED or self._lines.failure is not None:
                return code
        return ExitCode.SUCCEEDED

    def _run_statement(self, statement: Statement) -> ExitCode:
        if not statement.is_step:
            self._interpreter.execute(statement)
            return ExitCode.SUCCEEDED
        self._transcript.step_started(statement)
        try:
            with self._limit.step():
                value = self._interpreter.execute(statement)
        except ScriptError as error:
            error.name = self._script.name
            self._transcript.step_raised(error)
            self._complain(str(error), error.hint)
            return ExitCode.REFUSED
        except Exception as error:  # noqa: BLE001 - whatever a call raises is what the user came to see
            self._transcript.step_raised(error)
            call = f"{self._place(statement)}: {' '.join(statement.source.split())[:80]}"
            self._complain(f"{call} raised {summarise(describe_error(error))}", self._advice(error))
            return ExitCode.RAISED
        self._transcript.step_returned(value)
        return ExitCode.SUCCEEDED

    def _advice(self, error: Exception) -> str:
        if self._limit.expired:
            return self._limit.advice
        return advise(error, self._transcript.target, switched=self._transcript.switched)

    def _place(self, statement: Statement) -> str:
        return f"{self._script.name}:{statement.line}"

    def _complain(self, message: str, way_out: str) -> None:
        complain(self._err, self._title, message, way_out)


def complain(err: TextIO, command: str, message: str, way_out: str = "") -> None:
    """Write an error and the way out of it."""
    print(f"{command}: {visible(message)}", file=err)
    if way_out:
        print(f"  {visible(way_out)}", file=err)


def make_robust(stream: TextIO = sys.stdout) -> None:
    """Let a stream whose encoding lacks our glyphs write them as escapes instead of raising."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
