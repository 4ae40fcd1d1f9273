"""The events of a session: what happened to the script, beside what happened on the wire.

They stand in a recording between the events of the tap (`workbench.protocol.tap`), so that a
recording alone says which script ran, which line did what, and how it ended. Like those they
are facts, named in the past tense, and hold plain values only. They belong to no connection, but
for what the server at the other end of one reports.
"""

from dataclasses import dataclass

from workbench.protocol.tap import ErrorFact, Event
from workbench.protocol.wire.span import Span


@dataclass(slots=True)
class SessionEvent:
    """What every event of a session says."""

    time_ns: int
    """`time.perf_counter_ns()`, the clock of the tap's events."""


@dataclass(slots=True)
class ScriptStarted(SessionEvent):
    """A run of a script began. A restart begins another run in the same recording."""

    run: int
    """From 1 on."""

    name: str
    source: str
    unix_time_ns: int
    """`time.time_ns()` at the same moment, which ties the two clocks together."""


@dataclass(slots=True)
class ScriptExtended(SessionEvent):
    """A call from the call line was appended to the script."""

    line: int
    """The first line of the call, from 1 on."""

    source: str
    """The whole script with the call in it."""


@dataclass(slots=True)
class LineStarted(SessionEvent):
    """A statement is about to be executed."""

    line: int
    """The first line of the statement, from 1 on."""


@dataclass(slots=True)
class LineReturned(SessionEvent):
    """A statement ended without an exception."""

    line: int
    result: str
    """`session.values.result_text` of its value: at most 200 characters; empty when the value is None."""


@dataclass(slots=True)
class LineRaised(SessionEvent):
    """A statement ended with an exception."""

    line: int
    error: ErrorFact
    aborted: bool = False
    """True when the user's abort is the cause."""


@dataclass(slots=True)
class Printed(SessionEvent):
    """The script printed something."""

    line: int
    text: str


@dataclass(slots=True)
class ScriptFinished(SessionEvent):
    """The run ended."""

    outcome: str
    """`finished` (after its last line), `failed` (a line raised) or `aborted`."""


@dataclass(slots=True)
class PeerReported(SessionEvent):
    """The server at the other end did or saw something. It is the program's own, and keeps a log.

    No copy of its bytes is in here: the streams of the connection have them once they arrive.
    """

    connection: int
    """The number of the client's connection."""

    kind: str
    """What happened, in the server's words: `opened`, `received`, `sent`, `waiting`, `held`, ..."""

    span: Span | None = None
    """The bytes of `received` and `sent`, where they lie in the client's streams: what the server sent is
    in `received`, as soon as it has come."""

    head: bytes = b""
    """The first of these bytes, at most `PEER_HEAD_BYTES`."""

    note: str = ""
    """Words for people, where the kind alone does not say enough."""

    left: int = 0
    """Of `held`: how many bytes of its step the server still has to send."""


PEER_HEAD_BYTES = 48
"""Bytes that a `PeerReported` shows, while the client may not have them yet."""

RecordedEvent = Event | SessionEvent
"""Everything that a recording holds."""
