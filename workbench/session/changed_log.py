"""Entries of another log, each changed when it is asked for.

A copy of a recording need not hold its events a second time, nor its bytes: where those of the original live in
a file, its copy takes no more memory than the original does.
"""

from array import array
from collections.abc import Callable

from workbench.session.entries import EntryLog
from workbench.session.events import RecordedEvent
from workbench.session.stream import ByteStream

MOST_CACHED = 4096
"""Outlines that are kept for another look."""


class ChangedLog(EntryLog):
    """Entries that are made of those of another log.

    Whoever appends to it gives the changed outline of each entry of that log, in order: they are for the indexes
    of a recording, and not kept.

    Args:
        source: The other log.
        change: Gives what stands for an event, or for an outline, of it. The lengths of bytes stay.
    """

    __slots__ = ("_cache", "_change", "_source")

    def __init__(self, source: EntryLog, change: Callable[[RecordedEvent], RecordedEvent]) -> None:
        super().__init__()
        self._source = source
        self._change = change
        self._cache: dict[int, RecordedEvent] = {}

    def event(self, index: int) -> RecordedEvent:
        """Return the changed event, with all its bytes."""
        outline = self._source.outline(index)
        event = self._source.event(index)
        return self.outline(index) if event is outline else self._change(event)

    def kind(self, index: int) -> type[RecordedEvent]:
        """Return the class of the event of an entry."""
        return self._source.kind(index)

    def outline(self, index: int) -> RecordedEvent:
        """Return the changed event, for somebody who does not look at its bytes."""
        if index < 0:
            index += len(self)
        found = self._cache.get(index)
        if found is None:
            if len(self._cache) >= MOST_CACHED:
                self._cache.clear()
            found = self._cache[index] = self._change(self._source.outline(index))
        return found

    def new_stream(self) -> ByteStream:
        """Make a stream whose bytes are those of the changed events."""
        return ChangedStream(self)

    def append(self, event: RecordedEvent, line: int) -> None:  # noqa: ARG002 - it is made again
        """Add the next entry."""
        self._lines.append(line)


class ChangedStream(ByteStream):
    """Bytes that are asked for event by event.

    Args:
        log: Of the recording; each piece belongs to the entry that it gets next.
    """

    def __init__(self, log: ChangedLog) -> None:
        super().__init__()
        self._log = log
        self._indexes = array("Q")

    def append(self, data: bytes) -> None:
        """Add bytes at the end."""
        if not len(data):
            return
        self._indexes.append(len(self._log))
        self._starts.append(self._length)
        self._length += len(data)

    def _piece(self, number: int, start: int, end: int) -> bytes:
        data: bytes = self._log.event(self._indexes[number]).data  # type: ignore[union-attr]
        return data[start:end]
