"""Textual's text area, with mends: for what is drawn too late, what is pasted by way of tmux, and odd characters."""

import re
from dataclasses import replace

from rich.text import Text
from textual import events
from textual.document._document import EditResult
from textual.document._edit import Edit
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea

from workbench.session.visible import PICTURES

_STAND_INS = 0x100000
"""What a character that cannot be seen stands as in a document, of a private range and with its own code behind
this. Textual would end a line at some of them, and with that change the text; others take no cell, or a terminal
obeys them."""

_MOST_WITH_STAND_IN = 0xFFFF

_ODD = re.compile(r"[^\t\n\r\x20-\x7e]")
_STAND_IN = re.compile(f"[{chr(_STAND_INS)}-{chr(_STAND_INS + _MOST_WITH_STAND_IN)}]")

_NO_PICTURE = "\ufffd"


class SteadyTextArea(TextArea):
    """A text area that keeps every character, draws only those that can be seen, and does so on a screen only."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Make some lines of the screen."""
        # Textual may draw a widget once more after it was removed, and its styles with it.
        return super().render_lines(crop) if self.is_attached else [Strip.blank(crop.width)] * crop.height

    def on_paste(self, event: events.Paste) -> None:
        """Before Textual's own area takes it."""
        event.text = with_single_line_ends(event.text)

    # --- characters that cannot be seen ---------------------------------------------------

    @property
    def text(self) -> str:
        """The text, as it was given and edited."""
        return _given_back(super().text)

    @text.setter
    def text(self, value: str) -> None:
        self.load_text(value)

    def get_text_range(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        """Give a part of the text."""
        return _given_back(super().get_text_range(start, end))

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(_ODD.sub(_stand_in, text), language)

    def edit(self, edit: Edit) -> EditResult:
        """Take in what was typed or pasted."""
        edit.text = _ODD.sub(_stand_in, edit.text)
        result = super().edit(edit)
        # What is cut out goes to the clipboard from here.
        return replace(result, replaced_text=_given_back(result.replaced_text))

    def get_line(self, line_index: int) -> Text:
        """Give one line as it is drawn: a cell for each character of the text that takes one."""
        return Text(_ODD.sub(_picture, self.document[line_index]), end="", no_wrap=True)


def _stand_in(match: re.Match[str]) -> str:
    character = match.group()
    if character.isprintable() or ord(character) > _MOST_WITH_STAND_IN:
        return character
    return chr(_STAND_INS + ord(character))


def _given_back(text: str) -> str:
    return text if text.isascii() else _STAND_IN.sub(_original, text)


def _original(match: re.Match[str]) -> str:
    character = chr(ord(match.group()) - _STAND_INS)
    return match.group() if character.isprintable() else character


def _picture(match: re.Match[str]) -> str:
    character = match.group()
    return character if character.isprintable() else PICTURES.get(ord(character) - _STAND_INS, _NO_PICTURE)


def with_single_line_ends(text: str) -> str:
    """Give pasted text with one line end where it had one.

    tmux pastes a CR for each LF, so each CRLF of a request comes as two line ends, and the second begins an
    empty line, which ends a header section. Where CRs stand alone, and all in pairs, that is what happened.
    """
    ends = re.findall(r"\r+", text)
    if "\n" in text or len(ends) < 2 or any(len(end) % 2 for end in ends):
        return text
    return text.replace("\r\r", "\r")
