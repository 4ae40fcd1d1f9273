"""The transcript of a recording: what `workbench run` printed, or would have, from the file alone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from workbench.endings import ExitCode
from workbench.protocol.tap import Event
from workbench.session.events import (
    LineRaised,
    LineReturned,
    LineStarted,
    Printed,
    ScriptExtended,
    ScriptStarted,
)
from workbench.session.headless import Lines, complain
from workbench.session.recording import Recording
from workbench.session.run_record import RunRecord
from workbench.session.script import Script, parse_script
from workbench.session.script_error import ScriptError
from workbench.session.storage.format import NotARecordingError
from workbench.session.storage.loader import RecordingLoader
from workbench.session.transcript import Transcript
from workbench.session.walk import entries_of_run

_OBJECT = re.compile(r"<(?:\w+\.)*(\w+) object at 0x[0-9a-f]+>")
"""The `repr()` of a connection or a response: where it lay in memory says nothing to anybody."""


class RecordingRefusedError(Exception):
    """The file cannot be read. The message names it."""


def print_recording(path: Path, *, out: TextIO, err: TextIO) -> ExitCode:
    """Print what happened in a recording, a run after the other.

    Args:
        path: Of the file.
        out: Takes the transcript.
        err: Takes what is to be said about damage.

    Returns:
        How the last run ended: 0, or 1 when a call of it raised.

    Raises:
        RecordingRefusedError: It is no recording, or cannot be read.
    """
    try:
        loader = RecordingLoader(path)
        recording = loader.load()
    except (OSError, NotARecordingError) as error:
        raise RecordingRefusedError(f"{path}: {error}") from error
    lines = Lines(out)
    for run in recording.runs:
        _Replay(recording, run, lines).write()
    if loader.damage is not None:
        complain(err, "workbench run", f"{path}: {loader.damage}")
    if lines.reader_gone:
        return ExitCode.READER_GONE
    return ExitCode.RAISED if recording.at().failure else ExitCode.SUCCEEDED


class _Replay:
    """One run of a recording."""

    def __init__(self, recording: Recording, run: RunRecord, lines: Lines) -> None:
        self._recording = recording
        self._run = run
        self._lines = lines
        self._transcript = Transcript(lines.write)
        self._script = Script("", "", (), ())

    def write(self) -> None:
        self._read_script(self._run.sources.at(self._run.first_index) or "")
        self._transcript.started(self._script)
        done = sum(map(self._write_entry, self._entries()))
        self._transcript.finished(self._script, done, _outcome(self._run))

    def _entries(self) -> Iterator[object]:
        for index in entries_of_run(self._recording, self._run.first_index):
            if self._lines.reader_gone:
                return
            yield self._recording.entries.event(index)

    def _write_entry(self, event: object) -> bool:
        """Write what an event says, and say whether it began a step."""
        match event:
            case Event():
                self._transcript.listen(event)
            case LineStarted(line=line):
                return self._start(line)
            case LineReturned(result=result):
                self._transcript.step_returned_text(_OBJECT.sub(r"\1", result))
            case LineRaised(error=error):
                self._transcript.step_failed(error)
            case Printed(text=text):
                self._transcript.printed(text)
            case ScriptExtended(source=source):
                self._read_script(source)
            case ScriptStarted() | _:
                pass
        return False

    def _start(self, line: int) -> bool:
        statement = next((one for one in self._script.statements if one.line == line), None)
        if statement is None or not statement.is_step:
            return False
        self._transcript.step_started(statement)
        return True

    def _read_script(self, source: str) -> None:
        try:
            self._script = parse_script(source, self._run.name)
        except ScriptError as error:
            # It ran once; another version of the language may not have it any more.
            self._lines.write(f"The script is not one any more: {error}")


def _outcome(run: RunRecord) -> str:
    words = {"finished": "done: every call succeeded", "failed": "stopped at an error", "aborted": "aborted"}
    return words.get(run.endings.at(1 << 62) or "", "the recording ends here")
