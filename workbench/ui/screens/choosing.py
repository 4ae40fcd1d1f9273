"""A screen on which one of several connections can be chosen, and an exchange of it."""

from textual import on

from workbench.session.walk import last_entry_on
from workbench.ui.keys import key_names_of
from workbench.ui.messages import ConnectionRequested
from workbench.ui.presentation.connection_list import Pick
from workbench.ui.presentation.empty import way_on
from workbench.ui.presentation.layout import Pane
from workbench.ui.screens.connections import ConnectionsScreen
from workbench.ui.screens.linked import LinkedScreen

NONE_YET = "There is no connection yet"
ONLY_ONE = "There is only one connection"
FIRST_EXCHANGE = "This is the first exchange of the connection"
NOTHING_CAME = "Nothing has come back in this exchange that others could read"
LAST_EXCHANGE = "This is the last exchange of the connection"


class ChoosingScreen(LinkedScreen):
    """Carries out what the keys, the strip and the picker want."""

    def choose(self, pick: Pick | None) -> None:
        """Show what was picked, and take the panes to it.

        Args:
            pick: A connection, and perhaps an exchange; or what follows whatever happens. None for
                nothing, which changes nothing.
        """
        if pick is None:
            return
        self.traveller.choose(pick.connection, pick.exchange)
        self.view = self.traveller.view
        entry = self.view.last_index
        if pick.connection is not None:
            entry = last_entry_on(self.view.recording, pick.connection, entry)
        exchange = self.view.exchange
        if pick.exchange is not None and exchange is not None:
            entry = exchange.first_index
        self.link_entry(entry, None)

    def link_moment(self, index: int) -> None:
        """Have the panes go to an entry that is shown because time went on, and not pointed at.

        What happened on another connection than was chosen leaves them where they are.
        """
        place = self.place_of(index)
        shown = self.view.connection
        if not self.view.chosen or place is None or shown is None or place.connection in (0, shown.number):
            self.link(place, Pane.EVENTS)

    # --- the commands -------------------------------------------------------------------

    def action_connections(self) -> None:
        """List the connections."""
        if self.view.moment.connections:
            self.app.push_screen(ConnectionsScreen(self.view), self.choose)
        else:
            self._no_connection_yet()

    @on(ConnectionRequested)
    def _connection_requested(self, message: ConnectionRequested) -> None:
        if message.connection is None:
            self.action_connections()
        else:
            self.choose(Pick(message.connection))

    def action_next_connection(self, by: int) -> None:
        """Go to the next connection, or to the one before; after the last comes the first."""
        numbers = [one.number for one in self.view.moment.connections]
        shown = self.view.connection
        if shown is None or len(numbers) < 2:
            if numbers:
                self.nowhere_to_go(ONLY_ONE)
            else:
                self._no_connection_yet()
            return
        self.choose(Pick(numbers[(numbers.index(shown.number) + by) % len(numbers)]))

    def action_next_exchange(self, by: int) -> None:
        """Go to the next exchange of the connection, or to the one before."""
        connection, told = self.view.connection, self.view.exchange
        if connection is None or told is None:
            self._no_connection_yet()
            return
        exchanges = connection.exchanges
        position = connection.record.exchanges.index(told.record) + by
        if 0 <= position < len(exchanges):
            self.link_entry(exchanges[position].first_index, None)
        else:
            self.nowhere_to_go(LAST_EXCHANGE if by > 0 else FIRST_EXCHANGE)

    def action_second_opinion(self) -> None:
        """Show what other readers make of the exchange that is shown."""
        # The readers bring libraries along that nobody needs before this.
        from workbench.compare.second_opinion import is_answered
        from workbench.ui.screens.opinion import OpinionScreen

        recording, exchange = self.view.recording, self.view.exchange
        if exchange is None or not is_answered(recording, exchange.record):
            self.nowhere_to_go(NOTHING_CAME)
        else:
            self.app.push_screen(OpinionScreen(recording, exchange.record))

    def action_follow(self) -> None:
        """Follow what happens again."""
        self.choose(Pick(None))

    def _no_connection_yet(self) -> None:
        self.nowhere_to_go(NONE_YET, way_on(self.view, key_names_of(self)))
