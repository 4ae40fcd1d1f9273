"""The rows of a text view: where each one of an element begins."""

from collections.abc import Sequence

from workbench.protocol import tap
from workbench.session.events import RecordedEvent
from workbench.session.stream import ByteStream

LARGE_ELEMENT = 16384
"""From this many bytes on, an element is shown in rows of equal length, whose number is a
division: finding the line ends in it would cost time and memory in proportion to its size."""

LINES_UNTIL = 1 << 20
"""From this offset on, so is all content, however small its pieces are: what is searched for line
ends, at each new width, never is more than this much content of each direction."""

READ_AHEAD = 8192
"""Bytes that are read at once, for the elements that follow."""

_CONTENT = frozenset({tap.ContentBuffered, tap.ContentParsed})

_ONE_LINE = frozenset({tap.ChunkHeaderParsed, tap.ChunkParsed})
"""Kinds whose one line end is their last byte: where they fit a row, nobody needs to look at their bytes."""


class RowReader:
    """Finds the rows of elements of one stream, one element after the other.

    Args:
        stream: Where the bytes are.
        width: The most bytes of a row.
    """

    def __init__(self, stream: ByteStream, width: int) -> None:
        self._stream = stream
        self._width = width
        self._start = 0
        self._data = b""

    def count(self, kind: type[RecordedEvent], start: int, end: int) -> int:
        """Count the rows of an element.

        Args:
            kind: That of its event.
            start: The offset of its first byte.
            end: The offset after its last one.
        """
        if self._are_equal(kind, start, end):
            return -(-(end - start) // self._width)
        if not self._start <= start <= end <= self._start + len(self._data):
            self._data, self._start = self._stream.slice(start, max(end, start + READ_AHEAD)), start
        first, last = start - self._start, end - self._start
        if first < last <= first + self._width and self._data.find(b"\n", first, last - 1) < 0:
            return 1
        return len(row_starts(self._data[first:last], start, self._width))

    def starts(self, kind: type[RecordedEvent], start: int, end: int) -> Sequence[int]:
        """Say where each row of an element starts: behind each LF, and after `width` bytes at most."""
        if self._are_equal(kind, start, end):
            return range(start, end, self._width)
        return row_starts(self._stream.slice(start, end), start, self._width)

    def _are_equal(self, kind: type[RecordedEvent], start: int, end: int) -> bool:
        """Say whether an element is cut without a look at its bytes."""
        size = end - start
        return (
            (kind in _ONE_LINE and size <= self._width)
            or size >= LARGE_ELEMENT
            or (start >= LINES_UNTIL and kind in _CONTENT)
        )


def row_starts(data: bytes, start: int, width: int) -> list[int]:
    """Cut bytes into rows, behind each LF and after `width` bytes at most.

    Args:
        data: The bytes.
        start: The offset of the first of them.
        width: The most bytes in a row. A CR LF that would stand alone stays on its row.

    Returns:
        The offset of the first byte of each row.
    """
    starts: list[int] = []
    position = 0
    while position < len(data):
        starts.append(start + position)
        newline = data.find(b"\n", position, position + width + 2)
        position = newline + 1 if newline >= 0 else position + width
    return starts
