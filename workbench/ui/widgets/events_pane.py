"""The events of the run, one a line."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from workbench.session.clock import start_of_run_ns
from workbench.session.walk import entries_of_run
from workbench.ui.keys import key_names_of
from workbench.ui.local_commands import local_bindings
from workbench.ui.messages import MomentRequested
from workbench.ui.presentation.empty import empty_lines
from workbench.ui.presentation.event_list import EventList
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.source import FixedLines
from workbench.ui.view import View
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.pane import PaneFrame


class EventLines(LineView):
    """A list of events that one can go back to."""

    BINDINGS: ClassVar[list[BindingType]] = local_bindings("events")

    def action_visit(self) -> None:
        """Ask for the moment after the event under the cursor."""
        if isinstance(self.source, EventList):
            self.post_message(MomentRequested(self.source.entry_of_row(self.cursor)))

    def on_click(self, event: events.Click) -> None:
        """Take the second click on an event as Enter."""
        if event.chain == 2:
            self.action_visit()


class EventsPane(PaneFrame):
    """Pane 3."""

    def __init__(self) -> None:
        super().__init__(Pane.EVENTS)
        self._shown = -1

    def compose(self) -> ComposeResult:
        """One list of events."""
        yield EventLines(id="event-lines")

    def watch_view(self, view: View) -> None:
        """Show another moment, and its last event."""
        lines = self.query_one(LineView)
        entries = entries_of_run(view.recording, view.last_index)
        if not entries or view.status.mode == "ready":
            lines.show_cursor = False
            lines.source = FixedLines(empty_lines(Pane.EVENTS, view, key_names_of(self)))
            return
        lines.show_cursor = True
        past = view.past is not None
        last = entries[-1] if past else view.last_index
        run, shown = view.recording.run_at(entries[0]), view.connection
        connections = run.connections.until(entries[-1]) if run else []
        lines.source = EventList(
            view.recording.entries,
            entries[0],
            last,
            start_ns=start_of_run_ns(view.recording, entries[0]),
            connections=connections if len(connections) > 1 else (),
            shown=shown.number if shown else 0,
            now=view.last_index if past else None,
        )
        if view.last_index != self._shown:
            self._shown = view.last_index
            self.show_entry(view.last_index)

    def show_entry(self, index: int) -> None:
        """Go to an entry."""
        lines = self.query_one(LineView)
        if isinstance(lines.source, EventList):
            lines.point(lines.source.row_of_entry(index))

    def entry_at(self, row: int) -> int | None:
        """Find the entry of a row."""
        source = self.query_one(LineView).source
        return source.entry_of_row(row) if isinstance(source, EventList) else None
