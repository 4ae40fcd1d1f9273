"""The call line: type any call at any moment."""

from collections import deque
from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label

from workbench.session.assist.offers import Assistance
from workbench.session.assist.scope import statement_texts
from workbench.session.call_history import CallHistory
from workbench.session.script_file import plain_text
from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.messages import CallRequested
from workbench.ui.presentation.key_names import KeyNames, key_pieces, with_keys
from workbench.ui.presentation.piece import Line
from workbench.ui.widgets.assist_box import NONE_CHOSEN, NOTHING_KNOWN, AssistBox
from workbench.ui.widgets.steady_text_area import with_single_line_ends

PLACEHOLDER = '{call_line} types any call here, such as conn.putheader("X-Id", "7")'
PLACEHOLDER_TYPING = '{call-run} runs it, {next_pane} completes, {back} leaves: conn.putheader("X-Id", "7")'

MOST_PASTED = 1000
"""Lines that may wait behind the one in the call line."""

Ask = Callable[[str, int], Assistance]
"""Says what can stand at a place of a text."""


class CallInput(Input):
    """One line, with offers, and with what was typed before."""

    BINDINGS: ClassVar[list[BindingType]] = local_bindings("call")

    class Edited(Message):
        """Another text stands here: it was typed, pasted or brought back."""

    class Pasted(Message):
        """Several lines were pasted."""

        def __init__(self, lines: list[str]) -> None:
            super().__init__()
            self.lines = lines

    def __init__(self, box: AssistBox, ask: Ask, history: CallHistory) -> None:
        super().__init__(compact=True, select_on_focus=False, id="call")
        # A blinking cursor draws the screen again twice a second for nothing.
        self.cursor_blink = False
        self._box = box
        self._ask = ask
        self._history = history
        self._typed = ""
        self._recalled: int | None = None
        self._dismissed = False

    def watch_value(self) -> None:
        """Tell of every change, also of those that `Input.Changed` does not tell of here."""
        self.post_message(self.Edited())

    # --- offers --------------------------------------------------------------------------

    def watch_selection(self) -> None:
        """Look at the place of the cursor again: it has moved, or something was typed."""
        self.look()

    def look(self, *, asked: bool = False) -> None:
        """Show what is known of the place of the cursor.

        Args:
            asked: Somebody wants to see the offers, wherever the cursor is.
        """
        if not self.has_focus:
            return
        assistance = self._ask(self.value, self.cursor_position)
        recalled = self._recalled is not None
        eager = assistance.eager and self.cursor_at_end and not self._dismissed and not recalled
        self._box.say(assistance, open_offers=asked or eager)

    def take(self, number: int | None = None) -> bool:
        """Put an offer in the place of the word before the cursor. False when there is none.

        Args:
            number: Which; None for the one that is chosen, or the first.
        """
        if number is not None:
            self._box.chosen = number
        offer = self._box.offer
        if offer is None:
            return False
        at = self.cursor_position
        self.replace(offer.text, at - self._box.assistance.replaces, at)
        return True

    def complete(self) -> bool:
        """Take an offer; show them first where they wait to be asked for. False where there is none."""
        if self.take():
            return True
        self.look(asked=bool(self.value))
        if self._box.open and len(self._box.assistance.offers) == 1:
            self.take()
            return True
        return self._box.open

    def close_offers(self) -> bool:
        """Close the list until something else is typed. False where there is none."""
        was_open = self._box.open
        self._dismissed = True
        self._box.close_offers()
        return was_open

    def action_enter(self) -> None:
        """Take the offer that an arrow key chose; else run the line."""
        if self._box.open and self._box.chosen != NONE_CHOSEN:
            self.take()
        else:
            self._box.close_offers()
            self.post_message(self.Submitted(self, self.value))

    # --- what was typed before -----------------------------------------------------------

    def action_up(self) -> None:
        """Go up in the list, or back to a call that began with what is typed."""
        if self._box.open and self._box.chosen != NONE_CHOSEN:
            self._box.choose(-1)
            return
        before = len(self._history) if self._recalled is None else self._recalled
        if self._recalled is None:
            self._typed = self.value
        self._recall(self._history.earlier(before, self._typed))

    def action_down(self) -> None:
        """Go down in the list, or to a later call; after the last comes what was typed."""
        if self._box.open:
            self._box.choose(1)
        elif self._recalled is not None:
            found = self._history.later(self._recalled, self._typed)
            if found is not None:
                self._recall(found)
            else:
                self._recalled = None
                self._set(self._typed)

    def _recall(self, number: int | None) -> None:
        if number is not None:
            self._recalled = number
            self._box.close_offers()
            self._set(self._history[number])

    def _set(self, text: str) -> None:
        with self.prevent(Input.Changed):
            self.value = text
        self.cursor_position = len(text)

    @on(Input.Changed)
    def _edited(self) -> None:
        self._recalled = None
        self._dismissed = False
        self.look()

    def on_paste(self, event: events.Paste) -> None:
        """Take all lines of a paste, of which an input keeps the first alone."""
        # A terminal pastes a CR for each line end.
        pasted = plain_text(with_single_line_ends(event.text))
        if "\n" not in pasted.rstrip("\n"):
            return  # Part of a call, perhaps, and its spaces count.
        calls = [" ".join(part.strip() for part in text.split("\n")) for text in statement_texts(pasted)]
        calls = [call.strip() for call in calls if call.strip()][:MOST_PASTED]
        event.text = calls[0] if calls else ""
        if len(calls) > 1:
            self.post_message(self.Pasted(calls[1:]))


