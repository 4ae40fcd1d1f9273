"""The wire as a ladder: client and server, and a rung for each time that bytes crossed between them.

What happened to the connection itself (connect, TLS, the ends of it) has rungs too. Where the server is
our own, its log stands at its side: what it received and sent, and when. Times are the events' own,
taken beside the I/O, and both ends are on one scale.
"""

from array import array
from bisect import bisect_right
from typing import Any

from workbench.protocol import tap
from workbench.protocol.wire.span import Span, StreamName
from workbench.ui.presentation.events import describe_event
from workbench.ui.presentation.ladder_rows import LadderRows, Rung
from workbench.ui.presentation.peer_words import peer_words
from workbench.ui.presentation.piece import Line, Piece, Role, Tone, plain, width_of
from workbench.ui.presentation.quantity import bytes_words, milliseconds
from workbench.ui.presentation.wire_carried import carried
from workbench.ui.presentation.wire_findings import code_pieces
from workbench.ui.presentation.wire_index import WireIndex
from workbench.ui.presentation.wire_text import WireLengths

TIME_WIDTH = len("12345.678 ")
LANES = (18, 22, 28, 36)
"""Cells between client and server."""

COLUMNS = 200
"""Room to scroll sideways in: what a transfer carried can take many words."""

ROOMY_WIDTH = 100
"""From here on what most transfers carry fits one row. Below, a rung has a second row for its words."""

RIGHT, LEFT, BOTH = "▶", "◀", ""

SIDE = Piece("│", Role.DIM)
SERVER_SIDE = Piece("├ ", Role.DIM)

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


def rows_of_rung(width: int) -> int:
    """Choose the rows that each rung takes, for a widget of so many cells."""
    return 1 if width >= ROOMY_WIDTH else 2


class WireLadder:
    """The rungs of a connection at one moment.

    Args:
        index: Of the connection.
        lengths: Of its streams at the moment.
        queued: The length of the `sent` stream, buffered bytes included.
        start_ns: The time that times are counted from.
        rung_rows: The rows that each rung takes.

    Attributes:
        complete: As that of `WireText`.
        rung_rows: The rows that each rung takes.
    """

    def __init__(
        self, index: WireIndex, lengths: WireLengths, queued: int, start_ns: int, rung_rows: int = 1
    ) -> None:
        self._index = index
        self._lengths = lengths
        self._start_ns = start_ns
        self.rung_rows = rung_rows
        rungs = index.rungs
        complete = rungs.extend(lengths.last_index)
        self.complete = index.extend(lengths.last_index) and complete
        self._rungs = bisect_right(rungs.entries, lengths.last_index)
        self._reports = bisect_right(rungs.reports, lengths.last_index)
        self._placed = LadderRows(rungs.times, rungs.report_times, self._rungs, self._reports, rung_rows)
        # What is queued and not sent yet is the rung to come.
        self._buffered = Span("sent", lengths.sent, queued) if queued > lengths.sent else None

    def __len__(self) -> int:
        rows = len(self._placed) + self.rung_rows * int(self._buffered is not None)
        return 1 + rows if rows else 0

    @property
    def columns(self) -> int:
        """At most how many cells a row takes."""
        return COLUMNS

    def line(self, number: int, width: int) -> Line:
        """Make one row: time, arrow, and what it carried; or the words that did not fit the row before."""
        lane = lane_for(width)
        if number == 0:
            return _heading(lane, with_server=self._reports > 0)
        rung = self._rung_at(number)
        if rung.of_server:
            return self._report(rung.number, lane)
        if rung.number == self._rungs:
            arrow, words = self._buffered_rung(lane)
        else:
            arrow, words = self._rung(rung.number, lane)
        if self.rung_rows == 1:
            return (*arrow, *words)
        fitting, rest = fold(words, width - width_of(arrow))
        if number - 1 == rung.first_row:
            return (*arrow, *fitting)
        return (Piece(" " * TIME_WIDTH), SIDE, Piece(" " * lane), SIDE, Piece(" "), *rest)

    # --- bytes and rows -----------------------------------------------------------------

    def span_of_row(self, number: int) -> Span | None:
        """Give the bytes that a rung carried; None when it carried none, or none that are here yet."""
        if number == 0:
            return None
        rung = self._rung_at(number)
        if not rung.of_server and rung.number == self._rungs:
            return self._buffered
        span: Span | None = getattr(self._event_of(rung), "span", None)
        if rung.of_server and span is not None and span.end > self._lengths.of(span.stream):
            return None
        return span

    def row_of(self, stream: StreamName, offset: int) -> int | None:
        """Find the rung that carried a byte."""
        buffered = self._buffered
        if buffered is not None and stream == "sent" and buffered.start <= offset < buffered.end:
            return 1 + len(self._placed)
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
        if number == 0:
            return None
        rung = self._rung_at(number)
        if rung.of_server:
            return self._index.rungs.reports[rung.number]
        return self._index.rungs.entries[rung.number] if rung.number < self._rungs else None

    def row_of_next(self, number: int, by: int) -> int:
        """Find the first row of the rung after that of a row, or of the one before (-1)."""
        rung = self._rung_at(max(1, number))
        if by > 0:
            return min(1 + rung.first_row + rung.height, len(self) - 1)
        return 1 + self._rung_at(rung.first_row).first_row if rung.first_row else 1

    def _row_of_rung(self, entry: int) -> int | None:
        index = self._index
        position = _position(index.rungs.entries, entry, self._rungs)
        if position is not None:
            return 1 + self._placed.row_of_rung(position)
        position = _position(index.rungs.reports, entry, self._reports)
        return 1 + self._placed.row_of_report(position) if position is not None else None

    def _rung_at(self, number: int) -> Rung:
        """Find what a row below the heading belongs to. What is buffered comes last of all."""
        end = len(self._placed)
        return self._placed.at(number - 1) if number <= end else Rung(self._rungs, False, end, self.rung_rows)

    # --- parts of a row -----------------------------------------------------------------

    def _event_of(self, rung: Rung) -> Any:
        index = self._index
        entries = index.rungs.reports if rung.of_server else index.rungs.entries
        return index.event(entries[rung.number])

    def _event(self, rung: int) -> Any:
        return self._index.event(self._index.rungs.entries[rung])

    def _time(self, event: Any) -> Piece:
        return Piece(f"{(event.time_ns - self._start_ns) / 1e6:9.3f} ", Role.DIM)

    def _report(self, number: int, lane: int) -> Line:
        event = self._index.event(self._index.rungs.reports[number])
        return (self._time(event), SIDE, Piece(" " * lane), SERVER_SIDE, *peer_words(event))

    def _rung(self, rung: int, lane: int) -> tuple[Line, Line]:
        event = self._event(rung)
        time = self._time(event)
        if isinstance(event, (tap.BytesSent, tap.BytesReceived)):
            arrow = RIGHT if isinstance(event, tap.BytesSent) else LEFT
            role = Role.SENT if arrow == RIGHT else Role.RECEIVED
            size = bytes_words(len(event.span))
            return (time, *_arrow(size, arrow, role, "─", lane)), self._transfer_words(event, rung)
        words, arrow, role = RUNG_WORDS[type(event)]
        return (time, *_arrow(words, arrow, role, "╌", lane)), describe_event(event)

    def _transfer_words(self, event: tap.BytesSent | tap.BytesReceived, rung: int) -> Line:
        words = carried(self._index, event.span, self._lengths.last_index)
        before = self._event(rung - 1).exchange if rung else 0
        if event.exchange not in (before, 1):
            words = f"exchange {event.exchange} · {words}"
        took = "in" if isinstance(event, tap.BytesSent) else "after"
        codes = code_pieces(self._index.findings.codes(event.exchange, event.span, self._lengths.last_index))
        return (
            Piece(words),
            *((Piece(" · "), *codes) if codes else ()),
            Piece(f" · {took} {milliseconds(event.elapsed_ns)}", Role.DIM),
        )

    def _buffered_rung(self, lane: int) -> tuple[Line, Line]:
        span = self._buffered
        assert span is not None
        words = carried(self._index, span, self._lengths.last_index)
        arrow = _arrow(bytes_words(len(span)), RIGHT, Role.SENT, "╌", lane)
        line = (Piece("buffered", Role.WARNING), Piece(" · "), Piece(words))
        return (Piece(" " * TIME_WIDTH), *_ghost(arrow)), _ghost(line)


