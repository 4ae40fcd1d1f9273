"""A played response as text: one line for each event, one for its leaves, and the outcome."""

import dataclasses
import json
import re
from collections.abc import Iterable

from tests.protocol.wire.playing import Outcome, Played, is_volatile
from workbench.protocol import tap as events
from workbench.protocol.tap import Event

_LOGGED = (
    events.StatusLineParsed,
    events.FieldLineParsed,
    events.BytesSkipped,
    events.HeaderSectionParsed,
    events.InterimResponseParsed,
    events.FramingDecided,
    events.PersistenceDecided,
    events.ChunkHeaderParsed,
    events.ContentParsed,
    events.ChunkParsed,
    events.TrailerSectionParsed,
    events.MessageCompleted,
    events.DiagnosticFound,
    events.EndOfStreamReceived,
    events.ExcessReceived,
    events.BytesLeft,
)

_NOT_LOGGED = {
    *(
        "seq",
        "time_ns",
        "elapsed_ns",
        "connection",
        "exchange",
        "span",
        "leaves",
        "reason",
        "words",
        "section",
    )
}
"""What differs from run to run, what has its own place in the line, and sentences."""

_SECTION_IS_A_VALUE = (events.FieldLineParsed,)
_REASON_IS_A_VALUE = (events.BytesSkipped,)
_INDENT = " " * 10


def format_log(played: Played) -> str:
    """Write a log as it stands in a case file."""
    told = _cut_lines(_format_events(played.events))
    kept = f"connection {'kept' if played.kept else 'closed'}"
    return "\n".join([*told, *_cut_lines(list(_format_outcome(played.outcome))), kept]) + "\n"


def format_settled(played: Played) -> str:
    """Write what must be the same however the bytes were cut, and whatever is behind them.

    That goes not for the connection: bytes behind the end close it if they are there in time.
    """
    settled = [event for event in played.events if not is_volatile(event)]
    return "\n".join([*_format_events(settled), *_format_outcome(played.outcome)])


def _cut_lines(lines: list[str], kept: int = 12) -> list[str]:
    """Leave out the middle of a long list."""
    if len(lines) <= 3 * kept:
        return lines
    return [*lines[:kept], f"... {len(lines) - 2 * kept} lines ...", *lines[-kept:]]


def _format_events(told: Iterable[Event]) -> list[str]:
    return [line for event in told if isinstance(event, _LOGGED) for line in _format_event(event)]


def _format_event(event: Event) -> Iterable[str]:
    span = getattr(event, "span", None)
    place = "-" if span is None else f"{span.start}-{span.end}"
    values = " ".join(_format_value(value) for value in _values(event))
    yield f"{place:<9} {type(event).__name__} {values}".rstrip()
    leaves = getattr(event, "leaves", ())
    if leaves:
        assert [leaf.start for leaf in leaves] == [span.start, *(leaf.end for leaf in leaves[:-1])]
        assert leaves[-1].end == span.end
        yield _INDENT + ", ".join(f"{leaf.kind} {leaf.end - leaf.start}" for leaf in leaves)


def _values(event: Event) -> Iterable[object]:
    if isinstance(event, events.DiagnosticFound):
        return str(event.code), event.action
    kept = set(_NOT_LOGGED)
    if isinstance(event, _SECTION_IS_A_VALUE):
        kept.discard("section")
    if isinstance(event, _REASON_IS_A_VALUE):
        kept.discard("reason")
    return [getattr(event, f.name) for f in dataclasses.fields(event) if f.name not in kept]


def _format_value(value: object) -> str:
    if isinstance(value, str) and re.fullmatch("[A-Za-z][A-Za-z0-9_-]{0,30}", value):
        return value
    return _quote(value) if isinstance(value, str | bytes) else repr(value)


def _quote(value: str | bytes, limit: int = 60) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    cut = text if len(text) <= limit else text[:limit]
    quoted = json.dumps(cut)
    return quoted if cut is text else f"{quoted}... ({len(text)} in all)"


def _format_outcome(outcome: Outcome) -> Iterable[str]:
    for status, reason, headers in outcome.informational:
        yield f"informational: {status} {_quote(reason)}{_format_fields(headers)}"
    if outcome.status is not None:
        yield f"response: {outcome.version} {outcome.status} {_quote(outcome.reason or '')}"
    if outcome.content is not None:
        yield f"content: {_quote(outcome.content)}"
    if outcome.trailers is not None:
        yield f"trailers:{_format_fields(outcome.trailers)}"
    if outcome.error is not None:
        yield _format_error(outcome)
    yield {True: "complete", False: "incomplete", None: "no response"}[outcome.complete]


def _format_fields(fields: Iterable[tuple[str, str]]) -> str:
    return "".join(f" {_quote(name)}={_quote(value)}" for name, value in fields)


def _format_error(outcome: Outcome) -> str:
    error = outcome.error
    assert error is not None
    attributes = [f"{name}={_cut(value)}" for name, value in error.attributes]
    if error.offset is None and not attributes:
        attributes = [_quote(error.message)]
    if error.offset is not None:
        attributes.append(f"at {error.offset}")
    return f"{outcome.failing_call} raises {error.class_name}: {' '.join(attributes)}"


def _cut(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else f"{text[:limit]}..."
