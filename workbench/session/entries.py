"""The entries of a recording: each event with its place and the line of the script."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from workbench.session.events import RecordedEvent


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a recording."""

    index: int
    """Its place in the recording, from 0 on. All of a recording is linked by these."""

    event: RecordedEvent
    line: int
    """The line of the script that was being executed; 0 when none was."""


class EntryLog(Sequence[Entry]):
    """All entries so far, in order. It only grows.

    Events and lines are kept in two columns; an entry is put together when it is asked for,
    which saves a third of the memory.
    """

    __slots__ = ("_events", "_lines")

    def __init__(self) -> None:
        self._events: list[RecordedEvent] = []
        self._lines = array("L")

    def __len__(self) -> int:
        return len(self._events)

    @overload
    def __getitem__(self, position: int) -> Entry: ...

    @overload
    def __getitem__(self, position: slice) -> list[Entry]: ...

    def __getitem__(self, position: int | slice) -> Entry | list[Entry]:
        count = len(self._events)
        if isinstance(position, slice):
            return [Entry(i, self._events[i], self._lines[i]) for i in range(*position.indices(count))]
        if position < 0:
            position += count
        return Entry(position, self._events[position], self._lines[position])

    def event(self, index: int) -> RecordedEvent:
        """Return the event of an entry, without building the entry."""
        return self._events[index]

    def append(self, event: RecordedEvent, line: int) -> None:
        """Add an event. Only `Recording.append` does this."""
        # The event goes last: the length of the log is the number of events.
        self._lines.append(line)
        self._events.append(event)
