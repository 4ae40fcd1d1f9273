"""Help: the pane in focus explained, and every key, on one screen."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen

from workbench.ui.commands import GROUPS, commands_of
from workbench.ui.keys import keys_of
from workbench.ui.presentation.help_text import pane_help
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role
from workbench.ui.presentation.source import FixedLines
from workbench.ui.widgets.line_view import LineView


class HelpScreen(ModalScreen[None]):
    """Shown over the workbench.

    Args:
        pane: The one to explain.
        owner: The screen whose keys are listed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q", "dismiss", "Close", show=False),
    ]

    def __init__(self, pane: Pane, owner: Screen[None]) -> None:
        super().__init__()
        self._pane = pane
        self._owner = owner

    def compose(self) -> ComposeResult:
        """One list, which can be scrolled where it does not fit."""
        with Vertical(id="help") as box:
            box.border_title = "Help"
            box.border_subtitle = "Esc closes · arrow keys scroll"
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
        width = lines.scrollable_content_region.width
        lines.source = FixedLines([*pane_help(self._pane, width), EMPTY, *self._keys()])

    def _keys(self) -> list[Line]:
        lines: list[Line] = []
        for group in GROUPS:
            if lines:
                lines.append(EMPTY)
            lines.append((Piece(f" {group}", Role.HEADING),))
            for command in commands_of(group):
                keys = keys_of(self._owner, command) or "palette"
                lines.append((Piece(f"  {keys:<12}", Role.KEY), Piece(command.help)))
        return lines
