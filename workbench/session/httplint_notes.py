"""What httplint has to say about an exchange, each note with the entry that it is about.

httplint is a linter for HTTP messages that knows far more fields than a client needs to. It comes
with the extra `lint`; nothing of it is loaded before it is asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from workbench.protocol import tap
from workbench.session.carried import Carried, request_content, response_content
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.exchange_moment import ExchangeMoment
from workbench.session.facts import Fact

HOW_TO_GET_HTTPLINT = "pip install 'http-workbench[lint]'"

MOST_LINTED = 1 << 17
"""Bytes of content, its codings taken off, that httplint is given. It takes them off itself, with no
bound of its own, so it gets only what is known to be smaller."""

_OFFSET = re.compile(r"offset-(\d+)\Z")


@dataclass(frozen=True, slots=True)
class LintNote:
    """One note."""

    message: str
    """`request` or `response`."""

    level: str
    """`good`, `info`, `warning` or `bad`."""

    category: str
    summary: str
    """May hold what a peer wrote."""

    index: int | None
    """The index of the entry that it is about; None when it is about what is not there."""


@lru_cache(maxsize=1)
def httplint_is_installed() -> bool:
    """Say whether there can be notes, without loading httplint."""
    return find_spec("httplint") is not None


def httplint_notes(connection: ConnectionMoment, exchange: ExchangeMoment) -> list[LintNote]:
    """Ask httplint about the messages of an exchange whose header sections are complete.

    Raises:
        Exception: Whatever is wrong in httplint with what a peer sent.
    """
    httplint = import_module("httplint")
    line = exchange.request_line
    if line is None or exchange.request_header_section_end is None:
        return []
    spans = exchange.request_content_spans
    content: bytes | None = None
    if _may_be_given(request_content(connection, exchange, MOST_LINTED), exchange.request_header_section):
        content = b"".join(connection.bytes("sent", span.start, span.end) for span in spans)
    request = httplint.HttpRequestLinter(no_content=content is None)
    event = line.event
    request.process_request_topline(event.method.encode(), event.target.encode(), event.http_version.encode())
    _feed(request, exchange.request_header_section, content)
    places = _Places(exchange.request_header_section, {"uri": line.index, "method": line.index}, line.index)
    notes = [_note("request", note, places) for note in request.notes]
    return [*notes, *_response_notes(httplint, exchange, request)]


def _response_notes(httplint: Any, exchange: ExchangeMoment, request: Any) -> list[LintNote]:
    response = exchange.response
    status = response.status_line if response else None
    if response is None or status is None or response.header_section_end is None:
        return []
    content: bytes | None = None
    completion = response.completion
    if (completion is not None and completion.event.complete) and _may_be_given(
        response_content(response, MOST_LINTED), response.header_section
    ):
        content = response.content()
    linter = httplint.HttpResponseLinter(_related=request, no_content=content is None)
    linter.is_head_response = request.method == "HEAD"
    event = status.event
    linter.process_response_topline(
        event.http_version.encode(), str(event.status_code).encode(), event.reason_phrase.encode("latin-1")
    )
    trailers = [_pair(fact) for fact in response.trailer_section]
    _feed(linter, response.header_section, content, trailers)
    places = _Places(response.header_section, {"status": status.index}, status.index)
    return [_note("response", note, places) for note in linter.notes]


def _may_be_given(carried: Carried | None, fields: Sequence[Fact[Any]]) -> bool:
    """Whether content is small, whatever it is decoded to, and has no transfer coding but chunked."""
    codings = [fact.event.value.lower() for fact in fields if fact.event.name.lower() == "transfer-encoding"]
    return (carried is None or carried.decoded.whole) and codings in ([], ["chunked"])


def _pair(fact: Fact[Any]) -> tuple[bytes, bytes]:
    """Give a field line as bytes again. One that was sent holds characters, one received latin-1."""
    codec = "latin-1" if isinstance(fact.event, tap.FieldLineParsed) else "utf-8"
    return fact.event.name.encode(codec, "replace"), fact.event.value.encode(codec, "replace")


def _feed(
    linter: Any, fields: Sequence[Fact[Any]], content: bytes | None, trailers: Sequence[Any] = ()
) -> None:
    linter.process_headers([_pair(fact) for fact in fields])
    if content:
        linter.feed_content(content)
    linter.finish_content(content is not None, list(trailers) or None)


class _Places:
    """Finds the entry that a note's subject means."""

    def __init__(self, fields: Sequence[Fact[Any]], named: dict[str, int], first: int) -> None:
        self._fields = fields
        self._named = named
        self._first = first

    def find(self, subject: str) -> int | None:
        """Give the index of an entry."""
        offset = _OFFSET.match(subject)
        if offset and int(offset.group(1)) < len(self._fields):
            return self._fields[int(offset.group(1))].index
        if subject.startswith("field-"):
            name = subject.removeprefix("field-")
            return next((fact.index for fact in self._fields if fact.event.name.lower() == name), None)
        return self._named.get(subject, self._first)


def _note(message: str, note: Any, places: _Places) -> LintNote:
    return LintNote(
        message,
        str(note.level.value),
        str(note.category.value),
        str(note.summary),
        places.find(str(note.subject).lower()),
    )
