"""The command palette: everything that can be done, with its keys and one line of help.

On the workbench these are all commands, on a dialog those of the dialog. What works in one list or
dialog alone is carried out there if that has the focus, and else it is offered by what opens it.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from textual import on
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import Input, OptionList

from workbench.ui.commands import BY_ID, COMMANDS, EVERYWHERE, Command
from workbench.ui.keys import keys_of
from workbench.ui.local_commands import OPENED_BY, PLACES


class Palette(CommandPalette):
    """Textual's palette, of commands or of themes, which carries out one of them.

    Enter that is pressed twice comes twice before the first has done its work. Textual would carry the command out
    again, and close the screen that is on top then, or end the program where that is the last one.
    """

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _only_once(self, event: Input.Submitted | OptionList.OptionSelected) -> None:
        # Before Textual's own class hears of it.
        if not self.is_active:
            event.stop()
            event.prevent_default()


class _Offer(NamedTuple):
    """One line of the palette."""

    command: Command
    help: str
    node: DOMNode
    """What carries it out."""

    action: str
    place: str = ""
    """Where it works, for a command that does not work everywhere."""


class CommandProvider(Provider):
    """Offers the tables of commands."""

    async def discover(self) -> Hits:
        """Offer all of them, in the order of the tables."""
        for offer in self._offers():
            yield DiscoveryHit(Content(self._prompt(offer)), partial(self._run, offer), help=offer.help)

    async def search(self, query: str) -> Hits:
        """Offer those whose words match."""
        matcher = self.matcher(query)
        for offer in self._offers():
            prompt = self._prompt(offer)
            score = max(matcher.match(prompt), matcher.match(offer.help))
            if score > 0:
                yield Hit(score, matcher.highlight(prompt), partial(self._run, offer), prompt, offer.help)

    def _offers(self) -> Iterator[_Offer]:
        screen = self.screen
        main = not screen.is_modal
        for command in COMMANDS if main else EVERYWHERE:
            if screen.check_action(command.action.partition("(")[0], ()):
                yield _Offer(command, command.help, screen, command.action)
        here = {one.binding.id: one.node for one in screen.active_bindings.values()}
        for place, commands in PLACES.items():
            opens = OPENED_BY.get(place)
            for command in commands:
                node = here.get(command.id)
                if node is not None:
                    yield _Offer(command, command.help, node, command.action, place)
                elif main and opens is not None:
                    words = f"{command.help}; this opens it"
                    yield _Offer(command, words, screen, BY_ID[opens].action, place)

    def _prompt(self, offer: _Offer) -> str:
        keys = keys_of(self.screen, offer.command)
        where = f"{offer.place.replace('_', ' ').capitalize()}: " if offer.place else ""
        return f"{where}{offer.command.label}  ({keys})" if keys else f"{where}{offer.command.label}"

    async def _run(self, offer: _Offer) -> None:
        await self.app.run_action(offer.action, offer.node)
