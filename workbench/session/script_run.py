"""A script run to its end and recorded, without a stepper.

For what wants the recording and not the way there: an export, a comparison, a program.
"""

import time
from collections.abc import Callable
from contextlib import redirect_stdout
from io import TextIOBase
from typing import NamedTuple

from workbench.endings import Terminated
from workbench.protocol import HTTPConnection, describe_error
from workbench.protocol.policy import Policy
from workbench.protocol.tap import ErrorFact
from workbench.session.events import LineRaised, LineReturned, LineStarted, Printed, ScriptFinished
from workbench.session.interpreter import Interpreter
from workbench.session.namespace import Namespace
from workbench.session.recorder import Pen, Recorder
from workbench.session.script import Script, Statement
from workbench.session.script_error import ScriptError
from workbench.session.step_limit import StepLimit
from workbench.session.values import result_text


class RunEnd(NamedTuple):
    """How a run ended.

    Attributes:
        line: The line that raised or was stopped; 0 where none did.
        error: What it raised.
        stop: What stopped it from outside: ctrl+c or SIGTERM.
        advice: What to say of a step that took too long in all; empty otherwise.
    """

    line: int = 0
    error: ErrorFact | None = None
    stop: KeyboardInterrupt | None = None
    advice: str = ""


def run_recorded(
    script: Script,
    recorder: Recorder,
    *,
    timeout_seconds: float,
    policy: Policy | None = None,
    namespace: Namespace | None = None,
    on_connection: Callable[[HTTPConnection], None] | None = None,
) -> RunEnd:
    """Run a script to its end, or to the first call that raises, and record it.

    Args:
        script: What to run.
        recorder: Takes the events of the run.
        timeout_seconds: How long a peer may be silent, where the script does not say. A step may take
            `STEP_FACTOR` times as long in all.
        policy: Of connections to which the script gives none.
        namespace: What the script can reach, where that is not `workbench.protocol`.
        on_connection: Told of every connection that the script makes.

    Raises:
        ScriptError: A statement turned out not to be in the script language.
    """
    return _RecordedRun(script, recorder, timeout_seconds, policy, namespace, on_connection).run()


class _PrintedText(TextIOBase):
    """Stands in for standard output, so that what `set_debuglevel` prints is recorded."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def write(self, text: str) -> int:
        self._write(text)
        return len(text)


class _RecordedRun:
    def __init__(
        self,
        script: Script,
        recorder: Recorder,
        timeout_seconds: float,
        policy: Policy | None,
        namespace: Namespace | None,
        on_connection: Callable[[HTTPConnection], None] | None,
    ) -> None:
        self._script = script
        self._pen: Pen = recorder.start_run(script.name, script.source)
        self._limit = StepLimit(timeout_seconds)
        self._on_connection = on_connection
        self._interpreter = Interpreter(
            namespace,
            tap=lambda event: _ignore(self._pen.write(event)),
            on_connection=self._connected,
            output=self._print,
            default_timeout=timeout_seconds,
            default_policy=policy,
        )

    def run(self) -> RunEnd:
        try:
            with redirect_stdout(_PrintedText(self._print)):
                end = self._run_statements()
        finally:
            self._interpreter.close()
        outcome = "aborted" if end.stop else "failed" if end.error else "finished"
        self._pen.write(ScriptFinished(time.perf_counter_ns(), outcome))
        return end

    def _run_statements(self) -> RunEnd:
        for statement in self._script.statements:
            end = self._execute(statement)
            if end.line:
                return end
        return RunEnd()

    def _execute(self, statement: Statement) -> RunEnd:
        line = self._pen.line = statement.line
        self._pen.write(LineStarted(time.perf_counter_ns(), line))
        end, result = RunEnd(), ""
        try:
            with self._limit.step():
                result = result_text(self._interpreter.execute(statement))
        except ScriptError as error:
            error.name = self._script.name
            raise
        except KeyboardInterrupt as stop:
            end = RunEnd(line, _fact_of(stop), stop)
        except Exception as error:  # noqa: BLE001 - whatever a call raises is what the user came to see
            advice = self._limit.advice if self._limit.expired else ""
            end = RunEnd(line, describe_error(error), advice=advice)
        if end.error is None:
            self._pen.write(LineReturned(time.perf_counter_ns(), line, result))
        else:
            self._pen.write(LineRaised(time.perf_counter_ns(), line, end.error, end.stop is not None))
        self._pen.line = 0
        return end

    def _connected(self, connection: HTTPConnection) -> None:
        self._limit.watch(connection)
        if self._on_connection is not None:
            self._on_connection(connection)

    def _print(self, text: str) -> None:
        self._pen.write(Printed(time.perf_counter_ns(), self._pen.line, text))


def _fact_of(stop: KeyboardInterrupt) -> ErrorFact:
    word = "terminated" if isinstance(stop, Terminated) else "interrupted"
    return ErrorFact(type(stop).__name__, (), word)


def _ignore(_: object) -> None:
    """Nobody asked."""
