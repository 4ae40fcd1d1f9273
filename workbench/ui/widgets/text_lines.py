"""Some lines of text, without a cursor: the bars at the edges."""

from collections.abc import Sequence

from textual.reactive import reactive
from textual.visual import VisualType
from textual.widget import Widget

from workbench.ui.presentation.piece import Line
from workbench.ui.widgets.painter import content_of_lines


class TextLines(Widget):
    """Draws lines that are given to it."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    TextLines { height: auto; width: 1fr; }
    """

    lines: reactive[Sequence[Line]] = reactive((), layout=True)
    """What it says, line by line. A line that does not fit is wrapped unless the style forbids it."""

    def render(self) -> VisualType:
        """Draw the lines."""
        return content_of_lines(self.lines)
