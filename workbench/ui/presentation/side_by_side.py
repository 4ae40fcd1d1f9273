"""Two exchanges side by side, byte for byte, with the first difference marked."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.protocol.wire.span import Span, StreamName
from workbench.session.exchange_bytes import exchange_span, first_difference
from workbench.session.exchange_record import ExchangeRecord
from workbench.session.recording import Recording
from workbench.ui.presentation.piece import Line, Piece, Role, Tone, cut, width_of
from workbench.ui.presentation.quantity import bytes_words
from workbench.ui.presentation.wire_rows import row_starts
from workbench.ui.presentation.wire_text import text_pieces

OFFSET_WIDTH = 8
BETWEEN = Piece(" │ ", Role.DIM)

LINES_UNTIL = 1 << 16
"""Bytes of an exchange that are shown in the lines that they are; behind them every row is full."""


@dataclass(frozen=True)
class MarkedExchange:
    """One exchange that is to be compared."""

    recording: Recording
    record: ExchangeRecord
    label: str
    """Which it is, for people."""

    def span(self, stream: StreamName) -> Span:
        """Say where its bytes lie in a stream."""
        return exchange_span(self.recording, self.record, stream)

    def read(self, span: Span, start: int, end: int) -> bytes:
        """Give some of its bytes, counted from the first of them."""
        stream = self.recording.connection(self.record.connection).stream(span.stream)
        return stream.slice(span.start + start, min(span.start + end, span.end))


@dataclass(frozen=True)
class StreamPair:
    """What two exchanges have in one direction."""

    spans: tuple[Span, Span]
    difference: int | None
    """How many bytes are alike before the first that differs; None when all are."""


Pair = tuple[MarkedExchange, MarkedExchange]


def compare_streams(pair: Pair) -> tuple[StreamPair, ...]:
    """Look for the first difference in each direction. In a thread: it may be a gigabyte away."""
    found = []
    for stream in _STREAMS:
        spans = (pair[0].span(stream), pair[1].span(stream))
        recordings = (pair[0].recording, pair[1].recording)
        numbers = (pair[0].record.connection, pair[1].record.connection)
        found.append(StreamPair(spans, first_difference(recordings, numbers, spans)))
    return tuple(found)


_STREAMS: tuple[StreamName, ...] = ("sent", "received")


class _Side:
    """The rows of one exchange in one direction."""

    def __init__(self, exchange: MarkedExchange, span: Span, row_bytes: int) -> None:
        self._exchange = exchange
        self._span = span
        self._row_bytes = row_bytes
        self._starts = row_starts(exchange.read(span, 0, LINES_UNTIL), 0, row_bytes)
        self._head = min(LINES_UNTIL, len(span))

    def __len__(self) -> int:
        return len(self._starts) + -(-(len(self._span) - self._head) // self._row_bytes)

    def range(self, row: int) -> tuple[int, int]:
        """Say which bytes a row holds."""
        beyond = row - len(self._starts)
        if beyond >= 0:
            start = self._head + beyond * self._row_bytes
            return start, min(start + self._row_bytes, len(self._span))
        end = self._starts[row + 1] if row + 1 < len(self._starts) else self._head
        return self._starts[row], end

    def row_of(self, offset: int) -> int:
        """Say in which row a byte is; the last one for what is beyond the end."""
        if offset >= self._head:
            row = len(self._starts) + (offset - self._head) // self._row_bytes
        else:
            row = bisect_right(self._starts, offset) - 1
        return max(0, min(row, len(self) - 1))

    def line(self, row: int, difference: int | None) -> Line:
        """Make the row, with the first byte that differs marked."""
        if row >= len(self):
            ended = row == len(self) and difference == len(self._span)
            return (
                (Piece(" " * OFFSET_WIDTH), Piece("ends here", Role.MALFORMED, Tone.OFFENDING))
                if ended
                else ()
            )
        start, end = self.range(row)
        data = self._exchange.read(self._span, start, end)
        head = Piece(f"{start:>{OFFSET_WIDTH - 1}} ", Role.DIM)
        role = Role.SENT if self._span.stream == "sent" else Role.RECEIVED
        if difference is None or not start <= difference < end:
            return (head, *text_pieces(data, role))
        at = difference - start
        return (
            head,
            *text_pieces(data[:at], role),
            *text_pieces(data[at : at + 1], Role.MALFORMED, Tone.OFFENDING),
            *text_pieces(data[at + 1 :], role),
        )


class SideBySide:
    """The rows of both directions.

    Args:
        pair: The exchanges.
        streams: From `compare_streams`.
        width: The cells of a row.
    """

    columns = 0

    def __init__(self, pair: Pair, streams: tuple[StreamPair, ...], width: int) -> None:
        self._column = max(OFFSET_WIDTH + 8, (width - 3) // 2)
        row_bytes = self._column - OFFSET_WIDTH - 1
        self._streams = streams
        self._sides = [
            tuple(_Side(one, span, row_bytes) for one, span in zip(pair, stream.spans, strict=True))
            for stream in streams
        ]

    def __len__(self) -> int:
        return sum(self._height(number) for number in range(len(self._streams)))

    def _height(self, number: int) -> int:
        # A heading, and a row for the words that say that one has ended before the other.
        return 2 + max(map(len, self._sides[number]))

    def differences(self) -> list[int]:
        """Give the rows that hold a first difference."""
        rows, top = [], 0
        for number, stream in enumerate(self._streams):
            if stream.difference is not None:
                offset = stream.difference
                rows.append(top + 1 + max(side.row_of(offset) for side in self._sides[number]))
            top += self._height(number)
        return rows

    def line(self, number: int, width: int) -> Line:
        """Make one row."""
        for stream, sides in zip(self._streams, self._sides, strict=True):
            height = 2 + max(map(len, sides))
            if number < height:
                return cut(self._row(stream, sides, number), width)
            number -= height
        return ()

    def _row(self, stream: StreamPair, sides: tuple[_Side, ...], number: int) -> Line:
        if number == 0:
            return _heading(stream)
        left, right = (side.line(number - 1, stream.difference) for side in sides)
        left = cut(left, self._column)
        return (*left, Piece(" " * (self._column - width_of(left))), BETWEEN, *right)


def _heading(stream: StreamPair) -> Line:
    name = stream.spans[0].stream
    sizes = " and ".join(bytes_words(len(span)) for span in stream.spans)
    if stream.difference is None:
        found = Piece("no byte differs", Role.GOOD)
    else:
        found = Piece(f"the first difference is at byte {stream.difference}", Role.WARNING)
    return (Piece(f" {name} ", Role.HEADING), Piece(f"{sizes}: ", Role.DIM), found)


def heading_of(pair: Pair, width: int) -> Iterator[Line]:
    """Say which exchanges they are, each above its column."""
    column = max(OFFSET_WIDTH + 8, (width - 3) // 2)
    one, other = (
        (Piece(f" {mark}  ", Role.KEY), Piece(each.label, Role.STRONG))
        for mark, each in zip("AB", pair, strict=True)
    )
    left = cut(one, column)
    yield (*left, Piece(" " * (column - width_of(left))), BETWEEN, *cut(other, column))
