"""Where what another program wrote about a request is pasted."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import TextArea

from workbench.imports import CannotImport, import_text
from workbench.session.visible import visible
from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.presentation.piece import Piece, Role
from workbench.ui.screens.program import Dialog
from workbench.ui.widgets.painter import content_of
from workbench.ui.widgets.steady_text_area import SteadyTextArea
from workbench.ui.widgets.text_lines import TextLines

if TYPE_CHECKING:
    from workbench.imports import Imported

WAYS = (("import-take", "imports"), ("import-close", "closes"))

FORMS_LINE = (
    "Paste a curl command, a request as it is on the wire, an archive (HAR), or what curl --trace wrote"
)

_FORM_WORDS = {"curl": "curl command", "raw": "request", "har": "archive", "trace": "trace"}


@dataclass(frozen=True)
class ImportResult:
    """What was pasted, and what it is."""

    text: str
    form: str = ""
    imported: "Imported | None" = None
    """None where the reader closed the screen."""


class ImportScreen(Dialog[ImportResult | None]):
    """Shown over the workbench; gives what was imported.

    Args:
        text: What stands there first.
    """

    DEFAULT_CSS = """
    ImportScreen {
        align: center middle;
        & > Vertical {
            width: 90%; max-width: 110; height: 80%; max-height: 24;
            border: round $accent; background: $surface;
        }
        TextArea { height: 1fr; background: $boost; margin: 0 1; &, &:focus { border: none; } }
        TextLines { height: 2; padding: 0 1; }
    }
    """

    help_topic = "import"
    BINDINGS: ClassVar[list[BindingType]] = local_bindings("import")

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """One area to paste into, and lines that answer."""
        with Vertical() as box:
            box.border_title = "Import"
            box.border_subtitle = content_of(ways_line(WAYS, key_names_of(self)))
            area = SteadyTextArea(self._text, soft_wrap=True, tab_behavior="focus")
            area.cursor_blink = False
            yield area
            yield TextLines()

    def on_mount(self) -> None:
        """Say what can be pasted."""
        self.query_one(TextLines).lines = ((Piece(FORMS_LINE, Role.DIM),),)
        area = self.query_one(TextArea)
        area.select_all()  # What is pasted takes the place of what was there before.
        area.focus()

    def action_take(self) -> None:
        """Import what is there, or say what is wrong with it, and where."""
        area = self.query_one(TextArea)
        form = form_of(area.text)
        try:
            imported = import_text(form, area.text.encode("utf-8", "replace"))
            _ = imported.script  # Says whether calls can make it, while the text can still be mended.
        except CannotImport as error:
            area.cursor_location = (error.line - 1, error.column - 1)
            place = f"line {error.line}, column {error.column}"
            self.query_one(TextLines).lines = (
                (Piece(f"✗ {place} of this {_FORM_WORDS[form]}: {visible(str(error))}", Role.ERROR),),
                (Piece(visible(error.hint), Role.DIM),),
            )
            return
        self.dismiss(ImportResult(area.text, form, imported))

    def action_close(self) -> None:
        """Go back; what was pasted is kept for the next time."""
        self.dismiss(ImportResult(self.query_one(TextArea).text))


def form_of(text: str) -> str:
    """Tell by its beginning in which form a text is."""
    begin = text.lstrip("\ufeff \t\r\n")
    if begin.startswith(("== Info:", "=> Send", "<= Recv")) or "== Info: " in begin[:80]:
        return "trace"
    if begin.startswith("{"):
        return "har"
    first = begin.partition("\n")[0]
    return "raw" if " HTTP/" in first and not begin.startswith("curl") else "curl"
