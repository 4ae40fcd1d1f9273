"""One place of a recording, as each pane knows it: script line, event, bytes, node of the tree.

Whatever the reader points at in one pane becomes a `Place`, and the other panes go there.
"""

from dataclasses import dataclass

from workbench.protocol import tap
from workbench.protocol.wire.span import Span
from workbench.session.events import SessionEvent
from workbench.session.exchange_moment import ExchangeMoment
from workbench.session.moment import Moment
from workbench.session.recording import Recording
from workbench.session.verdict import deciding_entry


@dataclass(frozen=True)
class Place:
    """A place."""

    entry: int
    """The index of the entry that the event list goes to."""

    line: int = 0
    """The line of the script that it happened in; 0 for none."""

    connection: int = 0
    """The number of the connection whose bytes these are; 0 for none."""

    span: Span | None = None
    """Its bytes. None for what has none, such as a change of state."""

    element: int | None = None
    """The index of the entry of the element that its first byte belongs to; None without bytes, and
    for bytes that are not parsed yet."""

    exchange: int | None = None
    """The exchange whose tree has a node for it, on that connection; None when no tree has."""


def place_of_entry(recording: Recording, moment: Moment, index: int, shown: int = 0) -> Place | None:
    """Find what belongs to an entry; None for an entry that had not come at the moment.

    Args:
        recording: What was recorded.
        moment: The moment that is shown.
        index: Of the entry.
        shown: The connection that the panes tell of, which is preferred where a line has bytes on several.
    """
    if not 0 <= index <= moment.index:
        return None
    entry = recording.entries[index]
    # Only some events know their line: LineStarted and its like. The log knows it of all.
    line = entry.line or getattr(entry.event, "line", 0)
    decided_by = deciding_entry(moment, index, entry.event)
    spans = recording.spans_of(index if decided_by is None else decided_by)
    own = getattr(entry.event, "connection", 0)
    # What happened on a connection is shown there. A line may have done something on several.
    spans = tuple(one for one in spans if own in (0, one[0]))
    for number, span in sorted(spans, key=lambda placed: placed[0] != shown):
        connection = moment.connection_numbered(number)
        if connection is None or span.start >= connection.length(span.stream):
            continue
        element = connection.element_at(span.stream, span.start)
        exchange = getattr(element.event, "exchange", None) if element else None
        return Place(index, line, number, span, element.index if element else None, exchange)
    event = entry.event
    return Place(index, line, getattr(event, "connection", 0), exchange=getattr(event, "exchange", None))


def place_of_line(recording: Recording, moment: Moment, line: int, shown: int = 0) -> Place | None:
    """Find what a line of the script did first; None for one that did not run before the moment."""
    for entries in recording.entries_of_line(line, moment.run):
        return place_of_entry(recording, moment, entries.start, shown)
    return None


def node_entry(place: Place, recording: Recording, tree: ExchangeMoment | None) -> int | None:
    """Choose the entry whose node a tree shows for a place; None when it tells nothing of it.

    Args:
        place: The place.
        recording: What was recorded.
        tree: The exchange that the tree is of.
    """
    if tree is None or place.connection != tree.connection or place.exchange != tree.number:
        return None
    # Most kinds of events have nodes. Calls, lines and transfers have not: the first part that came
    # with them tells of them.
    carries = isinstance(recording.entries.event(place.entry), _CARRIERS)
    return place.element if carries and place.element is not None else place.entry


_CARRIERS = (
    SessionEvent,
    tap.CallStarted,
    tap.CallReturned,
    tap.CallRaised,
    tap.BytesSent,
    tap.BytesReceived,
)
