"""A word about what takes longer than a second: on standard error, and only where that is a terminal."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

FIRST_AFTER_SECONDS = 1.0
EVERY_SECONDS = 0.2

_CLEAR = "\r\x1b[K"


@contextmanager
def progress(words: Callable[[], str], err: TextIO | None = None) -> Iterator[None]:
    """Say how far something is while it goes on, after its first second.

    Args:
        words: Gives the line, of visible text. It is called in another thread.
        err: Where to write it; by default standard error.
    """
    stream = sys.stderr if err is None else err
    if not stream.isatty():
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_tell, args=(words, stream, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _tell(words: Callable[[], str], stream: TextIO, ended: threading.Event) -> None:
    if ended.wait(FIRST_AFTER_SECONDS):
        return
    while True:
        stream.write(_CLEAR + words())
        stream.flush()
        if ended.wait(EVERY_SECONDS):
            break
    stream.write(_CLEAR)
    stream.flush()
