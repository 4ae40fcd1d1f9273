"""The lab: every scenario, what it teaches and promises, what came of it, and where it can be reached."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from workbench.lab import Scenario, UnknownScenario
from workbench.session.status import CommandRefused
from workbench.session.visible import visible
from workbench.ui.bench import Bench
from workbench.ui.keys import key_names_of
from workbench.ui.lab_host import Catalogue
from workbench.ui.local_commands import local_bindings
from workbench.ui.presentation.key_names import with_keys
from workbench.ui.presentation.lab_list import ScenarioLines, matching
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role
from workbench.ui.presentation.played import NAME_PREFIX, PlayedScenarios
from workbench.ui.presentation.scenario_text import (
    about_lines,
    address_lines,
    log_lines,
    running_lines,
    script_lines,
    step_lines,
)
from workbench.ui.presentation.source import FixedLines
from workbench.ui.screens.program import Dialog
from workbench.ui.view import View
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.text_lines import TextLines

KEYS_OF_LIST = "{lab-load} loads it · {lab-try} plays it at once · {lab-search} searches · {lab-close} closes"
KEYS_OF_SEARCH = "{lab_search-leave} goes to the list · {lab-close} clears the search"
PLACEHOLDER = "search: words of a scenario, a section, an exception, a finding"


class SearchLine(Input):
    """Narrows the list while it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = local_bindings("lab_search")

    class Left(Message):
        """The reader wants to go to the list."""

    def action_leave(self) -> None:
        """Ask for the list."""
        self.post_message(self.Left())


