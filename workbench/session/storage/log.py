"""Logs of entries whose events live in a file.

In memory are where each line begins, the kind of its event and the line of the script, thirteen bytes for each, and
the events looked at last. Large bytes are read from the file of bodies whenever a stream is asked for them, and never kept.
"""

import logging
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from workbench.session.columns import Add, Take
from workbench.session.entries import EntryLog, Number, Told
from workbench.session.events import RecordedEvent
from workbench.session.storage.files import RecordingFiles
from workbench.session.storage.format import KINDS, EventDecoder
from workbench.session.storage.values import Spilled, loaded, outlined, spilled_of
from workbench.session.storage.writer import RecordingWriter
from workbench.session.stream import ByteStream

logger = logging.getLogger(__name__)
# Without a handler, logging's last resort writes to stderr; `LiveLog.problem` is told by whoever shows the recording.
logger.addHandler(logging.NullHandler())

MOST_CACHED = 3072
"""Events that are kept for another look: some dozens of screens, three megabytes. They are those that were looked at
last, half of them at least."""

MOST_NEW = 1024
"""Events that are kept because they were made last, half of them at least. What is on the screen is looked at some times
a second, and a call may make thousands between two looks: they do not take its place."""

LONGEST_CACHED = 8192
"""Bytes of a line whose event may be kept."""


_KINDS: tuple[type[RecordedEvent], ...] = tuple(KINDS.values())
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}


class StoredLog(EntryLog):
    """Entries whose events are read from a file when they are asked for.

    The line of entry `i` begins at `_ends[i]`, and the one behind the last at the end of `_ends`. Entries that one line stands
    for have the same number there.
    """

    __slots__ = (
        "_cache",
        "_decoder",
        "_ends",
        "_files",
        "_kinds",
        "_new",
        "_next_end",
        "_older",
        "_older_new",
    )

    at_once = 100

    def __init__(self) -> None:
        super().__init__()
        self._ends = array("Q")
        self._kinds = array("B")
        self._next_end = 0
        """Where the line of the entry begins behind the one that is added next; 0 where this one goes into no file."""
        self._files: RecordingFiles | None = None
        self._decoder: EventDecoder | None = None
        self._cache: dict[int, RecordedEvent] = {}
        self._older: dict[int, RecordedEvent] = {}
        self._new: dict[int, RecordedEvent] = {}
        self._older_new: dict[int, RecordedEvent] = {}

    def _use(self, files: RecordingFiles) -> None:
        self._files = files
        self._decoder = EventDecoder(files.header)
        self._ends = array("Q", [files.header_length])

    def event(self, index: int) -> RecordedEvent:
        """Return the event of an entry, with all its bytes."""
        return self._loaded(self.outline(index))

    def kind(self, index: int) -> type[RecordedEvent]:
        """Return the class of the event of an entry, without reading it."""
        return _KINDS[self._kinds[index]]

    def outline(self, index: int) -> RecordedEvent:
        """Return the event of an entry; bytes that were spilled are not read."""
        if index < 0:
            index += len(self)
        found = self._cache.get(index)
        if found is None:
            found = self._older.get(index) or self._new.get(index) or self._older_new.get(index)
            if found is None:
                return self._read(index)
            self._keep(index, found)
        return found

    def new_stream(self) -> ByteStream:
        """Make a stream whose bytes are read from the files."""
        return StoredStream(self)

    def read_body(self, offset: int, length: int) -> bytes:
        """Read bytes that were spilled.

        Where they are gone, because somebody cut the file meanwhile, NUL bytes stand for them: every offset
        behind them still holds.
        """
        assert self._files is not None
        data = self._files.read_body(offset, length)
        return data if len(data) == length else data.ljust(length, b"\0")

    def save_columns(self, add: Add) -> list[int]:
        """Lay by where the lines are."""
        return [add(self._ends), add(self._kinds), add(self._lines)]

    def _read(self, index: int) -> RecordedEvent:
        if not 0 <= index < len(self):
            raise IndexError(index)
        assert self._files is not None
        assert self._decoder is not None
        start = self._ends[index]
        line = self._files.line_at(start, self._ends[-1])
        # Somebody wants one of them.
        events, _ = self._decoder.decode(line, late=True)
        first = self._first_at(start, index)
        if len(line) // len(events) <= LONGEST_CACHED:
            for place, event in enumerate(events, first):
                self._keep(place, event)
        return events[index - first]

    def _first_at(self, start: int, index: int) -> int:
        """Give the first entry of the line that begins there, which this entry is one of."""
        return bisect_left(self._ends, start, 0, index)

    def _keep(self, index: int, event: RecordedEvent) -> None:
        # Two threads may do this at once: each step is one of the interpreter's own.
        cache = self._cache
        if len(cache) >= MOST_CACHED // 2:
            self._older, self._cache = cache, {}
            cache = self._cache
        cache[index] = event

    def _note(self, event: RecordedEvent, line: int) -> None:
        """Add an entry; the next one has a line that begins at `_next_end`."""
        ends, end = self._ends, self._next_end
        if end - ends[-1] <= LONGEST_CACHED:
            new = self._new
            if len(new) >= MOST_NEW // 2:
                self._older_new, self._new = new, {}
                new = self._new
            new[len(self._lines)] = event
        ends.append(end)
        self._kinds.append(_NUMBERS[event.__class__])
        # The line goes last: the length of the log is the number of lines.
        self._lines.append(line)

    def _loaded(self, event: RecordedEvent) -> RecordedEvent:
        return loaded(event, self.read_body) if any(spilled_of(event)) else event


