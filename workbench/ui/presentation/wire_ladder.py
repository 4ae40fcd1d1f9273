"""The wire as a ladder: client and server, and a rung for each time that bytes crossed between them.

What happened to the connection itself (connect, TLS, the ends of it) has rungs too. Times are the
events' own, taken beside the I/O.
"""

from bisect import bisect_right
from typing import Any

from workbench.protocol import tap
from workbench.protocol.wire.span import Span, StreamName
from workbench.ui.presentation.events import describe_event
from workbench.ui.presentation.piece import Line, Piece, Role, Tone, width_of
from workbench.ui.presentation.quantity import bytes_words, milliseconds
from workbench.ui.presentation.wire_carried import carried
from workbench.ui.presentation.wire_index import WireIndex
from workbench.ui.presentation.wire_text import WireLengths

TIME_WIDTH = len("12345.678 ")
LANES = (18, 22, 28, 36)
"""Cells between client and server."""

COLUMNS = 200
"""Room to scroll sideways in: what a transfer carried can take many words."""

RIGHT, LEFT, BOTH = "▶", "◀", ""

RUNG_WORDS: dict[type[tap.Event], tuple[str, str, Role]] = {
    tap.HostLookupFinished: ("look-up", BOTH, Role.DIM),
    tap.ConnectStarted: ("connect", RIGHT, Role.SENT),
    tap.Connected: ("connected", LEFT, Role.RECEIVED),
    tap.ConnectFailed: ("connect failed", BOTH, Role.ERROR),
    tap.TlsStarted: ("TLS", RIGHT, Role.SENT),
    tap.TlsEstablished: ("TLS established", LEFT, Role.RECEIVED),
    tap.TlsFailed: ("TLS failed", BOTH, Role.ERROR),
    tap.TunnelStarted: ("tunnel", RIGHT, Role.SENT),
    tap.TunnelEstablished: ("tunnel open", LEFT, Role.RECEIVED),
    tap.TunnelRefused: ("tunnel refused", LEFT, Role.ERROR),
    tap.ConnectionReused: ("used again", BOTH, Role.DIM),
    tap.EndOfStreamReceived: ("server closed", LEFT, Role.RECEIVED),
    tap.TransportFailed: ("failed", BOTH, Role.ERROR),
    tap.ConnectionClosed: ("closed", RIGHT, Role.SENT),
}
"""What happened to the connection itself: words, direction, role."""


def lane_for(width: int) -> int:
    """Choose the cells between client and server, for a widget of so many: words take the rest."""
    return max((lane for lane in LANES if 4 * lane <= width), default=LANES[0])


