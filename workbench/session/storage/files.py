"""The files of a recording, open for reading."""

import os
from pathlib import Path

from workbench.session.storage.format import MAX_HEADER_LENGTH, Header, NotARecordingError, decode_header
from workbench.session.storage.writer import bodies_path

BLOCK = 1 << 18
"""Bytes that are read at once: a twentieth of a second's work, so that a screen may draw in between."""

_MOST_LINES = 4096
"""Bytes. Most lines are shorter."""

AHEAD = 1 << 14
"""Bytes of lines that are read with one line: who looks at an event mostly looks at the next ones, too."""

LONGEST_LINE = 1 << 29
"""Bytes. What is printed at once may take 64 MiB, and JSON five characters for each."""


class RecordingFiles:
    """Lines and bodies of a recording, by their offsets. Any thread may read, as long as it lives.

    Args:
        path: Of the file of lines.

    Raises:
        OSError: It cannot be read.
        NotARecordingError: It is none.
    """

    _fd = _bodies_fd = -1

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ahead = 0, b""
        """Lines that were read together, and the offset of the first. One value: any thread may put another here."""

        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.header, self.header_length = self._read_header()
        self._open_bodies()

    def _read_header(self) -> tuple[Header, int]:
        begin = os.pread(self._fd, MAX_HEADER_LENGTH, 0)
        line, line_end, _ = begin.partition(b"\n")
        if not line_end:
            raise NotARecordingError(
                f"Expected a recording, whose first line is a header; found {begin[:80]!r}"
                if begin
                else "Expected a recording; the file is empty"
            )
        return decode_header(line), len(line) + 1

    @property
    def size(self) -> int:
        """The length of the file of lines now."""
        return os.fstat(self._fd).st_size

    @property
    def changed_ns(self) -> int:
        """When the file of lines was written to last, in ns since 1970."""
        return os.fstat(self._fd).st_mtime_ns

    @property
    def bodies_name(self) -> str:
        """The name of the file of bodies."""
        return bodies_path(self.path).name

    @property
    def bodies_size(self) -> int:
        """The length of the file of bodies now; 0 while there is none."""
        fd = self._open_bodies()
        return os.fstat(fd).st_size if fd >= 0 else 0

    def read(self, offset: int, length: int) -> bytes:
        """Read from the file of lines; less than was asked for at its end."""
        return os.pread(self._fd, length, offset)

    def lines(self, offset: int, end: int) -> list[bytes]:
        """Read the next lines that are whole, without their ends; none where there is none before `end`."""
        length = BLOCK
        while True:
            block = self.read(offset, min(length, end - offset))
            line_end = block.rfind(b"\n")
            if line_end >= 0:
                return block[:line_end].split(b"\n")
            if len(block) < length or length > LONGEST_LINE:
                return []
            length *= 4

    def line_at(self, offset: int, end: int) -> bytes:
        """Read the line that begins there, and keep what follows for the next call.

        A call of the system lets another thread have the interpreter, and to get it back from one that computes takes
        longer than to read.

        Args:
            offset: Of its first byte.
            end: Where the lines end that are there for good.

        Returns:
            The line without its end; as much of it as there is, where the end is missing.
        """
        start, block = self._ahead
        line_end = block.find(b"\n", offset - start) if start <= offset else -1
        if line_end < 0 and offset < end:
            start, block = self._ahead = offset, self.read(offset, min(AHEAD, end - offset))
            line_end = block.find(b"\n")
        return block[offset - start : line_end] if line_end >= 0 else self._long_line_at(offset)

    def _long_line_at(self, offset: int) -> bytes:
        length = _MOST_LINES
        while True:
            block = self.read(offset, length)
            line, line_end, _ = block.partition(b"\n")
            if line_end or len(block) < length or length > LONGEST_LINE:
                return line
            length *= 4

    def read_body(self, offset: int, length: int) -> bytes:
        """Read bytes of large events; less than was asked for where they are gone."""
        fd = self._open_bodies()
        if fd < 0:
            return b""
        data = os.pread(fd, length, offset)
        while len(data) < length and (more := os.pread(fd, length - len(data), offset + len(data))):
            data += more
        return data

    def _open_bodies(self) -> int:
        # A recording that is being written gets its bodies when the first large one comes.
        if self._bodies_fd < 0:
            try:
                self._bodies_fd = os.open(bodies_path(self.path), os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                return -1
        return self._bodies_fd

    def close(self) -> None:
        """Read nothing any more."""
        for fd in (self._fd, self._bodies_fd):
            if fd >= 0:
                os.close(fd)
        self._fd = self._bodies_fd = -1

    def __del__(self) -> None:
        # A recording can be looked at as long as somebody has it: nobody else knows when that ends.
        self.close()
