"""Where everything of one connection stands, in the order in which it happened: for the wire views.

The index holds numbers alone: for each element the index of its entry, for each width the rows up
to its end. Bytes, names and leaves stay in the recording and are looked up for the rows on the
screen. It grows by a bounded number of entries at a time, so that a recording of a million events
opens as soon as one of ten, and the screen draws while the rest is indexed.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

from workbench.protocol.wire.span import Span, StreamName
from workbench.session.connection_record import ConnectionRecord
from workbench.session.entries import EntryLog
from workbench.session.events import PeerReported
from workbench.ui.presentation.wire_element import ELEMENT_NAMES, RUNGS, WireElement, element_of

LARGE_ELEMENT = 16384
"""From this many bytes on, an element is shown in rows of equal length, whose number is a
division: finding the line ends in it would cost time and memory in proportion to its size."""

LINES_UNTIL = 1 << 20
"""From this offset on, so is all content, however small its pieces are: what is searched for line
ends, at each new width, never is more than this much content of each direction."""

MOST_WIDTHS = 2
"""Widths whose rows are kept. A resize drops the oldest."""


class Row(NamedTuple):
    """One row of a text view."""

    element: WireElement | None
    """None for the line that announces another exchange."""

    start: int
    end: int
    first_of_run: bool
    """True where the direction changed."""

    exchange: int


class Run(NamedTuple):
    """Bytes of one direction without anything of the other between them."""

    stream: StreamName
    start: int
    end: int
    first_row: int
    """The number of its first row in a view of rows of equal length."""


class WireIndex:
    """The elements and the rungs of one connection.

    Attributes:
        rungs: The indexes of the entries that a ladder shows: transfers, and what happened to the
            connection itself.
        rung_times: When each of them was, in ns. Never less than the one before.
        reports: The indexes of what the server at the other end reported, where it is our own.
        report_times: As `rung_times`.
    """

    def __init__(self, record: ConnectionRecord, log: EntryLog) -> None:
        self.record = record
        self.rungs = array("Q")
        self.rung_times = array("Q")
        self.reports = array("Q")
        self.report_times = array("Q")
        self._log = log
        self._next = record.first_index
        self._entries = array("Q")
        self._rows: dict[int, array[int]] = {}
        self._run_positions = array("Q")
        self._run_rows: dict[int, array[int]] = {}
        self._last_stream = ""

    # --- growing ------------------------------------------------------------------------

    def extend(self, last_index: int) -> bool:
        """Take in entries up to `last_index`, as many as nobody notices between two keys.

        Returns:
            Whether all of them are in.
        """
        stop = min(last_index + 1, len(self._log))
        for index in range(self._next, min(stop, self._next + self._log.at_once)):
            kind = self._log.kind(index)
            if kind in ELEMENT_NAMES:
                self._add_element(index, self._log.outline(index))
            elif kind in RUNGS or kind is PeerReported:
                self._add_rung(index, self._log.outline(index))
            self._next = index + 1
        return self._next >= stop

    @property
    def progress(self) -> float:
        """How much of the connection's entries is in, from 0 to 1."""
        first = self.record.first_index
        return min(1.0, (self._next - first) / max(1, self.record.last_index + 1 - first))

    def _add_rung(self, index: int, event: Any) -> None:
        if event.connection != self.record.number:
            return
        if isinstance(event, PeerReported):
            _append_in_order(self.reports, self.report_times, index, event.time_ns)
        else:
            _append_in_order(self.rungs, self.rung_times, index, event.time_ns)

    def _add_element(self, index: int, event: Any) -> None:
        if event.connection != self.record.number or not event.leaves:
            return
        if event.span.stream != self._last_stream:
            self._last_stream = event.span.stream
            self._run_positions.append(len(self._entries))
        self._entries.append(index)

    # --- elements -----------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._entries)

    def element(self, position: int) -> WireElement:
        """Give an element by its place among the elements."""
        entry = self._entries[position]
        return element_of(self._log.outline(entry), entry)

    def event(self, entry: int) -> Any:
        """Give the event of an entry, its bytes aside: they are in the streams."""
        return self._log.outline(entry)

    def count_at(self, last_index: int) -> int:
        """Say how many elements there were after the entry at `last_index`."""
        return bisect_right(self._entries, last_index)

    def position_of(self, entry: int) -> int | None:
        """Find the place of an element by its entry; None for an entry that is none of them."""
        position = self.count_at(entry) - 1
        return position if position >= 0 and self._entries[position] == entry else None

    # --- rows that end with their lines -------------------------------------------------

    def count_rows(self, width: int) -> int:
        """Count the rows of more elements, of as many as nobody notices between two keys.

        Args:
            width: The bytes of a row.

        Returns:
            How many elements are counted.
        """
        ends = self._rows.pop(width, None)
        if ends is None:
            ends = array("Q")
            for oldest in list(self._rows)[: 1 - MOST_WIDTHS]:
                del self._rows[oldest]
        self._rows[width] = ends  # last in the order of the dictionary: the one used last
        total = ends[-1] if ends else 0
        before = self.element(len(ends) - 1) if ends else None
        for position in range(len(ends), min(len(self._entries), len(ends) + self._log.at_once)):
            element = self.element(position)
            announced = before is not None and element.exchange != before.exchange
            total += len(self._row_starts(element, width)) + int(announced)
            ends.append(total)
            before = element
        return len(ends)

    def rows_until(self, element_count: int, width: int) -> int:
        """Say how many rows the first elements take, whose rows are counted."""
        return self._rows[width][element_count - 1] if element_count else 0

    def row(self, number: int, width: int) -> Row:
        """Find one row by its number."""
        ends = self._rows[width]
        position = bisect_right(ends, number)
        inner = number - (ends[position - 1] if position else 0)
        element = self.element(position)
        announced = self._announces(position)
        if announced:
            if inner == 0:
                return Row(None, element.start, element.start, False, element.exchange)
            inner -= 1
        starts = self._row_starts(element, width)
        end = starts[inner + 1] if inner + 1 < len(starts) else element.end
        turned = position == 0 or self._event(position - 1).span.stream != element.stream
        return Row(element, starts[inner], end, inner == 0 and (turned or announced), element.exchange)

    def row_of(self, position: int, offset: int, width: int) -> int:
        """Find the number of the row that shows a byte of the element at a position."""
        before = self._rows[width][position - 1] if position else 0
        starts = self._row_starts(self.element(position), width)
        inner = bisect_right(starts, offset) - 1
        return before + int(self._announces(position)) + max(0, inner)

    def _row_starts(self, element: WireElement, width: int) -> Sequence[int]:
        """Say where each row of an element starts: behind each LF, and after `width` bytes at most."""
        size = element.end - element.start
        if size >= LARGE_ELEMENT or (element.is_content and element.start >= LINES_UNTIL):
            return range(element.start, element.end, width)
        data = self.record.stream(element.stream).slice(element.start, element.end)
        return row_starts(data, element.start, width)

    def _announces(self, position: int) -> bool:
        """Whether another exchange begins here, which takes a row of its own to say."""
        return position > 0 and self._event(position).exchange != self._event(position - 1).exchange

    def _event(self, position: int) -> Any:
        return self._log.outline(self._entries[position])

    # --- rows of equal length -----------------------------------------------------------

    def run_count(self, element_count: int) -> int:
        """Say how many runs the first elements make."""
        return bisect_right(self._run_positions, element_count - 1)

    def run(self, number: int, element_count: int, row_bytes: int) -> Run:
        """Give one run of the first elements, with the rows that it takes at `row_bytes` each."""
        span = self.run_span(number, element_count)
        # Not `*span`: its length is that of its bytes, and Python would make room for as many values.
        return Run(span.stream, span.start, span.end, self._rows_before_runs(row_bytes)[number])

    def run_span(self, number: int, element_count: int) -> Span:
        """Give the bytes of one run of the first elements."""
        first = self.element(self._run_positions[number])
        return Span(first.stream, first.start, self._run_end(number, element_count))

    def run_of_row(self, number: int, element_count: int, row_bytes: int) -> int:
        """Find the number of the run that holds a row."""
        rows = self._rows_before_runs(row_bytes)
        return bisect_right(rows, number, hi=self.run_count(element_count)) - 1

    def run_of_element(self, position: int) -> int:
        """Find the number of the run that holds an element."""
        return bisect_right(self._run_positions, position) - 1

    def _run_end(self, number: int, element_count: int) -> int:
        following = number + 1
        stop = self._run_positions[following] if following < len(self._run_positions) else element_count
        return self.element(min(stop, element_count) - 1).end

    def _rows_before_runs(self, row_bytes: int) -> "array[int]":
        """Say where each run begins. Only the last run can still grow, and nothing is behind it."""
        rows = self._run_rows.setdefault(row_bytes, array("Q"))
        for number in range(len(rows), len(self._run_positions)):
            if number == 0:
                rows.append(0)
                continue
            start = self.element(self._run_positions[number - 1]).start
            rows.append(rows[-1] + rows_of_run(start, self._run_end(number - 1, len(self)), row_bytes))
        return rows


def _append_in_order(entries: "array[int]", times: "array[int]", entry: int, time_ns: int) -> None:
    """Add an entry with its time, or with that of the one before, should a clock have gone back."""
    times.append(max(time_ns, times[-1]) if times else time_ns)
    entries.append(entry)


def rows_of_run(start: int, end: int, row_bytes: int) -> int:
    """Count the rows of a run: a heading, and rows of `row_bytes` each."""
    return 1 + -(-(end - start) // row_bytes)


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
