"""Textual's text area, with one mend: it can be drawn once more after it was removed."""

from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea


class SteadyTextArea(TextArea):
    """A text area that draws blank lines when it is on no screen any more."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Make some lines of the screen."""
        # Textual may draw a widget once more after it was removed, and its styles with it.
        return super().render_lines(crop) if self.is_attached else [Strip.blank(crop.width)] * crop.height