def fold(line: Line, room: int) -> tuple[Line, Line]:
    """Cut a line at the last space that fits: what fits so many cells, and the rest."""
    if width_of(line) <= room:
        return line, ()
    text = plain(line)
    # Words here are nearly all of one cell a character; a wider one moves the cut, and is cut itself.
    place = text.rfind(" ", 0, room + 1)
    if place <= 0:
        return line, ()
    first: list[Piece] = []
    rest: list[Piece] = []
    start = 0
    for piece in line:
        inside = max(0, min(len(piece.text), place - start))
        first.append(piece._replace(text=piece.text[:inside]))
        rest.append(piece._replace(text=piece.text[inside:]))
        start += len(piece.text)
    rest = [piece for piece in rest if piece.text]
    rest[0] = rest[0]._replace(text=rest[0].text[1:])
    return tuple(piece for piece in first if piece.text), tuple(rest)


def _ghost(line: Line) -> Line:
    return tuple(piece._replace(tone=Tone.GHOST) for piece in line)


def _arrow(words: str, arrow: str, role: Role, dash: str, lane: int) -> Line:
    """Draw a line from one side to the other, with words in the middle."""
    label = f" {words} "
    room = max(0, lane - width_of((Piece(label),)) - len(arrow))
    before, after = dash * (room // 2), dash * (room - room // 2)
    head = arrow + before if arrow == LEFT else before
    tail = after + arrow if arrow == RIGHT else after
    return (SIDE, Piece(head, role), Piece(label, role), Piece(tail, role), SIDE, Piece(" "))


def _position(entries: "array[int]", entry: int, count: int) -> int | None:
    """Find an entry among the first ones."""
    position = bisect_right(entries, entry, hi=count) - 1
    return position if position >= 0 and entries[position] == entry else None


def _heading(lane: int, *, with_server: bool) -> Line:
    gap = lane - len("clientserver") + 2
    return (
        Piece(f"{'ms':>{TIME_WIDTH - 1}} ", Role.DIM),
        Piece("client", Role.SENT),
        Piece(" " * gap),
        Piece("server", Role.RECEIVED),
        Piece(" what it carried", Role.DIM),
        *(
            (Piece(", and ", Role.DIM), SERVER_SIDE, Piece("the server's log", Role.DIM))
            if with_server
            else ()
        ),
    )
