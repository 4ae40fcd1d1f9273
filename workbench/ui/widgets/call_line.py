"""The call line: type any call at any moment."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Label

from workbench.ui.messages import CallRequested

PLACEHOLDER = 'i types any call here, such as conn.putheader("X-Id", "7")'
PLACEHOLDER_TYPING = 'Enter runs it, Esc leaves: conn.putheader("X-Id", "7")'


class CallLine(Horizontal):
    """A prompt with one line to type in."""

    DEFAULT_CSS = """
    CallLine {
        height: 1;
        Label { width: 5; color: $text-accent; text-style: bold; padding: 0 0 0 1; }
        Input { width: 1fr; background: transparent; &:focus { background: $boost; } }
    }
    """

    def compose(self) -> ComposeResult:
        """The prompt, and the input."""
        yield Label(">>> ", markup=False)
        call = Input(placeholder=PLACEHOLDER, compact=True, select_on_focus=False, id="call")
        # A blinking cursor draws the screen again twice a second for nothing.
        call.cursor_blink = False
        yield call

    def on_descendant_focus(self) -> None:
        """Say how the call is run."""
        self.query_one(Input).placeholder = PLACEHOLDER_TYPING

    def on_descendant_blur(self) -> None:
        """Say how to get here."""
        self.query_one(Input).placeholder = PLACEHOLDER

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Ask for the call."""
        event.stop()
        if event.value.strip():
            self.post_message(CallRequested(event.value))

    def start(self) -> None:
        """Take the focus."""
        self.query_one(Input).focus(scroll_visible=False)

    def accepted(self) -> None:
        """Empty the line: the call is part of the script now."""
        self.query_one(Input).clear()
