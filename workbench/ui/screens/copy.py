"""The chooser for a copy: which bytes, in which form."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.copy_choices import CopyChoice, CopyLines
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.screens.program import Dialog
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of

WAYS = (("copy-take", "or its digit copies"), ("copy-close", "closes"))


class CopyScreen(Dialog[CopyChoice | None]):
    """Shown over the workbench; gives what was chosen.

    Args:
        lines: The choices.
    """

    DEFAULT_CSS = """
    CopyScreen {
        align: center middle;
        & > Vertical {
            width: 90%;
            max-width: 110;
            height: auto;
            border: round $accent;
            background: $surface;
        }
        LineView { height: auto; max-height: 9; }
    }
    """

    help_topic = "copy"
    BINDINGS: ClassVar[list[BindingType]] = [
        *local_bindings("copy"),
        *(Binding(str(digit), f"take({digit})", "Copy", show=False) for digit in range(1, 10)),
    ]

    def __init__(self, lines: CopyLines) -> None:
        super().__init__()
        self._lines = lines

    def compose(self) -> ComposeResult:
        """One list."""
        with Vertical() as box:
            box.border_title = "Copy as"
            box.border_subtitle = content_of(ways_line(WAYS, key_names_of(self)))
            yield LineView()

    def on_mount(self) -> None:
        """Fill the list."""
        lines = self.query_one(LineView)
        lines.styles.height = len(self._lines)
        lines.source = self._lines
        lines.focus()

    @on(LineView.Chosen)
    def _clicked(self, event: LineView.Chosen) -> None:
        event.stop()
        self.action_take(event.number + 1)

    def action_take(self, digit: int = 0) -> None:
        """Give the choice with a digit, or the one under the cursor."""
        number = digit - 1 if digit else self.query_one(LineView).cursor
        if number < len(self._lines):
            self.dismiss(self._lines.choices[number])
