"""The picker of connections: each with its state and its exchanges, and the rail of the one pointed at."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from workbench.protocol.wire.state import State
from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.connection_list import ConnectionLines, Pick
from workbench.ui.presentation.connection_words import tunnel_lines
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.presentation.piece import cut
from workbench.ui.presentation.state_rail import rail_lines
from workbench.ui.screens.program import Dialog
from workbench.ui.view import View
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of
from workbench.ui.widgets.text_lines import TextLines

ROOM_AROUND = 8
"""Lines of the screen that are not rows of the list: borders, the rail, and something of the workbench."""

WAYS = (
    ("connections-take", "or its digit shows it"),
    ("connections-follow", "follows what happens"),
    ("connections-close", "closes"),
)

RAIL_WIDTH = 124
"""Cells that the whole rail takes. In fewer it says in one line which state it is."""


class ConnectionsScreen(Dialog[Pick | None]):
    """Shown over the workbench; gives what was picked.

    Args:
        view: What the workbench shows.
    """

    help_topic = "connections"
    BINDINGS: ClassVar[list[BindingType]] = [
        *local_bindings("connections"),
        *(Binding(str(digit), f"take_connection({digit})", "Show", show=False) for digit in range(1, 10)),
    ]

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._lines = ConnectionLines(view)

    def compose(self) -> ComposeResult:
        """Put the list above the rail."""
        with Vertical(id="connections") as box:
            box.border_title = "Connections"
            box.border_subtitle = content_of(ways_line(WAYS, key_names_of(self)))
            yield LineView()
            yield TextLines()

    def on_mount(self) -> None:
        """Fill the list, and begin at what is shown."""
        lines = self.query_one(LineView)
        lines.source = self._lines
        lines.focus()
        self.call_after_refresh(self._begin)

    def on_resize(self) -> None:
        """Leave as much room for the list as there is."""
        lines = self.query_one(LineView)
        lines.styles.height = max(1, min(len(self._lines), self.size.height - ROOM_AROUND))
        self.call_after_refresh(self._draw_rail)

    def _begin(self) -> None:
        connection, exchange = self._view.connection, self._view.exchange
        if connection is not None:
            pick = Pick(connection.number, exchange.number if exchange else None)
            self.query_one(LineView).point(self._lines.row_of(pick))
        self._draw_rail()

    def _draw_rail(self) -> None:
        rail = self.query_one(TextLines)
        connection = self._lines.connection_at(self.query_one(LineView).cursor)
        width = rail.size.width
        if connection is None:
            rail.lines = ()
        elif connection.tunnel_for is not None:
            rail.lines = tuple(cut(line, width) for line in tunnel_lines(self._view.recording, connection))
        else:
            state, shut_down = State(connection.state), connection.shut_down_at is not None
            rail.lines = rail_lines(state, width, full=width >= RAIL_WIDTH, shut_down=shut_down)

    @on(LineView.Pointed)
    def _pointed(self, event: LineView.Pointed) -> None:
        event.stop()
        self._draw_rail()

    @on(LineView.Chosen)
    def _clicked(self, event: LineView.Chosen) -> None:
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Give what is under the cursor."""
        self.dismiss(self._lines.pick_at(self.query_one(LineView).cursor))

    def action_take_connection(self, ordinal: int) -> None:
        """Give the connection with a number."""
        if ordinal <= len(self._lines.connections):
            self.dismiss(Pick(self._lines.connections[ordinal - 1].number))

    def action_follow(self) -> None:
        """Give the row that follows what happens."""
        self.dismiss(Pick(None))
