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

    lines: reactive[Sequence[Line]] = reactive(())
    """What it says, line by line. A line that does not fit is wrapped unless the style forbids it."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id, classes=classes)
        self._rows = 0

    def watch_lines(self) -> None:
        """Ask for another layout only where the height changes: it draws the whole screen again."""
        width = self.content_size.width
        rows = content_of_lines(self.lines).get_height({}, width) if width else 0
        if not rows or rows != self._rows:
            self.refresh(layout=True)
        self._rows = rows

    def render(self) -> VisualType:
        """Draw the lines."""
        return content_of_lines(self.lines)
