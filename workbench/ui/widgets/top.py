"""The two bars on top: what is loaded, and the state of the connection."""

from textual.geometry import Size

from workbench.protocol.wire.state import State
from workbench.ui.commands import BY_ID
from workbench.ui.keys import keys_of
from workbench.ui.presentation.connection_words import tunnel_lines
from workbench.ui.presentation.heading import title_line
from workbench.ui.presentation.layout import WIDE_WIDTH, Form, form_for
from workbench.ui.presentation.past import past_line
from workbench.ui.presentation.piece import EMPTY, Line
from workbench.ui.presentation.state_rail import rail_lines
from workbench.ui.view import NOTHING
from workbench.ui.widgets.view_bar import ViewBar


class TitleBar(ViewBar):
    """What is loaded, where it goes, and is the connection kept."""

    DEFAULT_CSS = """
    TitleBar { height: 1; background: $panel; &.-past { background: $accent 30%; } }
    """

    def lines(self) -> tuple[Line, ...]:
        """Make one line."""
        if self.view is NOTHING:
            return ()
        view, past = self.view, EMPTY
        if view.past is not None:
            past = past_line(view.past, keys_of(self.screen, BY_ID["present"], only_first=True))
        return (title_line(view, self.size.width, past),)

    def watch_view(self) -> None:
        """Have the whole bar look different in the past."""
        self.set_class(self.view.past is not None, "-past")
        super().watch_view()


class StateRail(ViewBar):
    """The states, the calls that lead on, and what the others would raise."""

    DEFAULT_CSS = """
    StateRail { height: auto; padding: 0; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """Three lines where there is room, else one."""
        return 3 if form_for(viewport.width, viewport.height) is Form.WIDE else 1

    def lines(self) -> tuple[Line, ...]:
        """Make the rail."""
        view, connection = self.view, self.view.connection
        state = State(connection.state if connection else State.IDLE)
        full = self.size.height > 1 and self.size.width >= WIDE_WIDTH
        if connection is not None and connection.tunnel_for is not None:
            return tunnel_lines(view.recording, connection)[: 3 if full else 1]
        shut_down = connection is not None and connection.shut_down_at is not None
        return rail_lines(state, self.size.width, full, shut_down=shut_down)
