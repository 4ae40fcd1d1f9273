"""What is said in between: a hint, a problem, what is waited for, a terminal that is too small."""

from collections.abc import Sequence

from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.visual import VisualType
from textual.widget import Widget

from workbench.ui.commands import BY_ID
from workbench.ui.keys import keys_of
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.waiting import waiting_line
from workbench.ui.widgets.painter import content_of, content_of_lines


class Problem(Widget):
    """A panel above the call line. It stays until it is answered, or closed with Esc."""

    DEFAULT_CSS = """
    Problem {
        display: none;
        height: auto;
        max-height: 50%;
        border: round $error;
        padding: 0 1;
    }
    """

    lines: reactive[tuple[Line, ...]] = reactive((), layout=True)

    class Toggled(Message):
        """The panel was opened, or closed."""

    def say(self, words: str, hint: Line = ()) -> None:
        """Show a problem, or one on each line, and the way out."""
        problems = ((Piece("✗ ", Role.ERROR), Piece(line)) for line in words.split("\n"))
        self._show((*problems, *((hint,) if hint else ())))

    def add(self, lines: Sequence[Line]) -> None:
        """Show more below what is shown already, if anything is."""
        self._show((*(self.lines if self.display else ()), *lines))

    def _show(self, lines: tuple[Line, ...]) -> None:
        self.lines = lines
        self.border_subtitle = f"{keys_of(self, BY_ID['back'], only_first=True)} closes"
        self.display = True
        self.post_message(self.Toggled())

    def hide(self) -> None:
        """Close the panel."""
        if self.display:
            self.display = False
            self.post_message(self.Toggled())

    def render(self) -> VisualType:
        """Draw the words."""
        return content_of_lines(self.lines)


class Hint(Widget):
    """One line about a key that does nothing now. It goes with the next command, or pane."""

    DEFAULT_CSS = """
    Hint { display: none; height: 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    line: reactive[Line] = reactive(())

    def say(self, line: Line) -> None:
        """Show the line."""
        self.line = line
        self.display = True

    def hide(self) -> None:
        """Take the line away."""
        self.display = False

    def render(self) -> VisualType:
        """Draw the line."""
        return content_of((Piece(" "), *self.line))


class Waiting(Widget):
    """What is waited for, and the key that ends it."""

    DEFAULT_CSS = """
    Waiting { display: none; height: 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    words = reactive("")
    key = reactive("")
    does = reactive("")
    frame = reactive(0)

    def render(self) -> VisualType:
        """Draw one line."""
        return content_of(waiting_line(self.words, self.key, self.does, self.frame))


class TooSmall(Widget):
    """All that fits a very small terminal."""

    DEFAULT_CSS = """
    TooSmall { display: none; width: 1fr; height: 1fr; }
    """

    words = reactive("")

    def say(self, size: Size, width: int, height: int) -> None:
        """Say how large the terminal is and how large it must be."""
        key = keys_of(self, BY_ID["quit"], only_first=True)
        self.words = (
            f"Terminal {size.width}x{size.height}: too small for the workbench. "
            f"It needs {width}x{height}. {key} quits."
        )

    def render(self) -> VisualType:
        """Draw the words, wrapped."""
        return content_of((Piece(self.words),))
