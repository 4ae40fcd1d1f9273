"""The wire as text: every byte of both directions, with its meaning, and glyphs for controls."""

from collections.abc import Iterator

from workbench.protocol.wire.span import Leaf
from workbench.session.visible import visible
from workbench.ui.presentation.fault import Fault
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, Tone, joined, spread, width_of
from workbench.ui.presentation.roles import LEAF_ROLES
from workbench.ui.presentation.wire_index import Row, WireIndex, row_starts

PREFIX_WIDTH = len("received ← 00000 ")
ROW_WIDTHS = (24, 32, 40, 48, 56, 64, 80, 96)
"""Bytes in a row at most. Few widths, so that a resize rarely needs the rows to be counted again."""


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


class WireText:
    """The rows of a connection at one moment."""

    def __init__(
        self,
        index: WireIndex,
        lengths: WireLengths,
        row_width: int,
        fault: Fault | None = None,
    ) -> None:
        self._index = index
        self._lengths = lengths
        self._width = row_width
        self._fault = fault
        index.extend(lengths.last_index)
        self._elements = index.count_at(lengths.last_index)
        self._rows = index.rows_until(self._elements, row_width)
        self._pending = self._pending_start()
        pending = index.record.received.slice(self._pending, lengths.received)
        self._pending_rows = row_starts(pending, self._pending, row_width)

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

    def first_row_of_entry(self, entry_index: int) -> int | None:
        """Find the row where the element of an entry begins."""
        position = self._index.count_at(entry_index) - 1
        if position < 0 or self._index.elements[position].entry != entry_index:
            return None
        return self._index.row_of(position, self._index.elements[position].start, self._width)

    def entry_of_row(self, number: int) -> int | None:
        """Find the entry whose element a row shows."""
        if number >= self._rows:
            return None
        element = self._index.row(number, self._width).element
        return element.entry if element else None

    def _pending_start(self) -> int:
        for position in range(self._elements - 1, -1, -1):
            element = self._index.elements[position]
            if element.stream == "received":
                return element.end
        return 0

    def _pieces(self, row: Row) -> Iterator[Piece]:
        element = row.element
        assert element is not None
        data = self._index.record.stream(element.stream).slice(row.start, row.end)
        tone = Tone.NONE
        if element.stream == "sent" and row.start >= self._lengths.sent:
            tone = Tone.GHOST
        elif element.automatic:
            tone = Tone.AUTOMATIC
        for leaf in element.leaves:
            start, end = max(leaf.start, row.start), min(leaf.end, row.end)
            if start < end:
                part = data[start - row.start : end - row.start]
                yield from self._leaf_pieces(part, element.stream, leaf, start, tone)

    def _leaf_pieces(self, data: bytes, stream: str, leaf: Leaf, start: int, tone: Tone) -> Iterator[Piece]:
        role = LEAF_ROLES[leaf.kind]
        fault = self._fault
        if fault is None or fault.stream != stream or not fault.touches(start, start + len(data)):
            yield from text_pieces(data, role, tone)
            return
        first, last = max(fault.start - start, 0), min(fault.end - start, len(data))
        yield from text_pieces(data[:first], role, tone)
        yield from text_pieces(data[first:last], role, Tone.OFFENDING)
        yield from text_pieces(data[last:], role, tone)

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
        for dropped in range(len(words)):
            kept = [(word,) for word in words[dropped:] if word is not None]
            yield joined(kept, Piece(" · ", Role.DIM))

    def _pending_line(self, number: int, width: int) -> Line:
        start = self._pending_rows[number]
        following = self._pending_rows[number + 1 :][:1]
        end = following[0] if following else self._lengths.received
        data = self._index.record.received.slice(start, end)
        note = Piece("received, not parsed yet ", Role.WARNING)
        return spread((*prefix("received", start, number == 0), *text_pieces(data, Role.DIM)), (note,), width)


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
