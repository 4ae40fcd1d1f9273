"""Asks for a number."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input

from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.key_names import with_keys
from workbench.ui.presentation.piece import Piece, Role
from workbench.ui.screens.program import Dialog
from workbench.ui.widgets.text_lines import TextLines


class NumberScreen(Dialog[int | None]):
    """Shown over the workbench; gives the number, or None.

    Args:
        question: What is asked for.
        number: What stands there first.
        most: The greatest that is taken; the least is 1.
    """

    DEFAULT_CSS = """
    NumberScreen {
        align: center middle;
        & > Vertical { width: 60; max-width: 100%; height: auto; border: round $accent; background: $surface; }
        Input { background: $boost; margin: 0 1; }
        TextLines { height: 1; padding: 0 1; }
    }
    """

    help_topic = "number"
    BINDINGS: ClassVar[list[BindingType]] = local_bindings("dialog")

    def __init__(self, question: str, number: int, most: int) -> None:
        super().__init__()
        self._question = question
        self._number = number
        self._most = most

    def compose(self) -> ComposeResult:
        """One line to type in, and one that answers."""
        with Vertical() as box:
            box.border_title = self._question
            box.border_subtitle = with_keys("Enter takes it · {dialog-close} closes", key_names_of(self))
            text = Input(str(self._number), compact=True, select_on_focus=True)
            # A blinking cursor draws the screen again twice a second for nothing.
            text.cursor_blink = False
            yield text
            yield TextLines()

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        text = event.value.strip().replace("_", "").replace(" ", "")
        if text.isascii() and text.isdigit() and 1 <= int(text) <= self._most:
            self.dismiss(int(text))
            return
        words = f"✗ Expected a number from 1 to {self._most:,}"
        self.query_one(TextLines).lines = ((Piece(words, Role.ERROR),),)

    def action_close(self) -> None:
        """Give none."""
        self.dismiss(None)
