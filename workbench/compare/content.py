"""Content that may be large: in memory while it is small, in a file without a name after that."""

import io
import shutil
import tempfile
from collections.abc import Iterator
from itertools import zip_longest
from typing import IO

IN_MEMORY_BYTES = 1 << 20
"""Several readers keep the same content at a time."""

PIECE_BYTES = 1 << 16


class Content:
    """The content that a reader gave, in the order in which it gave it."""

    def __init__(self) -> None:
        self._file: IO[bytes] = io.BytesIO()
        self.length = 0

    def append(self, data: bytes | bytearray) -> None:
        """Add bytes at the end."""
        self._file.seek(self.length)
        self._file.write(data)
        if self.length <= IN_MEMORY_BYTES < self.length + len(data):
            self._move_to_disk()
        self.length += len(data)

    def _move_to_disk(self) -> None:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as this object is
        self._file.seek(0)
        shutil.copyfileobj(self._file, file)
        self._file = file

    def piece(self, offset: int, count: int) -> bytes:
        """Give at most `count` bytes from an offset on."""
        self._file.seek(offset)
        return self._file.read(count)

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes in order, some at a time."""
        for offset in range(0, self.length, PIECE_BYTES):
            yield self.piece(offset, PIECE_BYTES)

    def first_difference(self, other: "Content") -> int | None:
        """Give the offset of the first byte that differs; None where all are the same.

        Where one is the start of the other, that is the length of the shorter one.
        """
        offset = 0
        for one, another in zip_longest(self.pieces(), other.pieces(), fillvalue=b""):
            if one != another:
                return offset + _first_difference(one, another)
            offset += len(one)
        return None


def _first_difference(one: bytes, another: bytes) -> int:
    shorter = min(len(one), len(another))
    return next((at for at in range(shorter) if one[at] != another[at]), shorter)
