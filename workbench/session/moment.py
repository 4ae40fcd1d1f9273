"""A recording as of one moment. Every pane of the screen is drawn from one of these.

A moment is an index and a reference: making one costs nothing, and each question that it is
asked is a binary search. The present is a moment like any other.
"""

from typing import cast

from workbench.protocol.tap import ErrorFact
from workbench.session.call_stack import CallStack
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.connection_record import ConnectionRecord
from workbench.session.entries import Entry, EntryLog
from workbench.session.events import LineRaised, PeerReported
from workbench.session.exchange_moment import ExchangeMoment
from workbench.session.history import History
from workbench.session.run_record import LineOutcome, RunRecord


class Moment:
    """What was known after one entry of a recording."""

    def __init__(
        self,
        index: int,
        *,
        entries: EntryLog,
        connections: dict[int, ConnectionRecord],
        current: History[int],
        runs: History[RunRecord],
        calls: CallStack,
    ) -> None:
        self.index = index
        """The index of the last entry that counts; -1 for the moment before the first."""
        self._entries = entries
        self._connections = connections
        self._current = current
        self._run = runs.at(index)
        self._calls = calls

    @property
    def entry(self) -> Entry | None:
        """The entry of this moment."""
        return self._entries[self.index] if self.index >= 0 else None

    @property
    def own_entry(self) -> Entry | None:
        """The last entry that is no report of the server's, which may come at any time."""
        indexes = range(self.index, -1, -1)
        own = (one for one in indexes if self._entries.kind(one) is not PeerReported)
        index = next(own, None)
        return self._entries[index] if index is not None else None

    # --- the script ---------------------------------------------------------------------

    @property
    def run(self) -> int:
        """Which run of the script, from 1 on; 0 when no script ran."""
        return self._run.number if self._run else 0

    @property
    def script_source(self) -> str:
        """The text of the script, calls from the call line included."""
        return (self._run.sources.at(self.index) or "") if self._run else ""

    @property
    def line(self) -> int:
        """The line that is being executed; 0 between two lines."""
        return (self._run.line_changes.at(self.index) or 0) if self._run else 0

    @property
    def outcomes(self) -> dict[int, LineOutcome]:
        """What each line that was executed so far, in this run, came to."""
        if self._run is None:
            return {}
        # The writer may add a line meanwhile, so this walks over a copy of the keys.
        found = {line: self._run.outcomes[line].at(self.index) for line in list(self._run.outcomes)}
        return {line: outcome for line, outcome in found.items() if outcome is not None}

    @property
    def last_outcome(self) -> LineOutcome | None:
        """The outcome of the line that started or ended last."""
        return self._run.last_outcomes.at(self.index) if self._run else None

    @property
    def failure(self) -> ErrorFact | None:
        """The exception of the line that ended last; None once another line has started."""
        outcome = self.last_outcome
        if outcome is None or outcome.last_index is None or outcome.error is None:
            return None
        # The outcome has no more than an outline of what was read before the failure.
        return cast("LineRaised", self._entries.event(outcome.last_index)).error

    @property
    def printed(self) -> list[tuple[int, str]]:
        """What the script printed so far: line and text."""
        return self._run.printed.until(self.index) if self._run else []

    @property
    def ending(self) -> str | None:
        """`finished`, `failed` or `aborted`; None while the run goes on."""
        return self._run.endings.at(self.index) if self._run else None

    @property
    def open_calls(self) -> tuple[Entry, ...]:
        """The `CallStarted` entries of the calls that have not ended, the outermost first."""
        return tuple(self._entries[index] for index in self._calls.at(self.index))

    # --- the network --------------------------------------------------------------------

    @property
    def connections(self) -> list[ConnectionMoment]:
        """The connections of this run, in the order in which they appeared."""
        numbers = self._run.connections.until(self.index) if self._run else []
        return [ConnectionMoment(self._connections[number], self._entries, self.index) for number in numbers]

    def connection_numbered(self, number: int) -> ConnectionMoment | None:
        """Return a connection of any run by its number; None when it had not appeared."""
        record = self._connections.get(number)
        if record is None or record.first_index > self.index:
            return None
        return ConnectionMoment(record, self._entries, self.index)

    @property
    def connection(self) -> ConnectionMoment | None:
        """The connection of this run that something happened on last."""
        number = self._current.at(self.index)
        found = self.connection_numbered(number) if number else None
        return found if found and found.record.run == self.run else None

    @property
    def exchange(self) -> ExchangeMoment | None:
        """The last exchange of that connection. It never is one of another connection."""
        connection = self.connection
        return connection.exchange if connection else None

    @property
    def state(self) -> str:
        """The logical state of that connection; empty when there is none."""
        connection = self.connection
        return connection.state if connection else ""
