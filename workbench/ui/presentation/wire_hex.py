"""The wire as hexadecimal: offset, bytes, characters, in one block for each run of a direction."""

from bisect import bisect_right
from collections.abc import Iterator

from workbench.protocol.wire.span import StreamName
from workbench.ui.presentation.piece import Line, Piece, Role, Tone
from workbench.ui.presentation.roles import LEAF_ROLES
from workbench.ui.presentation.wire_index import Run, WireIndex, rows_of_run
from workbench.ui.presentation.wire_text import WireLengths

PREFIX_WIDTH = len("← 00000  ")


def bytes_per_row(width: int) -> int:
    """Choose 8, 16 or 32 bytes for a widget of so many cells."""
    return max((count for count in (8, 16, 32) if PREFIX_WIDTH + 4 * count + count // 8 <= width), default=8)


class WireHex:
    """The rows of a connection at one moment."""

    def __init__(self, index: WireIndex, lengths: WireLengths, row_bytes: int) -> None:
        self._index = index
        self._lengths = lengths
        self._row_bytes = row_bytes
        index.extend(lengths.last_index)
        self._element_count = index.count_at(lengths.last_index)
        self._runs = list(self._find_runs())

    def __len__(self) -> int:
        return self._rows_before(len(self._runs))

    @property
    def columns(self) -> int:
        """At most how many cells a row takes."""
        return PREFIX_WIDTH + 4 * self._row_bytes + self._row_bytes // 8

    def line(self, number: int, width: int) -> Line:  # noqa: ARG002 - a row has its own width
        """Make one row."""
        position = bisect_right(self._runs, number, key=lambda run: run.first_row) - 1
        run = self._runs[position]
        sent = run.stream == "sent"
        role, arrow = (Role.SENT, "→") if sent else (Role.RECEIVED, "←")
        if number == run.first_row:
            return (Piece(f"{run.stream} {arrow}", role),)
        start = run.start + (number - run.first_row - 1) * self._row_bytes
        end = min(start + self._row_bytes, run.end)
        data = self._index.record.stream(run.stream).slice(start, end)
        marks = [self._mark(run.stream, offset) for offset in range(start, end)]
        return (
            Piece(arrow, role),
            Piece(f"{start:>6}  ", Role.DIM),
            *self._digits(data, marks),
            *self._characters(data, marks),
        )

    def first_row_of_entry(self, entry_index: int) -> int | None:
        """Find the row where the element of an entry begins."""
        position = self._index.count_at(entry_index) - 1
        if position < 0 or self._index.elements[position].entry != entry_index:
            return None
        element = self._index.elements[position]
        for run in self._runs:
            if run.stream == element.stream and run.start <= element.start < run.end:
                return run.first_row + 1 + (element.start - run.start) // self._row_bytes
        return None

    def entry_of_row(self, number: int) -> int | None:
        """Find the entry of the first byte of a row."""
        position = bisect_right(self._runs, number, key=lambda run: run.first_row) - 1
        run = self._runs[position]
        offset = run.start + max(0, number - run.first_row - 1) * self._row_bytes
        element = self._index.record.elements(run.stream).at(offset, self._lengths.last_index)
        return element.index if element else None

    def _find_runs(self) -> Iterator[Run]:
        parsed = 0
        rows = 0
        for run in self._index.runs(self._element_count, self._row_bytes):
            yield run
            rows = run.first_row + self._row_count(run)
            if run.stream == "received":
                parsed = run.end
        if self._lengths.received > parsed:
            yield Run("received", parsed, self._lengths.received, rows)

    def _row_count(self, run: Run) -> int:
        return rows_of_run(run.start, run.end, self._row_bytes)

    def _rows_before(self, count: int) -> int:
        if not count:
            return 0
        last = self._runs[count - 1]
        return last.first_row + self._row_count(last)

    def _mark(self, stream: StreamName, offset: int) -> tuple[Role, Tone]:
        element = self._index.record.elements(stream).at(offset, self._lengths.last_index)
        if element is None:
            return Role.WARNING, Tone.NONE
        event = self._index.entry_event(element.index)
        kind = next(leaf.kind for leaf in event.leaves if leaf.start <= offset < leaf.end)
        tone = Tone.AUTOMATIC if getattr(event, "automatic", False) else Tone.NONE
        if stream == "sent" and offset >= self._lengths.sent:
            tone = Tone.GHOST
        return LEAF_ROLES[kind], tone

    def _digits(self, data: bytes, marks: list[tuple[Role, Tone]]) -> Iterator[Piece]:
        for position in range(self._row_bytes):
            gap = " " if position % 8 == 7 else ""
            if position < len(data):
                yield Piece(f"{data[position]:02x} {gap}", *marks[position])
            else:
                yield Piece(f"   {gap}")

    def _characters(self, data: bytes, marks: list[tuple[Role, Tone]]) -> Iterator[Piece]:
        for value, mark in zip(data, marks, strict=True):
            yield Piece(chr(value) if 0x20 <= value < 0x7F else "·", *mark)
