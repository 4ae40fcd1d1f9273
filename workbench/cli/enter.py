"""Doing something each time Enter is pressed, while a command waits."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SECONDS_BETWEEN_LOOKS = 0.5


@contextmanager
def on_enter(act: Callable[[], object]) -> Iterator[None]:
    """Call `act` for each line that is typed, in a thread of its own; never where nobody can type."""
    if not (sys.stdin.isatty() and hasattr(signal, "SIGTTIN")):
        yield
        return
    # A job in the background that reads the terminal is stopped, unless it ignores this: then reading fails.
    previous = signal.signal(signal.SIGTTIN, signal.SIG_IGN)
    stop = threading.Event()
    threading.Thread(target=_watch, args=(act, stop), name="workbench-enter", daemon=True).start()
    try:
        yield
    finally:
        stop.set()
        signal.signal(signal.SIGTTIN, previous)


def _watch(act: Callable[[], object], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            typed = os.read(sys.stdin.fileno(), 4096)
        except OSError:
            stop.wait(SECONDS_BETWEEN_LOOKS)
            continue
        if not typed:
            return
        act()
