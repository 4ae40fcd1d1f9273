"""The wire as hexadecimal: offset, bytes, characters, in one block for each run of a direction."""

from collections.abc import Iterator
from itertools import groupby

from workbench.protocol.wire.span import Span, StreamName
from workbench.ui.presentation.piece import Line, Piece, Role, Tone
from workbench.ui.presentation.roles import LEAF_ROLES
from workbench.ui.presentation.wire_index import Run, WireIndex, rows_of_run
from workbench.ui.presentation.wire_marks import Marks
from workbench.ui.presentation.wire_text import NO_MARKS, WireLengths

OFFSET_WIDTH = len(" 00000")
"""That of a megabyte takes one more, in every row, so that all bytes stand below one another."""

PREFIX_WIDTH = len("←") + OFFSET_WIDTH + len("  ")

Mark = tuple[Role, Tone]


def bytes_per_row(width: int) -> int:
    """Choose 8, 16 or 32 bytes for a widget of so many cells."""
    return max((count for count in (8, 16, 32) if PREFIX_WIDTH + 4 * count + count // 8 <= width), default=8)


class WireHex:
    """The rows of a connection at one moment.

    Attributes:
        complete: As that of `WireText`.
    """

    def __init__(
        self, index: WireIndex, lengths: WireLengths, row_bytes: int, marks: Marks = NO_MARKS
    ) -> None:
        self._index = index
        self._lengths = lengths
        self._row_bytes = row_bytes
        self._marks = marks
        longest = max(index.record.sent.length, index.record.received.length)
        self._offset_width = max(OFFSET_WIDTH, len(str(longest)))
        self._prefix_width = PREFIX_WIDTH + self._offset_width - OFFSET_WIDTH
        self.complete = index.extend(lengths.last_index)
        self._elements = index.count_at(lengths.last_index)
        self._run_count = index.run_count(self._elements)
        self._rows = 0
        if self._run_count:
            last = self._run(self._run_count - 1)
            self._rows = last.first_row + rows_of_run(last.start, last.end, row_bytes)
        parsed = index.record.elements("received").covered_by(0, lengths.last_index)
        pending = Run("received", parsed[1] if parsed else 0, lengths.received, self._rows)
        self._pending = pending if self.complete and pending.start < pending.end else None

    def __len__(self) -> int:
        if self._pending is None:
            return self._rows
        return self._rows + rows_of_run(self._pending.start, self._pending.end, self._row_bytes)

    @property
    def columns(self) -> int:
        """At most how many cells a row takes."""
        return self._prefix_width + 4 * self._row_bytes + self._row_bytes // 8

    def line(self, number: int, width: int) -> Line:  # noqa: ARG002 - a row has its own width
        """Make one row."""
        run = self._run_at(number)
        role, arrow = (Role.SENT, "→") if run.stream == "sent" else (Role.RECEIVED, "←")
        if number == run.first_row:
            return (Piece(f"{run.stream} {arrow}", role),)
        span = self._span(run, number)
        data = self._index.record.stream(span.stream).slice(span.start, span.end)
        marks = self._row_marks(span)
        return (
            Piece(arrow, role),
            Piece(f"{span.start:>{self._offset_width}}  ", Role.DIM),
            *self._digits(data, marks),
            *self._characters(data, marks),
        )

    # --- bytes and rows -----------------------------------------------------------------

    def span_of_row(self, number: int) -> Span | None:
        """Give the bytes that a row shows; None for the heading of a run."""
        run = self._run_at(number)
        return None if number == run.first_row else self._span(run, number)

    def row_of(self, stream: StreamName, offset: int) -> int | None:
        """Find the row that shows a byte."""
        pending = self._pending
        element = self._index.record.elements(stream).at(offset, self._lengths.last_index)
        position = self._index.position_of(element.index) if element else None
        if position is not None:
            return self._row_in(self._run(self._index.run_of_element(position)), offset)
        if pending is not None and stream == "received" and pending.start <= offset < pending.end:
            return self._row_in(pending, offset)
        return None

    def row_of_entry(self, entry: int) -> int | None:
        """Find the row where the element of an entry begins."""
        position = self._index.position_of(entry)
        if position is None or position >= self._elements:
            return None
        element = self._index.element(position)
        return self.row_of(element.stream, element.start)

    def entry_of_row(self, number: int) -> int | None:
        """Find the entry of the first byte of a row."""
        run = self._run_at(number)
        offset = run.start + max(0, number - run.first_row - 1) * self._row_bytes
        element = self._index.record.elements(run.stream).at(offset, self._lengths.last_index)
        return element.index if element else None

    def entry_at_column(self, number: int, column: int) -> int | None:
        """Find the entry of the byte whose digits or character stand at a cell of a row."""
        span = self.span_of_row(number)
        characters = self._prefix_width + 3 * self._row_bytes + self._row_bytes // 8
        if span is None:
            return None
        if column >= characters:
            place = column - characters
        else:
            group, rest = divmod(max(0, column - self._prefix_width), 25)  # eight bytes, and a space more
            place = 8 * group + min(rest // 3, 7)
        offset = min(span.start + place, span.end - 1)
        element = self._index.record.elements(span.stream).at(offset, self._lengths.last_index)
        return element.index if element else None

    def _run_at(self, number: int) -> Run:
        if self._pending is not None and number >= self._rows:
            return self._pending
        return self._run(self._index.run_of_row(number, self._elements, self._row_bytes))

    def _run(self, number: int) -> Run:
        return self._index.run(number, self._elements, self._row_bytes)

    def _row_in(self, run: Run, offset: int) -> int:
        return run.first_row + 1 + (offset - run.start) // self._row_bytes

    def _span(self, run: Run, number: int) -> Span:
        start = run.start + (number - run.first_row - 1) * self._row_bytes
        return Span(run.stream, start, min(start + self._row_bytes, run.end))

    # --- parts of a row -----------------------------------------------------------------

    def _row_marks(self, span: Span) -> list[Mark]:
        marks: list[Mark] = [(Role.WARNING, Tone.NONE)] * len(span)  # not parsed yet
        elements = self._index.record.elements(span.stream)
        for element in elements.between(span.start, span.end, self._lengths.last_index):
            event = self._index.event(element.index)
            automatic = getattr(event, "automatic", False)
            for leaf in event.leaves:
                for offset in range(max(leaf.start, span.start), min(leaf.end, span.end)):
                    ghost = span.stream == "sent" and offset >= self._lengths.sent
                    tone = Tone.GHOST if ghost else Tone.AUTOMATIC if automatic else Tone.NONE
                    marks[offset - span.start] = (LEAF_ROLES[leaf.kind], tone)
        tones = self._marks.tones(span.stream, span.start, span.end) or ()
        for place, tone in enumerate(tones):
            if tone is not Tone.NONE:
                marks[place] = (marks[place][0], tone)
        return marks

    def _digits(self, data: bytes, marks: list[Mark]) -> Iterator[Piece]:
        place = 0
        for mark, group in groupby(marks):
            text = ""
            for _ in group:
                text += f"{data[place]:02x} " + (" " if place % 8 == 7 else "")
                place += 1
            # The space behind the last digit belongs to nothing: a mark ends with its byte.
            digits = text.rstrip()
            yield Piece(digits, *mark)
            yield Piece(text[len(digits) :])
        missing = self._row_bytes - place
        if missing:
            yield Piece("   " * missing + " " * (self._row_bytes // 8 - place // 8))

    def _characters(self, data: bytes, marks: list[Mark]) -> Iterator[Piece]:
        place = 0
        for mark, group in groupby(marks):
            size = len(list(group))
            values = data[place : place + size]
            yield Piece("".join(chr(one) if 0x20 <= one < 0x7F else "·" for one in values), *mark)
            place += size
