"""The calls that can be made now, to choose one whose form is to be filled in."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input

from workbench.session.assist.calls import CallGroup
from workbench.session.assist.fields import Form
from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.call_form import CallLines
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.screens.program import Dialog
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of

_WAYS = (("calls-take", "opens its form"), ("calls-down", "goes down"), ("dialog-close", "closes"))


class CallsScreen(Dialog[Form]):
    """Shown over the workbench.

    Args:
        groups: The calls.
    """

    DEFAULT_CSS = """
    CallsScreen { align: center middle; }
    #calls {
        width: 100%;
        max-width: 110;
        height: 95%;
        max-height: 40;
        border: round $accent;
        background: $surface;
        Input { background: $boost; margin: 0 1; }
        LineView { height: 1fr; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = local_bindings("calls") + local_bindings("dialog")

    def __init__(self, groups: Sequence[CallGroup]) -> None:
        super().__init__()
        self._groups = groups

    def compose(self) -> ComposeResult:
        """The words to look for above the calls."""
        with Vertical(id="calls") as box:
            box.border_title = "Which call?"
            box.border_subtitle = content_of(ways_line(_WAYS, key_names_of(self)))
            wanted = Input(placeholder="words to look for, such as header", compact=True)
            wanted.cursor_blink = False
            yield wanted
            lines = LineView()
            lines.can_focus = False
            yield lines

    def on_mount(self) -> None:
        """List all of them."""
        self._list("")

    @property
    def _lines(self) -> CallLines:
        source = self.query_one(LineView).source
        assert isinstance(source, CallLines)
        return source

    @on(Input.Changed)
    def _wanted(self, event: Input.Changed) -> None:
        self._list(event.value)

    def _list(self, wanted: str) -> None:
        lines = self.query_one(LineView)
        lines.source = CallLines(self._groups, wanted)
        lines.point(self._lines.next_form(-1, 1))

    def action_move(self, by: int) -> None:
        """Go to the next call, or to the one before."""
        lines = self.query_one(LineView)
        lines.point(self._lines.next_form(lines.cursor, by))

    def action_take(self) -> None:
        """Open the form of the call under the cursor."""
        form = self._lines.form_at(self.query_one(LineView).cursor)
        if form is not None:
            self.dismiss(form)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_take()

    @on(LineView.Chosen)
    def _chosen(self, event: LineView.Chosen) -> None:
        event.stop()
        self.action_take()

    def action_close(self) -> None:
        """Choose none."""
        self.dismiss(None)