class OpenedLog(StoredLog):
    """Entries of a file that was written before. A loader adds them, as it finds them in the file."""

    __slots__ = ()

    def __init__(self, files: RecordingFiles) -> None:
        super().__init__()
        self._use(files)

    def load_columns(self, saved: list[int], take: Take) -> None:
        """Take in what was laid by."""
        self._ends, self._kinds, self._lines = map(take, saved)

    def expect(self, next_end: int) -> None:
        """Say where the line of the event behind the one begins that is appended next."""
        self._next_end = next_end

    def append(self, event: RecordedEvent, line: int) -> None:
        """Add the event that was expected."""
        self._note(event, line)


class LiveLog(StoredLog):
    """Entries that are written to a new file as they come.

    When the file cannot be written, the entries go on in memory, and `problem` says why.

    Args:
        begin: Makes the file, when the first event comes.
    """

    __slots__ = ("_begin", "_length", "_writer", "problem")

    can_wait = False

    def __init__(self, begin: Callable[[], RecordingWriter]) -> None:
        super().__init__()
        self.problem: OSError | None = None
        """Why nothing is written any more."""
        self._begin: Callable[[], RecordingWriter] | None = begin
        self._writer: RecordingWriter | None = None
        self._length = 0
        """Of the file, when it was written to last."""

    @property
    def writer(self) -> RecordingWriter | None:
        """What writes; None before the first event, and when nothing is written any more."""
        return self._writer

    def put(self, told: Iterable[Told], number: Number) -> bool:
        """Write what happened, and make nothing of it."""
        writer = self._writer or self._started()
        if writer is None:
            return False
        try:
            writer.write_all(told, number)
        except OSError as error:
            self._give_up(error)
            return False
        return True

    def unread(self) -> Iterable[tuple[RecordedEvent, int]]:
        """Read the events that were put into the file. Each is appended before the next is asked for."""
        end = self._writer.length if self._writer is not None else self._length
        return self._read_up_to(end) if self._ends and self._ends[-1] < end else ()

    def _read_up_to(self, end: int) -> Iterator[tuple[RecordedEvent, int]]:
        assert self._files is not None
        assert self._decoder is not None
        # Somebody may have stopped in the middle of a line.
        taken = len(self._kinds) - self._first_at(self._ends[-1], len(self._kinds))
        while self._ends[-1] < end:
            try:
                for line in self._files.lines(self._ends[-1], end) or [b""]:
                    events, number = self._decoder.decode(line)
                    self._next_end = self._ends[-1]
                    for event in events[taken:-1]:
                        yield event, number
                    self._next_end += len(line) + 1
                    yield events[-1], number
                    taken = 0
            except ValueError as error:
                self._give_up(OSError(f"The file was changed by somebody else: {error}"))
                self._length = end = self._ends[-1]

    def store(self, event: RecordedEvent, line: int) -> RecordedEvent:
        """Write an event, and give it without the bytes that were spilled."""
        self._next_end = 0
        writer = self._writer or self._started()
        if writer is None:
            return event
        try:
            writer.write(event, line)
        except OSError as error:
            self._give_up(error)
            return event
        self._next_end = writer.length
        outline: RecordedEvent = outlined(event, writer.spilled) if writer.spilled else event
        return outline

    def append(self, event: RecordedEvent, line: int) -> None:
        """Add the event that was stored, or put into the file."""
        if self._next_end:
            self._note(event, line)
        else:
            super().append(event, line)

    def outline(self, index: int) -> RecordedEvent:
        """Return the event of an entry; bytes that were spilled are not read."""
        if index < 0:
            index += len(self)
        written = max(0, len(self._ends) - 1)
        return EntryLog.event(self, index - written) if index >= written else super().outline(index)

    def kind(self, index: int) -> type[RecordedEvent]:
        """Return the class of the event of an entry."""
        written = len(self._kinds)
        return EntryLog.kind(self, index - written) if index >= written else super().kind(index)

    def close(self) -> None:
        """Write nothing any more. What comes later stays in memory."""
        writer, self._writer = self._writer, None
        if writer is not None:
            self._length = writer.length
            writer.close()

    def _started(self) -> RecordingWriter | None:
        """Make the file when the first event comes."""
        begin = self._begin
        if begin is not None:
            try:
                writer = begin()
                self._use(RecordingFiles(writer.path))
                self._writer = writer
            except OSError as error:
                self._give_up(error)
            # Only now: where ctrl+c came in between, the next event makes it, or says why not.
            self._begin = None
        return self._writer

    def _give_up(self, error: OSError) -> None:
        # Called inside a tap: the exchange must go on.
        logger.warning("The recording goes on in memory: %s", error)
        self.problem = error
        self.close()

    @property
    def written(self) -> RecordingFiles | None:
        """The files, where all of it is in them; None where some of it is in memory."""
        return self._files if self.problem is None else None


class StoredStream(ByteStream):
    """Bytes that lie in the files of a recording.

    Args:
        log: Of the recording; each piece belongs to the entry that it gets next.
    """

    def __init__(self, log: StoredLog) -> None:
        super().__init__()
        self._log = log
        self._places = array("Q")
        """For each piece twice where it lies in the file of bodies, plus one; or twice the index of its entry."""

    def append(self, data: bytes | Spilled) -> None:
        """Add bytes at the end."""
        if not len(data):
            return
        place = data.offset << 1 | 1 if isinstance(data, Spilled) else len(self._log) << 1
        self._places.append(place)
        self._starts.append(self._length)
        self._length += len(data)

    def _piece(self, number: int, start: int, end: int) -> bytes:
        place = self._places[number]
        if place & 1:
            return self._log.read_body((place >> 1) + start, end - start)
        data: bytes = self._log.outline(place >> 1).data  # type: ignore[union-attr]
        return data[start:end]

    def save_columns(self, add: Add) -> list[int]:
        """Lay it by."""
        return [self._length, add(self._starts), add(self._places)]

    def load_columns(self, saved: list[int], take: Take) -> None:
        """Take in what was laid by."""
        length, starts, places = saved
        self._length, self._starts, self._places = length, take(starts), take(places)
