"""What the messages of an exchange carried: content with its codings taken off, as far as it came.

Nothing here reads more of a recording than it is asked for, however long the content is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.protocol import tap
from workbench.protocol.wire.span import Span, StreamName
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.decoding import Decoded, decode
from workbench.session.exchange_moment import ExchangeMoment, ResponseMoment
from workbench.session.facts import Fact

READ_SIZE = 1 << 14
"""Bytes that are looked at, at a time."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The content of one message, at one moment."""

    stream: StreamName
    """`sent` for a request, `received` for a response."""

    content_type: str | None
    """The value of Content-Type; None without that field."""

    codings: tuple[str, ...]
    """All codings in the order in which they were applied, chunked excepted."""

    length: int
    """Bytes so far, without chunk framing and with the codings still on."""

    announced: int | None
    """Bytes that there will be, where that is known beforehand."""

    completion: tap.MessageCompleted | tap.RequestCompleted | None
    """How the message ended; None while it goes on."""

    decoded: Decoded

    index: int | None
    """The index of the entry that brought the first of it."""

    @property
    def complete(self) -> bool:
        """Whether the message ended in order."""
        return self.completion is not None and self.completion.complete


def request_content(connection: ConnectionMoment, exchange: ExchangeMoment, limit: int) -> Carried | None:
    """Give the content of the request; None when it has none.

    Args:
        connection: Where its bytes are.
        exchange: Which request.
        limit: The most bytes of it to decode to.
    """
    spans = exchange.request_content_spans
    fields = exchange.request_header_section
    length = sum(len(span) for span in spans)
    if not length:
        return None
    codings = _codings(fields)
    completion = exchange.request_completion
    return Carried(
        "sent",
        _value(fields, "content-type"),
        codings,
        length,
        _announced(_value(fields, "content-length")),
        completion.event if completion else None,
        decode(_pieces(connection, spans), codings, limit),
        exchange.facts(tap.ContentBuffered)[0].index,
    )


def response_content(response: ResponseMoment, limit: int) -> Carried | None:
    """Give the content of a response; None as long as nothing of it was parsed."""
    fields = response.header_section
    framing, completion = response.framing, response.completion
    length = response.content_length
    if not length:
        return None
    codings = _codings(fields)
    pieces = (
        response.content(start, min(start + READ_SIZE, length)) for start in range(0, length, READ_SIZE)
    )
    first = response.first(tap.ContentParsed)
    return Carried(
        "received",
        _value(fields, "content-type"),
        codings,
        length,
        framing.event.length if framing else None,
        completion.event if completion else None,
        decode(pieces, codings, limit),
        first.index if first else None,
    )


def _pieces(connection: ConnectionMoment, spans: Iterable[Span]) -> Iterator[bytes]:
    for span in spans:
        for start in range(span.start, span.end, READ_SIZE):
            yield connection.bytes(span.stream, start, min(start + READ_SIZE, span.end))


def _codings(fields: Sequence[Fact[Any]]) -> tuple[str, ...]:
    """List what was done to the content: first its own codings, then those of the transfer."""
    transfer = [coding for coding in _members(fields, "transfer-encoding") if coding != "chunked"]
    return (*_members(fields, "content-encoding"), *transfer)


def _members(fields: Sequence[Fact[Any]], name: str) -> list[str]:
    value = _value(fields, name) or ""
    return [member.strip(" \t").lower() for member in value.split(",") if member.strip(" \t")]


def _value(fields: Sequence[Fact[Any]], name: str) -> str | None:
    """Join the field lines of one name (RFC 9110 section 5.3)."""
    values = [fact.event.value for fact in fields if fact.event.name.lower() == name]
    return ", ".join(values) if values else None


def _announced(value: str | None) -> int | None:
    return int(value) if value and len(value) <= 20 and value.isascii() and value.isdigit() else None
