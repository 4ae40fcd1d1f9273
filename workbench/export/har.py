"""HAR 1.2, the HTTP Archive format (http://www.softwareishard.com/blog/har-12-spec/).

What HAR has no place for stands in custom fields, which begin with an underscore, as the format allows:
`_chunks`, `_trailers`, `_interim`, `_framing`, `_diagnostics`, `_error`, `_complete`.
"""

import urllib.parse
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from workbench import __version__
from workbench.export.exporter import Exporter
from workbench.export.json_pieces import json_pieces
from workbench.export.message import (
    as_text,
    chunks_of,
    content_type,
    diagnostics_of,
    field_pairs,
    field_value,
    head_length,
    http_version,
    iso_time,
    received_content,
    response_end,
    sent_content,
)
from workbench.export.subject import Exchange, Subject
from workbench.protocol import tap
from workbench.session.exchange_moment import ResponseMoment
from workbench.session.plan import sent_span
from workbench.session.timings import Phase, Timings, timings_of

UNKNOWN = -1
"""What HAR says of a size or a time that does not apply."""


def export_har(subject: Subject) -> Iterator[bytes]:
    """Yield one archive of all exchanges, one after the other."""
    log = {
        "version": "1.2",
        "creator": {"name": "Workbench", "version": __version__},
        "pages": [],
        "entries": (_entry(subject, one) for one in subject.exchanges),
        "comment": subject.secrets_line,
    }
    return json_pieces({"log": log})


def _entry(subject: Subject, one: Exchange) -> dict[str, Any]:
    timings = timings_of(subject.recording.entries, one.connection, one.exchange)
    har_timings = _timings(timings)
    first = subject.recording.entries.event(one.exchange.first_index)
    address = one.connection.address
    error = one.exchange.error
    interim = [_interim(response) for response in one.exchange.interim_responses]
    return {
        "startedDateTime": iso_time(subject.unix_time_ns(first.time_ns)),
        "time": round(sum(max(har_timings[name], 0) for name in _COUNTED), 3),
        "request": _request(one),
        "response": _response(one.exchange.response),
        "cache": {},
        "timings": har_timings,
        **({"serverIPAddress": address[0]} if address else {}),
        "connection": str(one.connection.number),
        **({"_interim": interim} if interim else {}),
        "_diagnostics": diagnostics_of(one),
        "_error": _error(error.event.error) if error else None,
    }


# --- request -------------------------------------------------------------------------------------


def _request(one: Exchange) -> dict[str, Any]:
    exchange = one.exchange
    fields = field_pairs(exchange.request_header_section)
    line, end = exchange.request_line, exchange.request_header_section_end
    content = sent_content(one)
    head = head_length(line, end)
    found: dict[str, Any] = {
        "method": one.plan.method,
        "url": one.plan.url,
        "httpVersion": one.plan.http_version,
        "cookies": _request_cookies(fields),
        "headers": _pairs(fields),
        "queryString": _query(one.plan.target),
        "headersSize": head,
        "bodySize": len(sent_span(exchange)) - max(head, 0),
        "_target": one.plan.target,
    }
    if content is not None:
        text = as_text(content.decoded.data)
        found["postData"] = {"mimeType": content_type(fields), "params": [], "text": text.text}
        if text.encoding:
            found["postData"]["_encoding"] = text.encoding
    return found


def _query(target: str) -> list[dict[str, str]]:
    query = target.partition("?")[2].partition("#")[0]
    return _pairs(urllib.parse.parse_qsl(query, keep_blank_values=True, errors="replace"))


def _request_cookies(fields: list[tuple[str, str]]) -> list[dict[str, str]]:
    pairs = [
        pair.partition("=") for name, value in fields if name.lower() == "cookie" for pair in value.split(";")
    ]
    return _pairs([(name.strip(), value.strip()) for name, equals, value in pairs if equals])


