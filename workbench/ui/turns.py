"""Keys one after the other: each goes to what the one before it has brought to the front.

Textual hands a key to the widget that has the focus when the key comes, and the widget does its work later. Of keys
that come at once, as over a slow line, or while the screen is busy, the second would go to where the first was.
What the mouse does between two keys stays between them.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.events import InputEvent, Key, Paste
from textual.message import Message
from textual.widget import Widget

MOST_SECONDS = 0.25
"""So long a key waits for the one before it. A widget that is taken away says nothing any more."""

LOOKS = 5
"""How often it is looked up in that time whether it is over. Time in which the screen is busy counts as one look at
most: nobody could have answered."""


class KeyDone(Message):
    """Sent behind a key, the way that the key goes; when it comes to the app, the key has done its work."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class Turns:
    """Has what comes handed over in its order, and what comes after a key or a paste when that has done its work.

    Args:
        app: Whose.
        give: Hands one over, as the app does by itself.
    """

    def __init__(self, app: App[Any], give: Callable[[InputEvent | Paste], Awaitable[None]]) -> None:
        self._app = app
        self._give = give
        self.waiting: deque[InputEvent | Paste] = deque()
        """What has come, and was not handed over yet."""

        self._number = 0
        self._timer: asyncio.TimerHandle | None = None
        """There is one while a key is under way."""

        self._stuck = False
        """Whether the key before was not done in time: those behind it wait no more, until one is done again."""

    @property
    def under_way(self) -> bool:
        """Whether a key has not done its work, as far as it is waited for, or waits itself."""
        return bool(self.waiting) or self._timer is not None

    async def take(self, event: InputEvent | Paste) -> None:
        """Hand it over in its turn."""
        self.waiting.append(event)
        await self._go_on()

    async def done(self, number: int) -> None:
        """Hand the next one over: the work of one is done."""
        if number == self._number:
            self._stuck = False
            await self._end_turn()

    async def _end_turn(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            await self._go_on()

    async def _give_up(self, number: int) -> None:
        if number == self._number:
            self._stuck = True
            await self._end_turn()

    async def _go_on(self) -> None:
        while self.waiting and self._timer is None:
            event = self.waiting.popleft()
            await self._give(event)
            # What the app has a binding for that goes before all others is done already.
            if event.is_forwarded and isinstance(event, Key | Paste):
                self._wait_for(event, self._app.focused or self._app.screen)

    def _wait_for(self, event: Key | Paste, receiver: Widget) -> None:
        if isinstance(event, Key) and receiver.check_consume_key(event.key, event.character):
            return  # A letter that is typed: what follows is for the same widget, which takes both in order.
        self._number += 1
        if receiver.post_message(KeyDone(self._number)) and not self._stuck:
            self._look_again(self._number, LOOKS)

    def _look_again(self, number: int, looks: int) -> None:
        if looks:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(MOST_SECONDS / LOOKS, self._look_again, number, looks - 1)
        else:
            self._app.call_later(self._give_up, number)
