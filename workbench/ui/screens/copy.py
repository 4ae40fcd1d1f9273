"""The chooser for a copy: which bytes, in which form."""

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.copy_choices import CallChoice, CopyChoice, CopyLines
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.presentation.piece import Piece, Role
from workbench.ui.screens.program import Dialog
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of
from workbench.ui.widgets.text_lines import TextLines

WAYS = (("copy-take", "or its key copies"), ("copy-close", "closes"))
WAYS_OF_CALLS = (WAYS[0], ("copy-secrets", "redacts secrets or not"), WAYS[1])


class CopyScreen(Dialog[CopyChoice | CallChoice | None]):
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
        LineView { height: auto; max-height: 13; }
        TextLines { height: 1; padding: 0 1; }
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
        self._secrets = False

    def compose(self) -> ComposeResult:
        """One list."""
        with Vertical() as box:
            box.border_title = "Copy as"
            ways = WAYS_OF_CALLS if self._lines.calls else WAYS
            box.border_subtitle = content_of(ways_line(ways, key_names_of(self)))
            yield LineView()
            if self._lines.calls:
                yield TextLines()

    def on_mount(self) -> None:
        """Fill the list."""
        lines = self.query_one(LineView)
        lines.styles.height = len(self._lines)
        lines.source = self._lines
        lines.focus()
        self._say_secrets()

    def _say_secrets(self) -> None:
        if not self._lines.calls:
            return
        if self._secrets:
            words = Piece("Secrets of the exchange are left in: who gets it can act for you", Role.WARNING)
        else:
            words = Piece("Secrets of the exchange are redacted; bytes stay as they are", Role.GOOD)
        self.query_one(TextLines).lines = ((words,),)

    @on(LineView.Chosen)
    def _clicked(self, event: LineView.Chosen) -> None:
        event.stop()
        self.action_take(event.number + 1)

    def action_take(self, digit: int = 0) -> None:
        """Give the choice with a digit, or the one under the cursor."""
        number = digit - 1 if digit else self.query_one(LineView).cursor
        if number < len(self._lines):
            self._give(self._lines.choice(number))

    def action_call(self, form: str) -> None:
        """Give what makes the request again, in a form."""
        for choice in self._lines.calls:
            if choice.form == form:
                self._give(choice)

    def action_secrets(self) -> None:
        """Leave the secrets in, or redact them."""
        self._secrets = not self._secrets
        self._say_secrets()

    def _give(self, choice: CopyChoice | CallChoice) -> None:
        self.dismiss(replace(choice, secrets=self._secrets) if isinstance(choice, CallChoice) else choice)