def _pairs(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


# --- response ------------------------------------------------------------------------------------


def _response(response: ResponseMoment | None) -> dict[str, Any]:
    line = response.status_line if response else None
    fields = field_pairs(response.header_section) if response else []
    found: dict[str, Any] = {
        "status": line.event.status_code if line else 0,
        "statusText": line.event.reason_phrase if line else "",
        "httpVersion": http_version(line.event.http_version if line else None) if response else "",
        "cookies": _response_cookies(fields),
        "headers": _pairs(fields),
        "content": _content(response, fields),
        "redirectURL": field_value(fields, "location") or "",
        "headersSize": head_length(line, response.header_section_end) if response else UNKNOWN,
        "bodySize": response.content_length if response else UNKNOWN,
    }
    return found | (_beyond_har(response) if response else {})


def _content(response: ResponseMoment | None, fields: list[tuple[str, str]]) -> dict[str, Any]:
    carried = received_content(response)
    found: dict[str, Any] = {"size": 0, "mimeType": content_type(fields)}
    if carried is None:
        return found
    text = as_text(carried.decoded.data)
    found |= {"size": len(carried.decoded.data), "text": text.text}
    if carried.decoded.undone:
        found["compression"] = len(carried.decoded.data) - carried.length
    if text.encoding:
        found["encoding"] = text.encoding
    if not carried.decoded.whole:
        found["_decoded"] = carried.decoded.fault or carried.decoded.obstacle or "cut short"
    return found


def _beyond_har(response: ResponseMoment) -> dict[str, Any]:
    complete, reason = response_end(response)
    found: dict[str, Any] = {"_complete": complete, "_end": reason}
    if response.framing:
        framing = response.framing.event
        found["_framing"] = {"rule": framing.rule, "kind": framing.kind, "reason": framing.reason}
    if response.persistence:
        persistence = response.persistence.event
        found["_persistence"] = {"persistent": persistence.persistent, "reason": persistence.reason}
    if response.count(tap.ChunkHeaderParsed):
        found["_chunks"] = chunks_of(response)
        found["_trailers"] = _pairs(field_pairs(response.trailer_section))
    return found


def _interim(response: ResponseMoment) -> dict[str, Any]:
    line = response.status_line
    return {
        "status": line.event.status_code if line else 0,
        "statusText": line.event.reason_phrase if line else "",
        "headers": _pairs(field_pairs(response.header_section)),
    }


def _response_cookies(fields: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [cookie for name, value in fields if name.lower() == "set-cookie" for cookie in _cookies_in(value)]


def _cookies_in(value: str) -> Iterator[dict[str, Any]]:
    """Take a Set-Cookie apart as RFC 6265 section 5.2 does: one cookie or none, and attributes known or not."""
    (name, text), *pairs = [
        (name.strip(), text.strip()) for name, _, text in (part.partition("=") for part in value.split(";"))
    ]
    if not name or "=" not in value.partition(";")[0]:
        return
    attributes = {attribute.lower(): text for attribute, text in pairs}
    texts = {key: attributes[key] for key in ("path", "domain") if attributes.get(key)}
    expires = _iso_date(attributes.get("expires", ""))
    yield {
        "name": name,
        "value": text,
        **texts,
        **({"expires": expires} if expires else {}),
        "httpOnly": "httponly" in attributes,
        "secure": "secure" in attributes,
    }


def _iso_date(text: str) -> str:
    """Write a date of a field as HAR has dates; empty for what is none."""
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return ""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --- times ---------------------------------------------------------------------------------------

_COUNTED = ("blocked", "dns", "connect", "send", "wait", "receive")
"""What adds up to `time`: TLS is part of `connect` already."""

_PHASES = {
    "dns": (Phase.LOOKUP,),
    "connect": (Phase.CONNECT, Phase.TLS),
    "ssl": (Phase.TLS,),
    "send": (Phase.SEND,),
    "wait": (Phase.WAIT,),
    "receive": (Phase.HEAD, Phase.CONTENT, Phase.END, Phase.FAILED),
}
_ALWAYS = frozenset(("send", "wait", "receive"))
"""Those that HAR wants for every entry."""


def _timings(timings: Timings) -> dict[str, Any]:
    """Give the times in ms. A pause, of a person who steps, is nobody's time and stands beside them."""
    found: dict[str, Any] = {"blocked": UNKNOWN}
    for name, phases in _PHASES.items():
        steps = [step for step in timings.steps if step.phase in phases]
        known = steps or name in _ALWAYS
        found[name] = round(sum(step.elapsed_ns for step in steps) / 1e6, 3) if known else UNKNOWN
    return found | {"_own": round(timings.own_ns / 1e6, 3), "_paused": round(timings.paused_ns / 1e6, 3)}


def _error(error: tap.ErrorFact) -> dict[str, Any]:
    return {"class": error.class_name, "message": error.message}


EXPORTER = Exporter("har", ".har", "HAR 1.2, for browsers, proxies and viewers", export_har)
