"""One byte stream of a connection, kept as the pieces in which it came.

A stream knows `append`, `slice` and `length` and nothing else, so that one that lives on disk
(`storage.log`) can take its place.
"""

from array import array
from bisect import bisect_right

from workbench.session.columns import Add, Take


class ByteStream:
    """Bytes that only ever grow at the end.

    The pieces are the very objects that the events hold, so that a recording keeps each byte
    once, and an append never moves what is there: nothing here makes the I/O thread wait for
    a large body to be copied.

    One thread may append while others read.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._starts = array("Q")
        self._length = 0

    @property
    def length(self) -> int:
        """How many bytes there are."""
        return self._length

    def append(self, data: bytes) -> None:
        """Add bytes at the end."""
        if not data:
            return
        # The length goes last: a reader never looks for bytes beyond it.
        self._pieces.append(data)
        self._starts.append(self._length)
        self._length += len(data)

    def slice(self, start: int, end: int) -> bytes:
        """Return the bytes of a range.

        Args:
            start: Offset of the first byte.
            end: Offset after the last one. What lies beyond the stream is left out.
        """
        start, end = max(start, 0), min(end, self._length)
        if start >= end:
            return b""
        number = bisect_right(self._starts, start) - 1
        parts = []
        while start < end:
            origin = self._starts[number]
            number += 1
            stop = min(self._starts[number], end) if number < len(self._starts) else end
            parts.append(self._piece(number - 1, start - origin, stop - origin))
            start = stop
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def save_columns(self, add: Add) -> list[int]:  # noqa: ARG002 - a stored stream needs it
        """Lay it by, where its bytes lie in a file.

        Raises:
            TypeError: They do not.
        """
        raise TypeError("Bytes in memory cannot be laid by in columns")

    def load_columns(self, saved: list[int], take: Take) -> None:  # noqa: ARG002 - likewise
        """Take in what was laid by.

        Raises:
            TypeError: Its bytes lie in no file.
        """
        raise TypeError("Bytes in memory cannot be laid by in columns")

    def _piece(self, number: int, start: int, end: int) -> bytes:
        """Return a part of one piece."""
        return self._pieces[number][start:end]
