"""A tap that takes notes, and holds against each other all that is made of them."""

import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

from tests.protocol.watching import Watch
from workbench.protocol.notes import Note, NotingTap, each, make_event
from workbench.protocol.tap import Event
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.storage.format import Header
from workbench.session.storage.loader import RecordingLoader
from workbench.session.storage.log import LiveLog
from workbench.session.storage.writer import RecordingWriter


class Agreement(Watch, NotingTap):
    """Keeps the events as any other tap hears of them, and has them recorded in memory and in a file."""

    def __init__(self) -> None:
        super().__init__()
        self.unseen = 0
        """The notes since it was told to look at them."""

        self._in_memory = Recorder(Recording())
        self._on_disk = Recorder(Recording(LiveLog(self._begin)))
        self._late: list[Event] = []

    def _begin(self) -> RecordingWriter:
        self._directory = tempfile.TemporaryDirectory()
        self._path = Path(self._directory.name) / "recording.jsonl"
        return RecordingWriter(self._path, Header.now("fuzz"))

    def note(self, note: Note) -> None:
        self.unseen += 1
        for one in each(note):
            event = make_event(one)
            repr(event)
            self.events.append(event)
            self._late.append(make_event(one))
        self._in_memory.note(note)
        self._on_disk.note(note)

    def take(self) -> None:
        self.unseen = 0
        self._in_memory.take()
        self._on_disk.take()

    def check_agreement(self) -> None:
        """Assert that whoever makes events of the notes later makes the same, in the same order."""
        heard = [_said(event) for event in self.events]
        assert [_said(event) for event in self._late] == heard
        self._on_disk.close()
        loader = RecordingLoader(self._path)
        for recording in (self._in_memory.recording, self._on_disk.recording, loader.load()):
            found: list[Any] = [entry.event for entry in recording.entries]
            assert [_said(event) for event in found] == heard
            assert [event.seq for event in found] == sorted({event.seq for event in found})
        assert loader.damage is None
        self._directory.cleanup()


def _said(event: Any) -> tuple[Any, ...]:
    """Give what an event says, but for the numbers that a recording gives anew."""
    names = [field.name for field in fields(event) if field.name not in ("seq", "connection")]
    return type(event), *[getattr(event, name) for name in names]
