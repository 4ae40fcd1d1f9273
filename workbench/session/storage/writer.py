"""Writing a recording while it happens.

What is told at once is one `write(2)`, before anything else is made of it. What the kernel has taken survives the death
of the process, so `kill -9` costs what is being written and nothing else. (Nothing is flushed to the disk for each
event: that would protect from a loss of power, and stop the debuggee for milliseconds each time.)

A mapped file would be as safe from `kill -9`, and a small exchange would take a fifth less. But a file that somebody
cuts ends a program that writes to a mapping with a signal, and so does a disk that is full, on file systems that need
space for what is written over; `write` says what is wrong.
"""

import errno
import fcntl
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from workbench.session.entries import Number, OfLine, Told
from workbench.session.events import RecordedEvent
from workbench.session.storage.encoder import EventEncoder
from workbench.session.storage.format import Header, encode_header
from workbench.session.storage.several import LONGEST_INLINE
from workbench.session.storage.values import Spilled

OWNER_ONLY = 0o600

BODIES_SUFFIX = ".bodies"
INDEX_SUFFIX = ".index"


def bodies_path(path: Path) -> Path:
    """Say where the large bytes of a recording lie."""
    return path.with_suffix(BODIES_SUFFIX)


class RecordingWriter:
    """Appends to a new recording.

    Its file is locked as long as it is open: who finds it locked knows that it is being written.

    Args:
        path: Where to write. There must be no such file.
        header: The first line.

    Raises:
        OSError: It cannot be written there.
    """

    def __init__(self, path: Path, header: Header) -> None:
        if path.suffix in (BODIES_SUFFIX, INDEX_SUFFIX):
            reason = f"what a recording has beside it is called {path.suffix}"
            raise OSError(errno.EINVAL, reason, str(path))
        self.path = path
        self.header = header
        self.spilled: list[tuple[bytes, Spilled]] = []
        """The bytes of the event that was written last that lie in the file of bodies, and where."""
        self._encoder = EventEncoder(self._spill)
        self._bodies_length = 0
        self.length = 0
        """Of the file, in bytes: every line up to here is whole."""
        made: list[int] = []
        try:
            _create(path, made)
            self._made = os.fstat(made[0])
            fcntl.flock(made[0], fcntl.LOCK_EX | fcntl.LOCK_NB)
            # At once, though there may never be any: a recording can be moved while it is written.
            _create(bodies_path(path), made)
            self._fd, self._bodies_fd = made
            first = encode_header(header)
            _write_all(self._fd, first)
            self.length = len(first)
        except BaseException:
            for fd, file in zip(made, (path, bodies_path(path)), strict=False):
                file.unlink(missing_ok=True)
                os.close(fd)
            raise

    def write(self, event: RecordedEvent, line: int) -> None:
        """Append an event that has the numbers of the recording.

        Raises:
            OSError: It cannot be written. The file ends with the event before it.
        """
        # Of an `int` it makes the same number.
        self.write_all([OfLine(event, line)], int)

    def write_all(self, told: Iterable[Told], number: Number) -> None:
        """Append what happened, all of it at once.

        Raises:
            OSError: It cannot be written. The file ends with the event before it.
        """
        self.spilled = []
        bodies_length = self._bodies_length
        try:
            data = self._encoder.encode_all(told, number)
            written = os.write(self._fd, data)
            if written < len(data):
                # The disk is nearly full, or a signal came: the next call says which.
                _write_all(self._fd, data[written:])
            self.length += len(data)
        except BaseException:
            # Also where ctrl+c came in between: what is written next is to stand where it says.
            os.ftruncate(self._fd, self.length)
            os.ftruncate(self._bodies_fd, bodies_length)
            self._bodies_length = bodies_length
            raise

    def _spill(self, data: bytes) -> object:
        if len(data) <= LONGEST_INLINE:
            return data.decode("latin-1")
        offset = self._bodies_length
        _write_all(self._bodies_fd, data)
        self._bodies_length += len(data)
        self.spilled.append((data, Spilled(offset, len(data))))
        return [offset, len(data)]

    def is_at(self, path: Path) -> bool:
        """Say whether it writes to the file of this name. The file may have been renamed since it was made."""
        return self._fd >= 0 and os.path.samestat(os.fstat(self._fd), path.stat())

    def take_away(self) -> None:
        """Write nothing any more, and delete what was written, unless somebody has renamed it, or put another file there."""
        self.close()
        with suppress(FileNotFoundError):
            if os.path.samestat(self._made, self.path.stat()):
                # The lines first: bodies without lines are no recording.
                self.path.unlink()
                bodies_path(self.path).unlink(missing_ok=True)

    def close(self) -> None:
        """Write nothing any more."""
        if self._bodies_fd >= 0 and not self._bodies_length:
            bodies_path(self.path).unlink(missing_ok=True)
        for fd in (self._fd, self._bodies_fd):
            if fd >= 0:
                os.close(fd)
        self._fd = self._bodies_fd = -1


def _create(path: Path, made: list[int]) -> None:
    """Make a file that was not there, and add its descriptor in the same step: ctrl+c comes before, or behind both."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
    made += map(os.open, [path], [flags], [OWNER_ONLY])


def _write_all(fd: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(fd, left) :]
