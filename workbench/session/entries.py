"""The entries of a recording: each event with its place and the line of the script."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, overload

from workbench.protocol.notes import KINDS, Note, make_event
from workbench.protocol.tap import Event
from workbench.session.events import RecordedEvent
from workbench.session.stream import ByteStream


class OfLine(NamedTuple):
    """What happened while a line of a script was being executed."""

    event: RecordedEvent
    line: int


Told = RecordedEvent | Note | OfLine
"""What happened. Where it is of the tap, the number of its connection is that of the process."""

Number = Callable[[int], int]
"""Gives a connection its number in the recording."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a recording."""

    index: int
    """Its place in the recording, from 0 on. All of a recording is linked by these."""

    event: RecordedEvent
    line: int
    """The line of the script that was being executed; 0 when none was."""


class EntryLog(Sequence[Entry]):
    """All entries so far, in order, in memory. It only grows.

    Events and lines are kept in columns; an entry is put together when it is asked for, which saves a third of the
    memory. So is an event that is a note still, which saves another. `storage.log` has logs whose events live in a file.
    """

    __slots__ = ("_events", "_lines", "_seqs")

    at_once = 2_000
    """Entries that somebody who looks at many looks at before others have their turn: about 8 ms' work."""

    can_wait = True
    """Whether it is soon enough to store events when somebody reads."""

    def __init__(self) -> None:
        self._events: list[RecordedEvent | Note] = []
        self._seqs = array("Q")
        """Of the events that are notes; of all others 0."""
        self._lines = array("I")

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, position: int) -> Entry: ...

    @overload
    def __getitem__(self, position: slice) -> list[Entry]: ...

    def __getitem__(self, position: int | slice) -> Entry | list[Entry]:
        count = len(self)
        if isinstance(position, slice):
            return [Entry(i, self.event(i), self._lines[i]) for i in range(*position.indices(count))]
        if position < 0:
            position += count
        return Entry(position, self.event(position), self._lines[position])

    def event(self, index: int) -> RecordedEvent:
        """Return the event of an entry, without building the entry."""
        event: Any = self._events[index]
        if event.__class__ is tuple:
            # Two threads may do this at once, and have two events that are equal.
            event = make_event(event, self._seqs[index])
            self._events[index] = event
        return event  # type: ignore[no-any-return]

    def line(self, index: int) -> int:
        """Return the line of the script of an entry, without its event; 0 for none."""
        return self._lines[index]

    def kind(self, index: int) -> type[RecordedEvent]:
        """Return the class of the event of an entry, without making it."""
        event: Any = self._events[index]
        return KINDS[event[0]] if event.__class__ is tuple else event.__class__

    def outline(self, index: int) -> RecordedEvent:
        """Return the event of an entry for somebody who looks at everything but its bytes.

        Where events live in a file, large bytes stay there: `data` has its length and nothing more.
        """
        return self.event(index)

    def new_stream(self) -> ByteStream:
        """Make a stream for the bytes of events of this log."""
        return ByteStream()

    def unread(self) -> Iterable[tuple[RecordedEvent, int]]:
        """Give the events that were put into a file, and their lines. Each is appended before the next is asked for."""
        return ()

    def close(self) -> None:
        """Write nothing any more, where something is written. What comes later stays in memory."""

    # --- writing: only `Recording` and `Recorder` do this ---------------------------------

    def put(self, told: Iterable[Told], number: Number) -> bool:  # noqa: ARG002 - a file needs it
        """Put what happened next into the file, where nobody reads it before `unread`.

        Returns:
            Whether all of it is there. If not, none is, and it has to be appended.
        """
        return False

    def store(self, event: RecordedEvent, line: int) -> RecordedEvent:  # noqa: ARG002 - a file needs it
        """Put the next event where it will live, before anything is made of it.

        Returns:
            The event, or its outline: what is put into indexes and streams.
        """
        return event

    def append(self, event: RecordedEvent, line: int) -> None:
        """Add the event that was stored last."""
        kept: RecordedEvent | Note = event
        seq = 0
        # Looked up once: who looks at the event in another thread has its fields made, and the note is gone.
        if isinstance(event, Event) and (note := event.note) is not None:
            kept, seq = note, event.seq
        # Into its place: ctrl+c may have left something behind that is no entry.
        index = len(self._lines)
        self._seqs.insert(index, seq)
        self._events.insert(index, kept)
        # The line goes last: the length of the log is the number of lines.
        self._lines.append(line)
