"""The record of one connection: its two byte streams and where its facts stand.

A record grows with the recording and knows all of it; `connection_moment` reads it as of one
moment.
"""

from collections.abc import Callable
from typing import Any, Self

from workbench.protocol import tap
from workbench.protocol.late import COMMON, DATA, PLACES, SENT_END, STATE_AFTER
from workbench.protocol.wire.span import StreamName
from workbench.session.columns import Add, Take
from workbench.session.entries import EntryLog
from workbench.session.exchange_list import ExchangeList, OpenExchanges
from workbench.session.exchange_record import ExchangeRecord
from workbench.session.facts import FactIndex
from workbench.session.history import Growth, History
from workbench.session.leaves import ElementIndex
from workbench.session.stream import ByteStream


class ConnectionRecord:
    """One pair of byte streams and everything that was said about it.

    Attributes:
        number: From 1 on, by first appearance in the recording.
        run: The run of the script that opened it.
        ordinal: Which connection of that run, from 1 on: what a reader is shown.
        first_index: The index of its first entry.
        sent: Everything queued so far, the bytes that the kernel has not taken included.
        received: Everything received so far.
        queued_growth: How long `sent` was after each entry.
        sent_growth: How many bytes of `sent` the kernel had taken after each entry.
        received_growth: How long `received` was after each entry.
        states: The logical state after each change (the names of `wire.state.State`).
        facts: The events of the connection itself: look-up, connect, TLS, tunnel, end; and what was found in its bytes.
        exchanges: In the order in which they began. Their events may interleave: a response can be
            read after the next request was begun.
    """

    __slots__ = (
        "_elements",
        "exchanges",
        "facts",
        "first_index",
        "last_index",
        "number",
        "ordinal",
        "queued_growth",
        "received",
        "received_growth",
        "run",
        "sent",
        "sent_growth",
        "states",
    )

    def __init__(
        self,
        number: int,
        run: int,
        first_index: int,
        ordinal: int,
        log: EntryLog,
        open_exchanges: OpenExchanges,
    ) -> None:
        self.number = number
        self.ordinal = ordinal
        self.run = run
        self.first_index = first_index
        self.last_index = first_index
        self.sent = log.new_stream()
        self.received = log.new_stream()
        self.queued_growth = Growth()
        self.sent_growth = Growth()
        self.received_growth = Growth()
        self.states: History[str] = History()
        self.facts = FactIndex()
        self.exchanges = ExchangeList(number, OF_AN_EXCHANGE, log, open_exchanges)
        self._elements: dict[StreamName, ElementIndex] = {"sent": ElementIndex(), "received": ElementIndex()}

    @property
    def sent_length(self) -> int:
        """How many bytes of `sent` the kernel has taken. What lies beyond is buffered."""
        return self.sent_growth.length

    def stream(self, name: StreamName) -> ByteStream:
        """Return one of the two streams."""
        return self.sent if name == "sent" else self.received

    def elements(self, name: StreamName) -> ElementIndex:
        """Return the elements of one of the two streams."""
        return self._elements[name]

    def transfer_at(self, name: StreamName, offset: int) -> int | None:
        """Return the index of the `BytesSent` or `BytesReceived` that a byte crossed the wire in."""
        return (self.sent_growth if name == "sent" else self.received_growth).index_at(offset)

    def exchange(self, number: int) -> ExchangeRecord | None:
        """Return an exchange by its number."""
        return self.exchanges.numbered(number)

    def add(self, index: int, event: tap.Event) -> None:
        """Note an event of this connection. Only `Recording.append` does this."""
        self.last_index = index
        _HANDLERS[type(event)](self, index, event)

    def save_columns(self, add: Add) -> dict[str, Any]:
        """Lay it by."""
        return {
            "number": self.number,
            "run": self.run,
            "ordinal": self.ordinal,
            "indexes": [self.first_index, self.last_index],
            "streams": [self.sent.save_columns(add), self.received.save_columns(add)],
            "growths": [
                growth.save_columns(add)
                for growth in (self.queued_growth, self.sent_growth, self.received_growth)
            ],
            "states": self.states.save_columns(add),
            "facts": self.facts.save_columns(add),
            "exchanges": self.exchanges.save_columns(add),
            "elements": [
                self._elements["sent"].save_columns(add),
                self._elements["received"].save_columns(add),
            ],
        }

    @classmethod
    def load_columns(
        cls, saved: dict[str, Any], take: Take, log: EntryLog, open_exchanges: OpenExchanges
    ) -> Self:
        """Make what was laid by again, to be read."""
        first_index, last_index = saved["indexes"]
        record = cls(saved["number"], saved["run"], first_index, saved["ordinal"], log, open_exchanges)
        record.last_index = last_index
        for stream, columns in zip((record.sent, record.received), saved["streams"], strict=True):
            stream.load_columns(columns, take)
        growths = (Growth.load_columns(columns, take) for columns in saved["growths"])
        record.queued_growth, record.sent_growth, record.received_growth = growths
        record.states = History.load_columns(saved["states"], take)
        record.facts = FactIndex.load_columns(saved["facts"], take)
        record.exchanges.load_columns(saved["exchanges"], take)
        sent, received = saved["elements"]
        record._elements = {
            "sent": ElementIndex.load_columns(sent, take),
            "received": ElementIndex.load_columns(received, take),
        }
        return record


