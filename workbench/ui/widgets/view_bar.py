"""A bar that says something about the view."""

from textual.reactive import var
from textual.visual import VisualType
from textual.widget import Widget

from workbench.ui.presentation.piece import Line
from workbench.ui.view import NOTHING, View
from workbench.ui.widgets.painter import content_of_lines


class ViewBar(Widget):
    """Lines made of the view, which are drawn again when they are others."""

    view: var[View] = var(NOTHING)
    """What is told of."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Line, ...] = ()

    def lines(self) -> tuple[Line, ...]:
        """Make the lines."""
        raise NotImplementedError

    def watch_view(self) -> None:
        """Draw the lines again where they are others, and where anybody sees them."""
        if self.display and self.lines() != self._shown:
            self.refresh()

    def render(self) -> VisualType:
        """Draw the lines."""
        self._shown = self.lines()
        return content_of_lines(self._shown)
