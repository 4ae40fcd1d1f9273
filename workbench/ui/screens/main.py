"""The workbench: four panes, the state rail, the call line."""

from collections import deque
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import Input

from workbench.session.status import CommandRefused
from workbench.ui.bench import Bench
from workbench.ui.commands import BY_ID, bindings
from workbench.ui.keys import key_names_of, keys_of
from workbench.ui.messages import (
    OpenStarted,
    PaneRequested,
    ProblemFound,
    SettingsRefused,
    ViewChanged,
)
from workbench.ui.opening import CannotOpen
from workbench.ui.presentation.key_names import key_pieces
from workbench.ui.presentation.layout import (
    MEDIUM_WIDTH,
    MINIMUM_HEIGHT,
    MINIMUM_WIDTH,
    Choice,
    Form,
    Pane,
    form_for,
    tabs_of,
    visible_panes,
)
from workbench.ui.presentation.message_tab import MessageTab
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.refusal import refusal_line, refusal_ways
from workbench.ui.presentation.refused_settings import refused_settings_lines
from workbench.ui.presentation.waiting import waited_for
from workbench.ui.screens.breakpoints import BreakpointsScreen
from workbench.ui.screens.form_commands import FormCommandsScreen
from workbench.ui.view import NOTHING, View
from workbench.ui.widgets.assist_box import AssistBox
from workbench.ui.widgets.call_line import CallInput, CallLine
from workbench.ui.widgets.connection_strip import ConnectionStrip
from workbench.ui.widgets.events_pane import EventsPane
from workbench.ui.widgets.key_bar import KeyBar
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.message_pane import MessagePane
from workbench.ui.widgets.notices import Hint, Problem, TooSmall, Waiting
from workbench.ui.widgets.pane import PaneFrame
from workbench.ui.widgets.script_editor import ScriptEditor
from workbench.ui.widgets.script_pane import ScriptPane
from workbench.ui.widgets.server_bar import ServerBar
from workbench.ui.widgets.top import StateRail, TitleBar
from workbench.ui.widgets.wire_pane import WirePane

SECONDS_UNTIL_NOTE = 0.3
"""What takes no longer than this needs no words."""

SECONDS_BETWEEN_FRAMES = 0.1

MOST_OF_SCREEN = 3
"""The part of the lines that what is wrong with the settings may take: one third."""

MOST_TYPED_AHEAD = 16
"""Steps that may wait for the call that is going on, as in any debugger that reads a line at a time."""


