"""A screen whose panes go to the same place: script line, event, bytes, node of the tree."""

from textual import on

from workbench.ui.messages import EntryChosen
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.link import Place, node_entry, place_of_entry, place_of_line
from workbench.ui.screens.travelling import TravellingScreen
from workbench.ui.widgets.events_pane import EventsPane
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.message_pane import MessagePane
from workbench.ui.widgets.script_pane import ScriptPane
from workbench.ui.widgets.tab_view import TabView
from workbench.ui.widgets.wire_pane import WirePane


class LinkedScreen(TravellingScreen):
    """Listens to what is pointed at, by key or mouse, and tells the other panes."""

    @on(LineView.Pointed, "#script-lines")
    def _line_pointed(self, message: LineView.Pointed) -> None:
        view = self.view
        place = place_of_line(view.recording, view.moment, message.number + 1, self._shown_connection)
        self.link(place, Pane.SCRIPT)

    @on(LineView.Pointed, "#event-lines")
    def _event_pointed(self, message: LineView.Pointed) -> None:
        self.link_entry(self.query_one(EventsPane).entry_at(message.number), Pane.EVENTS)

    @on(LineView.Pointed, "#wire-lines")
    def _byte_pointed(self) -> None:
        self.link_entry(self.query_one(WirePane).entry_here(), Pane.WIRE)

    @on(LineView.Pointed, "#tree-lines")
    def _node_pointed(self, message: LineView.Pointed) -> None:
        self.link_entry(self.query_one(MessagePane).entry_at(message.number), Pane.MESSAGE)

    @on(EntryChosen)
    def _entry_chosen(self, message: EntryChosen) -> None:
        self.link_entry(message.index, message.pane)

    def link_entry(self, index: int | None, origin: Pane | None) -> None:
        """Have the other panes go to what belongs to an entry; all of them, if none was the origin."""
        if index is not None:
            self.link(self.place_of(index), origin)

    def place_of(self, index: int) -> Place | None:
        """Find what belongs to an entry, on the connection that is shown where there is a choice."""
        return place_of_entry(self.view.recording, self.view.moment, index, self._shown_connection)

    @property
    def _shown_connection(self) -> int:
        connection = self.view.connection
        return connection.number if connection else 0

    def link(self, place: Place | None, origin: Pane | None) -> None:
        """Have the other panes go to the place that one of them points at."""
        if place is None:
            return
        if place.connection and self.traveller.point_at(place.connection, place.exchange):
            self.view = self.traveller.view
        if origin is not Pane.EVENTS:
            self.query_one(EventsPane).show_entry(place.entry)
        if origin is not Pane.WIRE:
            self.query_one(WirePane).show_place(place)
        if origin is not Pane.MESSAGE:
            self.query_one(TabView).show_entry(place.entry)
            index = node_entry(place, self.view.recording, self.view.exchange)
            if index is not None:
                self.query_one(MessagePane).show_entry(index)
        if origin is not Pane.SCRIPT and place.line:
            self.query_one(ScriptPane).show_line(place.line)
