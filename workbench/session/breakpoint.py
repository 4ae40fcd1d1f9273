"""The kinds of breakpoints: where a run can be told to stop, one class for each.

Each is a value with a text form (`str()`), which `breakpoint_text` parses. All but the one on a line
look at the events of the tap, and stop the run inside the call that the event happens in.
"""

from dataclasses import dataclass
from typing import Literal

from workbench.protocol.tap import (
    BytesReceived,
    BytesSent,
    CallRaised,
    ErrorFact,
    Event,
    FieldLineBuffered,
    FieldLineParsed,
    StateChanged,
)
from workbench.protocol.wire.state import State, title


@dataclass(slots=True)
class SoFar:
    """What a run had come to before an event. Some breakpoints are about more than one event."""

    sent: int = 0
    """Bytes that the kernel took, on all connections of the run."""

    received: int = 0
    """Bytes that were received, on all connections of the run."""

    raising: ErrorFact | None = None
    """The exception that is on its way out of one call after the other."""

    def take_in(self, event: Event) -> None:
        """Go on to the moment after an event."""
        kind = event.__class__
        if kind is BytesReceived:
            self.received += len(event.span)  # type: ignore[attr-defined]
        elif kind is BytesSent:
            self.sent += len(event.span)  # type: ignore[attr-defined]
        self.raising = event.error if isinstance(event, CallRaised) else None


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Where a run is to stop. The base of all kinds."""

    def __str__(self) -> str:
        """Give the text form, such as `line 4`."""
        raise NotImplementedError

    def looks_at(self, kind: type) -> bool:  # noqa: ARG002 - the kinds know theirs
        """Whether it can match an event of a class, which is asked before what costs more."""
        return False

    def matches(self, event: Event, so_far: SoFar) -> bool:  # noqa: ARG002 - the kinds look at them
        """Whether the run stops at an event.

        Args:
            event: What happened just now.
            so_far: What the run had come to before it.
        """
        return False


@dataclass(frozen=True, slots=True)
class LineBreakpoint(Breakpoint):
    """Before a line of the script."""

    line: int
    """From 1 on."""

    def __str__(self) -> str:
        return f"line {self.line}"

    def covers(self, first: int, last: int) -> bool:
        """Whether it stands on a statement that has these lines, inclusive."""
        return first <= self.line <= last


@dataclass(frozen=True, slots=True)
class EventBreakpoint(Breakpoint):
    """At each event of a type."""

    name: str
    """Of the event's class, such as `StatusLineParsed`."""

    def __str__(self) -> str:
        return f"event {self.name}"

    def looks_at(self, kind: type) -> bool:
        """At the class that it names."""
        return kind.__name__ == self.name

    def matches(self, event: Event, so_far: SoFar) -> bool:  # noqa: ARG002 - the event says enough
        """Whether it is of this type."""
        return type(event).__name__ == self.name


@dataclass(frozen=True, slots=True)
class HeaderBreakpoint(Breakpoint):
    """At each field line with a name, queued or parsed, in a header or a trailer section."""

    name: str
    """In lower case: field names are compared without regard to case (RFC 9110 section 5.1)."""

    def __str__(self) -> str:
        return f"header {self.name}"

    def looks_at(self, kind: type) -> bool:
        """At field lines of both directions."""
        return issubclass(kind, (FieldLineBuffered, FieldLineParsed))

    def matches(self, event: Event, so_far: SoFar) -> bool:  # noqa: ARG002 - the event says enough
        """Whether it is a field line with this name."""
        return isinstance(event, (FieldLineBuffered, FieldLineParsed)) and event.name.lower() == self.name


@dataclass(frozen=True, slots=True)
class StateBreakpoint(Breakpoint):
    """When a connection enters a state."""

    state: State

    def __str__(self) -> str:
        return f"state {title(self.state)}"

    def looks_at(self, kind: type) -> bool:
        """At changes of state."""
        return issubclass(kind, StateChanged)

    def matches(self, event: Event, so_far: SoFar) -> bool:  # noqa: ARG002 - the event says enough
        """Whether it leads into this state."""
        return isinstance(event, StateChanged) and event.after == self.state


@dataclass(frozen=True, slots=True)
class ExceptionBreakpoint(Breakpoint):
    """When a call raises an exception of a class, or of one derived from it."""

    class_name: str

    def __str__(self) -> str:
        return f"exception {self.class_name}"

    def looks_at(self, kind: type) -> bool:
        """At calls that raise."""
        return issubclass(kind, CallRaised)

    def matches(self, event: Event, so_far: SoFar) -> bool:
        """Whether it is the first call that such an exception leaves.

        `request()` calls `endheaders()`, and what leaves one leaves the other: that is the same
        exception, which has stopped the run already.
        """
        return (
            isinstance(event, CallRaised)
            and self.class_name in event.error.lineage
            and event.error != so_far.raising
        )


@dataclass(frozen=True, slots=True)
class BytesBreakpoint(Breakpoint):
    """When so many bytes were received, or sent, in the whole run."""

    direction: Literal["received", "sent"]
    count: int
    """From 1 on."""

    def __str__(self) -> str:
        return f"{self.direction} {self.count}"

    def looks_at(self, kind: type) -> bool:
        """At transfers in its direction."""
        return issubclass(kind, BytesReceived if self.direction == "received" else BytesSent)

    def matches(self, event: Event, so_far: SoFar) -> bool:
        """Whether the byte with this number, counted from 1 on, is among those of the event."""
        if isinstance(event, BytesReceived) and self.direction == "received":
            before = so_far.received
        elif isinstance(event, BytesSent) and self.direction == "sent":
            before = so_far.sent
        else:
            return False
        return before < self.count <= before + len(event.span)
