"""Where the facts of one kind stand in a recording.

A record (of a connection, an exchange, a response) keeps no copies of events: it keeps the
indexes of their entries, by kind of event. A moment looks facts up in it, up to its own index.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from workbench.protocol import tap
from workbench.protocol.tap import Event
from workbench.session.columns import Add, Take

E_co = TypeVar("E_co", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Fact(Generic[E_co]):
    """An event of a known kind, with the index of its entry."""

    index: int
    event: E_co


class FactIndex:
    """Indexes of entries by kind of event, each list in ascending order."""

    __slots__ = ("_indexes",)

    def __init__(self) -> None:
        self._indexes: dict[type[Event], array[int]] = {}

    def add(self, kind: type[Event], index: int) -> None:
        """Note that the entry at `index` is an event of this kind."""
        indexes = self._indexes.get(kind)
        if indexes is None:
            self._indexes[kind] = array("I", (index,))
        else:
            indexes.append(index)

    def count(self, kind: type[Event], last_index: int) -> int:
        """Return how many facts of a kind there are up to `last_index`."""
        return bisect_right(self._indexes.get(kind, ()), last_index)

    def last(self, kind: type[Event], last_index: int) -> int | None:
        """Return the index of the last fact of a kind up to `last_index`."""
        count = self.count(kind, last_index)
        return self._indexes[kind][count - 1] if count else None

    def all(self, kind: type[Event]) -> Sequence[int]:
        """Return the indexes of all facts of a kind."""
        return self._indexes.get(kind, ())

    def save_columns(self, add: Add) -> dict[str, int]:
        """Lay it by."""
        return {kind.__name__: add(indexes) for kind, indexes in self._indexes.items()}

    @classmethod
    def load_columns(cls, saved: dict[str, int], take: Take) -> "FactIndex":
        """Make what was laid by again."""
        facts = cls()
        facts._indexes = {getattr(tap, kind): take(column) for kind, column in saved.items()}
        return facts
