"""The editor: the script as text that can be changed, with its colours and its errors."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from rich.text import Text
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.timer import Timer
from textual.widgets import TextArea

from workbench.session.assist.offers import assist
from workbench.session.assist.scope import scope_of_text
from workbench.session.moved_lines import moved_lines
from workbench.session.script import find_errors
from workbench.session.script_error import ScriptError
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.python_text import python_lines
from workbench.ui.theme import ROLE_STYLES
from workbench.ui.widgets.assist_box import NONE_CHOSEN, NOTHING_KNOWN, AssistBox
from workbench.ui.widgets.painter import style_of
from workbench.ui.widgets.steady_text_area import SteadyTextArea

SECONDS_UNTIL_CHECK = 0.25
"""After the last key: an error that is marked while a word is half typed is no help."""

MOST_COLOURED = 60_000
"""Characters. The colours of a longer script would be made anew at every key for longer than a frame."""


class ScriptEditor(SteadyTextArea):
    """The lines of a script. Its errors are looked for when nothing was typed for a moment."""

    help_topic = "editor"

    COMPONENT_CLASSES: ClassVar[set[str]] = {"script-editor--error"}

    DEFAULT_CSS = """
    ScriptEditor {
        height: 1fr;
        border: none;
        padding: 0;
        background: $surface;
        &:focus { border: none; }
        & > .script-editor--error { text-style: underline; background: $error 40%; }
    }
    """

    class Checked(Message):
        """The text was read again. `errors` has what is wrong with it."""

    class Edited(Message):
        """Something was typed."""

    def __init__(self, text: str, line: int, breakpoints: Sequence[int], box: AssistBox) -> None:
        super().__init__(
            text,
            soft_wrap=False,
            show_line_numbers=True,
            tab_behavior="focus",
            # Textual draws it over the colours of the line.
            highlight_cursor_line=False,
            id="script-editor",
        )
        # A blinking cursor draws the screen again twice a second for nothing.
        self.cursor_blink = False
        self._box = box
        self._assisting = False
        self.errors: tuple[ScriptError, ...] = find_errors(text)
        self.original = text
        self._first_breakpoints = tuple(breakpoints)
        self._breakpoints = frozenset(breakpoints)
        self._check_timer: Timer | None = None
        self.move_cursor((max(0, line - 1), 0))

    # --- values out ----------------------------------------------------------------------

    @property
    def changed(self) -> bool:
        """Whether the text is another one than at the beginning."""
        return self.text != self.original

    @property
    def error_here(self) -> ScriptError | None:
        """The error on the line of the cursor, or else the first."""
        line = self.cursor_location[0] + 1
        return next((error for error in self.errors if error.line == line), next(iter(self.errors), None))

    def check(self) -> tuple[ScriptError, ...]:
        """Look for errors now."""
        if self._check_timer is not None:
            self._check_timer.stop()
            self._check_timer = None
        self.errors = find_errors(self.text)
        moved = moved_lines(self.original, self.text)
        self._breakpoints = frozenset(moved[line] for line in self._first_breakpoints if line in moved)
        self._draw_again()
        self.post_message(self.Checked())
        return self.errors

    def load_edited(self, text: str) -> None:
        """Put another text in, as if somebody had typed it: it can be undone."""
        self.replace(text, (0, 0), self.document.end)
        self.check()

    def to_error(self, error: ScriptError) -> None:
        """Put the cursor where an error is."""
        self.move_cursor((error.line - 1, error.column - 1), center=False)

    # --- typing --------------------------------------------------------------------------

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Check soon."""
        event.stop()
        if self._check_timer is not None:
            self._check_timer.stop()
        self._check_timer = self.set_timer(SECONDS_UNTIL_CHECK, self.check)
        self.post_message(self.Edited())

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Tell of another error, perhaps: the one on this line."""
        event.stop()
        self.post_message(self.Checked())
        self._look()

    # --- offers --------------------------------------------------------------------------

    def complete(self) -> bool:
        """Take an offer, or show what can stand at the cursor. False where there is nothing."""
        if self.take():
            return True
        self._assisting = True
        self._look(asked=True)
        if len(self._box.assistance.offers) == 1:
            self.take()
            return True
        return self._box.display

    def take(self, number: int | None = None) -> bool:
        """Put an offer in the place of the word before the cursor. False when there is none.

        Args:
            number: Which; None for the one that is chosen, or the first.
        """
        if number is not None:
            self._box.chosen = number
        offer = self._box.offer if self._assisting else None
        if offer is None:
            return False
        row, column = self.cursor_location
        self.replace(offer.text, (row, column - self._box.assistance.replaces), (row, column))
        return True

    def close_offers(self) -> bool:
        """Explain the call no longer. False where none is explained."""
        was_open = self._assisting
        self._assisting = False
        if was_open:
            self._box.say(NOTHING_KNOWN, open_offers=False)
        return was_open

    def _look(self, *, asked: bool = False) -> None:
        """Look at the place of the cursor again; from the first Tab on, until nothing is known there."""
        if not self._assisting:
            return
        before = self.get_text_range((0, 0), self.cursor_location)
        scope = scope_of_text(before.rpartition("\n")[0])
        assistance = assist(self.text, len(before), scope)
        if assistance.signature is None and not (asked or assistance.eager):
            self.close_offers()
        else:
            self._box.say(assistance, open_offers=asked or assistance.eager)

    def on_blur(self) -> None:
        """Leave the box to others."""
        self.close_offers()

    def on_key(self, event: events.Key) -> None:
        """Take the offer that an arrow key chose."""
        if event.key == "enter" and self._box.chosen != NONE_CHOSEN and self.take():
            event.stop()
            event.prevent_default()

    def action_cursor_up(self, select: bool = False) -> None:
        """Go up in the text, or in the offers once one is chosen."""
        if self._assisting and self._box.open and self._box.chosen != NONE_CHOSEN:
            self._box.choose(-1)
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Go down in the text, or in the offers."""
        if self._assisting and self._box.open:
            self._box.choose(1)
        else:
            super().action_cursor_down(select)

    # --- drawing -------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """Resolve all styles again."""
        super().notify_style_update()
        self._draw_again()

    def _draw_again(self) -> None:
        self._line_cache.clear()
        self.refresh()

    def get_line(self, line_index: int) -> Text:
        """Give one line with its colours and its errors. Textual draws cursor and selection on it."""
        text = super().get_line(line_index)
        source = self.text
        if len(source) <= MOST_COLOURED:
            self._colour(text, python_lines(source)[line_index])
        mark = self.get_component_rich_style("script-editor--error", partial=True)
        for error in self.errors:
            if error.line == line_index + 1:
                start = min(error.column - 1, max(0, len(text) - 1))
                text.stylize(mark, start, max(start + 1, error.end_column - 1))
        return text

    def _colour(self, text: Text, line: Line) -> None:
        if sum(len(piece.text) for piece in line) != len(text):
            return  # a character that was written out: the places are not those of the text
        at = 0
        for piece in line:
            if ROLE_STYLES[piece.role]:
                text.stylize(self._style_of(piece), at, at + len(piece.text))
            at += len(piece.text)

    def _style_of(self, piece: Piece) -> RichStyle:
        return (self.visual_style + Style.parse(style_of(piece))).rich_style

    def render_line(self, y: int) -> Strip:
        """Make one line of the screen, with the mark of a breakpoint behind its number."""
        strip = super().render_line(y)
        if self.scroll_offset.y + y + 1 not in self._breakpoints:
            return strip
        width = self.gutter_width
        mark = Strip([Segment("●", self._style_of(Piece("", Role.ERROR)))])
        return Strip.join([strip.crop(0, width - 1), mark, strip.crop(width)])

    def on_click(self, event: events.Click) -> None:
        """Keep clicks to the editor: the panes are linked with what runs, and this text does not yet."""
        event.stop()
