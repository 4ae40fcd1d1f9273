"""Listeners: who wants to hear that something changed."""

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)

Listener = Callable[[], None]
"""Called when something changed, in the thread that changed it. It must return at once, and reads
what is new later, in its own time."""


class Listeners:
    """A few listeners, told one after the other, from any thread.

    One that raises is dropped and logged: it runs inside the I/O of the debuggee, which must not
    suffer for it.
    """

    def __init__(self) -> None:
        self._listeners: tuple[Listener, ...] = ()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Add a listener. Call what is returned to take it off again."""
        self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            self._listeners = tuple(other for other in self._listeners if other is not listener)

        return unsubscribe

    def tell(self) -> None:
        """Call all of them."""
        for listener in self._listeners:
            try:
                listener()
            except Exception:
                logger.exception("A listener raised and is told nothing more: %r", listener)
                self._listeners = tuple(other for other in self._listeners if other is not listener)