class CallLine(Horizontal):
    """A prompt with one line to type in.

    Args:
        box: Where offers are shown.
        ask: Says what can stand at a place.
        history: What was typed before. Each call is added to it when it is asked for.
    """

    help_topic = "call"

    DEFAULT_CSS = """
    CallLine {
        height: 1;
        Label { width: 5; color: $text-accent; text-style: bold; padding: 0 0 0 1; }
        Input { width: 1fr; background: transparent; &:focus { background: $boost; } }
    }
    """

    def __init__(self, box: AssistBox, ask: Ask, history: CallHistory) -> None:
        super().__init__()
        self._box = box
        self._ask = ask
        self._history = history
        self._pasted: deque[str] = deque()

    def compose(self) -> ComposeResult:
        """The prompt, and the input."""
        yield Label(">>> ", markup=False)
        yield CallInput(self._box, self._ask, self._history)

    @property
    def text(self) -> str:
        """What is typed."""
        return self._input.value

    @property
    def _input(self) -> CallInput:
        return self.query_one(CallInput)

    def on_mount(self) -> None:
        """Say how to get here."""
        self.on_descendant_blur()

    def on_descendant_focus(self) -> None:
        """Say how the call is run, and what can be typed."""
        self._input.placeholder = with_keys(PLACEHOLDER_TYPING, key_names_of(self))
        self._input.look()

    def on_descendant_blur(self) -> None:
        """Say how to get here."""
        self._input.placeholder = with_keys(PLACEHOLDER, key_names_of(self))
        self._box.say(NOTHING_KNOWN, open_offers=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Ask for the call."""
        event.stop()
        if event.value.strip():
            self.post_message(CallRequested(event.value))

    @on(CallInput.Pasted)
    def _lines_pasted(self, message: CallInput.Pasted) -> None:
        message.stop()
        self._pasted = deque(message.lines)
        self._note_pasted()

    def _note_pasted(self) -> None:
        self._box.notes = _pasted_lines(len(self._pasted), key_names_of(self))

    def take(self, number: int) -> None:
        """Take an offer that was clicked."""
        self._input.take(number)

    def start(self) -> None:
        """Take the focus."""
        self._input.focus(scroll_visible=False)

    def accepted(self) -> None:
        """Empty the line for the next call: this one is part of the script now."""
        self._input.value = self._pasted.popleft() if self._pasted else ""
        self._input.cursor_position = len(self._input.value)
        self._note_pasted()


def _pasted_lines(count: int, keys: KeyNames) -> tuple[Line, ...]:
    if not count:
        return ()
    lines = "1 more line was" if count == 1 else f"{count} more lines were"
    return (key_pieces(f"{{call-run}} runs this one; {lines} pasted: each comes here in its turn", keys),)
