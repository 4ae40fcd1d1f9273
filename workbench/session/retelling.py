"""A recording told as a transcript: what `workbench run` prints while it happens, afterwards.

A recording without a script, of a program that made the calls itself, is told call by call.
"""

from collections.abc import Callable, Sequence
from typing import Any

from workbench.protocol import tap
from workbench.session.connection_record import OF_AN_EXCHANGE
from workbench.session.events import (
    LineRaised,
    LineReturned,
    LineStarted,
    Printed,
    RecordedEvent,
    ScriptExtended,
)
from workbench.session.exchange_record import ExchangeRecord
from workbench.session.recording import Recording
from workbench.session.run_record import RunRecord
from workbench.session.script import Script, Statement, parse_script
from workbench.session.script_error import ScriptError
from workbench.session.transcript import Transcript
from workbench.session.values import without_addresses
from workbench.session.visible import visible
from workbench.session.walk import entries_of_run

_CALL_ENDS = (tap.CallReturned, tap.CallRaised)

_OUTCOMES = {"finished": "done: every call succeeded", "failed": "stopped at an error", "aborted": "aborted"}


def transcript_lines(recording: Recording, records: Sequence[ExchangeRecord] | None = None) -> list[str]:
    """Give the transcript of a recording as lines of visible text.

    Args:
        recording: What was recorded.
        records: Only the lines and calls that had to do with these exchanges are told; all where it is None.
    """
    lines: list[str] = []
    retell(recording, lines.append, records=records)
    return lines


def retell(
    recording: Recording,
    write: Callable[[str], None],
    is_enough: Callable[[], bool] = lambda: False,
    records: Sequence[ExchangeRecord] | None = None,
) -> None:
    """Write the transcript of a recording, a run after the other.

    Args:
        recording: What was recorded.
        write: Takes one line, without its line end.
        is_enough: Asked before each event whether anybody still listens.
        records: As in `transcript_lines`.
    """
    told = 0
    for run in recording.runs:
        steps = None if records is None else _steps_of(recording, run, records)
        if steps is None or steps:
            if told:
                write("")
            _Retelling(recording, run, write, steps).tell(is_enough)
            told += 1


def _steps_of(recording: Recording, run: RunRecord, records: Sequence[ExchangeRecord]) -> set[int]:
    """Say where the steps begin in which something of some exchanges happened: lines, or calls of a program."""
    wanted = {(record.connection, record.number) for record in records}
    entries = recording.entries
    steps: set[int] = set()
    begin = run.first_index
    depth = 0
    for index in entries_of_run(recording, run.first_index):
        kind = entries.kind(index)
        if kind is LineStarted or (kind is tap.CallStarted and not run.outcomes and not depth):
            begin = index
        if kind in OF_AN_EXCHANGE:
            event: Any = entries.outline(index)
            if (event.connection, event.exchange) in wanted:
                steps.add(begin)
        depth = max(depth + (kind is tap.CallStarted) - (kind in _CALL_ENDS), 0)
    return steps


class _Retelling:
    """One run of a recording."""

    def __init__(
        self, recording: Recording, run: RunRecord, write: Callable[[str], None], steps: set[int] | None
    ) -> None:
        self._recording = recording
        self._run = run
        self._write_line = write
        self._steps = steps
        self._tells = True
        self._transcript = Transcript(self._write)
        self._script: Script | None = None
        self._statements: dict[int, Statement] = {}
        self._done = 0
        self._depth = 0

    def _write(self, line: str) -> None:
        if self._tells:
            self._write_line(line)

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
            event = self._recording.entries.event(index)
            if self._steps is not None and self._begins_step(event):
                self._tells = index in self._steps
            self._tell_event(event)
        if self._steps is not None:
            return  # What the run came to is not about these exchanges alone.
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

    def _begins_step(self, event: RecordedEvent) -> bool:
        if self._run.outcomes:
            return isinstance(event, LineStarted)
        return isinstance(event, tap.CallStarted) and not self._depth

    def _read(self, source: str) -> None:
        try:
            script = parse_script(source, self._run.name)
        except ScriptError as error:
            # It ran once; another version of the language may not have it any more.
            self._write(visible(f"The script is not one any more: {error}"))
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
