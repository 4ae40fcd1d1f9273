"""The bytes of one direction, exactly."""

from collections.abc import Iterator

from workbench.export.exporter import Exporter
from workbench.export.subject import CannotExport, Subject
from workbench.protocol.wire.span import Span, StreamName
from workbench.session.connection_moment import ConnectionMoment

PIECE_BYTES = 1 << 20


def _sent(subject: Subject) -> Iterator[bytes]:
    return _stream(subject, "sent")


def _received(subject: Subject) -> Iterator[bytes]:
    return _stream(subject, "received")


def _stream(subject: Subject, stream: StreamName) -> Iterator[bytes]:
    """Yield what crossed each connection, one after the other: all of it, or what belongs to the exchanges.

    Bytes that were queued and never sent are no part of it.
    """
    places = [
        (connection, span)
        for connection in subject.connections
        for span in subject.spans(connection.number, Span(stream, 0, _length(connection, stream)))
    ]
    if not any(len(span) for _, span in places):
        raise CannotExport(f"no byte was {stream}")
    for connection, span in places:
        for start in range(span.start, span.end, PIECE_BYTES):
            yield connection.bytes(stream, start, min(start + PIECE_BYTES, span.end))


def _length(connection: ConnectionMoment, stream: StreamName) -> int:
    return connection.sent_length if stream == "sent" else connection.received_length


EXPORTERS = (
    Exporter("raw-sent", ".sent.bin", "the bytes that were sent, exactly", _sent, binary=True),
    Exporter(
        "raw-received", ".received.bin", "the bytes that were received, exactly", _received, binary=True
    ),
)