def _note_nothing(record: ConnectionRecord, index: int, event: tap.Event) -> None:
    """The entry itself says everything."""


def _note_fact(record: ConnectionRecord, index: int, event: tap.Event) -> None:
    record.facts.add(event.__class__, index)


def _note_state(record: ConnectionRecord, index: int, event: tap.StateChanged) -> None:
    note = event.note
    record.states.append(index, event.after if note is None else note[STATE_AFTER])


def _note_queued(record: ConnectionRecord, index: int, event: Any) -> None:
    note = event.note
    record.sent.append(event.data if note is None else note[DATA])
    record.queued_growth.append(index, record.sent.length)
    _note_element(record, index, event)


def _note_sent(record: ConnectionRecord, index: int, event: tap.BytesSent) -> None:
    note = event.note
    record.sent_growth.append(index, event.span.end if note is None else note[SENT_END])


def _note_received(record: ConnectionRecord, index: int, event: tap.BytesReceived) -> None:
    note = event.note
    record.received.append(event.data if note is None else note[DATA])
    record.received_growth.append(index, record.received.length)


def _note_element(record: ConnectionRecord, index: int, event: Any) -> None:
    note = event.note
    if note is not None and note[0] in PLACES:
        # It is not made for this.
        stream, start, end = PLACES[note[0]](*note[COMMON:])
        record.elements(stream).add(start, end, index)
    elif event.leaves:
        record.elements(event.span.stream).add(event.leaves[0].start, event.leaves[-1].end, index)
    _note_in_exchange(record, index, event)


def _note_in_exchange(record: ConnectionRecord, index: int, event: tap.Event) -> None:
    record.exchanges.obtain(event.exchange, index).add(index, event)


def _note_finding(record: ConnectionRecord, index: int, event: tap.DiagnosticFound) -> None:
    # In both: whoever looks at bytes has no exchange at hand, and there may be a hundred thousand.
    _note_fact(record, index, event)
    _note_in_exchange(record, index, event)


def _note_call_raised(record: ConnectionRecord, index: int, event: tap.CallRaised) -> None:
    # A call that fails before anything of an exchange is queued begins none.
    if record.exchanges.numbered(event.exchange) is not None:
        _note_in_exchange(record, index, event)


_HANDLERS: dict[type[tap.Event], Callable[[ConnectionRecord, int, Any], None]] = {
    tap.CallStarted: _note_nothing,
    tap.CallReturned: _note_nothing,
    tap.CallRaised: _note_call_raised,
    tap.StateChanged: _note_state,
    tap.HostLookupStarted: _note_fact,
    tap.HostLookupFinished: _note_fact,
    tap.ConnectStarted: _note_fact,
    tap.Connected: _note_fact,
    tap.ConnectFailed: _note_fact,
    tap.TlsStarted: _note_fact,
    tap.TlsEstablished: _note_fact,
    tap.TlsFailed: _note_fact,
    tap.TunnelStarted: _note_fact,
    tap.TunnelEstablished: _note_fact,
    tap.TunnelRefused: _note_fact,
    tap.ConnectionReused: _note_fact,
    tap.EndOfStreamReceived: _note_fact,
    tap.TransportFailed: _note_fact,
    tap.ConnectionClosed: _note_fact,
    tap.BytesSent: _note_sent,
    tap.BytesReceived: _note_received,
    tap.RequestLineBuffered: _note_queued,
    tap.FieldLineBuffered: _note_queued,
    tap.HeaderSectionBuffered: _note_queued,
    tap.ContentBuffered: _note_queued,
    tap.RequestCompleted: _note_in_exchange,
    tap.ContinueAwaited: _note_in_exchange,
    tap.ContinueResolved: _note_in_exchange,
    tap.StatusLineParsed: _note_element,
    tap.FieldLineParsed: _note_element,
    tap.BytesSkipped: _note_element,
    tap.HeaderSectionParsed: _note_element,
    tap.InterimResponseParsed: _note_in_exchange,
    tap.FramingDecided: _note_in_exchange,
    tap.PersistenceDecided: _note_in_exchange,
    tap.CodingDecoded: _note_in_exchange,
    tap.ChunkHeaderParsed: _note_element,
    tap.ContentParsed: _note_element,
    tap.ChunkParsed: _note_element,
    tap.TrailerSectionParsed: _note_element,
    tap.MessageCompleted: _note_in_exchange,
    tap.ExcessReceived: _note_element,
    tap.BytesLeft: _note_element,
    tap.DiagnosticFound: _note_finding,
}
"""What each kind of event adds to the record of its connection."""

OF_AN_EXCHANGE = frozenset(
    kind
    for kind, handler in _HANDLERS.items()
    if handler in (_note_queued, _note_element, _note_in_exchange, _note_finding, _note_call_raised)
)
"""The kinds that the record of an exchange is made of."""
