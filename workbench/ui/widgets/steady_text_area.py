"""Textual's text area, with two mends: for what is drawn too late, and for what is pasted by way of tmux."""

import re

from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea


class SteadyTextArea(TextArea):
    """A text area that draws blank lines when it is on no screen any more, and keeps the lines of what is pasted."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Make some lines of the screen."""
        # Textual may draw a widget once more after it was removed, and its styles with it.
        return super().render_lines(crop) if self.is_attached else [Strip.blank(crop.width)] * crop.height

    def on_paste(self, event: events.Paste) -> None:
        """Before Textual's own area takes it."""
        event.text = with_single_line_ends(event.text)


def with_single_line_ends(text: str) -> str:
    """Give pasted text with one line end where it had one.

    tmux pastes a CR for each LF, so each CRLF of a request comes as two line ends, and the second begins an
    empty line, which ends a header section. Where CRs stand alone, and all in pairs, that is what happened.
    """
    ends = re.findall(r"\r+", text)
    if "\n" in text or len(ends) < 2 or any(len(end) % 2 for end in ends):
        return text
    return text.replace("\r\r", "\r")
