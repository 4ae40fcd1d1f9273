"""What all plays of one scenario share, whether they are reached by a port of their own or by a path."""

import asyncio
import ssl
from dataclasses import dataclass, field

from workbench.lab.budget import Budget
from workbench.lab.channel import Channel
from workbench.lab.hand import Hand
from workbench.lab.play import Play
from workbench.lab.request_reader import RequestReader
from workbench.lab.scenario import Scenario
from workbench.lab.target import Visit


@dataclass(slots=True)
class Stage:
    """A scenario in use. Its scenario may be edited while its clients wait."""

    scenario: Scenario
    context: ssl.SSLContext | None
    """The certificate and the options of its TLS. None for a scenario over plain TCP."""

    pace: float
    """Factor on every wait."""

    budget: Budget
    """What its requests may take of memory, together with all others."""

    resumed: asyncio.Event = field(default_factory=asyncio.Event)
    hand: Hand = field(default_factory=Hand)
    begun: int = 0
    """How many plays there were, for scenarios that play each connection differently."""

    async def serve(self, channel: Channel) -> None:
        """Serve a connection to a port of its own, from its first byte to its end."""
        await self._play(channel, RequestReader(channel.receive, self.budget)).run()

    async def visit(self, channel: Channel, reader: RequestReader, visit: Visit) -> None:
        """Serve a connection that a request has brought here, for as long as its requests are for this scenario.

        Raises:
            GoesElsewhere: One is not.
        """
        await self._play(channel, reader, visit).play()

    def _play(self, channel: Channel, reader: RequestReader, visit: Visit | None = None) -> Play:
        plays = self.scenario.plays
        steps = plays[self.begun % len(plays)]
        self.begun += 1
        return Play(
            self.scenario,
            channel,
            self.resumed,
            self.pace,
            steps=steps,
            hand=self.hand,
            context=self.context,
            reader=reader,
            visit=visit,
        )

    def pulse(self) -> None:
        """Wake every play that waits in a `pause`, and none that comes later."""
        self.resumed.set()
        self.resumed.clear()
