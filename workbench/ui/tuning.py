"""Keeping Python and the C library from making keys wait, and from keeping memory that nobody uses.

These are settings of the process, which is the screen's own: no library and no command touches them.
"""

import asyncio
import gc
import sys
from importlib.util import find_spec

SECONDS_BETWEEN_THREADS = 1 / 1000
"""How long a thread that computes keeps the others waiting. A key takes several turns of the event loop, and each
would wait for Python's usual 5 ms while a call receives much.
"""

COLLECTIONS_BEFORE_ALL = 100
"""Python looks for garbage among all objects when it has looked ten times among the young ones. That takes as long as
several keys, and finds little: so here it is done when nobody waits, or, at the latest, after so many times.
"""

USUAL_COLLECTIONS_BEFORE_ALL = 10

SECONDS_OF_REST = 1.0
"""When no key has come for so long, nobody waits."""

LARGE_BLOCK = 256 * 1024
"""Bytes. What is received comes in blocks of this size, and what a call returns is larger."""

_M_MMAP_THRESHOLD = -3
"""A parameter of glibc's `mallopt`."""


def tune() -> None:
    """Settle what keys wait for. Called once, when everything is loaded."""
    # What was loaded stays; the garbage collector would look at all of it again and again.
    gc.freeze()
    gc.enable()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, COLLECTIONS_BEFORE_ALL)
    sys.setswitchinterval(SECONDS_BETWEEN_THREADS)
    give_large_blocks_back()


def give_large_blocks_back() -> None:
    """Have memory that held much go back to the system as soon as nobody needs it.

    glibc does so until a large block is given back for the first time. From then on it keeps blocks up to that
    size for later: after a long download some eighty megabytes, in which there is nothing.
    """
    if sys.platform != "linux" or find_spec("_ctypes") is None:
        return
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, LARGE_BLOCK)


class Rest:
    """Looks for garbage among all objects when no key has come for a while, and again while a run goes on.

    Textual makes much of it: each row that is drawn keeps itself in a cache of its own (`Strip.divide`).

    Args:
        loop: That of the app.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None
        self._looks = 0
        """How often Python had looked among the young ones when this did, which says whether anything goes on."""

    def put_off(self) -> None:
        """Note that somebody is there."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(SECONDS_OF_REST, self._collect)

    def _collect(self) -> None:
        self._timer = None
        if gc.get_count()[2] >= USUAL_COLLECTIONS_BEFORE_ALL:
            gc.collect()
        looks = gc.get_stats()[0]["collections"]
        if looks != self._looks:
            self._looks = looks
            self.put_off()
