"""The elements of one connection in the order in which they happened: what a wire view shows.

Sent and received elements alternate, as the exchanges did. The index grows with the recording
and looks at each entry once; it holds where the elements lie, never their bytes.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from workbench.protocol import tap
from workbench.protocol.wire.span import Leaf, StreamName
from workbench.session.connection_record import ConnectionRecord
from workbench.session.entries import EntryLog

LARGE_ELEMENT = 16384
"""From this many bytes on, an element is shown in rows of equal length, whose number is a
division: finding the line ends in it would cost time and memory in proportion to its size."""


class WireElement(NamedTuple):
    """One element, with what a view says about it."""

    stream: StreamName
    start: int
    end: int
    leaves: tuple[Leaf, ...]
    entry: int
    """The index of its entry."""

    name: str
    """What it is, in the words of the RFC: `field line`, `chunk header`."""

    automatic: bool
    exchange: int


class Run(NamedTuple):
    """Bytes of one direction without anything of the other between them."""

    stream: StreamName
    start: int
    end: int
    first_row: int
    """The number of its first row in a view of rows of equal length."""


class Row(NamedTuple):
    """One row of a text view."""

    element: WireElement | None
    """None for the line that announces another exchange."""

    start: int
    end: int
    first_of_run: bool
    """True where the direction changed."""

    exchange: int


ELEMENT_NAMES: dict[type[tap.Event], str] = {
    tap.RequestLineBuffered: "request-line",
    tap.FieldLineBuffered: "field line",
    tap.HeaderSectionBuffered: "end of header section",
    tap.ContentBuffered: "content",
    tap.StatusLineParsed: "status-line",
    tap.FieldLineParsed: "field line",
    tap.BytesSkipped: "passed over",
    tap.HeaderSectionParsed: "end of header section",
    tap.ChunkHeaderParsed: "chunk header",
    tap.ContentParsed: "content",
    tap.ChunkParsed: "end of chunk",
    tap.TrailerSectionParsed: "end of trailer section",
    tap.ExcessReceived: "after the message",
    tap.BytesLeft: "never parsed",
}
"""The events that are elements of the wire."""


class WireIndex:
    """The elements of one connection, and how many rows each takes at a width."""

    def __init__(self, record: ConnectionRecord, log: EntryLog) -> None:
        self.record = record
        self.elements: list[WireElement] = []
        self._log = log
        self._next = record.first_index
        self._rows: dict[int, array[int]] = {}
        self._run_starts = array("Q")

    def extend(self, last_index: int) -> None:
        """Take in the entries up to `last_index`, inclusive."""
        for index in range(self._next, min(last_index + 1, len(self._log))):
            event = self._log.event(index)
            name = ELEMENT_NAMES.get(type(event))  # type: ignore[arg-type]
            if name is not None:
                self._add(index, event, name)
        self._next = max(self._next, last_index + 1)

    def _add(self, index: int, event: Any, name: str) -> None:
        if event.connection != self.record.number or not event.leaves:
            return
        if getattr(event, "section", "") == "trailer":
            name = "trailer field line"
        automatic = getattr(event, "automatic", False)
        element = WireElement(
            event.span.stream,
            event.leaves[0].start,
            event.leaves[-1].end,
            event.leaves,
            index,
            name,
            automatic,
            event.exchange,
        )
        if not self.elements or self.elements[-1].stream != element.stream:
            self._run_starts.append(len(self.elements))
        self.elements.append(element)

    def runs(self, element_count: int, row_bytes: int) -> Iterator[Run]:
        """Yield the runs of the first elements, with the rows they take at `row_bytes` each."""
        row = 0
        for number, position in enumerate(self._run_starts):
            if position >= element_count:
                return
            following = self._run_starts[number + 1] if number + 1 < len(self._run_starts) else element_count
            first, last = self.elements[position], self.elements[min(following, element_count) - 1]
            yield Run(first.stream, first.start, last.end, row)
            row += rows_of_run(first.start, last.end, row_bytes)

    def entry_event(self, index: int) -> Any:
        """Give the event of an entry that is an element."""
        return self._log.event(index)

    def count_at(self, last_index: int) -> int:
        """Say how many elements there were after the entry at `last_index`."""
        return bisect_right(self.elements, last_index, key=lambda element: element.entry)

    def rows_until(self, element_count: int, width: int) -> int:
        """Say how many rows the first elements take at a width in bytes."""
        ends = self._row_ends(width)
        return ends[element_count - 1] if element_count else 0

    def row(self, number: int, width: int) -> Row:
        """Find one row by its number."""
        ends = self._row_ends(width)
        position = bisect_right(ends, number)
        inner = number - (ends[position - 1] if position else 0)
        element = self.elements[position]
        if self._announces(position):
            if inner == 0:
                return Row(None, element.start, element.start, False, element.exchange)
            inner -= 1
        start, end = _row_span(self._bytes(element), element, inner, width)
        first = inner == 0 and (position == 0 or self.elements[position - 1].stream != element.stream)
        return Row(element, start, end, first or (inner == 0 and self._announces(position)), element.exchange)

    def row_of(self, position: int, offset: int, width: int) -> int:
        """Find the number of the row that shows a byte of the element at a position."""
        ends = self._row_ends(width)
        before = ends[position - 1] if position else 0
        element = self.elements[position]
        starts = _row_starts(self._bytes(element), element, width)
        inner = bisect_right(starts, offset) - 1
        return before + int(self._announces(position)) + max(0, inner)

    def _bytes(self, element: WireElement) -> bytes:
        if element.end - element.start >= LARGE_ELEMENT:
            return b""
        return self.record.stream(element.stream).slice(element.start, element.end)

    def _announces(self, position: int) -> bool:
        if position == 0:
            return False
        return self.elements[position].exchange != self.elements[position - 1].exchange

    def _row_ends(self, width: int) -> "array[int]":
        ends = self._rows.setdefault(width, array("Q"))
        total = ends[-1] if ends else 0
        for position in range(len(ends), len(self.elements)):
            element = self.elements[position]
            count = len(_row_starts(self._bytes(element), element, width))
            total += count + int(self._announces(position))
            ends.append(total)
        return ends


def rows_of_run(start: int, end: int, row_bytes: int) -> int:
    """Count the rows of a run: a heading, and rows of `row_bytes` each."""
    return 1 + -(-(end - start) // row_bytes)


def _row_starts(data: bytes, element: WireElement, width: int) -> Sequence[int]:
    """Say where each row of an element starts: behind each LF, and after `width` bytes at most."""
    if element.end - element.start >= LARGE_ELEMENT:
        return range(element.start, element.end, width)
    return row_starts(data, element.start, width)


def row_starts(data: bytes, start: int, width: int) -> list[int]:
    """Cut bytes into rows, behind each LF and after `width` bytes at most.

    Args:
        data: The bytes.
        start: The offset of the first of them.
        width: The most bytes in a row. A CR LF that would stand alone stays on its row.

    Returns:
        The offset of the first byte of each row.
    """
    starts: list[int] = []
    position = 0
    while position < len(data):
        starts.append(start + position)
        newline = data.find(b"\n", position, position + width + 2)
        position = newline + 1 if newline >= 0 else position + width
    return starts


def _row_span(data: bytes, element: WireElement, inner: int, width: int) -> tuple[int, int]:
    starts = _row_starts(data, element, width)
    end = starts[inner + 1] if inner + 1 < len(starts) else element.end
    return starts[inner], end
