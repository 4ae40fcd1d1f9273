"""When a view is made: soon after something happened, not too often, and at once when a command is done.

Keys go first. Where much happens one view follows the other, and to show one takes as long as to answer several
keys. So views take a part of the time only, and none is made while a key is being answered.
"""

import asyncio
import contextvars
import time
from collections.abc import Callable
from contextlib import suppress

SECONDS_BETWEEN_VIEWS = 1 / 30

MOST_BETWEEN_VIEWS = 1 / 5
"""So many seconds after one view comes the next, whatever it costs, and whoever types."""

SHARE_OF_TIME = 1 / 3
"""What the event loop may compute from one view to the next, as a part of the time. The thread that runs the script
needs the interpreter, too."""

SECONDS_OF_A_KEY = 1 / 25
"""From a key until what it changed is on the screen, Textual's next frame included."""

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
        self._key_at = 0.0
        self._computed_before = 0.0
        """What the thread of the loop had computed when the last view was made, in seconds."""

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

    def key_pressed(self) -> None:
        """Have the next view wait until the key is answered. Called in the loop."""
        if self._loop is not None:
            self._key_at = self._loop.time()

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
        self._timer = self._loop.call_later(wait, self._make_in_turn, context=self._context)

    def _make_in_turn(self) -> None:
        """Make a view, unless a call runs, and it is the turn of keys or of its thread.

        Between calls little happens, and a view that is late would take away what a key has brought meanwhile.
        """
        if self._loop is None:
            return
        computed = time.thread_time() - self._computed_before
        turn = max(self._sent_at + computed / SHARE_OF_TIME, self._key_at + SECONDS_OF_A_KEY)
        wait = min(turn, self._sent_at + MOST_BETWEEN_VIEWS) - self._loop.time()
        if wait > 0 and self._busy():
            # What is computed until then counts as well, so this asks once more.
            self._timer = self._loop.call_later(wait, self._make_in_turn, context=self._context)
        else:
            self._make()

    def _hasten(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._make()

    def _make(self) -> None:
        if self._loop is None:
            return
        # The flag goes first: what happens from here on asks for another view.
        self._due, self._timer = False, None
        self._sent_at, self._computed_before = self._loop.time(), time.thread_time()
        self._send()
