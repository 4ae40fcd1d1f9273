"""The events of a session: what happened to the script, beside what happened on the wire.

They stand in a recording between the events of the tap (`workbench.protocol.tap`), so that a
recording alone says which script ran, which line did what, and how it ended. Like those they
are facts, named in the past tense, and hold plain values only. They belong to no connection.
"""

from dataclasses import dataclass

from workbench.protocol.tap import ErrorFact, Event


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
    """`repr()` of its value, cut at 200 characters; empty when the value is None."""


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


RecordedEvent = Event | SessionEvent
"""Everything that a recording holds."""