class MainScreen(FormCommandsScreen):
    """What one works at.

    Args:
        bench: The session.
    """

    AUTO_FOCUS = "#script-lines"
    BINDINGS: ClassVar[list[BindingType]] = bindings()

    choice: reactive[Choice] = reactive(Choice())
    """Which panes the reader wants to see."""

    form: reactive[Form] = reactive(Form.TOO_SMALL)
    """How many panes fit."""

    def __init__(self, bench: Bench) -> None:
        # Until the first resize says how large the terminal is, nothing is drawn that might not fit.
        super().__init__(classes=f"-{Form.TOO_SMALL.value}")
        self.bench = bench
        self._told = (False, 0)
        self._note_timer: Timer | None = None
        self._typed_in: Input | None = None
        self._typed_ahead: deque[str] = deque(maxlen=MOST_TYPED_AHEAD)

    def compose(self) -> ComposeResult:
        """Lay out everything; which of it is displayed is decided later."""
        yield TooSmall()
        with Vertical(id="body"):
            yield TitleBar().data_bind(MainScreen.view)
            yield ConnectionStrip().data_bind(MainScreen.view)
            yield StateRail().data_bind(MainScreen.view)
            with Horizontal(id="panes"):
                with Vertical(id="left"):
                    yield ScriptPane().data_bind(MainScreen.view)
                    yield EventsPane().data_bind(MainScreen.view)
                with Vertical(id="right"):
                    yield WirePane().data_bind(MainScreen.view)
                    yield MessagePane().data_bind(MainScreen.view)
            # Above the problem: what is wrong with a call stays in sight while it is mended.
            box = AssistBox()
            yield box
            yield Problem()
            yield ServerBar().data_bind(MainScreen.view)
            yield Hint()
            yield Waiting()
            yield CallLine(box, self.assist_call, self.history)
            yield KeyBar()

    # --- facts from the bridge ----------------------------------------------------------

    def show_view(self, view: View) -> None:
        """Take over what the session says. Who looks at the past goes on looking at it."""
        before = self.traveller.present
        self.traveller.present = view
        if view.status != before.status:
            self.query_one(Hint).hide()
        self.view = self.traveller.view
        self.leave_other_script()
        self.tell_screens(view)
        self._expect("" if view.status.idle else waited_for(view.moment))
        if view.status.ended:
            self._typed_ahead.clear()
        elif self._typed_ahead and not self.bench.busy:
            self._give(self._typed_ahead.popleft())
        if view.failed and not before.failed and not self.traveller.in_past:
            # The explanation takes the place of whatever shared its column; the script stays in sight.
            self.choice = Choice(self.choice.active, self.choice.left, Pane.MESSAGE, self.choice.maximised)

    def watch_view(self, view: View) -> None:
        """Offer the keys that make sense now, and tell every row of tabs about an exception and about findings."""
        self._draw_keys(view)
        told = view.failed, view.findings
        if told != self._told:
            self._told = told
            for frame in self.query(PaneFrame):
                frame.alarm, frame.findings = told

    @on(OpenStarted)
    def _open_started(self, message: OpenStarted) -> None:
        self._expect(message.words)

    @on(ProblemFound)
    def _problem_found(self, message: ProblemFound) -> None:
        self._expect("")
        self.query_one(Problem).say(message.words, key_pieces(message.hint, key_names_of(self)))

    @on(SettingsRefused)
    def _settings_refused(self, message: SettingsRefused) -> None:
        room = max(1, self.size.height // MOST_OF_SCREEN)
        self.query_one(Problem).add(refused_settings_lines(message.problems, room))

    @on(ViewChanged)
    def _view_changed(self, message: ViewChanged) -> None:
        self.show_view(message.view)

    # --- waiting ------------------------------------------------------------------------

    def _expect(self, words: str) -> None:
        """Note what is waited for; the note appears when it takes longer than a moment."""
        note = self.query_one(Waiting)
        if not words:
            note.display = False
            if self._note_timer is not None:
                self._note_timer.stop()
                self._note_timer = None
        elif self._note_timer is None:
            self._note_timer = self.set_timer(SECONDS_UNTIL_NOTE, self._show_note)
        note.words = words

    def _show_note(self) -> None:
        note = self.query_one(Waiting)
        command = BY_ID["quit" if self.view is NOTHING else "abort"]
        note.key = keys_of(self, command, only_first=True)
        note.does = "quits" if self.view is NOTHING else "aborts"
        note.display = True
        self._note_timer = self.set_interval(SECONDS_BETWEEN_FRAMES, self._next_frame)

    def _next_frame(self) -> None:
        self.query_one(Waiting).frame += 1

    # --- layout -------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Refuse what cannot be seen: in a terminal that is too small only what works everywhere works."""
        # Not `form`, which is that of no terminal until the first resize: keys may come before it.
        if form_for(*self.app.size) is Form.TOO_SMALL:
            command = BY_ID.get(action)
            # A call that blocks can be ended unseen.
            return command is not None and (command.everywhere or action == "abort")
        return super().check_action(action, parameters)

    def on_resize(self, event: events.Resize) -> None:
        """Choose how many panes fit."""
        self.form = form_for(event.size.width, event.size.height)
        self.query_one(TooSmall).say(event.size, MINIMUM_WIDTH, MINIMUM_HEIGHT)
        self._arrange()
        self._keep_place()
        self._draw_keys(self.view)

    def _keep_place(self) -> None:
        """Have what is typed go on where it was, when there is room for it again."""
        if self.form is Form.TOO_SMALL:
            if isinstance(self.focused, Input):
                self._typed_in = self.focused
                # What is hidden loses the focus, but later: perhaps when it is shown again.
                self.set_focus(None)
        elif self._typed_in is not None:
            # As when the window itself has the focus again: nothing is selected, which a key would replace.
            self.set_focus(self._typed_in, scroll_visible=False, from_app_focus=True)
            self._typed_in = None

    def watch_choice(self) -> None:
        """Show what the reader chose."""
        self._arrange()
        self._hide_hint()

    def _hide_hint(self) -> None:
        # Before the screen is composed there is none.
        for hint in self.query(Hint):
            hint.hide()

    def _arrange(self) -> None:
        try:
            panes = {pane: self._pane(pane) for pane in Pane}
        except NoMatches:
            return  # not composed yet: the first resize arranges
        shown = visible_panes(self.form, self.choice)
        for pane, frame in panes.items():
            frame.display = pane in shown
            frame.tabs = tabs_of(pane, self.form, self.choice.maximised)
        self.query_one("#left").display = Pane.SCRIPT in shown or Pane.EVENTS in shown
        self.query_one("#right").display = Pane.WIRE in shown or Pane.MESSAGE in shown
        # All at once: each change has Textual look up the styles of everything that is on the screen.
        self.update_classes({f"-{form.value}": form is self.form for form in Form})
        if not isinstance(self.focused, Input):
            self._focus_pane()

    def _focus_pane(self) -> None:
        pane = self.choice.active
        if pane in visible_panes(self.form, self.choice):
            # At once, not with a later message: the next key is for what is in front now.
            self.set_focus(self._pane(pane).list_in_front(), scroll_visible=False)

    def _pane(self, pane: Pane) -> PaneFrame:
        return self.query_one(f"#{pane.value}", PaneFrame)

    def _draw_keys(self, view: View) -> None:
        bar = self.query_one(KeyBar)
        if isinstance(self.focused, Input):
            bar.mode = "typing"
        elif isinstance(self.focused, ScriptEditor):
            bar.mode = "editing"
        else:
            recorded = "recorded" if view.recorded else ""
            mode = "past" if view.past else recorded or ("broken" if view.script_error else view.status.mode)
            bar.mode = mode
        bar.roomy = self.size.width >= MEDIUM_WIDTH
        bar.panel = self.query_one(Problem).display

    @on(Problem.Toggled)
    def _panel_toggled(self) -> None:
        self._draw_keys(self.view)

    @on(events.DescendantFocus)
    def _focus_moved(self, event: events.DescendantFocus) -> None:
        self._draw_keys(self.view)
        for frame in event.widget.ancestors:
            if isinstance(frame, PaneFrame) and frame.pane is not self.choice.active:
                self.choice = self.choice.chosen(frame.pane)

    @on(PaneRequested)
    def _pane_requested(self, message: PaneRequested) -> None:
        self.action_pane_only(message.pane)

    # --- commands: going on -------------------------------------------------------------

    def refused(self, error: CommandRefused) -> None:
        """Show why a command makes no sense now, and which do."""
        restart, abort, call, finish = map(key_names_of(self), ("restart", "abort", "call_line", "step_over"))
        ways = refusal_ways(
            self.traveller.present,
            self.bench.busy,
            restart=restart,
            abort=abort,
            call=call,
            finish=finish,
        )
        self.query_one(Hint).say(refusal_line(str(error), ways))

    def accepted(self) -> None:
        """Take away what was said about an earlier command."""
        self.query_one(Problem).hide()
        self.query_one(Hint).hide()

    def _give(self, command: str, *arguments: object) -> object:
        """Give the session a command, and show its answer if it refuses. Returns what it gives."""
        try:
            answer: object = getattr(self.bench, command)(*arguments)
        except CommandRefused as error:
            self.refused(error)
        except CannotOpen as error:
            self.query_one(Problem).say(str(error))
        else:
            self.accepted()
            return answer
        return None

    def _go_on(self, command: str) -> None:
        """Go on, or remember to: keys that come faster than a call returns are typed ahead.

        So are those that come before the script is loaded.

        Once the note says what is waited for, the reader knows that the call takes its time, and
        the session's refusal is the better answer.
        """
        if not self.use_edited():
            return
        if self.traveller.in_past:
            self.go_on_in_past(command)
            return
        opening = self.view is NOTHING and not self.query_one(Problem).display
        if not (self.bench.busy or opening) or self.query_one(Waiting).display:
            self._give(command)
        else:
            self._typed_ahead.append(command)

    def action_step_over(self) -> None:
        """Run one call."""
        self._go_on("step_over")

    def action_step_into(self) -> None:
        """Run to the next event."""
        self._go_on("step_into")

    def action_continue(self) -> None:
        """Run to the next breakpoint."""
        self._go_on("continue_")

    def action_restart(self) -> None:
        """Run from the top."""
        if not self.use_edited():
            return
        self.to_present()
        self._typed_ahead.clear()
        if self._give("restart"):
            self.tell_of_other_file()

    def action_abort(self) -> None:
        """End the run."""
        self.to_present()
        self._typed_ahead.clear()
        self._give("abort")

    def action_breakpoint(self) -> None:
        """Set or clear a breakpoint."""
        line = self.query_one(ScriptPane).line
        if line:
            self._give("toggle_breakpoint", line)

    @on(LineView.Pointed, "#script-lines")
    def _margin_clicked(self, message: LineView.Pointed) -> None:
        if self.query_one(ScriptPane).is_margin(message.column):
            self.action_breakpoint()

    def action_breakpoints(self) -> None:
        """List the breakpoints."""
        self.app.push_screen(BreakpointsScreen(self.bench, self.traveller.present))

    def action_run_to_line(self) -> None:
        """Run up to the line under the cursor."""
        line = self.query_one(ScriptPane).line
        if line:
            self.to_present()
            self._give("run_to_line", line)

    # --- time travel --------------------------------------------------------------------

    def moment_shown(self, index: int) -> None:
        """Have the panes go to what belongs to an entry."""
        self.query_one(Hint).hide()
        self.link_moment(index)
        if self.view.arrow:
            self.query_one(ScriptPane).show_line(self.view.arrow)

    def nowhere_to_go(self, words: str, way: Line = ()) -> None:
        """Say why."""
        self.query_one(Hint).say((*refusal_line(words, ()), *((Piece(": ", Role.DIM), *way) if way else ())))

    # --- commands: looking --------------------------------------------------------------

    def action_message_tab(self, by: int) -> None:
        """Show another tab of the message; where it is not to be seen, the message itself first."""
        if self.query_one(MessagePane).display:
            self.query_one(MessagePane).turn(by)
        else:
            self.action_pane_only(Pane.MESSAGE)

    def action_message_show(self, name: str) -> None:
        """Show one tab of the message."""
        self.query_one(MessagePane).show_tab(MessageTab(name))
        if not self.query_one(MessagePane).display:
            self.action_pane_only(Pane.MESSAGE)

    def action_maximise(self) -> None:
        """Show one pane alone, or all of them."""
        choice = self.choice
        self.choice = Choice(choice.active, choice.left, choice.right, not choice.maximised)

    def action_pane(self, name: str) -> None:
        """Go to a pane."""
        pane = Pane(name)
        message = self.query_one(MessagePane)
        if pane is Pane.MESSAGE and self.view.explained_here and message.has_focus_within and message.display:
            message.show_tree = not message.show_tree
        self.choice = self.choice.chosen(pane)
        self._hide_hint()
        self._focus_pane()

    def action_next_pane(self, by: int) -> None:
        """Go to the next pane in reading order."""
        panes = visible_panes(self.form, self.choice)
        if self.form is Form.NARROW or self.choice.maximised:
            panes = tuple(Pane)
        if not panes:
            return
        if isinstance(self.focused, Input):
            line = self.focused
            # Whoever wants a half-typed call completed types on, and in a pane each letter would be a command.
            stays = by > 0 and isinstance(line, CallInput) and (line.complete() or line.value != "")
            if not stays:
                self._focus_pane()
            return
        if by > 0 and isinstance(self.focused, ScriptEditor) and self.focused.complete():
            return
        at = panes.index(self.choice.active) if self.choice.active in panes else 0
        self.action_pane_only(panes[(at + by) % len(panes)])

    def action_pane_only(self, pane: Pane) -> None:
        """Go to a pane, without what a second press of its key does."""
        self.choice = self.choice.chosen(pane)
        self._focus_pane()

    def action_back(self) -> None:
        """Undo the last thing that stands in the way."""
        problem, hint = self.query_one(Problem), self.query_one(Hint)
        wire = self.query_one(WirePane)
        if problem.display:
            # Wherever the focus is: the panel says that this key closes it.
            self.accepted()
        elif wire.finding and wire.has_focus_within:
            wire.close_find()
        elif isinstance(self.focused, CallInput) and self.focused.close_offers():
            return
        elif isinstance(self.focused, Input):
            self._focus_pane()
        elif isinstance(self.focused, ScriptEditor):
            if not self.focused.close_offers():
                self.leave_editor()
        elif hint.display:
            hint.hide()
        elif self.choice.maximised:
            self.action_maximise()
        elif self.view.chosen:
            self.action_follow()
        else:
            self.to_present()
