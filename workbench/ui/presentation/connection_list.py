"""The list of connections, each with its exchanges: what the picker shows."""

from array import array
from bisect import bisect_right
from typing import NamedTuple

from workbench.session.connection_moment import ConnectionMoment
from workbench.ui.presentation.connection_words import condition, exchange_line, label, state_words, where
from workbench.ui.presentation.piece import Line, Piece, Role, cut, joined, width_of
from workbench.ui.presentation.quantity import counted
from workbench.ui.view import View

MOST_MEASURED = 100
"""Connections whose words are measured for the columns."""

BETWEEN = Piece(" · ", Role.DIM)


class Pick(NamedTuple):
    """What a row stands for."""

    connection: int | None
    """Its number; None for the row that follows whatever happens."""

    exchange: int | None = None


class ConnectionLines:
    """The rows: one that follows what happens, then each connection with its exchanges below it.

    Args:
        view: What the workbench shows.
    """

    columns = 0

    def __init__(self, view: View) -> None:
        self._view = view
        self.connections = view.moment.connections
        self._starts = array("Q")
        rows = 1
        for one in self.connections:
            self._starts.append(rows)
            rows += 1 + len(one.exchanges)
        self._rows = rows
        measured = self.connections[:MOST_MEASURED]
        self._labels = max((len(label(view.recording, one)) for one in measured), default=0)
        self._places = max((len(where(view.recording, one)) for one in measured), default=0)

    def __len__(self) -> int:
        return self._rows

    def pick_at(self, row: int) -> Pick:
        """Say what a row stands for."""
        connection, inner = self._at(row)
        if connection is None:
            return Pick(None)
        return Pick(connection.number, connection.exchanges[inner - 1].number if inner else None)

    def row_of(self, pick: Pick) -> int:
        """Find the row of a connection, or of an exchange of it; the first when it is not there."""
        for start, connection in zip(self._starts, self.connections, strict=True):
            if connection.number == pick.connection:
                numbers = [exchange.number for exchange in connection.record.exchanges]
                inner = 1 + numbers.index(pick.exchange) if pick.exchange in numbers else 0
                return start + inner
        return 0

    def connection_at(self, row: int) -> ConnectionMoment | None:
        """Give the connection of a row; for the first, the one that something happened on last."""
        return self._at(row)[0] or self._view.moment.connection

    def line(self, number: int, width: int) -> Line:
        """Make one row."""
        connection, inner = self._at(number)
        if connection is None:
            return cut(self._follow_line(), width)
        if inner:
            exchange = connection.exchanges[inner - 1]
            marked = self._shown(connection, exchange.number)
            return cut(
                (*_mark(marked), Piece(f"    {exchange.number} ", Role.DIM), *exchange_line(exchange)), width
            )
        return cut(self._connection_line(connection, width), width)

    def _at(self, row: int) -> tuple[ConnectionMoment | None, int]:
        """Give the connection of a row, and the place of the row below it: 0 for its own."""
        at = bisect_right(self._starts, row) - 1
        return (self.connections[at], row - self._starts[at]) if at >= 0 else (None, 0)

    def _shown(self, connection: ConnectionMoment, exchange: int | None = None) -> bool:
        shown, told = self._view.connection, self._view.exchange
        if shown is None or shown.number != connection.number:
            return False
        return exchange is None or (told is not None and told.number == exchange)

    def _follow_line(self) -> Line:
        return (
            *_mark(not self._view.chosen),
            Piece("follow ", Role.STRONG),
            Piece("the connection that something happens on, and what is pointed at", Role.DIM),
        )

    def _connection_line(self, connection: ConnectionMoment, width: int) -> Line:
        recording = self._view.recording
        name, place = label(recording, connection), where(recording, connection)
        line: Line = (
            *_mark(self._shown(connection)),
            Piece(f"{name:<{self._labels}}  ", Role.STRONG),
            Piece(place, Role.TARGET),
            Piece(" " * (2 + max(0, self._places - len(place)))),
        )
        facts: list[Line] = [(condition(connection),)]
        more = (state_words(connection), counted(len(connection.exchanges), "exchange"))
        facts.extend((Piece(words),) for words in more if words)
        # How many exchanges there are can be seen below; how the connection stands must not be cut off.
        if width_of((*line, *joined(facts, BETWEEN))) > width:
            facts.pop()
        return (*line, *joined(facts, BETWEEN))


def _mark(shown: bool) -> Line:
    return (Piece("▶ " if shown else "  ", Role.KEY),)
