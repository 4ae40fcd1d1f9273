"""Values that change in the course of a recording, looked up by entry.

This is what makes time travel cheap: nothing is replayed, every question about a moment is a
binary search for the last change before it.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from workbench.session.columns import Add, Take

T = TypeVar("T")


class History(Generic[T]):
    """The changes of one value, in the order of the entries that made them."""

    __slots__ = ("_indexes", "_values")

    def __init__(self) -> None:
        self._indexes = array("Q")
        self._values: list[T] = []

    def __len__(self) -> int:
        return len(self._indexes)

    def append(self, index: int, value: T) -> None:
        """Note that the entry at `index`, no earlier than the last one, set the value."""
        # The index goes last: a reader looks for values only where it finds indexes.
        self._values.append(value)
        self._indexes.append(index)

    def at(self, index: int) -> T | None:
        """Return the value after the entry at `index`, or None before the first change."""
        position = bisect_right(self._indexes, index)
        return self._values[position - 1] if position else None

    def until(self, index: int) -> list[T]:
        """Return the values set by the entries up to and including `index`."""
        return self._values[: bisect_right(self._indexes, index)]

    def changes(self, first: int, last: int) -> Iterator[tuple[int, T]]:
        """Yield the entry index and the value of every change from `first` to `last`, inclusive."""
        start, stop = bisect_left(self._indexes, first), bisect_right(self._indexes, last)
        for position in range(start, stop):
            yield self._indexes[position], self._values[position]

    def changes_back(self, last: int) -> Iterator[tuple[int, T]]:
        """Yield the entry index and the value of every change up to `last`, the latest first."""
        for position in range(bisect_right(self._indexes, last) - 1, -1, -1):
            yield self._indexes[position], self._values[position]

    def save_columns(self, add: Add) -> list[Any]:
        """Lay it by: the entries, which of its values each set, and the values, of which there are few."""
        numbers: dict[T, int] = {}
        which = array("I", (numbers.setdefault(value, len(numbers)) for value in self._values))
        return [add(self._indexes), add(which), list(numbers)]

    @classmethod
    def load_columns(cls, saved: list[Any], take: Take) -> "History[T]":
        """Make what was laid by again."""
        history = cls()
        history._indexes = take(saved[0])
        history._values = [saved[2][number] for number in take(saved[1])]
        return history


class Growth:
    """How long a byte stream was after each entry that made it longer.

    It answers both ways: the length after an entry, and the entry that brought a byte.
    """

    __slots__ = ("_indexes", "_lengths")

    def __init__(self) -> None:
        self._indexes = array("Q")
        self._lengths = array("Q")

    @property
    def length(self) -> int:
        """The length now."""
        return self._lengths[-1] if self._lengths else 0

    def append(self, index: int, length: int) -> None:
        """Note that the entry at `index` made the stream `length` bytes long."""
        if length > self.length:
            self._lengths.append(length)
            self._indexes.append(index)

    def length_at(self, index: int) -> int:
        """Return the length after the entry at `index`."""
        position = bisect_right(self._indexes, index)
        return self._lengths[position - 1] if position else 0

    def index_at(self, offset: int) -> int | None:
        """Return the index of the entry that brought the byte at `offset`, if one did."""
        position = bisect_right(self._lengths, offset)
        return self._indexes[position] if position < len(self._indexes) else None

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield (entry index, start, end) of each piece that touches a range of bytes."""
        position = bisect_right(self._lengths, max(start, 0))
        piece_start = self._lengths[position - 1] if position else 0
        while position < len(self._indexes) and piece_start < end:
            piece_end = self._lengths[position]
            yield self._indexes[position], piece_start, piece_end
            piece_start = piece_end
            position += 1

    def save_columns(self, add: Add) -> list[int]:
        """Lay it by."""
        return [add(self._indexes), add(self._lengths)]

    @classmethod
    def load_columns(cls, saved: list[int], take: Take) -> "Growth":
        """Make what was laid by again."""
        growth = cls()
        growth._indexes, growth._lengths = take(saved[0]), take(saved[1])
        return growth
