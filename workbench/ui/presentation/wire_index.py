"""Where everything of one connection stands, in the order in which it happened: for the wire views.

Where elements lie is known by the record of the connection. The index holds numbers alone: where each
run begins, and for each width the rows up to the end of each element. Bytes, names and leaves stay in
the recording and are looked up for the rows on the screen. It grows by a bounded number of elements at
a time, so that a recording of a million events opens as soon as one of ten, and the screen draws while
the rest is indexed.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple, get_args

from workbench.protocol.wire.span import Span, StreamName
from workbench.session.connection_record import ConnectionRecord
from workbench.session.entries import EntryLog
from workbench.ui.presentation.wire_element import GOES_ON, WireElement, element_of
from workbench.ui.presentation.wire_findings import WireFindings
from workbench.ui.presentation.wire_rows import RowReader
from workbench.ui.presentation.wire_rungs import WireRungs
from workbench.ui.presentation.wire_runs import WireRuns

WORK_AT_ONCE = 2_000
"""Elements whose rows are counted at once, a few milliseconds' work. To read `EntryLog.at_once` events is as much."""

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
    """The elements and the rungs of one connection."""

    def __init__(self, record: ConnectionRecord, log: EntryLog) -> None:
        self.record = record
        self.rungs = WireRungs(record, log)
        self.findings = WireFindings(record, log)
        self._log = log
        self._runs = WireRuns(record)
        self._rows: dict[int, array[int]] = {}
        self._run_rows: dict[int, array[int]] = {}
        self.late = 0
        """As that of `WireRuns`."""

    def extend(self, last_index: int) -> bool:
        """Take in entries up to `last_index`, as many as nobody notices between two keys.

        Returns:
            Whether all of them are in.
        """
        complete = self._runs.extend(min(last_index, len(self._log) - 1))
        if self.late != self._runs.late:
            self.late = self._runs.late
            self._rows.clear()
            self._run_rows.clear()
        return complete

    # --- elements -----------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._runs)

    def element(self, position: int) -> WireElement:
        """Give an element by its place among the elements."""
        entry = self._entry(position)
        return element_of(self._log.outline(entry), entry)

    def event(self, entry: int) -> Any:
        """Give the event of an entry, its bytes aside: they are in the streams."""
        return self._log.outline(entry)

    def count_at(self, last_index: int) -> int:
        """Say how many elements there were after the entry at `last_index`."""
        return self._runs.count_at(last_index)

    def position_of(self, entry: int) -> int | None:
        """Find the place of an element by its entry; None for an entry that is none of them."""
        position = self.count_at(entry) - 1
        return position if position >= 0 and self._entry(position) == entry else None

    def _entry(self, position: int) -> int:
        run = self._runs.run_of(position)
        return self._runs.columns(run).indexes[self._runs.place(run, position)]

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
        readers = {name: self._reader(name, width) for name in get_args(StreamName)}
        limit = len(ends) + WORK_AT_ONCE
        while len(ends) < min(limit, len(self)):
            run = self._runs.run_of(len(ends))
            limit = self._count_run(run, ends, readers[self._runs.stream(run)], limit)
        return len(ends)

    def _count_run(self, run: int, ends: "array[int]", reader: RowReader, limit: int) -> int:
        """Count the rows of the elements of a run, up to a limit; give what the limit is then."""
        columns, place = self._runs.columns(run), self._runs.place(run, len(ends))
        total = ends[-1] if ends else 0
        begins = len(ends) == self._runs.positions[run]
        for position in range(len(ends), self._runs.end_of(run)):
            if position >= limit:
                break
            kind = self._log.kind(columns.indexes[place])
            if begins or kind not in GOES_ON:
                total += self._announces(position)
                limit -= WORK_AT_ONCE // self._log.at_once
                begins = False
            total += reader.count(kind, columns.starts[place], columns.ends[place])
            ends.append(total)
            place += 1
        return limit

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
        turned = position == self._runs.positions[self._runs.run_of(position)]
        return Row(element, starts[inner], end, inner == 0 and (turned or announced), element.exchange)

    def row_of(self, position: int, offset: int, width: int) -> int:
        """Find the number of the row that shows a byte of the element at a position."""
        before = self._rows[width][position - 1] if position else 0
        starts = self._row_starts(self.element(position), width)
        inner = bisect_right(starts, offset) - 1
        return before + int(self._announces(position)) + max(0, inner)

    def _row_starts(self, element: WireElement, width: int) -> Sequence[int]:
        kind = self._log.kind(element.entry)
        return self._reader(element.stream, width).starts(kind, element.start, element.end)

    def _reader(self, stream: StreamName, width: int) -> RowReader:
        return RowReader(self.record.stream(stream), width)

    def _announces(self, position: int) -> bool:
        """Whether another exchange begins here, which takes a row of its own to say."""
        if not position:
            return False
        begins = position == self._runs.positions[self._runs.run_of(position)]
        if not begins and self._log.kind(self._entry(position)) in GOES_ON:
            return False
        before, exchange = (self.event(self._entry(one)).exchange for one in (position - 1, position))
        return bool(before != exchange)

    # --- rows of equal length -----------------------------------------------------------

    def run_count(self, element_count: int) -> int:
        """Say how many runs the first elements make."""
        return bisect_right(self._runs.positions, element_count - 1)

    def run(self, number: int, element_count: int, row_bytes: int) -> Run:
        """Give one run of the first elements, with the rows that it takes at `row_bytes` each."""
        span = self.run_span(number, element_count)
        # Not `*span`: its length is that of its bytes, and Python would make room for as many values.
        return Run(span.stream, span.start, span.end, self._rows_before_runs(row_bytes)[number])

    def run_span(self, number: int, element_count: int) -> Span:
        """Give the bytes of one run of the first elements."""
        columns = self._runs.columns(number)
        last = min(self._runs.end_of(number), element_count) - 1
        start = columns.starts[self._runs.place(number, self._runs.positions[number])]
        return Span(self._runs.stream(number), start, columns.ends[self._runs.place(number, last)])

    def run_of_row(self, number: int, element_count: int, row_bytes: int) -> int:
        """Find the number of the run that holds a row."""
        rows = self._rows_before_runs(row_bytes)
        return bisect_right(rows, number, hi=self.run_count(element_count)) - 1

    def run_of_element(self, position: int) -> int:
        """Find the number of the run that holds an element."""
        return self._runs.run_of(position)

    def _rows_before_runs(self, row_bytes: int) -> "array[int]":
        """Say where each run begins. Only the last run can still grow, and nothing is behind it."""
        rows = self._run_rows.setdefault(row_bytes, array("Q"))
        for number in range(len(rows), len(self._runs.positions)):
            if number == 0:
                rows.append(0)
                continue
            before = self.run_span(number - 1, len(self))
            rows.append(rows[-1] + rows_of_run(before.start, before.end, row_bytes))
        return rows


def rows_of_run(start: int, end: int, row_bytes: int) -> int:
    """Count the rows of a run: a heading, and rows of `row_bytes` each."""
    return 1 + -(-(end - start) // row_bytes)
