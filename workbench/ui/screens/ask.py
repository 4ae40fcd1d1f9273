"""A question with a few answers, each of which has a key."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.presentation.piece import Line, Piece, Role, wrapped
from workbench.ui.presentation.source import FixedLines
from workbench.ui.screens.program import Dialog
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of
from workbench.ui.widgets.text_lines import TextLines


class Answer(NamedTuple):
    """One answer."""

    key: str
    """A letter."""

    id: str
    words: str
    """What happens."""


class AskScreen(Dialog[str]):
    """Shown over the workbench. Gives the id of the answer, or nothing when it was closed.

    Args:
        question: What is asked.
        answers: The likeliest first.
    """

    DEFAULT_CSS = """
    AskScreen { align: center middle; }
    #ask {
        width: 100%;
        max-width: 84;
        height: auto;
        border: round $accent;
        background: $surface;
        TextLines { padding: 1 1; }
    }
    """

    help_topic = "ask"
    BINDINGS: ClassVar[list[BindingType]] = local_bindings("ask") + local_bindings("dialog")

    def __init__(self, question: str, answers: Sequence[Answer]) -> None:
        super().__init__()
        self._question = question
        self._answers = answers

    def compose(self) -> ComposeResult:
        """The question above the answers."""
        with Vertical(id="ask") as box:
            ways = (("ask-take", "takes it"), ("dialog-close", "changes nothing"))
            box.border_subtitle = content_of(ways_line(ways, key_names_of(self)))
            yield TextLines()
            yield LineView()

    def on_mount(self) -> None:
        """Write the answers."""
        lines = self.query_one(LineView)
        lines.source = FixedLines([self._line(answer) for answer in self._answers])
        lines.styles.height = len(self._answers)
        lines.focus()
        self.call_after_refresh(self._wrap)

    def on_resize(self) -> None:
        """Wrap the question for another width."""
        self.call_after_refresh(self._wrap)

    def _wrap(self) -> None:
        words = self.query_one(TextLines)
        width = max(20, words.content_size.width)
        words.lines = tuple((Piece(line),) for line in wrapped(self._question, width))

    @staticmethod
    def _line(answer: Answer) -> Line:
        return (Piece(f" {answer.key} ", Role.KEY), Piece(f" {answer.words}"))

    def on_key(self, event: events.Key) -> None:
        """Take the answer of a letter."""
        answer = next((one for one in self._answers if one.key == event.character), None)
        if answer is not None:
            event.stop()
            self.dismiss(answer.id)

    def action_take(self) -> None:
        """Take the answer under the cursor."""
        self.dismiss(self._answers[self.query_one(LineView).cursor].id)

    @on(LineView.Chosen)
    def _chosen(self, event: LineView.Chosen) -> None:
        event.stop()
        self.dismiss(self._answers[event.number].id)

    def action_close(self) -> None:
        """Change nothing."""
        self.dismiss("")
