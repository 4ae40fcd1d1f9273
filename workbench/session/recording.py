"""The recording: everything that happened in a session, in order.

It only grows. Every view is drawn from a recording alone, at a `Moment` of it, so that a live
session, a finished one and one read from a file look the same, and one can go back and forth.

One thread may append while another reads, without a lock: whatever is added to is published by
its last step (a list that grows at its end, a dictionary entry), and what a reader looks up is
bounded by the index of its moment. Two writers at once are the business of `Recorder`.

An append costs a few appends to lists; nothing is ever copied, moved or replayed. Still it takes longer than what it
tells of, so events may wait for it until somebody reads (`Recording.follow`), in memory or in the file (`take_in`).
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any, cast

from workbench.protocol import tap
from workbench.protocol.wire.span import Span, StreamName
from workbench.session.call_stack import CallStack
from workbench.session.columns import Add, Take
from workbench.session.connection_record import ConnectionRecord
from workbench.session.entries import Entry, EntryLog
from workbench.session.events import (
    LineRaised,
    LineReturned,
    PeerReported,
    RecordedEvent,
    ScriptStarted,
    SessionEvent,
)
from workbench.session.exchange_list import OpenExchanges
from workbench.session.exchange_record import ExchangeRecord
from workbench.session.history import History
from workbench.session.leaves import PlacedLeaf
from workbench.session.moment import Moment
from workbench.session.run_record import RunRecord


def _nothing_waits() -> None:
    """Stands for `catch_up` where everything is appended at once."""


PlacedSpan = tuple[int, Span]
"""The number of a connection, and a range of bytes in one of its streams."""


class Recording:
    """An append-only log of events, and the indexes that answer questions about it.

    Args:
        entries: Where the events live; None for in memory.
    """

    def __init__(self, entries: EntryLog | None = None) -> None:
        self._entries = EntryLog() if entries is None else entries
        self._run_records: list[RunRecord] = []
        self._connections: dict[int, ConnectionRecord] = {}
        self._current: History[int] = History()
        self._current_number = 0
        self._runs: History[RunRecord] = History()
        self._calls = CallStack()
        self._open_exchanges = OpenExchanges()
        self._script_entries = array("Q")
        """The entries that tell of the script, from which its runs can be told again."""
        self._catch_up: Callable[[], None] = _nothing_waits

    # --- writing ------------------------------------------------------------------------

    def follow(self, catch_up: Callable[[], None]) -> None:
        """Have something called before anything is read: it appends what has happened meanwhile."""
        self._catch_up = catch_up

    @property
    def log(self) -> EntryLog:
        """Where the events live, those that wait left out."""
        return self._entries

    def append(self, event: RecordedEvent, line: int = 0) -> int:
        """Add an event at the end.

        Args:
            event: The event. It belongs to the recording from now on. Its connection is a number
                of this recording (`Recorder` sees to that).
            line: The line of the script that is being executed; 0 for none.

        Returns:
            The index of its entry.
        """
        return self._take(self._entries.store(event, line), line)

    def take_in(self) -> None:
        """Add the events that were put into the file of the log, and not looked at yet."""
        for event, line in self._entries.unread():
            self._take(event, line)

    def _take(self, event: RecordedEvent, line: int) -> int:
        log = self._entries
        index = len(log)
        if isinstance(event, tap.Event):
            self._add_tap_event(index, event)
        else:
            self._add_session_event(index, event)
        if line:
            self._run(index).note_line(index, line)
        # The entry goes last: a moment cannot be asked for before everything about it is there.
        log.append(event, line)
        return index

    def _add_session_event(self, index: int, event: SessionEvent) -> None:
        if not isinstance(event, PeerReported):
            self._script_entries.append(index)
            self._tell_run(index, event)
        if isinstance(event, (LineReturned, LineRaised, ScriptStarted)):
            # Calls of a line that was abandoned never end.
            self._calls.clear(index)

    def _tell_run(self, index: int, event: SessionEvent) -> None:
        if isinstance(event, ScriptStarted):
            self._begin_run(RunRecord(event.run, index, event.name, event.source))
        else:
            self._run(index).add(index, event)

    def _add_tap_event(self, index: int, event: tap.Event) -> None:
        number = event.connection
        record = self._connections.get(number)
        if record is None:
            run = self._run(index)
            ordinal = len(run.connections) + 1
            record = ConnectionRecord(number, run.number, index, ordinal, self._entries, self._open_exchanges)
            self._connections[number] = record
            run.connections.append(index, number)
        record.add(index, event)
        if number != self._current_number:
            self._current_number = number
            self._current.append(index, number)
        kind = type(event)
        if kind is tap.CallStarted:
            self._calls.start(index)
        elif kind is tap.CallReturned or kind is tap.CallRaised:
            self._calls.end(index)

    def _begin_run(self, run: RunRecord) -> None:
        self._run_records.append(run)
        self._runs.append(run.first_index, run)

    def _run(self, index: int) -> RunRecord:
        if not self._run_records:
            self._begin_run(RunRecord(0, index, "", ""))
        return self._run_records[-1]

    # --- reading ------------------------------------------------------------------------

    @property
    def entries(self) -> EntryLog:
        """All entries, in order."""
        self._catch_up()
        return self._entries

    @property
    def runs(self) -> list[RunRecord]:
        """The runs of the script, in order."""
        self._catch_up()
        return self._run_records

    def at(self, index: int | None = None) -> Moment:
        """Return the recording as it was after an entry.

        Args:
            index: The index of the entry; None for the present, -1 for before the first.
        """
        last = len(self.entries) - 1
        return Moment(
            last if index is None else max(-1, min(index, last)),
            entries=self._entries,
            connections=self._connections,
            current=self._current,
            runs=self._runs,
            calls=self._calls,
        )

    @property
    def connections(self) -> tuple[ConnectionRecord, ...]:
        """The connections of all runs, in the order in which they appeared."""
        self._catch_up()
        return tuple(self._connections.values())

    def connection(self, number: int) -> ConnectionRecord:
        """Return a connection by its number.

        Raises:
            KeyError: No event of such a connection is recorded.
        """
        self._catch_up()
        return self._connections[number]

    def script_entries(self, start: int, end: int) -> Sequence[int]:
        """Return those of the entries from `start` on and before `end` that tell of the script: few of many."""
        self._catch_up()
        indexes = self._script_entries
        return indexes[bisect_left(indexes, start) : bisect_left(indexes, end)]

    def run_at(self, index: int) -> RunRecord | None:
        """Return the run that an entry belongs to; None when there is no such entry."""
        self._catch_up()
        return self._runs.at(index)

    @property
    def exchanges(self) -> list[ExchangeRecord]:
        """The exchanges of all connections, in the order in which they began."""
        found = [exchange for connection in self.connections for exchange in connection.exchanges]
        return sorted(found, key=lambda exchange: exchange.first_index)

    # --- laying the indexes by ----------------------------------------------------------

    def save_columns(self, add: Add) -> dict[str, Any]:
        """Lay by everything that is known of the entries."""
        self._catch_up()
        return {
            "script": add(self._script_entries),
            "runs": [run.save_columns(add) for run in self._run_records],
            "connections": [record.save_columns(add) for record in self.connections],
            "current": self._current.save_columns(add),
            "calls": self._calls.save_columns(add),
        }

    def load_columns(self, saved: dict[str, Any], take: Take) -> None:
        """Take in what was laid by, to be read. The entries are there already."""
        self._script_entries = take(saved["script"])
        for index in self._script_entries:
            self._tell_run(index, cast("SessionEvent", self._entries.outline(index)))
        if not self._run_records:
            self._run(0)
        for run, columns in zip(self._run_records, saved["runs"], strict=True):
            run.load_columns(columns, take)
        for one in saved["connections"]:
            record = ConnectionRecord.load_columns(one, take, self._entries, self._open_exchanges)
            self._connections[record.number] = record
        self._current = History.load_columns(saved["current"], take)
        self._calls = CallStack.load_columns(saved["calls"], take)

    # --- links: line, event, bytes ------------------------------------------------------

    def element_at(
        self, connection: int, stream: StreamName, offset: int, index: int | None = None
    ) -> Entry | None:
        """Return the entry of the element that a byte belongs to, as of a moment."""
        found = self.at(index).connection_numbered(connection)
        return found.element_at(stream, offset) if found else None

    def leaf_at(
        self, connection: int, stream: StreamName, offset: int, index: int | None = None
    ) -> PlacedLeaf | None:
        """Return the leaf that a byte belongs to, as of a moment."""
        found = self.at(index).connection_numbered(connection)
        return found.leaf_at(stream, offset) if found else None

    def entries_of_line(self, line: int, run: int | None = None) -> tuple[range, ...]:
        """Return the ranges of entry indexes that a line made.

        Args:
            line: The first line of a statement, from 1 on.
            run: The number of the run; None for the last one.
        """
        records = [record for record in self.runs if run is None or record.number == run]
        return records[-1].entries_of_line(line) if records else ()

    def spans_of(self, index: int) -> tuple[PlacedSpan, ...]:
        """Return the bytes that an entry is about.

        For an event with a span that is its span. For a call it is everything that was queued and
        parsed inside the call; for the start or the end of a line, inside the line.
        """
        event = self.entries.event(index)
        span = getattr(event, "span", None)
        if span is not None:
            return ((cast("tap.Event", event).connection, span),)
        if isinstance(event, (tap.CallStarted, tap.CallReturned, tap.CallRaised)):
            return self.spans_between(*self._call_around(index))
        line = getattr(event, "line", None)
        return self.spans_of_line(line, self._runs.at(index)) if line else ()

    def spans_of_line(self, line: int, run: RunRecord | None = None) -> tuple[PlacedSpan, ...]:
        """Return the bytes that a line queued or parsed, in a run; None means the last one."""
        ranges = self.entries_of_line(line, run.number if run else None)
        return self.spans_between(ranges[0].start, ranges[-1].stop - 1) if ranges else ()

    def spans_between(self, first: int, last: int) -> tuple[PlacedSpan, ...]:
        """Return the bytes that the entries from `first` to `last` queued or parsed."""
        spans: list[PlacedSpan] = []
        for record in self.connections:
            if record.first_index > last or record.last_index < first:
                continue
            for stream in ("sent", "received"):
                covered = record.elements(stream).covered_by(first, last)
                if covered:
                    spans.append((record.number, Span(stream, *covered)))
        return tuple(spans)

    def _call_around(self, index: int) -> tuple[int, int]:
        """Return the indexes of the start and the end of the call that an entry starts or ends."""
        if isinstance(self._entries.event(index), tap.CallStarted):
            end = self._calls.end_of(index)
            return index, len(self._entries) - 1 if end is None else end
        stack = self._calls.at(index - 1)
        return (stack[-1] if stack else index), index
