"""One connection as of one moment: what the rail and the wire are drawn from."""

from collections.abc import Iterator, Sequence
from typing import overload

from workbench.protocol import tap
from workbench.protocol.wire.span import StreamName
from workbench.session.connection_record import ConnectionRecord
from workbench.session.entries import Entry, EntryLog
from workbench.session.events import PeerReported
from workbench.session.exchange_moment import ExchangeMoment, FactReader
from workbench.session.leaves import NOT_PARSED_YET, PlacedLeaf

FIRST_STATE = "IDLE"
"""The state of a connection before anything changed it."""


SWITCHING_PROTOCOLS = 101

INTERRUPTED = "interrupted"
"""What a call says that was aborted, and every later one on the connection, which the abort has shut down."""


class ExchangeMoments(Sequence[ExchangeMoment]):
    """The exchanges of a connection that had begun at a moment."""

    def __init__(self, connection: ConnectionRecord, entries: EntryLog, index: int) -> None:
        self._connection = connection
        self._entries = entries
        self._index = index
        self._count = connection.exchanges.count_at(index)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, position: int) -> ExchangeMoment: ...

    @overload
    def __getitem__(self, position: slice) -> list[ExchangeMoment]: ...

    def __getitem__(self, position: int | slice) -> ExchangeMoment | list[ExchangeMoment]:
        if isinstance(position, slice):
            return [self[i] for i in range(*position.indices(self._count))]
        if not -self._count <= position < self._count:
            raise IndexError(position)
        exchange = self._connection.exchanges[position % self._count]
        return ExchangeMoment(self._connection, self._entries, exchange, self._index)


