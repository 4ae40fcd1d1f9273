"""The record of one run of the script: its text, its lines, its connections."""

from array import array
from typing import Any, Literal, NamedTuple

from workbench.protocol.tap import ErrorFact
from workbench.session.columns import Add, Take
from workbench.session.events import (
    LineRaised,
    LineReturned,
    LineStarted,
    Printed,
    ScriptExtended,
    ScriptFinished,
    SessionEvent,
)
from workbench.session.history import History


class LineOutcome(NamedTuple):
    """What a line of the script came to."""

    line: int
    kind: Literal["running", "returned", "raised", "aborted"]
    text: str
    """`repr()` of the value, or the message of the exception; empty for None and while running."""

    error: ErrorFact | None
    first_index: int
    """The index of its `LineStarted`."""

    last_index: int | None
    """The index of the entry that ended it; None while it runs."""


class RunRecord:
    """One run, from its `ScriptStarted` on.

    Attributes:
        number: From 1 on; 0 for what was recorded without a script.
        first_index: The index of its first entry.
        name: The name of the script.
        sources: The text of the script after each change.
        outcomes: For each line that was executed, what it came to.
        line_changes: The line being executed after each change; 0 between two lines.
        last_outcomes: The outcome of the line that started or ended last.
        endings: `finished`, `failed` or `aborted`, once the run ended.
        connections: The numbers of its connections, each at its first entry.
    """

    __slots__ = (
        "_ranges",
        "connections",
        "endings",
        "first_index",
        "last_outcomes",
        "line_changes",
        "name",
        "number",
        "outcomes",
        "printed",
        "sources",
    )

    def __init__(self, number: int, first_index: int, name: str, source: str) -> None:
        self.number = number
        self.first_index = first_index
        self.name = name
        self.sources: History[str] = History()
        self.sources.append(first_index, source)
        self.outcomes: dict[int, History[LineOutcome]] = {}
        self.line_changes: History[int] = History()
        self.last_outcomes: History[LineOutcome] = History()
        self.endings: History[str] = History()
        self.printed: History[tuple[int, str]] = History()
        self.connections: History[int] = History()
        self._ranges: dict[int, list[range]] = {}

    def add(self, index: int, event: SessionEvent) -> None:
        """Note an event of the script. Only `Recording.append` does this."""
        match event:
            case LineStarted(line=line):
                self._note_outcome(index, LineOutcome(line, "running", "", None, index, None))
            case LineReturned(line=line, result=result):
                first = self._started(line, index)
                self._note_outcome(index, LineOutcome(line, "returned", result, None, first, index))
            case LineRaised(line=line, error=error, aborted=aborted):
                first = self._started(line, index)
                kind: Literal["aborted", "raised"] = "aborted" if aborted else "raised"
                self._note_outcome(index, LineOutcome(line, kind, error.message, error, first, index))
            case Printed(line=line, text=text):
                self.printed.append(index, (line, text))
            case ScriptExtended(source=source):
                self.sources.append(index, source)
            case ScriptFinished(outcome=outcome):
                self.endings.append(index, outcome)

    def note_line(self, index: int, line: int) -> None:
        """Note that the entry at `index` was made by a line."""
        ranges = self._ranges.get(line)
        if ranges is None:
            self._ranges[line] = [range(index, index + 1)]
        elif ranges[-1].stop == index:
            ranges[-1] = range(ranges[-1].start, index + 1)
        else:
            ranges.append(range(index, index + 1))

    def entries_of_line(self, line: int) -> tuple[range, ...]:
        """Return the ranges of entry indexes that a line made."""
        return tuple(self._ranges.get(line, ()))

    def save_columns(self, add: Add) -> list[Any]:
        """Lay by what is not said by the events of the script: its connections, and the entries of its lines."""
        ranges = [(line, one.start, one.stop) for line, found in self._ranges.items() for one in found]
        columns = [add(array("Q", column)) for column in zip(*ranges, strict=True)] if ranges else []
        return [self.connections.save_columns(add), columns]

    def load_columns(self, saved: list[Any], take: Take) -> None:
        """Take in what was laid by."""
        connections, columns = saved
        self.connections = History.load_columns(connections, take)
        self._ranges = {}
        for line, start, stop in zip(*map(take, columns), strict=True):
            self._ranges.setdefault(line, []).append(range(start, stop))

    def _started(self, line: int, index: int) -> int:
        """Return the index of the `LineStarted` that a line's end belongs to."""
        history = self.outcomes.get(line)
        running = history.at(index) if history else None
        return running.first_index if running else index

    def _note_outcome(self, index: int, outcome: LineOutcome) -> None:
        if outcome.line not in self.outcomes:
            self.outcomes[outcome.line] = History()
        self.outcomes[outcome.line].append(index, outcome)
        self.last_outcomes.append(index, outcome)
        self.line_changes.append(index, outcome.line if outcome.kind == "running" else 0)
