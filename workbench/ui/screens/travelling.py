"""A screen that can look at the past: the commands of time travel."""

from collections.abc import Callable

from textual import on
from textual.reactive import var

from workbench.session.breakpoints import Breakpoints
from workbench.ui.bench import Bench
from workbench.ui.messages import MomentRequested
from workbench.ui.presentation.piece import Line
from workbench.ui.screens.program import ProgramScreen
from workbench.ui.travel import Traveller
from workbench.ui.view import NOTHING, View

Way = Callable[[Traveller], bool]
"""How to get to another moment. False when it does not lead anywhere."""

FIRST = "Nothing happened before this"
LAST = "This is the present"


class TravellingScreen(ProgramScreen[None]):
    """Shows a view, which is the present or a moment of the past."""

    view: var[View] = var(NOTHING)
    """What is shown. All panes get it from here."""

    bench: Bench
    """The session, whose breakpoints hold in the past too."""

    def __init__(self, classes: str) -> None:
        super().__init__(classes=classes)
        self.traveller = Traveller()

    # --- what the screen makes of it ----------------------------------------------------

    def moment_shown(self, index: int) -> None:
        """Go to what belongs to an entry. Called when another moment is on the screen."""
        raise NotImplementedError

    def nowhere_to_go(self, words: str, way: Line = ()) -> None:
        """Say why a command leads nowhere, and which key does lead on."""
        raise NotImplementedError

    # --- the commands -------------------------------------------------------------------

    def travel(self, way: Way, no_way: str = "") -> None:
        """Show another moment of the recording.

        Args:
            way: How to get there.
            no_way: What to say when it leads nowhere; empty for nothing.
        """
        if way(self.traveller):
            self.view = self.traveller.view
            self.moment_shown(self.traveller.index)
        elif no_way:
            self.nowhere_to_go(no_way)

    def go_on_in_past(self, command: str) -> None:
        """Do in the past what a command does in the present.

        As in any debugger that replays a recording, the commands that go on do so in it, up to the
        present: so nothing is sent by somebody who only looks.

        Args:
            command: `step_over`, `step_into` or `continue_`.
        """
        if command == "continue_":
            breakpoints = Breakpoints(one.breakpoint for one in self.bench.breakpoints if one.enabled)
            self.travel(lambda traveller: traveller.to_breakpoint(breakpoints))
        else:
            self.travel(Traveller.line_after if command == "step_over" else Traveller.later)

    def to_present(self) -> None:
        """Show the present, for a command that acts on it."""
        self.travel(Traveller.to_present)

    def action_earlier(self) -> None:
        """Go back one event."""
        self.travel(Traveller.earlier, FIRST)

    def action_later(self) -> None:
        """Go forward one event."""
        self.travel(Traveller.later, LAST)

    def action_line_before(self) -> None:
        """Go back to before a line."""
        self.travel(Traveller.line_before, FIRST)

    def action_line_after(self) -> None:
        """Go forward to after a line."""
        self.travel(Traveller.line_after, LAST)

    def action_present(self) -> None:
        """Go to the present."""
        self.travel(Traveller.to_present, LAST)

    @on(MomentRequested)
    def _moment_requested(self, message: MomentRequested) -> None:
        self.travel(lambda traveller: traveller.go(message.index))