class ConnectionMoment(FactReader):
    """One connection as of one moment.

    Beside the properties below, `fact(kind)` gives every event about the connection itself, such as
    `TlsEstablished`, `EndOfStreamReceived`, `TransportFailed`, `TunnelRefused`.
    """

    def __init__(self, record: ConnectionRecord, entries: EntryLog, index: int) -> None:
        super().__init__(entries, record.facts, index)
        self.record = record

    @property
    def number(self) -> int:
        """From 1 on, by first appearance in the recording."""
        return self.record.number

    @property
    def ordinal(self) -> int:
        """Which connection of its run, from 1 on: the number that a reader is shown."""
        return self.record.ordinal

    @property
    def state(self) -> str:
        """One of the six names of `wire.state.State`."""
        return self.record.states.at(self.index) or FIRST_STATE

    # --- the streams --------------------------------------------------------------------

    @property
    def queued_length(self) -> int:
        """The length of the `sent` stream: everything queued so far."""
        return self.record.queued_growth.length_at(self.index)

    @property
    def sent_length(self) -> int:
        """How much of the `sent` stream the kernel has taken; the rest is buffered."""
        return min(self.record.sent_growth.length_at(self.index), self.queued_length)

    @property
    def received_length(self) -> int:
        """The length of the `received` stream."""
        return self.record.received_growth.length_at(self.index)

    def length(self, stream: StreamName) -> int:
        """Return the length of a stream, buffered bytes included."""
        return self.queued_length if stream == "sent" else self.received_length

    def bytes(self, stream: StreamName, start: int = 0, end: int | None = None) -> bytes:
        """Return bytes of a stream, as far as it reaches at this moment."""
        length = self.length(stream)
        return self.record.stream(stream).slice(start, length if end is None else min(end, length))

    def element_at(self, stream: StreamName, offset: int) -> Entry | None:
        """Return the entry of the element that a byte belongs to; None for bytes not parsed yet."""
        element = self.record.elements(stream).at(offset, self.index)
        return self._entries[element.index] if element else None

    def leaf_at(self, stream: StreamName, offset: int) -> PlacedLeaf | None:
        """Return the leaf that a byte belongs to; None beyond the end of the stream."""
        return next(self.leaves(stream, offset, offset + 1), None)

    def leaves(self, stream: StreamName, start: int, end: int) -> Iterator[PlacedLeaf]:
        """Yield the leaves that touch a range of bytes, without a gap.

        Bytes that no element covers yet come as leaves of the kind `NOT_PARSED_YET`, cut to the
        gap that they lie in.
        """
        start, end = max(start, 0), min(end, self.length(stream))
        position = start
        for element in self.record.elements(stream).between(start, end, self.index):
            if position < element.start:
                yield PlacedLeaf(NOT_PARSED_YET, position, element.start, None)
            for kind, leaf_start, leaf_end in self._entries.outline(element.index).leaves:  # type: ignore[union-attr]
                if leaf_end > start and leaf_start < end:
                    yield PlacedLeaf(kind, leaf_start, leaf_end, element.index)
            position = element.end
        if position < end:
            yield PlacedLeaf(NOT_PARSED_YET, position, end, None)

    # --- the exchanges ------------------------------------------------------------------

    @property
    def exchanges(self) -> Sequence[ExchangeMoment]:
        """The exchanges begun so far, in order, each read when it is asked for."""
        return ExchangeMoments(self.record, self._entries, self.index)

    @property
    def exchange(self) -> ExchangeMoment | None:
        """The exchange that began last."""
        exchanges = self.exchanges
        return exchanges[-1] if exchanges else None

    def exchange_numbered(self, number: int) -> ExchangeMoment | None:
        """Return an exchange by its number; None when it had not begun."""
        record = self.record.exchange(number)
        if record is None or record.first_index > self.index:
            return None
        return ExchangeMoment(self.record, self._entries, record, self.index)

    # --- the connection itself ----------------------------------------------------------

    @property
    def tunnel_for(self) -> int | None:
        """The number of the connection that this one asks a proxy for a tunnel for; None for any other.

        The CONNECT exchange has streams of its own: what follows in the tunnel is talk with somebody else.
        """
        earlier = map(self._entries.event, range(self.record.first_index - 1, -1, -1))
        before = next((event for event in earlier if not isinstance(event, PeerReported)), None)
        return before.connection if isinstance(before, tap.TunnelStarted) else None

    @property
    def authority(self) -> str | None:
        """The host and port at the other end of its tunnel; None when it goes through none."""
        started = self.fact(tap.TunnelStarted)
        return started.event.authority if started else None

    @property
    def target(self) -> tuple[str, int] | None:
        """The host and port that were asked for; None before the look-up."""
        lookup = self.fact(tap.HostLookupStarted)
        return (lookup.event.host, lookup.event.port) if lookup else None

    @property
    def address(self) -> tuple[str, int] | None:
        """The address and port that it is connected to; None before it is."""
        connected = self.fact(tap.Connected)
        return (connected.event.address, connected.event.port) if connected else None

    @property
    def tunnel_refused(self) -> bool:
        """Whether a proxy refused the tunnel, which leaves nothing to talk through."""
        return self.count(tap.TunnelRefused) > 0

    @property
    def switched(self) -> bool:
        """Whether another protocol is spoken on it: behind 101 (Switching Protocols), or in a tunnel of the caller's own."""
        exchange = self.exchange
        response = exchange.response if exchange else None
        if response is None or self.tunnel_for is not None:
            return False
        line, framing = response.status_line, response.framing
        return (line is not None and line.event.status_code == SWITCHING_PROTOCOLS) or (
            framing is not None and framing.event.kind == "tunnel"
        )

    @property
    def open(self) -> bool:
        """Whether it is connected, and not closed by our side."""
        return self.address is not None and self.closed_reason is None and not self.tunnel_refused

    @property
    def tls(self) -> tap.TlsEstablished | None:
        """The facts of TLS; None without TLS, and before the handshake is done."""
        established = self.fact(tap.TlsEstablished)
        return established.event if established else None

    @property
    def shut_down_at(self) -> int | None:
        """The entry that told first of an aborted call, which shut it down; None without one, and once it is closed."""
        if self.closed_reason is not None:
            return None
        failures = self.facts(tap.TransportFailed)
        return next((fact.index for fact in failures if fact.event.error == INTERRUPTED), None)

    @property
    def closed_reason(self) -> str | None:
        """Why our side closed it; None while it did not."""
        closed = self.fact(tap.ConnectionClosed)
        return closed.event.reason if closed else None
