"""The command palette: every command, with its key and one line of help."""

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from workbench.ui.commands import COMMANDS, Command
from workbench.ui.keys import keys_of


class CommandProvider(Provider):
    """Offers the table of commands."""

    async def discover(self) -> Hits:
        """Offer all of them, in the order of the table."""
        for command in COMMANDS:
            yield DiscoveryHit(Content(self._prompt(command)), partial(self._run, command), help=command.help)

    async def search(self, query: str) -> Hits:
        """Offer those whose words match."""
        matcher = self.matcher(query)
        for command in COMMANDS:
            prompt = self._prompt(command)
            score = max(matcher.match(prompt), matcher.match(command.help))
            if score > 0:
                yield Hit(score, matcher.highlight(prompt), partial(self._run, command), prompt, command.help)

    def _prompt(self, command: Command) -> str:
        keys = keys_of(self.screen, command)
        return f"{command.label}  ({keys})" if keys else command.label

    async def _run(self, command: Command) -> None:
        await self.screen.run_action(command.action)
