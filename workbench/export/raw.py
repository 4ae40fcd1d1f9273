"""The bytes of one direction, exactly."""

from collections.abc import Iterator

from workbench.export.exporter import Exporter
from workbench.export.subject import CannotExport, Subject
from workbench.protocol.wire.span import StreamName
from workbench.session.connection_moment import ConnectionMoment

PIECE_BYTES = 1 << 20


def _sent(subject: Subject) -> Iterator[bytes]:
    return _stream(subject, "sent")


def _received(subject: Subject) -> Iterator[bytes]:
    return _stream(subject, "received")


def _stream(subject: Subject, stream: StreamName) -> Iterator[bytes]:
    """Yield the stream of every connection, one after the other.

    Bytes that were queued and never sent are no part of it.
    """
    lengths = [(connection, _length(connection, stream)) for connection in subject.connections]
    if not any(length for _, length in lengths):
        raise CannotExport(f"no byte was {stream}")
    for connection, length in lengths:
        for start in range(0, length, PIECE_BYTES):
            yield connection.bytes(stream, start, min(start + PIECE_BYTES, length))


def _length(connection: ConnectionMoment, stream: StreamName) -> int:
    return connection.sent_length if stream == "sent" else connection.received_length


EXPORTERS = (
    Exporter("raw-sent", ".sent.bin", "the bytes that were sent, exactly", _sent, binary=True),
    Exporter(
        "raw-received", ".received.bin", "the bytes that were received, exactly", _received, binary=True
    ),
)
