"""The bar of a server that is held."""

from textual.reactive import reactive
from textual.visual import VisualType
from textual.widget import Widget

from workbench.ui.keys import key_names_of
from workbench.ui.presentation.server_bar import server_line
from workbench.ui.view import NOTHING, View
from workbench.ui.widgets.painter import content_of


class ServerBar(Widget):
    """One line, which is there as long as a server of the lab waits for keys."""

    DEFAULT_CSS = """
    ServerBar { display: none; height: 1; background: $warning 20%; text-wrap: nowrap; }
    """

    view: reactive[View] = reactive(NOTHING)

    count = reactive(1)
    """How many bytes a key sends."""

    def watch_view(self, view: View) -> None:
        """Come and go."""
        self.display = view.server is not None

    def render(self) -> VisualType:
        """Draw the line."""
        held = self.view.server
        if held is None:
            return content_of(())
        return content_of(server_line(held, self.count, self.size.width, key_names_of(self)))
