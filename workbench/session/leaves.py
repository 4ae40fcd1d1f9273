"""Which element and which leaf a byte of a stream belongs to.

An element is an event that carries leaves: a field line, a chunk header, a piece of content.
The index holds where each element lies and which entry it is; the leaves stay in the events.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from workbench.protocol.wire.span import LEAF_KINDS
from workbench.session.columns import Add, Take

NOT_PARSED_YET = "pending"
"""The kind of the bytes that are received, and that no element covers so far. It is no kind of
the wire: the protocol never reports it, a recording infers it."""


def describe_leaf_kind(kind: str) -> str:
    """Return the words that a reader is shown for a kind of leaf."""
    return "received, not parsed yet" if kind == NOT_PARSED_YET else LEAF_KINDS[kind]


@dataclass(frozen=True, slots=True)
class PlacedLeaf:
    """A leaf, with the entry that it belongs to."""

    kind: str
    """One of `LEAF_KINDS`, or `NOT_PARSED_YET`."""

    start: int
    end: int
    index: int | None
    """The index of the element's entry; None for bytes that are not parsed yet."""


@dataclass(frozen=True, slots=True)
class Element:
    """Where one element lies in its stream."""

    start: int
    end: int
    index: int
    """The index of its entry."""


class Columns(NamedTuple):
    """Elements, column by column: 20 bytes for each."""

    starts: "array[int]"
    ends: "array[int]"
    indexes: "array[int]"


class ElementIndex:
    """The elements of one stream, found by a byte of theirs or by their entry.

    Elements come in the order of their bytes, nearly always. One that comes late is put in its
    place in a copy of the columns, which takes the place of the old ones at once, so that a
    reader in another thread never meets half an insertion.
    """

    __slots__ = ("_columns", "_in_order", "_late")

    def __init__(self) -> None:
        self._columns = Columns(array("Q"), array("Q"), array("I"))
        """Sorted by offset."""

        self._late = False
        """Whether their entries are not."""

        self._in_order = Columns(array("Q"), array("Q"), array("I"))
        """Those of elements of which some came late, sorted by entry, as far as somebody asked."""

    def __len__(self) -> int:
        return len(self._columns.indexes)

    @property
    def end(self) -> int:
        """The offset after the last byte that an element covers."""
        return self._columns.ends[-1] if self._columns.ends else 0

    def add(self, start: int, end: int, index: int) -> None:
        """Add the element of the entry at `index`.

        Args:
            start: Where its first leaf begins.
            end: Where its last leaf ends.
            index: Larger than that of every element added before.
        """
        columns = self._columns
        if columns.starts and start < columns.starts[-1]:
            columns = Columns(columns.starts[:], columns.ends[:], columns.indexes[:])
            position = bisect_right(columns.starts, start)
            columns.starts.insert(position, start)
            columns.ends.insert(position, end)
            columns.indexes.insert(position, index)
            self._late = True
            self._columns = columns
        else:
            # The entry's index goes last, as in `History`.
            columns.starts.append(start)
            columns.ends.append(end)
            columns.indexes.append(index)

    @property
    def in_order(self) -> Columns:
        """The columns in the order of the entries. They grow; where an element came late, others take their place."""
        columns = self._columns
        if not self._late:
            return columns
        count = len(columns.indexes)
        if len(self._in_order.indexes) != count:
            order = sorted(range(count), key=columns.indexes.__getitem__)
            self._in_order = Columns(
                *(array(column.typecode, map(column.__getitem__, order)) for column in columns)
            )
        return self._in_order

    def at(self, offset: int, last_index: int) -> Element | None:
        """Return the element that covers a byte, among the entries up to `last_index`."""
        columns = self._columns
        position = bisect_right(columns.starts, offset, hi=len(columns.indexes)) - 1
        if position < 0 or columns.ends[position] <= offset or columns.indexes[position] > last_index:
            return None
        return Element(columns.starts[position], columns.ends[position], columns.indexes[position])

    def between(self, start: int, end: int, last_index: int) -> Iterator[Element]:
        """Yield the elements that touch a range of bytes, among the entries up to `last_index`."""
        columns = self._columns
        count = len(columns.indexes)
        position = max(bisect_right(columns.starts, start, hi=count) - 1, 0)
        while position < count and columns.starts[position] < end:
            element = Element(columns.starts[position], columns.ends[position], columns.indexes[position])
            if element.end > start and element.index <= last_index:
                yield element
            position += 1

    def covered_by(self, first_index: int, last_index: int) -> tuple[int, int] | None:
        """Return the range of bytes that the entries from `first_index` to `last_index` cover."""
        columns = self._columns
        start = bisect_left(columns.indexes, first_index)
        stop = bisect_right(columns.indexes, last_index)
        if start >= stop:
            return None
        return columns.starts[start], columns.ends[stop - 1]

    def save_columns(self, add: Add) -> list[int]:
        """Lay it by."""
        return [*map(add, self._columns), int(self._late)]

    @classmethod
    def load_columns(cls, saved: list[int], take: Take) -> "ElementIndex":
        """Make what was laid by again."""
        elements = cls()
        *columns, late = saved
        elements._columns = Columns(*map(take, columns))
        elements._late = bool(late)
        return elements
