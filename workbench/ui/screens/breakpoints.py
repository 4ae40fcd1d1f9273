"""The breakpoints: a list to switch them on and off, and a line to type another."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from workbench.session.breakpoint import Breakpoint
from workbench.session.breakpoint_text import BreakpointError, suggest_breakpoints
from workbench.session.breakpoints import PlacedBreakpoint
from workbench.session.status import CommandRefused
from workbench.ui.bench import Bench
from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.breakpoint_list import (
    breakpoint_line,
    field_names_met,
    no_breakpoints,
    suggestion_lines,
    wrong_lines,
)
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.source import FixedLines
from workbench.ui.screens.program import Dialog
from workbench.ui.view import View
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of
from workbench.ui.widgets.text_lines import TextLines

HELP_LINES = 3
"""Room for suggestions, or for what is wrong with a text."""

WAYS_OF_LIST = (
    ("breakpoints-switch", "on/off"),
    ("breakpoints-delete", "deletes"),
    ("breakpoints-edit", "edits"),
    ("breakpoints-type", "adds"),
    ("dialog-close", "closes"),
)
WAYS_OF_LINE = (
    ("breakpoint_line-complete", "completes"),
    ("breakpoint_line-leave", "goes to the list"),
    ("dialog-close", "closes"),
)

MARK_COLUMNS = 3
"""A click on these switches a breakpoint; one beside them only points at it."""


class BreakpointLines(LineView):
    """The list."""

    BINDINGS: ClassVar[list[BindingType]] = local_bindings("breakpoints")

    class Switched(Message):
        """The one under the cursor is to be switched on or off."""

    class Deleted(Message):
        """The one under the cursor is to be deleted."""

    class Edited(Message):
        """The one under the cursor is to be changed."""

    class Typed(Message):
        """The reader wants to type another."""

    def action_switch(self) -> None:
        """Ask for the breakpoint to be switched."""
        self.post_message(self.Switched())

    def action_delete(self) -> None:
        """Ask for the breakpoint to be deleted."""
        self.post_message(self.Deleted())

    def action_edit(self) -> None:
        """Ask for the breakpoint to be changed."""
        self.post_message(self.Edited())

    def action_type(self) -> None:
        """Ask for the line to type in."""
        self.post_message(self.Typed())

    def on_click(self, event: events.Click) -> None:
        """Switch a breakpoint whose mark is clicked."""
        if event.get_content_offset_capture(self).x < MARK_COLUMNS:
            self.action_switch()


class BreakpointInput(Input):
    """A line that completes what is typed."""

    BINDINGS: ClassVar[list[BindingType]] = local_bindings("breakpoint_line")

    class Left(Message):
        """The reader wants to go to the list."""

    def action_complete(self) -> None:
        """Take the completion over, or leave when there is none."""
        if self.cursor_at_end and self._suggestion and self._suggestion != self.value:
            self.value = self._suggestion
            self.cursor_position = len(self.value)
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Ask for the list."""
        self.post_message(self.Left())


