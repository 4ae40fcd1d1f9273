"""What several exporters say of a message, as plain values."""

import base64
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from workbench.export.subject import Exchange
from workbench.protocol import tap
from workbench.session.carried import Carried, request_content, response_content
from workbench.session.exchange_moment import ResponseMoment

MOST_CONTENT = 64 << 20
"""Bytes of one content that are written into a text format."""


class Text(NamedTuple):
    """Bytes, in a text format.

    Attributes:
        text: The text, or base64.
        encoding: `base64`, or empty.
    """

    text: str
    encoding: str


def sent_content(one: Exchange) -> Carried | None:
    """Give the content of a request with its codings taken off; None where it has none."""
    return request_content(one.connection, one.exchange, MOST_CONTENT)


def received_content(response: ResponseMoment | None) -> Carried | None:
    """Give the content of a response with its codings taken off; None where none came."""
    return response_content(response, MOST_CONTENT) if response else None


def as_text(data: bytes) -> Text:
    """Write bytes as text where they are UTF-8 without control characters, and as base64 elsewhere."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return Text(base64.b64encode(data).decode(), "base64")
    if _UNWRITABLE.search(text):
        return Text(base64.b64encode(data).decode(), "base64")
    return Text(text, "")


_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Controls that are no white space: a program may keep them, an editor or a terminal may not."""


def field_pairs(fields: Iterable[Any]) -> list[tuple[str, str]]:
    """Give names and values of recorded field lines."""
    return [(fact.event.name, fact.event.value) for fact in fields]


def field_value(fields: Iterable[tuple[str, str]], name: str) -> str | None:
    """Join the values of one name, which is in lower case (RFC 9110 section 5.3)."""
    values = [value for found, value in fields if found.lower() == name]
    return ", ".join(values) if values else None


def iso_time(unix_time_ns: int) -> str:
    """Write a time as RFC 3339 has it, in UTC, with microseconds."""
    seconds, ns = divmod(unix_time_ns, 1_000_000_000)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=ns // 1000)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def chunks_of(response: ResponseMoment) -> list[dict[str, Any]]:
    """Give size, extension and offset of each chunk."""
    return [
        {"size": fact.event.size, "extension": fact.event.extension, "offset": fact.event.span.start}
        for fact in response.facts(tap.ChunkHeaderParsed)
    ]


def diagnostics_of(one: Exchange) -> list[dict[str, Any]]:
    """Give everything that was found wrong or odd in an exchange."""
    return [
        {
            "code": fact.event.code.name,
            "severity": str(fact.event.severity),
            "action": fact.event.action,
            "words": fact.event.words,
            "section": fact.event.section,
            "stream": fact.event.span.stream,
            "start": fact.event.span.start,
            "end": fact.event.span.end,
        }
        for fact in one.exchange.diagnostics
    ]


def head_length(first: Any, end: Any) -> int:
    """Give the bytes from a start-line to the empty line behind the fields; -1 where one is not there."""
    if first is None or end is None:
        return -1
    return int(end.event.span.end - first.event.span.start)


def http_version(version: str | None) -> str:
    """Name the version of a response; HTTP/0.9 has none in it."""
    return version or "HTTP/0.9"


def response_end(response: ResponseMoment) -> tuple[bool, str]:
    """Say whether a response ended in order, and in words how."""
    completion = response.completion
    if completion is None:
        return False, "it was not read to its end"
    return completion.event.complete, completion.event.reason


def content_type(fields: Iterable[tuple[str, str]]) -> str:
    """Give the media type; empty where there is none."""
    return field_value(fields, "content-type") or ""
