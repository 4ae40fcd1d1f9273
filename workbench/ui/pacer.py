"""When a view is made: soon after something happened, not too often, and at once when a command is done."""

import asyncio
import contextvars
from collections.abc import Callable
from contextlib import suppress

SECONDS_BETWEEN_VIEWS = 1 / 30

SECONDS_OF_A_QUICK_CALL = 1 / 100
"""A call that returns as soon as this is shown once, when it has returned, and not also while it runs."""


class Pacer:
    """Has views made in the event loop, whatever thread the news come from.

    Args:
        send: Makes a view and sends it; called in the loop.
        busy: Says whether a command is being carried out.
    """

    def __init__(self, send: Callable[[], None], busy: Callable[[], bool]) -> None:
        self._send = send
        self._busy = busy
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context = contextvars.copy_context()
        self._due = False
        self._timer: asyncio.TimerHandle | None = None
        self._sent_at = 0.0

    def start(self) -> None:
        """Begin. Called in the loop."""
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()

    def stop(self) -> None:
        """Have no more views made."""
        self._loop = None

    def changed(self) -> None:
        """Note that something happened. Called in any thread, for each event: it must cost next to nothing."""
        if self._due or self._loop is None:
            return
        self._due = True
        self._call(self._schedule)

    def finished(self) -> None:
        """Note that a command is done. Somebody waits for its view, which does not wait for its turn."""
        self.changed()
        self._call(self._hasten)

    def _call(self, what: Callable[[], None]) -> None:
        loop = self._loop
        if loop is not None:
            # RuntimeError: the loop is closed, for the app is ending, and there is no screen to draw on.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(what, context=self._context)

    def _schedule(self) -> None:
        if self._loop is None:
            return
        wait = self._sent_at + SECONDS_BETWEEN_VIEWS - self._loop.time()
        wait = max(wait, SECONDS_OF_A_QUICK_CALL if self._busy() else 0.0)
        self._timer = self._loop.call_later(wait, self._make, context=self._context)

    def _hasten(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._make()

    def _make(self) -> None:
        if self._loop is None:
            return
        # The flag goes first: what happens from here on asks for another view.
        self._due, self._timer = False, None
        self._sent_at = self._loop.time()
        self._send()
