"""Whether a run of a scenario's script came to what the scenario promises: read from the recording alone."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workbench.lab import Promise, Scenario
from workbench.protocol import tap
from workbench.session.events import LineRaised, LineReturned
from workbench.session.recording import Recording
from workbench.session.run_record import RunRecord
from workbench.session.values import format_value
from workbench.session.walk import entries_of_run

NONE = "none"
CUT = "…"
"""Ends the value of a line that is cut."""

DIGEST_BYTES = 1 << 20
"""Bytes of content that are taken from the recording at a time."""

SIMPLE_RESPONSE_STATUS = 200
"""What a response of HTTP/0.9 counts as, which has no status-line."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a scenario promises, and what came of it."""

    what: str
    promised: str
    got: str

    @property
    def kept(self) -> bool:
        """Whether they are the same."""
        return self.promised == self.got


_TELLING = frozenset(
    {
        tap.RequestLineBuffered,
        tap.StatusLineParsed,
        tap.CallReturned,
        tap.MessageCompleted,
        tap.DiagnosticFound,
        LineReturned,
        LineRaised,
    }
)
"""The kinds of events that a promise is about. All others are passed over unread."""


class _Outcome:
    """What a run came to, in the terms of a promise."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.content: str | None = None
        self.content_length = 0
        self.raised: LineRaised | None = None
        self.diagnostics: list[str] = []
        self.state: str | None = None
        self._line_status: dict[int, int] = {}

    def take_in(self, event: Any) -> None:
        match event:
            case tap.RequestLineBuffered():
                self._line_status.pop(event.connection, None)
            case tap.StatusLineParsed():
                self._line_status[event.connection] = event.status_code
            case tap.CallReturned() if event.name.endswith(".getresponse"):
                self.status = self._line_status.get(event.connection, SIMPLE_RESPONSE_STATUS)
            case tap.MessageCompleted():
                self.content_length = event.content_length
            case tap.DiagnosticFound():
                self.diagnostics.append(str(event.code))
            case LineReturned() if event.result.startswith(("b'", 'b"')):
                self.content = event.result
            case LineRaised():
                self.raised = event


def plays_scenario(run: RunRecord, scenario: Scenario) -> bool:
    """Whether a run was one of the scenario's own script, as it was loaded."""
    source = run.sources.at(run.first_index) or ""
    return len(run.sources) == 1 and _pattern(scenario.script).fullmatch(source) is not None


def _pattern(script: str) -> "re.Pattern[str]":
    """Match a script whose placeholders were filled in by the lab."""
    parts = re.split(r"\{(?:host|port|cafile|client_certificate)\}", script)
    return re.compile(".*?".join(map(re.escape, parts)), re.DOTALL)


def check_promise(scenario: Scenario, recording: Recording, run: RunRecord) -> list[Claim]:
    """Compare a run that has ended with what its scenario promises.

    Returns:
        The claims; none for a run that was aborted before it came to anything.
    """
    promise = scenario.promise
    outcome = _Outcome()
    entries = entries_of_run(recording, run.first_index)
    for index in entries:
        if recording.entries.kind(index) in _TELLING:
            outcome.take_in(recording.entries.outline(index))
    outcome.state = _state(recording, entries)
    aborted = run.endings.at(entries.stop - 1) == "aborted"
    if not promise.hangs:
        digest = _digest(recording, entries) if promise.content_sha256 is not None else None
        return [] if aborted else list(_claims(promise, outcome, digest))
    if aborted and outcome.raised is None:
        return []  # No call was waiting.
    return [Claim("the last call", "never returns", "never returns" if aborted else "came to an end")]


def _claims(promise: Promise, outcome: _Outcome, digest: str | None) -> Iterator[Claim]:
    error = outcome.raised.error if outcome.raised else None
    yield Claim("exception", promise.exception or NONE, error.class_name if error else NONE)
    values = dict(error.attributes) if error else {}
    for name, value in promise.attributes.items():
        if error and name not in values and "HTTPException" not in error.lineage:
            continue  # Not all attributes of other people's errors are recorded.
        got = values.get(name, "missing")
        yield Claim(f"its {name}", _as_written(value, got), got)
    yield Claim("status", _number(promise.status), _number(outcome.status))
    yield _content_claim(promise, outcome)
    if promise.content_sha256 is not None:
        yield Claim("its SHA-256", promise.content_sha256, digest or NONE)
    yield Claim("findings", ", ".join(promise.diagnostics) or NONE, _unique(outcome.diagnostics))
    if promise.state is not None:
        yield Claim("state left", promise.state, outcome.state or NONE)


def _as_written(value: str | int | bool, got: str) -> str:
    """Write a promised attribute as an error's are: a text may stand for bytes."""
    if isinstance(value, str) and got.startswith("b"):
        return format_value(value.encode("iso-8859-1"))
    return format_value(value)


def _content_claim(promise: Promise, outcome: _Outcome) -> Claim:
    got = outcome.content or "nothing was read"
    if promise.content is None and promise.content_length is None:
        promised = "nothing was read" if promise.content_sha256 is None else got
        return Claim("content", promised, got)
    if promise.content is None and not got.endswith(CUT):
        return Claim("content", f"{promise.content_length} bytes", f"{outcome.content_length} bytes")
    if not got.endswith(CUT):
        return Claim("content", format_value(promise.content or b""), got)
    # Of long content the recording of a line has the beginning; the message knows its length.
    beginning = format_value(promise.content)[: len(got) - 1] + CUT if promise.content is not None else got
    length = promise.content_length if promise.content is None else len(promise.content)
    return Claim("content", f"{length} bytes: {beginning}", f"{outcome.content_length} bytes: {got}")


def _unique(codes: list[str]) -> str:
    return ", ".join(dict.fromkeys(codes)) or NONE


def _number(value: int | None) -> str:
    return NONE if value is None else str(value)


def _digest(recording: Recording, entries: range) -> str | None:
    """Give the SHA-256 of the content of the last response that has come to its end."""
    moment = recording.at(entries.stop - 1)
    responses = [
        one.response
        for connection in moment.connections
        for one in connection.exchanges
        if one.response is not None and one.response.completion is not None
    ]
    if not responses:
        return None
    last = max(responses, key=lambda one: one.completion.index if one.completion else -1)
    digest = hashlib.sha256()
    for start in range(0, last.content_length, DIGEST_BYTES):
        digest.update(last.content(start, start + DIGEST_BYTES))
    return digest.hexdigest()


def _state(recording: Recording, entries: range) -> str | None:
    moment = recording.at(entries.stop - 1)
    # The asking for a tunnel is no connection of the script's.
    own = [one for one in moment.connections if one.tunnel_for is None]
    return own[-1].state if own else None
