"""The exceptions: the whole tree, what was tripped in this session, and one key to trip each."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from workbench.lab import UnknownScenario
from workbench.session.status import CommandRefused
from workbench.ui.bench import Bench
from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.exception_list import ExceptionLines, class_lines, tally
from workbench.ui.presentation.exception_tree import ExceptionClass, Tripped, exception_tree
from workbench.ui.presentation.key_names import ways_line
from workbench.ui.presentation.piece import Line
from workbench.ui.screens.program import Dialog
from workbench.ui.view import View
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.painter import content_of
from workbench.ui.widgets.text_lines import TextLines

DETAIL_HEIGHT = 5
"""Lines that explain the class under the cursor."""

WAYS = (
    ("exceptions-trip", "trips it"),
    ("exceptions-load", "loads its scenario"),
    ("exceptions-close", "closes"),
)

FIRST_CLASS = 1
"""The row below the first heading."""


class ExceptionsScreen(Dialog[None]):
    """Shown over the workbench, which goes on running below.

    Args:
        bench: The session that trips them.
        tripped: What was raised in the session so far.
    """

    help_topic = "exceptions"
    BINDINGS: ClassVar[list[BindingType]] = local_bindings("exceptions")

    def __init__(self, bench: Bench, tripped: Tripped) -> None:
        super().__init__()
        self._bench = bench
        self._tripped = tripped
        self._told = dict(tripped.messages)
        self._tree: list[ExceptionClass] = []

    def compose(self) -> ComposeResult:
        """Put the tree above the explanation."""
        with Vertical(id="exceptions") as box:
            box.border_subtitle = content_of(ways_line(WAYS, key_names_of(self)))
            yield LineView()
            yield TextLines()

    def on_mount(self) -> None:
        """Fill the tree."""
        self._tree = exception_tree(self._bench.lab.catalogue().scenarios.values())
        self._draw()
        lines = self.query_one(LineView)
        lines.focus()
        lines.point(FIRST_CLASS)
        self.call_after_refresh(self._explain)

    def on_resize(self) -> None:
        """Wrap the explanation for another width."""
        self.call_after_refresh(self._explain)

    def show_view(self, view: View) -> None:
        """Tick what was raised since."""
        if not self.is_mounted:
            return  # It draws when it is.
        self._draw()
        if self._tripped.messages != self._told or view.status.ended:
            self._told = dict(self._tripped.messages)
            self._explain()

    def _draw(self) -> None:
        messages = self._tripped.messages
        self.query_one(LineView).source = ExceptionLines(self._tree, messages)
        self.query_one("#exceptions").border_title = f"Exceptions · {tally(self._tree, messages)}"

    def _chosen(self) -> ExceptionClass | None:
        lines = self.query_one(LineView)
        assert isinstance(lines.source, ExceptionLines)
        return lines.source.class_at(lines.cursor)

    def _explain(self) -> None:
        width = self.query_one(TextLines).content_size.width
        self._say(
            class_lines(self._chosen(), self._tripped.messages, width, DETAIL_HEIGHT, key_names_of(self))
        )

    def _say(self, lines: tuple[Line, ...]) -> None:
        self.query_one(TextLines).lines = lines

    @on(LineView.Pointed)
    def _pointed(self, event: LineView.Pointed) -> None:
        event.stop()
        self._explain()

    # --- commands -----------------------------------------------------------------------

    def action_load(self) -> None:
        """Load the scenario, and go to it."""
        if self._give(run=False):
            self.dismiss()

    def action_trip(self) -> None:
        """Run the scenario at once, and stay here: the tick comes when the exception does."""
        self._give(run=True)

    def action_close(self) -> None:
        """Go back to the workbench."""
        self.dismiss()

    def _give(self, *, run: bool) -> bool:
        chosen = self._chosen()
        if chosen is None or chosen.is_base_only:
            return False
        name = chosen.scenarios[0].name
        # In a thread: the first scenario over TLS has certificates made for it.
        self.app.run_worker(lambda: self._load(name, run), name="load", thread=True, exclusive=True)
        return True

    def _load(self, name: str, run: bool) -> None:
        try:
            self._bench.load_scenario(name, run=run)
        except (CommandRefused, UnknownScenario, ValueError, OSError) as error:
            self.app.call_from_thread(self.app.notify, f"Cannot load {name}: {error}", markup=False)
