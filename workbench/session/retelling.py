"""A recording told as a transcript: what `workbench run` prints while it happens, afterwards.

A recording without a script, of a program that made the calls itself, is told call by call.
"""

from collections.abc import Callable

from workbench.protocol import tap
from workbench.session.events import (
    LineRaised,
    LineReturned,
    LineStarted,
    Printed,
    RecordedEvent,
    ScriptExtended,
)
from workbench.session.recording import Recording
from workbench.session.run_record import RunRecord
from workbench.session.script import Script, Statement, parse_script
from workbench.session.script_error import ScriptError
from workbench.session.transcript import Transcript
from workbench.session.values import without_addresses
from workbench.session.visible import visible
from workbench.session.walk import entries_of_run

_OUTCOMES = {"finished": "done: every call succeeded", "failed": "stopped at an error", "aborted": "aborted"}


def transcript_lines(recording: Recording) -> list[str]:
    """Give the transcript of a recording as lines of visible text."""
    lines: list[str] = []
    retell(recording, lines.append)
    return lines


def retell(
    recording: Recording, write: Callable[[str], None], is_enough: Callable[[], bool] = lambda: False
) -> None:
    """Write the transcript of a recording, a run after the other.

    Args:
        recording: What was recorded.
        write: Takes one line, without its line end.
        is_enough: Asked before each event whether anybody still listens.
    """
    for number, run in enumerate(recording.runs):
        if number:
            write("")
        _Retelling(recording, run, write).tell(is_enough)


class _Retelling:
    """One run of a recording."""

    def __init__(self, recording: Recording, run: RunRecord, write: Callable[[str], None]) -> None:
        self._recording = recording
        self._run = run
        self._write = write
        self._transcript = Transcript(write)
        self._script: Script | None = None
        self._statements: dict[int, Statement] = {}
        self._done = 0
        self._depth = 0

    def tell(self, is_enough: Callable[[], bool]) -> None:
        source = self._run.sources.at(self._run.first_index) or ""
        if source:
            self._read(source)
        if self._script is not None:
            self._transcript.started(self._script)
        else:
            self._write(
                f"{visible(self._run.name)}: calls of a program" if self._run.name else "calls of a program"
            )
        for index in entries_of_run(self._recording, self._run.first_index):
            if is_enough():
                return
            self._tell_event(self._recording.entries.event(index))
        outcome = _OUTCOMES.get(self._run.endings.at(1 << 62) or "", "the recording ends here")
        if self._script is not None:
            self._transcript.finished(self._script, self._done, outcome)

    def _tell_event(self, event: RecordedEvent) -> None:
        match event:
            case tap.Event():
                self._tell_tap(event)
            case ScriptExtended(source=source):
                self._read(source)
            case LineStarted(line=line):
                self._start_line(line)
            case LineReturned(line=line, result=result) if self._is_step(line):
                self._transcript.step_returned_text(without_addresses(result))
            case LineRaised(error=error):
                self._transcript.step_failed(error)
            case Printed(text=text):
                self._transcript.printed(text)
            case _:
                pass

    def _read(self, source: str) -> None:
        try:
            script = parse_script(source, self._run.name)
        except ScriptError as error:
            # It ran once; another version of the language may not have it any more.
            self._write(f"The script is not one any more: {error}")
            return
        self._script = script
        self._statements = {statement.line: statement for statement in script.statements}

    def _start_line(self, line: int) -> None:
        statement = self._statements.get(line)
        if statement is None:
            self._transcript.text_started(line, f"line {line}")
        elif statement.is_step:
            self._done += 1
            self._transcript.step_started(statement)

    def _is_step(self, line: int) -> bool:
        statement = self._statements.get(line)
        return statement is None or statement.is_step

    def _tell_tap(self, event: tap.Event) -> None:
        """Tell an event; a call that no line made is what a line is otherwise."""
        if self._run.outcomes:
            self._transcript.listen(event)
            return
        if isinstance(event, tap.CallStarted):
            if not self._depth:
                self._transcript.text_started(0, f"{event.name.partition('.')[2]}({event.arguments})")
            self._depth += 1
        self._transcript.listen(event)
        if isinstance(event, tap.CallReturned | tap.CallRaised):
            self._depth = max(self._depth - 1, 0)
            if not self._depth:
                self._end_call(event)

    def _end_call(self, event: tap.CallReturned | tap.CallRaised) -> None:
        if isinstance(event, tap.CallRaised):
            self._transcript.step_failed(event.error)
        else:
            self._transcript.step_returned_text(
                "" if event.result == "None" else without_addresses(event.result)
            )
