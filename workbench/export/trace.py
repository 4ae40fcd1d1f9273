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

PIECE_BYTES = 1 << 16
"""Bytes that are made into rows at a time: as many whole rows."""

_SHOWN = bytes(byte if 0x20 <= byte < 0x7F else ord(".") for byte in range(256))
"""What stands for each byte in the text of a row."""

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
    for entry in subject.recording.entries:
        event = entry.event
        if not isinstance(event, tap.Event) or event.connection not in connections:
            continue
        if isinstance(event, tap.BytesSent | tap.BytesReceived):
            connection = connections[event.connection]
            for transfer in subject.spans(event.connection, event.span):
                for span, is_head in _parts(transfer, _heads(subject, connection, transfer)):
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


def _heads(subject: Subject, connection: ConnectionMoment, transfer: Span) -> list[Span]:
    """Give where the lines of heads lie in a transfer; the lines of a request in one piece."""
    stream = transfer.stream
    spans: list[Span] = []
    for element in connection.record.elements(stream).between(transfer.start, transfer.end, connection.index):
        event: Any = subject.recording.entries.outline(element.index)
        if not isinstance(event, _HEADS) or getattr(event, "section", "header") != "header":
            continue
        if stream == "sent" and spans and spans[-1].end == event.span.start:
            spans[-1] = Span(stream, spans[-1].start, event.span.end)
        else:
            spans.append(event.span)
    return spans


def _parts(transfer: Span, heads: list[Span]) -> Iterator[tuple[Span, bool]]:
    """Cut a transfer into heads and what lies between them."""
    position = transfer.start
    for head in heads:
        start, end = max(position, head.start), min(transfer.end, head.end)
        if position < start:
            yield Span(transfer.stream, position, start), False
        yield Span(transfer.stream, start, end), True
        position = end
    if position < transfer.end:
        yield Span(transfer.stream, position, transfer.end), False


def _transfer(connection: ConnectionMoment, span: Span, *, is_head: bool) -> Iterator[bytes]:
    direction = "=> Send" if span.stream == "sent" else "<= Recv"
    what = "header" if is_head else "data"
    yield f"{direction} {what}, {len(span)} bytes (0x{len(span):x})\n".encode()
    for start in range(span.start, span.end, PIECE_BYTES):
        data = connection.bytes(span.stream, start, min(start + PIECE_BYTES, span.end))
        yield "".join(_rows(data, start - span.start)).encode()


def _rows(data: bytes, offset: int) -> Iterator[str]:
    text = data.translate(_SHOWN).decode("ascii")
    for at in range(0, len(data), ROW):
        digits = data[at : at + ROW].hex(" ")
        yield f"{offset + at:04x}: {digits:<{3 * ROW}}{text[at : at + ROW]}\n"


EXPORTER = Exporter("trace", ".trace", "every byte, as curl --trace writes it", export_trace)
