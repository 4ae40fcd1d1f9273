"""Where to save the script."""

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input

from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.screens.program import Dialog
from workbench.ui.widgets.text_lines import TextLines


class PathScreen(Dialog[Path | None]):
    """Asks for a file, and asks twice before one is written over.

    Args:
        proposed: What stands in the line at first.
    """

    DEFAULT_CSS = """
    PathScreen { align: center middle; }
    #path {
        width: 100%;
        max-width: 84;
        height: auto;
        border: round $accent;
        background: $surface;
        padding: 1 1;
        Input { background: $boost; }
        TextLines { padding: 1 0 0 0; }
    }
    """

    help_topic = "path"
    BINDINGS: ClassVar[list[BindingType]] = local_bindings("dialog")

    def __init__(self, proposed: str) -> None:
        super().__init__()
        self._proposed = proposed
        self._warned: Path | None = None

    def compose(self) -> ComposeResult:
        """The line above what there is to say about it."""
        with Vertical(id="path") as box:
            box.border_title = "Save the script as"
            box.border_subtitle = f"Enter saves · {key_names_of(self)('dialog-close')} changes nothing"
            entry = Input(self._proposed, compact=True, select_on_focus=False)
            entry.cursor_blink = False
            yield entry
            yield TextLines()

    def on_mount(self) -> None:
        """Say where a name leads."""
        self._say((Piece(f"in {Path.cwd()}, unless the name says otherwise", Role.DIM),))

    @on(Input.Changed)
    def _changed(self) -> None:
        self._warned = None

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        name = event.value.strip()
        try:
            path = Path(name).expanduser().absolute()
            trouble = self._trouble(name, path)
        except (OSError, RuntimeError, ValueError) as error:
            path, trouble = Path(), f"Expected the name of a file: {error}"
        if trouble:
            self._say((Piece(f"✗ {trouble}", Role.ERROR),))
        elif path.exists() and self._warned != path:
            self._warned = path
            self._say((Piece("This file is there already. Enter once more writes over it", Role.WARNING),))
        else:
            self.dismiss(path)

    @staticmethod
    def _trouble(name: str, path: Path) -> str:
        if not name or path.is_dir():
            return "Expected the name of a file, such as explore.py"
        if not path.parent.is_dir():
            return f"There is no directory {path.parent}"
        return ""

    def _say(self, line: Line) -> None:
        self.query_one(TextLines).lines = (line,)

    def action_close(self) -> None:
        """Change nothing."""
        self.dismiss(None)
