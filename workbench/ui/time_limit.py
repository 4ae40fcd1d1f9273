"""A limit on the time that one computation in the main thread may take.

A regular expression can take for ever: `(a+)+b` tries every way to cut a run of `a`. Python's `re`
holds the interpreter's lock meanwhile, so that no other thread could end it, but it does look for
signals; an exception out of a signal's handler ends it.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TookTooLong(Exception):  # noqa: N818 - what happened, as in `TimeoutExpired`
    """The time was up."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End what is done inside with `TookTooLong` when it takes longer.

    Without effect on systems without interval timers (Windows), and in other threads than the main
    one, which gets no signals.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def give_up(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler's
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, give_up)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)
