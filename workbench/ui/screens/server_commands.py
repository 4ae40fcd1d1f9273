"""A screen from which the lab's server is played by hand: held, and let go on step by step or byte by byte."""

from collections.abc import Callable

from workbench.session.status import CommandRefused
from workbench.ui.keys import key_names_of
from workbench.ui.lab_host import NotHeld
from workbench.ui.presentation.key_names import key_pieces
from workbench.ui.screens.choosing import ChoosingScreen
from workbench.ui.screens.number import NumberScreen
from workbench.ui.widgets.server_bar import ServerBar

MOST_BYTES = 1_000_000_000


class ServerCommandsScreen(ChoosingScreen):
    """Has a `ServerBar`. None of its commands waits: they work while a call does."""

    # --- what the screen makes of it ----------------------------------------------------

    def accepted(self) -> None:
        """Take away what was said about an earlier command."""
        raise NotImplementedError

    # --- the commands -------------------------------------------------------------------

    def action_hold_server(self) -> None:
        """Hold the server, or let it play by itself again."""
        held = self.bench.lab.held
        self._command(self.bench.lab.release if held is not None and held.by_hand else self.bench.lab.hold)

    def action_server_step(self) -> None:
        """Let the server play one step."""
        self._command(self.bench.lab.play_step)

    def action_server_bytes(self) -> None:
        """Let the server send as many bytes as were asked for last."""
        count = self.query_one(ServerBar).count
        self._command(lambda: self.bench.lab.play_bytes(count))

    def action_server_byte_count(self) -> None:
        """Ask how many bytes the server sends at a time, and have it send them."""
        bar = self.query_one(ServerBar)

        def take(count: int | None) -> None:
            if count is not None:
                bar.count = count
                self.action_server_bytes()

        self.app.push_screen(NumberScreen("How many bytes at a time", bar.count, MOST_BYTES), take)

    def _command(self, command: Callable[[], object]) -> None:
        self.to_present()
        try:
            command()
        except CommandRefused as error:
            # The keys that are named where a call is refused would read as if they ran the server.
            way = "{hold_server} holds it" if isinstance(error, NotHeld) else ""
            self.nowhere_to_go(str(error), key_pieces(way, key_names_of(self)))
        else:
            self.accepted()
