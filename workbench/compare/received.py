"""The bytes that answered one recorded request, and how a reader may receive them once more."""

import io
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from workbench.protocol import tap
from workbench.session.connection_record import ConnectionRecord
from workbench.session.exchange_moment import ExchangeMoment
from workbench.session.exchange_record import ExchangeRecord
from workbench.session.recording import Recording
from workbench.session.stream import ByteStream

PIECE_BYTES = 1 << 16

End = Literal["open", "closed", "failed"]
"""What came after the last byte: nothing so far; the end of the stream; a failure such as a reset."""

_PLACED = (tap.StatusLineParsed, tap.FieldLineParsed, tap.BytesSkipped, tap.ContentParsed, tap.BytesLeft)
"""Whatever a response begins with is one of these."""


class ReceivedBytes(NamedTuple):
    """The bytes of the responses to one request, the interim ones included.

    Attributes:
        method: The method of the request, which decides about the content (RFC 9112 section 6.3).
        target: Its target.
        stream: The received stream of the connection.
        start: Offset of the first byte in it.
        stop: Offset after the last one. Where no other exchange follows, that is all that came.
        end: What came after that.
        asks_for_upgrade: Whether the request has a field Upgrade, without which nobody expects 101.
    """

    method: str
    target: str
    stream: ByteStream
    start: int
    stop: int
    end: End
    asks_for_upgrade: bool = False

    @property
    def length(self) -> int:
        """How many bytes there are."""
        return self.stop - self.start

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes in order, so many at a time as fit into memory easily."""
        for at in range(self.start, self.stop, PIECE_BYTES):
            yield self.stream.slice(at, min(at + PIECE_BYTES, self.stop))


def received_bytes(recording: Recording, exchange: ExchangeRecord) -> ReceivedBytes:
    """Find what a recording holds of the answer to a request.

    Args:
        recording: What was recorded.
        exchange: One of its exchanges.
    """
    connection = recording.connection(exchange.connection)
    later = connection.exchanges[connection.exchanges.index(exchange) + 1 :]
    offsets = (_first_offset(recording, one) for one in later)
    next_start = next((offset for offset in offsets if offset is not None), None)
    stop = connection.received.length if next_start is None else next_start
    start = _first_offset(recording, exchange)
    if start is None:
        # Nothing of it was parsed: a head that is not whole yet, or no byte at all.
        start = min(connection.elements("received").end, stop) if next_start is None else stop
    # What was asked is known before anything of an answer can be.
    moment = _all_of(recording, exchange)
    request = moment.request_line
    method, target = (request.event.method, request.event.target) if request else ("", "")
    end = _end(connection) if next_start is None else "open"
    upgrade = any(fact.event.name.lower() == "upgrade" for fact in moment.request_header_section)
    return ReceivedBytes(method, target, connection.received, start, stop, end, upgrade)


def _all_of(recording: Recording, exchange: ExchangeRecord) -> ExchangeMoment:
    connection, entries = recording.connection(exchange.connection), recording.entries
    return ExchangeMoment(connection, entries, exchange, len(entries) - 1)


def _first_offset(recording: Recording, exchange: ExchangeRecord) -> int | None:
    moment = _all_of(recording, exchange)
    readers = (moment, *moment.responses[:1])
    found: list[Any] = [reader.first(kind) for reader in readers for kind in _PLACED]
    return min((fact.event.span.start for fact in found if fact is not None), default=None)


def _end(connection: ConnectionRecord) -> End:
    if connection.facts.all(tap.EndOfStreamReceived):
        return "closed"
    return "failed" if connection.facts.all(tap.TransportFailed) else "open"


class NothingMore(Exception):  # noqa: N818 - not a mistake of anybody's: the recording ends here
    """A reader wants more bytes than were recorded, and the peer did not say that it had ended."""


class _Recorded(io.RawIOBase):
    def __init__(self, received: ReceivedBytes) -> None:
        self._received = received
        self._at = received.start

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        data = self._received.stream.slice(self._at, min(self._at + len(view), self._received.stop))
        if not data and self._received.end != "closed":
            raise NothingMore
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


class _File(io.BufferedReader):
    """Outlives the response that was read from it, so that what is left can be counted."""

    def close(self) -> None:
        """Nothing is open."""


class RecordedSocket:
    """A socket as far as `http.client` and its like need one: something to make a file of."""

    def __init__(self, received: ReceivedBytes) -> None:
        self._file = _File(_Recorded(received), PIECE_BYTES)

    def makefile(self, _mode: str, _size: int | None = None) -> Any:
        """Give the file, the same each time."""
        return self._file

    def rest(self) -> int:
        """Count the bytes that nobody has read."""
        count = 0
        try:
            while data := self._file.read1(PIECE_BYTES):
                count += len(data)
        except NothingMore:
            pass
        return count
