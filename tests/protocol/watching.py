"""A tap that keeps every event, and what must be true of any list of events."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from workbench.protocol import tap as events
from workbench.protocol.tap import Event

# Not `__subclasses__`: a data class with slots is made of another class, which is there until it is collected.
KINDS = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, Event)]
KINDS.remove(Event)

_DATA_OF_SENT = (
    events.RequestLineBuffered,
    events.FieldLineBuffered,
    events.HeaderSectionBuffered,
    events.ContentBuffered,
)


class Watch:
    """A tap that keeps every event."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, *kinds: type[Event]) -> list[Any]:
        """Give the events of some types."""
        return [event for event in self.events if isinstance(event, kinds)]

    def one(self, kind: type[Event]) -> Any:
        """Give the only event of a type."""
        found = self.of(kind)
        assert len(found) == 1, f"{len(found)} events of {kind.__name__}"
        return found[0]

    def codes(self) -> list[str]:
        """Give the codes of the diagnostics, in order."""
        return [event.code.value for event in self.of(events.DiagnosticFound)]

    def check(self) -> None:
        """Assert everything that holds for any complete list of events."""
        assert_in_order(self.events)
        self.check_bytes_and_calls()

    def check_bytes_and_calls(self) -> None:
        """Assert what holds even where connections are dropped and not closed."""
        assert_calls_nest(self.events)
        assert_states_join(self.events)
        for number in {event.connection for event in self.events}:
            of_connection = [event for event in self.events if event.connection == number]
            assert_received_bytes_have_one_leaf_each(of_connection)
            assert_sent_bytes_have_one_leaf_each(of_connection)


def assert_in_order(found: list[Event]) -> None:
    """Sequence numbers grow, and time does not run backwards."""
    for one, next_one in pairwise(found):
        assert one.seq < next_one.seq
        assert one.time_ns <= next_one.time_ns


def assert_calls_nest(found: Iterable[Event]) -> None:
    """Each call that was entered is left once, the last one first, on the connection that it began on."""
    entered: list[tuple[str, int]] = []
    for event in found:
        if isinstance(event, events.CallStarted):
            entered.append((event.name, event.connection))
        elif isinstance(event, events.CallReturned | events.CallRaised):
            assert entered.pop() == (event.name, event.connection)
    assert entered == []


def assert_states_join(found: Iterable[Event]) -> None:
    """Each change of state begins where the one before it, of the same connection, ended."""
    ended: dict[int, str] = {}
    for change in found:
        if isinstance(change, events.StateChanged):
            assert change.before == ended.get(change.connection, change.before), change
            assert change.before != change.after
            ended[change.connection] = change.after


def received_by(found: Iterable[Event]) -> bytes:
    """Join what the receive calls gave."""
    return b"".join(event.data for event in found if isinstance(event, events.BytesReceived))


def sent_by(found: Iterable[Event]) -> bytes:
    """Join what was queued."""
    return b"".join(event.data for event in found if isinstance(event, _DATA_OF_SENT))


def assert_received_bytes_have_one_leaf_each(found: list[Event]) -> None:
    """The leaves tile the received stream of one connection."""
    assert_tiled(found, "received", len(received_by(found)))


def assert_sent_bytes_have_one_leaf_each(found: list[Event]) -> None:
    """The leaves tile the sent stream of one connection, and no more was sent than was queued."""
    assert_tiled(found, "sent", len(sent_by(found)))
    at = 0
    for event in found:
        if isinstance(event, events.BytesSent):
            assert event.span.start == at
            at = event.span.end
    assert at <= len(sent_by(found))


def assert_tiled(found: list[Event], stream: str, length: int) -> None:
    """Leaves of one stream lie side by side, inside the span of their event."""
    leaves = []
    for event in found:
        span = getattr(event, "span", None)
        for leaf in getattr(event, "leaves", ()):
            if span.stream == stream:
                assert span.start <= leaf.start < leaf.end <= span.end, event
                leaves.append(leaf)
    at = 0
    for leaf in sorted(leaves, key=lambda leaf: leaf.start):
        assert leaf.start == at, f"{stream}: byte {min(at, leaf.start)} is in no leaf or in two: {leaf}"
        at = leaf.end
    assert at == length, f"{stream}: bytes from {at} to {length} are in no leaf"
