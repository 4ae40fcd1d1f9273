"""A trace as `curl --trace` writes one: every byte of both directions, in the order of the transfers."""

from collections.abc import Iterator
from typing import Any

from workbench.export.exporter import Exporter
from workbench.export.subject import CannotExport, Subject
from workbench.protocol import tap
from workbench.protocol.wire.span import Span
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.event_notes import note_of

ROW = 16

_HEADS: tuple[type[Any], ...] = (
    tap.RequestLineBuffered,
    tap.FieldLineBuffered,
    tap.HeaderSectionBuffered,
    tap.StatusLineParsed,
    tap.FieldLineParsed,
    tap.HeaderSectionParsed,
)


def export_trace(subject: Subject) -> Iterator[bytes]:
    """Yield what happened on each connection, with the bytes as hexadecimal and as text."""
    connections = {connection.number: connection for connection in subject.connections}
    if not connections:
        raise CannotExport("no connection was made")
    yield from _info(subject.secrets_line)
    heads = {number: _heads(subject, connection) for number, connection in connections.items()}
    for entry in subject.recording.entries:
        event = entry.event
        if not isinstance(event, tap.Event) or event.connection not in connections:
            continue
        if isinstance(event, tap.BytesSent | tap.BytesReceived):
            connection = connections[event.connection]
            for span, is_head in _parts(event.span, heads[event.connection]):
                yield from _transfer(connection, span, is_head=is_head)
        elif isinstance(event, _TOLD):
            note = note_of(event)
            yield from _info(note) if note else ()


_TOLD = (
    tap.HostLookupFinished,
    tap.Connected,
    tap.ConnectFailed,
    tap.TlsEstablished,
    tap.TlsFailed,
    tap.TunnelStarted,
    tap.TunnelEstablished,
    tap.TunnelRefused,
    tap.ConnectionReused,
    tap.EndOfStreamReceived,
    tap.TransportFailed,
    tap.ConnectionClosed,
)


def _info(words: str) -> Iterator[bytes]:
    yield f"== Info: {words}\n".encode()


def _heads(subject: Subject, connection: ConnectionMoment) -> list[Span]:
    """Give where the lines of heads lie, in both streams."""
    events = subject.recording.entries
    spans = []
    for stream in ("sent", "received"):
        elements = connection.record.elements(stream).between(0, connection.length(stream), connection.index)
        for element in elements:
            event: Any = events.event(element.index)
            if isinstance(event, _HEADS) and getattr(event, "section", "header") == "header":
                spans.append(event.span)
    return spans


def _parts(transfer: Span, heads: list[Span]) -> Iterator[tuple[Span, bool]]:
    """Cut a transfer into lines of heads and what lies between them; sent heads stay in one piece."""
    position = transfer.start
    for head in heads:
        if head.stream != transfer.stream or head.end <= position or head.start >= transfer.end:
            continue
        if position < head.start:
            yield Span(transfer.stream, position, head.start), False
        start, end = max(position, head.start), min(transfer.end, head.end)
        if transfer.stream == "sent":
            end = _end_of_head(end, transfer, heads)
        yield Span(transfer.stream, start, end), True
        position = end
    if position < transfer.end:
        yield Span(transfer.stream, position, transfer.end), False


def _end_of_head(end: int, transfer: Span, heads: list[Span]) -> int:
    for head in heads:
        if head.stream == transfer.stream and head.start == end < transfer.end:
            end = min(head.end, transfer.end)
    return end


def _transfer(connection: ConnectionMoment, span: Span, *, is_head: bool) -> Iterator[bytes]:
    direction = "=> Send" if span.stream == "sent" else "<= Recv"
    what = "header" if is_head else "data"
    yield f"{direction} {what}, {len(span)} bytes (0x{len(span):x})\n".encode()
    for start in range(span.start, span.end, ROW):
        data = connection.bytes(span.stream, start, min(start + ROW, span.end))
        digits = "".join(f"{byte:02x} " for byte in data)
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)
        yield f"{start - span.start:04x}: {digits:<{3 * ROW}}{text}\n".encode()


EXPORTER = Exporter("trace", ".trace", "every byte, as curl --trace writes it", export_trace)
