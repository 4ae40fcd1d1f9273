"""The events of the run, one a line."""

from textual.app import ComposeResult

from workbench.ui.presentation.empty import empty_lines
from workbench.ui.presentation.event_list import EventList
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.source import FixedLines
from workbench.ui.view import View
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.pane import PaneFrame


class EventsPane(PaneFrame):
    """Pane 3."""

    def __init__(self) -> None:
        super().__init__(Pane.EVENTS)
        self._shown = -1

    def compose(self) -> ComposeResult:
        """One list of events."""
        yield LineView(id="event-lines")

    def watch_view(self, view: View) -> None:
        """Show another moment, and its last event."""
        lines = self.query_one(LineView)
        run = view.recording.runs[-1] if view.recording.runs else None
        first = run.first_index if run else 0
        if view.last_index < first or view.status.mode == "ready":
            lines.show_cursor = False
            lines.source = FixedLines(empty_lines(Pane.EVENTS, view))
            return
        lines.show_cursor = True
        lines.source = EventList(view.recording.entries, first, view.last_index)
        if view.last_index != self._shown:
            self._shown = view.last_index
            lines.point(len(lines.source) - 1)

    def show_entry(self, index: int) -> None:
        """Go to an entry."""
        lines = self.query_one(LineView)
        if isinstance(lines.source, EventList):
            lines.point(lines.source.row_of_entry(index))

    def entry_at(self, row: int) -> int | None:
        """Find the entry of a row."""
        source = self.query_one(LineView).source
        return source.entry_of_row(row) if isinstance(source, EventList) else None
