"""Everything that a recording says of its exchanges, as one JSON document for programs.

`workbench run --json`, `send --json` and `show --json` print it, too. Its shape is described in README.md.
Within one `version` members are added and never changed or taken away.
"""

from collections.abc import Iterator
from typing import Any

from workbench import __version__
from workbench.export.exporter import Exporter
from workbench.export.json_pieces import json_pieces
from workbench.export.message import (
    as_text,
    chunks_of,
    diagnostics_of,
    field_pairs,
    http_version,
    iso_time,
    received_content,
    response_end,
    sent_content,
)
from workbench.export.subject import Exchange, Subject
from workbench.protocol import tap
from workbench.session.carried import Carried
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.exchange_moment import ResponseMoment
from workbench.session.run_record import RunRecord
from workbench.session.timings import timings_of
from workbench.session.values import without_addresses

DOCUMENT_VERSION = 1
"""Grows when a program that reads the document would have to change."""


def export_json(subject: Subject) -> Iterator[bytes]:
    """Yield the document, an exchange at a time."""
    return json_pieces(
        {
            "version": DOCUMENT_VERSION,
            "workbench": __version__,
            "secrets": "included" if subject.redacted is None else "redacted",
            "runs": [_run(run) for run in subject.recording.runs] if subject.is_whole else [],
            "connections": (_connection(one) for one in subject.connections),
            "exchanges": (_exchange(subject, one) for one in subject.exchanges),
        }
    )


def _run(run: RunRecord) -> dict[str, Any]:
    last = 2**63
    outcomes = [history.at(last) for history in run.outcomes.values()]
    return {
        "run": run.number,
        "name": run.name,
        "source": run.sources.at(last) or "",
        "outcome": run.endings.at(last),
        "lines": [
            {
                "line": outcome.line,
                "outcome": outcome.kind,
                "result": "" if outcome.error else without_addresses(outcome.text),
                "error": _error(outcome.error),
            }
            for outcome in outcomes
            if outcome is not None
        ],
        "printed": [{"line": line, "text": text} for line, text in run.printed.until(last)],
    }


def _error(error: tap.ErrorFact | None) -> dict[str, Any] | None:
    if error is None:
        return None
    return {"class": error.class_name, "lineage": list(error.lineage), "message": error.message}


def _connection(connection: ConnectionMoment) -> dict[str, Any]:
    host, port = connection.target or (None, None)
    address, address_port = connection.address or (None, None)
    tls = connection.tls
    return {
        "connection": connection.number,
        "host": host,
        "port": port,
        "address": address,
        "address_port": address_port,
        "tunnel_to": connection.authority,
        "tls": _tls(tls) if tls else None,
        "sent_bytes": connection.sent_length,
        "received_bytes": connection.received_length,
        "closed": connection.closed_reason,
    }


def _tls(tls: tap.TlsEstablished) -> dict[str, Any]:
    names = ("tls_version", "cipher", "alpn_protocol", "verified", "subject", "issuer", "not_after")
    return {name: getattr(tls, name) for name in names}


def _exchange(subject: Subject, one: Exchange) -> dict[str, Any]:
    exchange = one.exchange
    first = subject.recording.entries.event(exchange.first_index)
    error = exchange.error
    timings = timings_of(subject.recording.entries, one.connection, exchange)
    return {
        "connection": exchange.connection,
        "exchange": exchange.number,
        "started": iso_time(subject.unix_time_ns(first.time_ns)),
        "request": {
            "method": one.plan.method,
            "url": one.plan.url,
            "target": one.plan.target,
            "http_version": one.plan.http_version,
            "fields": [list(pair) for pair in field_pairs(exchange.request_header_section)],
            "content": _content(sent_content(one)),
        },
        "interim": [_response(response) for response in exchange.interim_responses],
        "response": _response(exchange.response) if exchange.response else None,
        "diagnostics": diagnostics_of(one),
        "error": _error(error.event.error if error else None),
        "timings": [
            {"phase": str(step.phase), "ms": round(step.elapsed_ns / 1e6, 3)} for step in timings.steps
        ],
    }


def _response(response: ResponseMoment) -> dict[str, Any]:
    line, framing, persistence = response.status_line, response.framing, response.persistence
    complete, reason = response_end(response)
    return {
        "status": line.event.status_code if line else None,
        "reason": line.event.reason_phrase if line else None,
        "http_version": http_version(line.event.http_version if line else None),
        "fields": [list(pair) for pair in field_pairs(response.header_section)],
        "framing": {"rule": framing.event.rule, "kind": framing.event.kind, "reason": framing.event.reason}
        if framing
        else None,
        "persistent": persistence.event.persistent if persistence else None,
        "chunks": chunks_of(response),
        "trailers": [list(pair) for pair in field_pairs(response.trailer_section)],
        "content": _content(received_content(response)),
        "complete": complete,
        "end": reason,
    }


def _content(carried: Carried | None) -> dict[str, Any] | None:
    if carried is None:
        return None
    text = as_text(carried.decoded.data)
    return {
        "text": text.text,
        "encoding": text.encoding or None,
        "length": len(carried.decoded.data),
        "coded_length": carried.length,
        "codings": list(carried.codings),
        "undecoded": carried.decoded.fault or carried.decoded.obstacle or None,
        "whole": carried.decoded.whole,
    }


EXPORTER = Exporter("json", ".json", "everything that is known, for programs", export_json)