class WireLadder:
    """The rungs of a connection at one moment.

    Attributes:
        complete: As that of `WireText`.
    """

    def __init__(self, index: WireIndex, lengths: WireLengths, queued: int, start_ns: int) -> None:
        self._index = index
        self._lengths = lengths
        self._start_ns = start_ns
        self.complete = index.extend(lengths.last_index)
        self._rungs = bisect_right(index.rungs, lengths.last_index)
        # What is queued and not sent yet is the rung to come.
        self._buffered = Span("sent", lengths.sent, queued) if queued > lengths.sent else None

    def __len__(self) -> int:
        rungs = self._rungs + int(self._buffered is not None)
        return 1 + rungs if rungs else 0

    @property
    def columns(self) -> int:
        """At most how many cells a row takes."""
        return COLUMNS

    def line(self, number: int, width: int) -> Line:
        """Make one row: time, arrow, and what it carried."""
        lane = lane_for(width)
        if number == 0:
            return _heading(lane)
        if number > self._rungs:
            return self._buffered_line(lane)
        event = self._event(number)
        time = Piece(f"{(event.time_ns - self._start_ns) / 1e6:9.3f} ", Role.DIM)
        if isinstance(event, (tap.BytesSent, tap.BytesReceived)):
            return (time, *self._transfer(event, number, lane))
        words, arrow, role = RUNG_WORDS[type(event)]
        return (time, *_rung(words, arrow, role, "╌", lane), *describe_event(event))

    # --- bytes and rows -----------------------------------------------------------------

    def span_of_row(self, number: int) -> Span | None:
        """Give the bytes that a rung carried; None when it carried none."""
        if number == 0:
            return None
        if number > self._rungs:
            return self._buffered
        span: Span | None = getattr(self._event(number), "span", None)
        return span

    def row_of(self, stream: StreamName, offset: int) -> int | None:
        """Find the rung that carried a byte."""
        buffered = self._buffered
        if buffered is not None and stream == "sent" and buffered.start <= offset < buffered.end:
            return self._rungs + 1
        entry = self._index.record.transfer_at(stream, offset)
        return self._row_of_rung(entry) if entry is not None else None

    def row_of_entry(self, entry: int) -> int | None:
        """Find the rung of an entry, or the one that carried the first byte of its element."""
        position = self._index.position_of(entry)
        if position is None:
            return self._row_of_rung(entry)
        element = self._index.element(position)
        return self.row_of(element.stream, element.start)

    def entry_of_row(self, number: int) -> int | None:
        """Find the entry of a rung."""
        return self._index.rungs[number - 1] if 0 < number <= self._rungs else None

    def _row_of_rung(self, entry: int) -> int | None:
        position = bisect_right(self._index.rungs, entry, hi=self._rungs) - 1
        return position + 1 if position >= 0 and self._index.rungs[position] == entry else None

    # --- parts of a row -----------------------------------------------------------------

    def _event(self, number: int) -> Any:
        return self._index.event(self._index.rungs[number - 1])

    def _transfer(self, event: tap.BytesSent | tap.BytesReceived, number: int, lane: int) -> Line:
        sent = isinstance(event, tap.BytesSent)
        arrow, role = (RIGHT, Role.SENT) if sent else (LEFT, Role.RECEIVED)
        size = bytes_words(len(event.span))
        words = [carried(self._index, event.span, self._lengths.last_index)]
        took = milliseconds(event.elapsed_ns)
        words.append(f"in {took}" if sent else f"after {took}")
        before = self._event(number - 1).exchange if number > 1 else 0
        if event.exchange not in (before, 1):
            words.insert(0, f"exchange {event.exchange}")
        text = (Piece(" · ".join(words[:-1])), Piece(f" · {words[-1]}", Role.DIM))
        return (*_rung(size, arrow, role, "─", lane), *text)

    def _buffered_line(self, lane: int) -> Line:
        span = self._buffered
        assert span is not None
        words = carried(self._index, span, self._lengths.last_index)
        rung = _rung(bytes_words(len(span)), RIGHT, Role.SENT, "╌", lane)
        line = (*rung, Piece("buffered", Role.WARNING), Piece(" · "), Piece(words))
        ghost = tuple(piece._replace(tone=Tone.GHOST) for piece in line)
        return (Piece(" " * TIME_WIDTH), *ghost)


def _rung(words: str, arrow: str, role: Role, dash: str, lane: int) -> Line:
    """Draw a line from one side to the other, with words in the middle."""
    label = f" {words} "
    room = max(0, lane - width_of((Piece(label),)) - len(arrow))
    before, after = dash * (room // 2), dash * (room - room // 2)
    head = arrow + before if arrow == LEFT else before
    tail = after + arrow if arrow == RIGHT else after
    side = Piece("│", Role.DIM)
    return (side, Piece(head, role), Piece(label, role), Piece(tail, role), side, Piece(" "))


def _heading(lane: int) -> Line:
    gap = lane - len("clientserver") + 2
    return (
        Piece(f"{'ms':>{TIME_WIDTH - 1}} ", Role.DIM),
        Piece("client", Role.SENT),
        Piece(" " * gap),
        Piece("server", Role.RECEIVED),
        Piece(" what it carried", Role.DIM),
    )