class _Completion(Suggester):
    """Completes a text by the first breakpoint that begins with it."""

    def __init__(self, header_names: list[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._header_names = header_names

    async def get_suggestion(self, value: str) -> str | None:
        """Give the whole text, what was typed as it was typed."""
        for text in suggest_breakpoints(value, self._header_names):
            if text.lower().startswith(value.lower()):
                return value + text[len(value) :]
        return None


class BreakpointsScreen(Dialog[None]):
    """Shown over the workbench.

    Args:
        bench: The session whose breakpoints they are.
        view: What the workbench shows.
    """

    help_topic = "breakpoints"
    BINDINGS: ClassVar[list[BindingType]] = local_bindings("dialog")

    def __init__(self, bench: Bench, view: View) -> None:
        super().__init__()
        self._bench = bench
        self._source = view.source
        self._header_names = field_names_met(view.moment)
        self._changing: Breakpoint | None = None

    def compose(self) -> ComposeResult:
        """Put the list above the line to type in, and what helps to type below."""
        with Vertical(id="breakpoints") as box:
            box.border_title = "Breakpoints"
            yield BreakpointLines()
            text = BreakpointInput(
                placeholder="where to stop, such as event StatusLineParsed",
                suggester=_Completion(self._header_names),
                compact=True,
            )
            # A blinking cursor draws the screen again twice a second for nothing.
            text.cursor_blink = False
            yield text
            yield TextLines()

    def on_mount(self) -> None:
        """Show what there is, and begin where something can be done."""
        self._draw()
        self.query_one(BreakpointLines if self._bench.breakpoints else BreakpointInput).focus()
        self.call_after_refresh(self._help)

    def on_descendant_focus(self) -> None:
        """Name the keys of the list, or of the line."""
        in_list = self.query_one(BreakpointLines).has_focus
        ways = ways_line(WAYS_OF_LIST if in_list else WAYS_OF_LINE, key_names_of(self))
        enter = () if in_list else (Piece("Enter", Role.KEY), Piece(" adds · ", Role.DIM))
        self.query_one("#breakpoints").border_subtitle = content_of((*enter, *ways))

    def on_resize(self) -> None:
        """Wrap the help for another width."""
        self.call_after_refresh(self._help)

    # --- drawing ------------------------------------------------------------------------

    def _draw(self) -> None:
        lines = self.query_one(BreakpointLines)
        placed = self._bench.breakpoints
        lines.show_cursor = bool(placed)
        lines.source = FixedLines(
            [breakpoint_line(one, self._source) for one in placed] if placed else no_breakpoints()
        )

    def _help(self) -> None:
        """Show what may be typed."""
        help_lines = self.query_one(TextLines)
        text = self.query_one(Input).value
        width = help_lines.content_size.width
        self._say(suggestion_lines(text, self._header_names, width, HELP_LINES))

    def _say(self, lines: tuple[Line, ...]) -> None:
        self.query_one(TextLines).lines = lines

    # --- the list -----------------------------------------------------------------------

    @on(BreakpointLines.Switched)
    def _switch(self) -> None:
        placed = self._pointed_at()
        if placed is not None:
            self._bench.enable_breakpoint(placed.breakpoint, not placed.enabled)
            self._draw()

    @on(BreakpointLines.Deleted)
    def _delete(self) -> None:
        placed = self._pointed_at()
        if placed is not None:
            self._bench.remove_breakpoint(placed.breakpoint)
            self._draw()

    @on(BreakpointLines.Edited)
    def _edit(self) -> None:
        placed = self._pointed_at()
        if placed is not None:
            self._changing = placed.breakpoint
            entry = self.query_one(BreakpointInput)
            entry.value = str(self._changing)
            entry.focus()

    @on(BreakpointLines.Typed)
    def _type(self) -> None:
        self._changing = None
        self.query_one(BreakpointInput).focus()

    def _pointed_at(self) -> PlacedBreakpoint | None:
        placed = self._bench.breakpoints
        at = self.query_one(BreakpointLines).cursor
        return placed[at] if at < len(placed) else None

    # --- the line -----------------------------------------------------------------------

    @on(BreakpointInput.Left)
    def _leave(self) -> None:
        self._changing = None
        self.query_one(BreakpointLines).focus()

    @on(Input.Changed)
    def _changed(self) -> None:
        self._help()

    @on(Input.Submitted)
    def _add(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            return
        try:
            self._bench.add_breakpoint(event.value)
        except BreakpointError as error:
            self._say(wrong_lines(error, self.query_one(TextLines).content_size.width))
        except CommandRefused as error:
            self._say(((Piece(f"✗ {error}", Role.ERROR),),))
        else:
            event.input.clear()
            if self._changing is not None and str(self._changing) != event.value.strip():
                # The old one goes when the new one is there, so that a mistake costs nothing.
                self._bench.remove_breakpoint(self._changing)
            self._changing = None
            self._draw()
            lines = self.query_one(BreakpointLines)
            lines.point(len(lines.source) - 1)

    def action_close(self) -> None:
        """Go back to the workbench."""
        self.dismiss()
