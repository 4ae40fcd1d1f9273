"""Playing a scenario's steps on one connection. What each step means in actions is here."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from workbench.lab.channel import Channel
from workbench.lab.request_reader import PeerClosed, RequestHead, RequestReader, UnreadableRequest
from workbench.lab.scenario import WHILE_OPEN, Scenario
from workbench.lab.steps import (
    FILLINGS,
    Close,
    Drip,
    ExpectBody,
    ExpectHead,
    HalfClose,
    Pause,
    Reset,
    Send,
    Step,
    Wait,
    WaitForClose,
)

_FILLING = re.compile(b"|".join(rb"\{%s\}" % name.encode() for name in FILLINGS))


class Play:
    """One connection's run through a scenario.

    Args:
        scenario: What to play.
        channel: Where to play it.
        resumed: Set when a `pause` may go on.
        pace: Factor on every wait. 1 plays them as written, 0 leaves them out.
    """

    def __init__(self, scenario: Scenario, channel: Channel, resumed: asyncio.Event, pace: float) -> None:
        self._scenario = scenario
        self._channel = channel
        self._resumed = resumed
        self._pace = pace
        self._reader = RequestReader(channel.receive)
        self._head = RequestHead(b"", b"", ())
        self._body = b""

    async def run(self) -> None:
        """Play until the steps are over or the client is gone, and leave the connection closed.

        A client that goes away, sends what cannot be read, or stays silent too long is an entry in
        the log, never an exception.
        """
        channel = self._channel
        try:
            await self._play_rounds()
            if not channel.ended:
                await channel.close()
        except UnreadableRequest as error:
            channel.record("error", note=str(error))
        except TimeoutError:
            channel.record("error", note=f"The client was idle for {channel.idle_seconds:g} s")
        except OSError as error:
            channel.record("error", note=f"{type(error).__name__}: {error.strerror or error}")
        finally:
            channel.abandon()

    async def _play_rounds(self) -> None:
        """Play the steps as often as the scenario says, or for as long as the client asks."""
        rounds = count() if self._scenario.repeat == WHILE_OPEN else range(self._scenario.repeat)
        try:
            for _ in rounds:
                for step in self._scenario.steps:
                    await _ACTIONS[type(step)](self, step)
                if self._channel.ended:
                    return
        except PeerClosed as end:
            if not end.clean:
                self._channel.record("error", note=f"Expected the rest of a request, but {end}")

    async def expect_head(self, _: ExpectHead) -> None:
        """Read a request's head."""
        self._channel.record("waiting", note="for a request head")
        self._head = await self._reader.read_head()
        self._body = b""

    async def expect_body(self, step: ExpectBody) -> None:
        """Read a request's content."""
        self._channel.record("waiting", note="for the request's content")
        self._body = await self._reader.read_body(self._head, step.at_most)

    async def send(self, step: Send) -> None:
        """Send bytes."""
        data = self._fill(step.data) if step.fill else step.data
        for _ in range(step.times):
            await self._channel.send(data)

    def _fill(self, template: bytes) -> bytes:
        """Fill in the last request. In one pass, so that a request cannot name further fillings."""
        values = {
            b"{method}": self._head.method,
            b"{target}": self._head.target,
            b"{body}": self._body,
            b"{body_length}": b"%d" % len(self._body),
        }
        return _FILLING.sub(lambda match: values[match[0]], template)

    async def drip(self, step: Drip) -> None:
        """Send bytes a few at a time."""
        for start in range(0, len(step.data), step.size):
            if start:
                await asyncio.sleep(step.tick_seconds * self._pace)
            await self._channel.send(step.data[start : start + step.size])

    async def wait(self, step: Wait) -> None:
        """Do nothing for a while."""
        self._channel.record("waiting", note=f"for {step.seconds * self._pace:g} s")
        await asyncio.sleep(step.seconds * self._pace)

    async def pause(self, _: Pause) -> None:
        """Wait for `LabServer.resume`."""
        self._channel.record("waiting", note="to be resumed")
        async with asyncio.timeout(self._channel.idle_seconds):
            await self._resumed.wait()

    async def wait_for_close(self, _: WaitForClose) -> None:
        """Read until the client goes away."""
        self._channel.record("waiting", note="for the client to go away")
        while await self._channel.receive():
            pass

    async def half_close(self, _: HalfClose) -> None:
        """Close the sending direction."""
        await self._channel.half_close()

    async def close(self, _: Close) -> None:
        """Close."""
        await self._channel.close()

    async def reset(self, _: Reset) -> None:
        """Tear down."""
        self._channel.reset()


# Any: each action takes its own kind of step, and the table pairs the two.
_ACTIONS: dict[type[Step], Callable[[Play, Any], Awaitable[None]]] = {
    ExpectHead: Play.expect_head,
    ExpectBody: Play.expect_body,
    Send: Play.send,
    Drip: Play.drip,
    Wait: Play.wait,
    Pause: Play.pause,
    WaitForClose: Play.wait_for_close,
    HalfClose: Play.half_close,
    Close: Play.close,
    Reset: Play.reset,
}
