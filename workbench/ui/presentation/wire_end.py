"""Where the wire ends because the server closed: a row behind its bytes, which says what never came."""

from typing import NamedTuple

from workbench.protocol import tap
from workbench.protocol.wire.span import Span, StreamName
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.exchange_moment import ExchangeMoment, ResponseMoment
from workbench.ui.presentation.piece import Line, Piece, Role, width_of
from workbench.ui.presentation.source import Settled
from workbench.ui.presentation.wire_form import WireSource
from workbench.ui.presentation.wire_hex import WireHex
from workbench.ui.presentation.wire_text import WireText, prefix


class WireEnd(NamedTuple):
    """The end of what a server sent."""

    entry: int
    """The index of its entry."""

    offset: int
    """That of the byte that would have come next."""

    words: Line


def find_end(connection: ConnectionMoment) -> WireEnd | None:
    """Find the end of what the server sent; None while it may send more."""
    fact = connection.fact(tap.EndOfStreamReceived)
    if fact is None:
        return None
    words = [Piece("the server closed", Role.RECEIVED)]
    if fact.event.tls_truncated:
        words.append(Piece(" without TLS close_notify", Role.WARNING))
    # Where requests are pipelined, this is not the exchange that began last.
    missing = _missing(connection, connection.exchange_numbered(fact.event.exchange))
    if missing:
        words.extend((Piece(": ", Role.DIM), Piece(missing, Role.ERROR)))
    return WireEnd(fact.index, connection.received_length, tuple(words))


def _missing(connection: ConnectionMoment, exchange: ExchangeMoment | None) -> str:
    """Say what was to come; nothing where all of the message came."""
    if exchange is None:
        return ""
    response = exchange.response
    if response is None or not (response.status_line or response.framing or response.count(tap.BytesSkipped)):
        return "no final response came" if exchange.interim_responses else "no response came"
    head, framing = response.header_section_end, response.framing
    if framing is None:
        return "the head is cut"
    if framing.event.kind == "chunked":
        return _missing_chunks(response)
    length = framing.event.length or 0
    body_length = connection.received_length - head.event.span.end if head is not None else length
    missing = length - body_length
    return f"{missing:,} of {length:,} bytes never came" if missing > 0 else ""


def _missing_chunks(response: ResponseMoment) -> str:
    newest = response.fact(tap.ChunkHeaderParsed)
    if newest is None or newest.event.size:
        return "the last chunk never came"
    return "" if response.trailer_section_end else "the trailer section is cut"


class EndedWire:
    """The rows of a connection, and behind them the one of its end.

    Args:
        rows: Those of the bytes.
        end: What comes behind them.
    """

    def __init__(self, rows: WireText | WireHex, end: WireEnd) -> None:
        self._rows: WireSource = rows
        self._end = end
        self.complete = rows.complete
        self.settled = getattr(rows, "settled", Settled(None, 0))
        self.columns = max(rows.columns, width_of(self._end_line))

    def __len__(self) -> int:
        return len(self._rows) + int(self.complete)

    def line(self, number: int, width: int) -> Line:
        """Make one row."""
        if not self._is_end(number):
            return self._rows.line(number, width)
        return self._end_line

    @property
    def _end_line(self) -> Line:
        return (*prefix("received", self._end.offset, not self._end.offset), *self._end.words)

    def span_of_row(self, number: int) -> Span | None:
        """Give the bytes that a row shows: at the end, none behind the last one."""
        if self._is_end(number):
            return Span("received", self._end.offset, self._end.offset)
        return self._rows.span_of_row(number)

    def row_of(self, stream: StreamName, offset: int) -> int | None:
        """Find the row that shows a byte, or would have shown it."""
        if self.complete and (stream, offset) == ("received", self._end.offset):
            return len(self._rows)
        return self._rows.row_of(stream, offset)

    def row_of_entry(self, entry: int) -> int | None:
        """Find the row of an entry."""
        if self.complete and entry == self._end.entry:
            return len(self._rows)
        return self._rows.row_of_entry(entry)

    def entry_of_row(self, number: int) -> int | None:
        """Find the entry that a row is about."""
        return self._end.entry if self._is_end(number) else self._rows.entry_of_row(number)

    def entry_at_column(self, number: int, column: int) -> int | None:
        """Find the entry of the byte at a cell of a row."""
        if isinstance(self._rows, WireHex) and not self._is_end(number):
            return self._rows.entry_at_column(number, column)
        return self.entry_of_row(number)

    def _is_end(self, number: int) -> bool:
        return number >= len(self._rows)
