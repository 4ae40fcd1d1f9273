"""Playing by hand: plays of a scenario wait for a key before each step, or in the middle of its bytes.

Whoever teaches decides when the server goes on, so that a class watches the parser wait and decide.
Steps that expect something of the client play by themselves: it is the client that they wait for. So
does a play whose client has left: a permit that it took would be missed by the one that is watched.
Where several plays wait, a permit is for the one that has waited longest, as the screen says.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

SECONDS_BETWEEN_LOOKS = 0.2
"""How often a play that is held looks whether its client is still there."""


class Hand:
    """Holds the plays of one scenario, and gives permits. For the server's thread alone."""

    def __init__(self) -> None:
        self.held = False
        self._steps = 0
        self._bytes = 0
        self._changed = asyncio.Event()
        self._queue: deque[object] = deque()
        """A ticket for each play that waits. Who waits on an event alone is woken in no order, because each looks up
        now and then whether its client is still there, and stands at the end then."""

    def hold(self) -> None:
        """Have every play wait from its next step on."""
        self.held = True

    def release(self) -> None:
        """Have every play go on by itself."""
        self.held = False
        self._steps = self._bytes = 0
        self._changed.set()

    def allow_step(self) -> None:
        """Permit one step, or the rest of one that has begun."""
        self._steps += 1
        self._changed.set()

    def allow_bytes(self, count: int) -> None:
        """Permit so many bytes; a step that sends none takes the whole permit."""
        self._bytes += count
        self._changed.set()

    async def permit_step(self, has_left: Callable[[], bool]) -> bool:
        """Wait until a step may begin.

        Args:
            has_left: Says whether the client has.

        Returns:
            Whether all of it may be played; False when its bytes have to be asked for.
        """
        return await self._left_before_permit(has_left) or self._take_step()

    async def permit_bytes(self, wanted: int, has_left: Callable[[], bool]) -> tuple[int, bool]:
        """Wait until bytes may be sent.

        Args:
            wanted: How many there are.
            has_left: Says whether the client has.

        Returns:
            How many of them, and whether the rest of the step needs no further permit.
        """
        if await self._left_before_permit(has_left) or self._take_step():
            return wanted, True
        count = min(wanted, self._bytes)
        self._bytes -= count
        return count, False

    def spend(self) -> None:
        """Use a permit of bytes up, for a step that has none."""
        self._bytes = 0

    @property
    def waits(self) -> bool:
        """Whether a play that asks now has to wait for a permit."""
        return self.held and not (self._steps or self._bytes)

    def _take_step(self) -> bool:
        if self.held and not self._steps:
            return False
        self._steps = max(0, self._steps - 1)
        return True

    async def _left_before_permit(self, has_left: Callable[[], bool]) -> bool:
        """Wait for a permit, and say whether the client has left instead."""
        ticket = object()
        self._queue.append(ticket)
        try:
            while self.held and not has_left():
                if not self.waits and self._queue[0] is ticket:
                    return False
                self._changed.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(SECONDS_BETWEEN_LOOKS):
                        await self._changed.wait()
            return self.held
        finally:
            self._queue.remove(ticket)
            self._changed.set()  # what is left of the permits is for the next one
