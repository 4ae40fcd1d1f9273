"""The bar of a server that is held."""

from textual.reactive import reactive

from workbench.ui.keys import key_names_of
from workbench.ui.presentation.piece import Line
from workbench.ui.presentation.server_bar import server_line
from workbench.ui.widgets.view_bar import ViewBar


class ServerBar(ViewBar):
    """One line, which is there as long as a server of the lab waits for keys."""

    DEFAULT_CSS = """
    ServerBar { display: none; height: 1; background: $warning 20%; text-wrap: nowrap; }
    """

    count = reactive(1)
    """How many bytes a key sends."""

    def watch_view(self) -> None:
        """Come and go."""
        self.display = self.view.server is not None
        super().watch_view()

    def lines(self) -> tuple[Line, ...]:
        """Make the line."""
        held = self.view.server
        if held is None:
            return ()
        return (server_line(held, self.count, self.size.width, key_names_of(self)),)
