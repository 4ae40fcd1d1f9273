"""The list of events: a line for each entry of a recording, up to a moment."""

from collections.abc import Sequence

from workbench.session.entries import Entry, EntryLog
from workbench.ui.presentation.events import event_line
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.source import Settled

COLUMNS = 240
"""Room to scroll sideways in. Values in events are cut long before."""


class EventList:
    """The entries from the first of a run to its last.

    Args:
        log: All entries of the recording.
        first_index: Of the first entry that is shown.
        last_index: Of the last one.
        start_ns: The time that times are counted from.
        connections: The numbers of the connections of the run, where there are several; each event then
            says which one it is about.
        shown: The number of the connection that the panes tell of.
        now: The moment of the past that is shown elsewhere: what came later is dim. None in the
            present.
    """

    def __init__(
        self,
        log: EntryLog,
        first_index: int,
        last_index: int,
        *,
        start_ns: int,
        connections: Sequence[int] = (),
        shown: int = 0,
        now: int | None = None,
    ) -> None:
        self._log = log
        self._start_ns = start_ns
        self._connections = connections
        self._shown = shown
        self._now = now
        self._first = first_index
        self._count = max(0, last_index + 1 - first_index)
        self.settled = Settled(
            (EventList, id(log), first_index, start_ns, tuple(connections), shown, now), self._count
        )
        """All lines, until another run, another connection or another moment is told of."""

    def __len__(self) -> int:
        return self._count

    @property
    def columns(self) -> int:
        """At most how many cells a line takes."""
        return COLUMNS

    def line(self, number: int, width: int) -> Line:  # noqa: ARG002 - the widget cuts
        """Make one line."""
        entry = self._log[self._first + number]
        line = event_line(entry.event, start_ns=self._start_ns, script_line=entry.line or None)
        if self._connections:
            line = (*line[:2], self._connection_piece(entry), *line[2:])
        if self._now is None:
            return line
        if entry.index > self._now:
            return (Piece(" "), *(piece._replace(role=Role.DIM) for piece in line))
        return (Piece("▶" if entry.index == self._now else " ", Role.KEY), *line)

    def _connection_piece(self, entry: Entry) -> Piece:
        """Say which connection an event is about. Their numbers follow each other, so that this is a sum."""
        number: int = getattr(entry.event, "connection", 0)
        width = len(str(len(self._connections)))
        if not number:
            return Piece(" " * (width + 2))
        ordinal = number - self._connections[0] + 1
        return Piece(f"#{ordinal:<{width}} ", Role.KEY if number == self._shown else Role.DIM)

    def entry_of_row(self, number: int) -> int:
        """Give the index of the entry of a line."""
        return self._first + number

    def row_of_entry(self, index: int) -> int:
        """Give the number of the line of an entry."""
        return max(0, min(index - self._first, self._count - 1))
