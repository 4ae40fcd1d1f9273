"""The first frame: the empty frames of the workbench, drawn before most of the program is imported.

A person who starts a program looks at the screen at once. What is imported here is what this frame
needs; everything else is imported while it is looked at.
"""

from collections import deque

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget

from workbench.ui.presentation.layout import (
    LEFT,
    NUMBERS,
    PANE_NAMES,
    RIGHT,
    Choice,
    Form,
    Pane,
    form_for,
    visible_panes,
)

MOST_TYPED = 1000
"""Keys that are kept for the workbench. Nobody types as many in half a second; a paste is one event."""


class Frame(Vertical):
    """Where a pane will be."""

    def __init__(self, pane: Pane) -> None:
        super().__init__(id=f"frame-{pane.value}")
        self.border_title = f"{NUMBERS[pane]} {PANE_NAMES[pane]}"


class Bar(Widget):
    """Where a line of words will be."""

    def __init__(self, words: str = "", *, id: str) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id)
        self._words = words

    def render(self) -> str:
        """Draw the words."""
        return self._words


class StartScreen(Screen[None]):
    """Shown until the workbench is loaded. What is typed meanwhile is kept for it."""

    DEFAULT_CSS = """
    StartScreen {
        layout: vertical;
        overflow: hidden;
        background: $background;
        Frame { border: round $foreground 40%; height: 1fr; width: 1fr; }
        Bar { height: 1; }
        #title { background: $panel; }
        #rail.-wide { height: 3; }
        #keys { background: $footer-background; color: $footer-foreground; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.typed: deque[events.Key | events.Paste] = deque(maxlen=MOST_TYPED)
        """What was typed so far, in order."""

    def compose(self) -> ComposeResult:
        """Lay the frames out as the workbench does."""
        yield Bar(" workbench", id="title")
        yield Bar(id="rail")
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield from map(Frame, LEFT)
            with Vertical(id="right"):
                yield from map(Frame, RIGHT)
        yield Bar(" >>> ", id="prompt")
        yield Bar(" opening the workbench   ^q Quit", id="keys")

    def on_resize(self, event: events.Resize) -> None:
        """Choose how many panes fit."""
        form = form_for(event.size.width, event.size.height)
        shown = visible_panes(form, Choice())
        for pane in Pane:
            self.query_one(f"#frame-{pane.value}").display = pane in shown
        self.query_one("#right").display = Pane.WIRE in shown
        self.query_one("#rail").set_class(form is Form.WIDE, "-wide")

    def on_key(self, event: events.Key) -> None:
        """Keep a key for the workbench."""
        event.stop()
        self.keep(event)

    def on_paste(self, event: events.Paste) -> None:
        """Keep a paste."""
        event.stop()
        self.keep(event)

    def keep(self, event: events.Key | events.Paste) -> None:
        """Note what was typed, as new: Textual hands no event round twice."""
        again = (
            events.Paste(event.text)
            if isinstance(event, events.Paste)
            else events.Key(event.key, event.character)
        )
        self.typed.append(again)