class LabScreen(Dialog[None]):
    """Shown over the workbench, which goes on running below.

    Args:
        bench: The session that plays them.
        view: What the workbench shows.
        played: What was played in the session so far.
    """

    help_topic = "lab"
    BINDINGS: ClassVar[list[BindingType]] = local_bindings("lab")

    def __init__(self, bench: Bench, view: View, played: PlayedScenarios) -> None:
        super().__init__()
        self._bench = bench
        self._view = view
        self._played = played
        self._catalogue = Catalogue({})
        self._explained = ""

    def compose(self) -> ComposeResult:
        """Put the search above the list, and what is chosen beside it."""
        with Vertical(id="lab"):
            search = SearchLine(placeholder=PLACEHOLDER, compact=True)
            # A blinking cursor draws the screen again twice a second for nothing.
            search.cursor_blink = False
            yield search
            yield TextLines()
            with Horizontal(id="lab-panes"):
                yield LineView(id="lab-list")
                yield LineView(id="lab-about")

    def on_mount(self) -> None:
        """Read the scenarios, and go to the one that is loaded."""
        self._catalogue = self._bench.lab.catalogue()
        self._complain(self._catalogue.error)
        self._list(self._view.name.removeprefix(NAME_PREFIX))
        self.query_one("#lab-list").focus()

    def on_resize(self) -> None:
        """Wrap for another width."""
        self.call_after_refresh(self._explain)

    def on_descendant_focus(self) -> None:
        """Name the keys of where the reader is."""
        text = KEYS_OF_SEARCH if self.query_one(SearchLine).has_focus else KEYS_OF_LIST
        self.query_one("#lab").border_subtitle = with_keys(text, key_names_of(self))

    def show_view(self, view: View) -> None:
        """Note what was played since, and what the server has logged."""
        self._view = view
        if self.is_mounted:
            self._draw()
            self._explain()

    # --- drawing ------------------------------------------------------------------------

    def _list(self, name: str) -> None:
        """List what the search leaves, with the cursor on a scenario, if it is among them."""
        self._draw()
        lines = self.query_one("#lab-list", LineView)
        assert isinstance(lines.source, ScenarioLines)
        row = lines.source.row_of(name)
        lines.point(lines.source.first if row is None else row)
        self.call_after_refresh(self._explain)

    def _draw(self) -> None:
        all_, query = self._catalogue.scenarios, self.query_one(SearchLine).value
        found = matching(all_.values(), query)
        self.query_one("#lab-list", LineView).source = ScenarioLines(found, self._played.results)
        count = f"{len(all_)} scenarios" if len(found) == len(all_) else f"{len(found)} of {len(all_)}"
        self.query_one("#lab").border_title = f"Lab · {count} · {self._played.tally}"

    def _explain(self) -> None:
        about = self.query_one("#lab-about", LineView)
        scenario = self._chosen()
        name = scenario.name if scenario is not None else ""
        width = about.scrollable_content_region.width
        about.source = FixedLines(self._about(scenario, width) if scenario is not None else self._nothing())
        if name != self._explained:
            self._explained = name
            about.point(0)

    def _about(self, scenario: Scenario, width: int) -> list[Line]:
        listening = self._bench.lab.listening(scenario)
        origin, cafile, log = (
            (listening.origin, listening.cafile, listening.log) if listening else (None, None, ())
        )
        return [
            *about_lines(scenario, self._played.results.get(scenario.name), width),
            *(running_lines(key_names_of(self)) if self._runs(scenario) else ()),
            EMPTY,
            *step_lines(scenario, width),
            EMPTY,
            *script_lines(scenario),
            EMPTY,
            *address_lines(scenario, origin, cafile, width, key_names_of(self)),
            EMPTY,
            *log_lines(log),
        ]

    def _runs(self, scenario: Scenario) -> bool:
        """Whether its script is running."""
        return self._view.name == NAME_PREFIX + scenario.name and self._view.status.mode == "running"

    def _nothing(self) -> list[Line]:
        if len(self.query_one("#lab-list", LineView).source):
            return [(Piece("The cursor is on the name of a group.", Role.DIM),)]
        return [(Piece("No scenario has all of these words.", Role.DIM),)]

    def _chosen(self) -> Scenario | None:
        lines = self.query_one("#lab-list", LineView)
        return lines.source.scenario_at(lines.cursor) if isinstance(lines.source, ScenarioLines) else None

    def _complain(self, words: str) -> None:
        panel = self.query_one(TextLines)
        panel.lines = tuple(
            (Piece("✗ ", Role.ERROR), Piece(visible(line))) for line in words.split("\n") if line
        )
        panel.display = bool(words)

    @on(LineView.Pointed, "#lab-list")
    def _pointed(self, event: LineView.Pointed) -> None:
        event.stop()
        self._explain()

    @on(Input.Changed)
    def _search_changed(self) -> None:
        chosen = self._chosen()
        self._list(chosen.name if chosen is not None else "")

    @on(SearchLine.Left)
    @on(Input.Submitted)
    def _leave_search(self) -> None:
        self.query_one("#lab-list").focus()

    # --- commands -----------------------------------------------------------------------

    def action_search(self) -> None:
        """Go to the search."""
        self.query_one(SearchLine).focus()

    def action_other(self) -> None:
        """Go from the list to the explanation, or back."""
        in_list = self.query_one("#lab-list").has_focus
        self.query_one("#lab-about" if in_list else "#lab-list").focus()

    def action_load(self) -> None:
        """Load the scenario, and go to it."""
        self._give(lambda name: self._bench.load_scenario(name, run=False), self.dismiss)

    def action_try(self) -> None:
        """Run the scenario at once, and stay here: its mark comes when it has ended."""
        self._give(lambda name: self._bench.load_scenario(name, run=True))

    def action_listen(self) -> None:
        """Open the port of the scenario, for any client."""
        self._give(self._bench.lab.open, self._explain)

    def action_abort(self) -> None:
        """End a run that does not end by itself."""
        try:
            self._bench.abort()
        except CommandRefused as error:
            self._complain(str(error))

    def action_close(self) -> None:
        """Clear the search; without one, go back to the workbench."""
        search = self.query_one(SearchLine)
        if search.value or search.has_focus:
            search.clear()
            self.query_one("#lab-list").focus()
        else:
            self.dismiss()

    def _give(self, do: Callable[[str], object], then: Callable[[], object] | None = None) -> None:
        """Do something with the chosen scenario, in a thread: the first one over TLS has certificates made."""
        scenario = self._chosen()
        if scenario is None:
            return

        def work() -> None:
            words = ""
            try:
                do(scenario.name)
            except (CommandRefused, UnknownScenario, ValueError, OSError) as error:
                words = f"{scenario.name}: {error}"
            self.app.call_from_thread(self._done, words, then)

        self.run_worker(work, name="lab", thread=True, exclusive=True)

    def _done(self, problem: str, then: Callable[[], object] | None) -> None:
        self._complain(problem)
        if then is not None and not problem:
            then()
