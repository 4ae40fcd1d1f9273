"""Where credentials are in what a tap was told, for whoever writes it down for others.

The tap itself is told of every byte: who debugs a login has to see it. What leaves the program, an
export or a report, is blanked with this. Lengths stay as they are, so that every offset still holds.
"""

from collections.abc import Collection, Iterable, Iterator

from workbench.protocol.tap import Event, FieldLineBuffered, FieldLineParsed
from workbench.protocol.wire.span import Span

CREDENTIAL_FIELDS = frozenset(("authorization", "proxy-authorization", "cookie", "set-cookie"))
"""Fields whose value lets somebody else act for the user (RFC 9110 sections 11.6.2 and 11.7.2, RFC 6265)."""


def credential_spans(told: Iterable[Event], names: Collection[str] = CREDENTIAL_FIELDS) -> Iterator[Span]:
    """Find the values of fields that hold credentials.

    Args:
        told: The events of one connection: offsets begin anew with the next.
        names: The names of such fields, in lower case.
    """
    for event in told:
        if not isinstance(event, FieldLineBuffered | FieldLineParsed):
            continue
        if event.name.lower() in names:
            for leaf in event.leaves:
                if leaf.kind == "value":
                    yield Span(event.span.stream, leaf.start, leaf.end)


def redact(data: bytes, span: Span, credentials: Iterable[Span]) -> bytes:
    """Blank the credentials in a piece of a stream with asterisks.

    Args:
        data: The piece.
        span: Its place; as many bytes as `data`.
        credentials: From `credential_spans`, in any order.
    """
    blanked = bytearray(data)
    for secret in credentials:
        start, end = max(secret.start, span.start), min(secret.end, span.end)
        if secret.stream == span.stream and start < end:
            blanked[start - span.start : end - span.start] = b"*" * (end - start)
    return bytes(blanked)
