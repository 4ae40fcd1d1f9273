"""The script: its lines with arrow, breakpoints and outcomes, and what the next step does."""

from textual.app import ComposeResult
from textual.widget import Widget

from workbench.ui.keys import key_names_of
from workbench.ui.presentation.editor_text import editor_lines
from workbench.ui.presentation.empty import empty_lines
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.piece import EMPTY
from workbench.ui.presentation.script_text import ScriptText, next_lines
from workbench.ui.presentation.source import FixedLines
from workbench.ui.view import View
from workbench.ui.widgets.assist_box import AssistBox
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.pane import PaneFrame
from workbench.ui.widgets.script_editor import ScriptEditor
from workbench.ui.widgets.text_lines import TextLines


class ScriptPane(PaneFrame):
    """Pane 1."""

    DEFAULT_CSS = """
    ScriptPane {
        LineView { height: 1fr; }
        TextLines {
            height: auto;
            max-height: 10;
            border-top: solid $foreground 30%;
            padding: 0 1;
        }
    }
    """

    def __init__(self) -> None:
        super().__init__(Pane.SCRIPT)
        self._arrow = 0

    def compose(self) -> ComposeResult:
        """Put the lines above the preview."""
        yield LineView(id="script-lines")
        yield TextLines(id="next")

    @property
    def line(self) -> int:
        """The line under the cursor, from 1 on; 0 without a script."""
        lines = self.query_one(LineView)
        return lines.cursor + 1 if len(lines.source) and self.view.source else 0

    @property
    def editor(self) -> ScriptEditor | None:
        """The editor, while it is open."""
        return next(iter(self.query(ScriptEditor)), None)

    def list_in_front(self) -> Widget:
        """Give what takes the keys: the lines, or the editor in their place."""
        return self.editor or self.query_one(LineView)

    async def edit(self, text: str, line: int, box: AssistBox) -> ScriptEditor:
        """Put an editor in the place of the lines.

        Args:
            text: What is edited.
            line: Where the cursor begins, from 1 on.
            box: Where offers are shown.
        """
        view = self.view
        editor = ScriptEditor(text, line, sorted(view.breakpoints | view.disabled_breakpoints), box)
        self.query_one(LineView).display = False
        await self.mount(editor, before=self.query_one(TextLines))
        return editor

    async def stop_editing(self) -> None:
        """Show the lines again."""
        if self.editor is not None:
            await self.editor.remove()
            self.query_one(LineView).display = True
            self._show(self.view)

    def tell_of_errors(self, file_name: str) -> None:
        """Say below the editor what is wrong with the text, or what can be done with it."""
        editor = self.editor
        if editor is not None:
            words = editor_lines(editor.errors, editor.error_here, file_name, key_names_of(self))
            self.query_one(TextLines).lines = words

    def watch_view(self, view: View) -> None:
        """Show another moment; below the editor, that goes on unseen."""
        if self.editor is None:
            self._show(view)

    def _show(self, view: View) -> None:
        lines = self.query_one(LineView)
        if not view.source:
            lines.source = FixedLines(empty_lines(Pane.SCRIPT, view, key_names_of(self)))
            self.query_one(TextLines).lines = (EMPTY,)
            return
        lines.source = ScriptText(
            view.source,
            arrow=view.arrow,
            breakpoints=view.breakpoints,
            disabled=view.disabled_breakpoints,
            outcomes=view.moment.outcomes,
            error=view.script_error,
        )
        self.query_one(TextLines).lines = next_lines(view, key_names_of(self))
        self._follow_arrow(view)

    def _follow_arrow(self, view: View) -> None:
        outcome = view.moment.last_outcome
        executed = outcome.line if outcome else 0
        at = view.script_error.line if view.script_error else view.arrow or view.status.line or executed
        if at and at != self._arrow:
            self.query_one(LineView).point(at - 1)
        self._arrow = at

    def is_margin(self, column: int | None) -> bool:
        """Whether a click was left of the code, where breakpoints stand; None is no click."""
        text = self.query_one(LineView).source
        return column is not None and isinstance(text, ScriptText) and column < text.margin

    def show_line(self, line: int) -> None:
        """Put the cursor on a line of the script."""
        self.query_one(LineView).point(line - 1)
