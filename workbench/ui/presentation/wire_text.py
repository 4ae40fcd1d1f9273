"""The wire as text: every byte of both directions, with its meaning, and glyphs for controls."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from workbench.protocol.wire.span import Span, StreamName
from workbench.session.visible import visible
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, Tone, joined, spread, width_of
from workbench.ui.presentation.roles import LEAF_ROLES
from workbench.ui.presentation.source import Settled
from workbench.ui.presentation.wire_findings import code_pieces
from workbench.ui.presentation.wire_index import Row, WireIndex
from workbench.ui.presentation.wire_marks import Marks, split_by_tone
from workbench.ui.presentation.wire_rows import LARGE_ELEMENT, row_starts

PREFIX_WIDTH = len("received ← 00000 ")
ROW_WIDTHS = (24, 32, 40, 48, 56, 64, 80, 96)
"""Bytes in a row at most. Few widths, so that a resize rarely needs the rows to be counted again."""

UNPARSED = ("received, not parsed yet ", "not parsed yet ")
"""What stands behind bytes that nobody has looked at: in full, and for less room."""

FOUND_HERE = Piece("!", Role.WARNING)
"""What stands behind a row with a finding whose code there is no room for."""

NO_MARKS = Marks()


def row_width_for(width: int) -> int:
    """Choose the bytes of a row for a widget of so many cells."""
    room = width - PREFIX_WIDTH - 2
    return max((candidate for candidate in ROW_WIDTHS if candidate <= room), default=ROW_WIDTHS[0])


class WireLengths:
    """How far the streams of a connection had come at one moment."""

    __slots__ = ("last_index", "received", "sent")

    def __init__(self, last_index: int, sent: int, received: int) -> None:
        self.last_index = last_index
        self.sent = sent
        """Bytes that the kernel took. Queued bytes beyond are buffered."""

        self.received = received

    def of(self, stream: StreamName) -> int:
        """Give the length of one of the two."""
        return self.sent if stream == "sent" else self.received


class WireText:
    """The rows of a connection at one moment.

    Attributes:
        complete: Whether all elements are among the rows. Where not, another `WireText` made of the
            same index has more of them.
    """

    def __init__(
        self, index: WireIndex, lengths: WireLengths, row_width: int, marks: Marks = NO_MARKS
    ) -> None:
        self._index = index
        self._lengths = lengths
        self._width = row_width
        self._marks = marks
        indexed = index.extend(lengths.last_index)
        counted = index.count_rows(row_width)
        wanted = index.count_at(lengths.last_index)
        self.complete = indexed and counted >= wanted
        self._elements = min(wanted, counted)
        self._rows = index.rows_until(self._elements, row_width)
        found = index.findings.count(lengths.last_index)
        self.settled = Settled((WireText, index, index.late, row_width, lengths.sent, found), self._rows)
        """What is parsed, unless some of it is marked, or was sent or found fault with since."""

        if marks != NO_MARKS:
            self.settled = Settled(None, 0)
        parsed = index.record.elements("received").covered_by(0, lengths.last_index)
        self._pending = parsed[1] if parsed else 0
        self._pending_rows = self._cut_pending() if self.complete else ()

    def __len__(self) -> int:
        return self._rows + len(self._pending_rows)

    @property
    def columns(self) -> int:
        """At most how many cells a row takes."""
        return PREFIX_WIDTH + self._width + 2

    def line(self, number: int, width: int) -> Line:
        """Make one row: direction, offset, bytes, and what they are."""
        if number >= self._rows:
            return self._pending_line(number - self._rows, width)
        row = self._index.row(number, self._width)
        if row.element is None:
            return (Piece(f"exchange {row.exchange}", Role.HEADING),)
        text = (*prefix(row.element.stream, row.start, row.first_of_run), *self._pieces(row))
        room = width - width_of(text) - 1
        notes = next((one for one in self._notes(row) if width_of(one) < room), EMPTY)
        return spread(text, (*notes, Piece(" ")), width)

    # --- bytes and rows -----------------------------------------------------------------

    def span_of_row(self, number: int) -> Span | None:
        """Give the bytes that a row shows; None for a row without any."""
        if number >= self._rows:
            return Span("received", *self._pending_span(number - self._rows))
        row = self._index.row(number, self._width)
        return Span(row.element.stream, row.start, row.end) if row.element else None

    def row_of(self, stream: StreamName, offset: int) -> int | None:
        """Find the row that shows a byte."""
        element = self._index.record.elements(stream).at(offset, self._lengths.last_index)
        position = self._index.position_of(element.index) if element else None
        if position is not None and position < self._elements:
            return self._index.row_of(position, offset, self._width)
        if stream == "received" and self._pending <= offset < self._lengths.received and self._pending_rows:
            return self._rows + bisect_right(self._pending_rows, offset) - 1
        return None

    def row_of_entry(self, entry: int) -> int | None:
        """Find the row where the element of an entry begins."""
        position = self._index.position_of(entry)
        if position is None or position >= self._elements:
            return None
        return self._index.row_of(position, self._index.element(position).start, self._width)

    def entry_of_row(self, number: int) -> int | None:
        """Find the entry whose element a row shows."""
        if number >= self._rows:
            return None
        element = self._index.row(number, self._width).element
        return element.entry if element else None

    # --- parts of a row -----------------------------------------------------------------

    def _pieces(self, row: Row) -> Iterator[Piece]:
        element = row.element
        assert element is not None
        data = self._index.record.stream(element.stream).slice(row.start, row.end)
        tones = self._marks.tones(element.stream, row.start, row.end)
        tone = Tone.NONE
        if element.stream == "sent" and row.start >= self._lengths.sent:
            tone = Tone.GHOST
        elif element.automatic:
            tone = Tone.AUTOMATIC
        for leaf in element.leaves:
            start, end = max(leaf.start, row.start) - row.start, min(leaf.end, row.end) - row.start
            if start < end:
                for first, last, shown in split_by_tone(tones, start, end, tone):
                    yield from text_pieces(data[first:last], LEAF_ROLES[leaf.kind], shown)

    def _notes(self, row: Row) -> Iterator[Line]:
        """Say what a row is: first in full, then in ever fewer words, for what room there is."""
        element = row.element
        assert element is not None
        begins = row.start == element.start
        buffered = element.stream == "sent" and row.start >= self._lengths.sent
        words = [
            Piece(element.name, Role.DIM) if begins else None,
            Piece("automatic", Role.DIM, Tone.AUTOMATIC) if begins and element.automatic else None,
            Piece("buffered", Role.WARNING) if buffered else None,
        ]
        found = self._index.findings.codes(
            row.exchange, Span(element.stream, row.start, row.end), self._lengths.last_index
        )
        codes = code_pieces(found)
        for dropped in range(len(words) + 1):
            kept = [(word,) for word in words[dropped:] if word is not None]
            yield joined([*kept, codes] if codes else kept, Piece(" · ", Role.DIM))
        if found:
            yield (FOUND_HERE,)

    # --- received, and not parsed yet ---------------------------------------------------

    def _cut_pending(self) -> Sequence[int]:
        start, end = self._pending, self._lengths.received
        if end - start >= LARGE_ELEMENT:
            return range(start, end, self._width)
        return row_starts(self._index.record.received.slice(start, end), start, self._width)

    def _pending_span(self, number: int) -> tuple[int, int]:
        starts = self._pending_rows
        end = starts[number + 1] if number + 1 < len(starts) else self._lengths.received
        return starts[number], end

    def _pending_line(self, number: int, width: int) -> Line:
        start, end = self._pending_span(number)
        data = self._index.record.received.slice(start, end)
        tones = self._marks.tones("received", start, end)
        text = [
            piece
            for first, last, tone in split_by_tone(tones, 0, len(data), Tone.NONE)
            for piece in text_pieces(data[first:last], Role.DIM, tone)
        ]
        row = (*prefix("received", start, number == 0), *text)
        note = next((words for words in UNPARSED if len(words) < width - width_of(row)), "")
        return spread(row, (Piece(note, Role.WARNING),) if note else EMPTY, width)


def prefix(stream: str, offset: int, first: bool) -> Line:
    """Give the left edge of a row: its direction as a word and an arrow, and its offset."""
    role, arrow = (Role.SENT, "→") if stream == "sent" else (Role.RECEIVED, "←")
    return (
        Piece(f"{stream if first else '':<8} {arrow} ", role),
        Piece(f"{offset:>5} ", Role.DIM),
    )


def text_of(data: bytes) -> str:
    """Make bytes readable: text where they are UTF-8, `�` for each part that is not.

    Shorter than what `visible` makes of bytes, so that a row of binary data stays a row; the hex
    view says which bytes they are.
    """
    return visible(data.decode("utf-8", "replace"))


def text_pieces(data: bytes, role: Role, tone: Tone = Tone.NONE) -> Iterator[Piece]:
    """Give bytes as pieces, with the glyphs of control characters set apart."""
    start = 0
    for position, value in enumerate(data):
        if value < 0x20 or value == 0x7F:
            if start < position:
                yield Piece(text_of(data[start:position]), role, tone)
            yield Piece(text_of(data[position : position + 1]), Role.CONTROL, tone)
            start = position + 1
    if start < len(data):
        yield Piece(text_of(data[start:]), role, tone)
