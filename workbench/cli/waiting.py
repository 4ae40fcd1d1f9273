"""A word about a run of which nothing is heard for a second: below its transcript, on a terminal only."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TextIO, cast

from workbench.cli import progress

_CLEAR = "\r\x1b[K"


@contextmanager
def told_while_waiting(out: TextIO, err: TextIO | None = None) -> Iterator[tuple[TextIO, TextIO]]:
    """Say for how long nothing was written, after the first second of it and until something is.

    Args:
        out: Takes the transcript.
        err: Where to say it; by default standard error.

    Yields:
        Both streams, to be written to in place of these: what is written takes that line away first.
    """
    stream = sys.stderr if err is None else err
    if not stream.isatty():
        yield out, stream
        return
    line, ended = _Line(stream), threading.Event()
    thread = threading.Thread(target=_tell, args=(line, ended), daemon=True)
    thread.start()
    try:
        yield cast("TextIO", _Above(out, line)), cast("TextIO", _Above(stream, line))
    finally:
        ended.set()
        thread.join()
        with line.lock:
            line.clear()


def _tell(line: "_Line", ended: threading.Event) -> None:
    while not ended.wait(progress.EVERY_SECONDS):
        line.show()


class _Line:
    """The line, the last one on the terminal."""

    def __init__(self, stream: TextIO) -> None:
        self.lock = threading.Lock()
        self.last_written = monotonic()
        self.may_begin = True
        """False in the midst of a line of somebody else, which would be written over."""

        self._stream = stream
        self._shown = False

    def show(self) -> None:
        with self.lock:
            seconds = monotonic() - self.last_written
            if self.may_begin and seconds >= progress.FIRST_AFTER_SECONDS:
                self._stream.write(f"{_CLEAR}nothing new for {seconds:.0f} s; Ctrl+C ends the run")
                self._stream.flush()
                self._shown = True

    def clear(self) -> None:
        if self._shown:
            self._stream.write(_CLEAR)
            self._stream.flush()
            self._shown = False


class _Above:
    """As much of a stream as `print` needs; what is written to it stands above the line."""

    def __init__(self, stream: TextIO, line: _Line) -> None:
        self._stream = stream
        self._line = line

    def write(self, text: str) -> int:
        with self._line.lock:
            self._line.clear()
            written = self._stream.write(text)
            self._line.may_begin = not text or text.endswith("\n")
            self._line.last_written = monotonic()
            return written

    def flush(self) -> None:
        self._stream.flush()
