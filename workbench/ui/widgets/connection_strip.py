"""The strip of connections, which is there when there are several."""

from textual import events

from workbench.ui.commands import BY_ID
from workbench.ui.keys import keys_of
from workbench.ui.messages import ConnectionRequested
from workbench.ui.presentation.connection_strip import StripPart, strip_parts
from workbench.ui.presentation.piece import Line, width_of
from workbench.ui.widgets.view_bar import ViewBar


class ConnectionStrip(ViewBar):
    """A tab for each connection. A click on one chooses it."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    ConnectionStrip { height: 1; display: none; text-wrap: nowrap; }
    """

    def watch_view(self) -> None:
        """Take no room where there is only one connection."""
        self.display = len(self.view.moment.connections) > 1
        super().watch_view()

    def lines(self) -> tuple[Line, ...]:
        """Make one line."""
        return (tuple(part.piece for part in self._parts()),)

    def on_click(self, event: events.Click) -> None:
        """Ask for the connection whose tab was clicked on, or for the list beside the tabs."""
        end = 0
        for part in self._parts():
            end += width_of((part.piece,))
            if event.x < end:
                self.post_message(ConnectionRequested(part.connection))
                return

    def _parts(self) -> list[StripPart]:
        key, back = (keys_of(self.screen, BY_ID[one], only_first=True) for one in ("connections", "back"))
        return strip_parts(self.view, key, back, self.size.width)
