"""Help: what has the focus explained, with every key; and the main keys on one screen."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from workbench.ui.commands import EVERYWHERE, GROUPS, Command, commands_of
from workbench.ui.keys import key_names_of, keys_of
from workbench.ui.local_commands import PLACES, local_bindings
from workbench.ui.presentation.cheat_sheet import cheat_lines
from workbench.ui.presentation.help_text import topic_lines, topic_of
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, wrapped
from workbench.ui.presentation.source import FixedLines
from workbench.ui.screens.program import Dialog, ProgramScreen
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of

KEYS_WIDTH = 13
"""Cells for the keys of a command; the longest usual ones are Tab and Shift+Tab."""


class _Reading(Dialog[None]):
    """Lines to read."""

    TITLE: ClassVar[str] = ""
    WAYS: ClassVar[tuple[tuple[str, str], ...]] = ()

    def compose(self) -> ComposeResult:
        """One list, which can be scrolled where it does not fit."""
        with Vertical(id="help") as box:
            box.border_title = self.TITLE
            box.border_subtitle = content_of(ways_line(self.WAYS, key_names_of(self)))
            yield LineView(id="help-lines")

    def on_mount(self) -> None:
        """Write the text."""
        self.query_one(LineView).show_cursor = False
        self.call_after_refresh(self._write)

    def on_resize(self) -> None:
        """Wrap the text for another width."""
        self.call_after_refresh(self._write)

    def _write(self) -> None:
        lines = self.query_one(LineView)
        lines.source = FixedLines(self._lines(lines.scrollable_content_region.width))

    def _lines(self, width: int) -> list[Line]:
        raise NotImplementedError


class HelpScreen(_Reading):
    """Shown over the screen that it explains.

    Args:
        topic: What has the focus there; one of `help_text.TOPICS`.
        in_dialog: Whether the keys of the workbench do nothing there.
    """

    BINDINGS: ClassVar[list[BindingType]] = local_bindings("help")
    TITLE = "Help"
    WAYS = (("help-close", "closes"), ("list-down", "scrolls"), ("cheat_sheet", "main keys on one screen"))

    def __init__(self, topic: str, *, in_dialog: bool) -> None:
        super().__init__()
        self._in_dialog = in_dialog
        self._topic = topic_of(topic)

    def _lines(self, width: int) -> list[Line]:
        lines = topic_lines(self._topic, width, key_names_of(self))
        here = [command for place in self._topic.places for command in PLACES[place]]
        if here:
            lines += self._keys("Here", here, width)
        if self._in_dialog:
            lines += self._keys("Everywhere", EVERYWHERE, width)
        else:
            for group in GROUPS:
                lines += self._keys(group, commands_of(group), width)
        return lines + self._keys("In every list", PLACES["list"], width)

    def _keys(self, title: str, commands: Iterable[Command], width: int) -> list[Line]:
        lines: list[Line] = [EMPTY, (Piece(f" {title}", Role.HEADING),)]
        for command in commands:
            keys = f"  {keys_of(self, command) or 'palette':<{KEYS_WIDTH}} "
            for number, words in enumerate(wrapped(command.help, max(20, width - len(keys) - 1))):
                lines.append((Piece(keys if number == 0 else " " * len(keys), Role.KEY), Piece(words)))
        return lines


class CheatSheet(_Reading):
    """The main keys, without scrolling on 80 columns and 24 lines."""

    BINDINGS: ClassVar[list[BindingType]] = local_bindings("cheat_sheet")
    TITLE = "Main keys"
    WAYS = (("cheat_sheet-close", "closes"), ("help", "explains what has the focus, and lists all keys"))

    def _lines(self, width: int) -> list[Line]:
        return cheat_lines(width, key_names_of(self))

    def action_help(self) -> None:
        """Explain what has the focus below, in the place of this."""
        below = self.app.screen_stack[-2]
        self.dismiss()
        if isinstance(below, ProgramScreen):
            below.call_later(below.action_help)
