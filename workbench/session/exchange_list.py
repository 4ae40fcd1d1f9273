"""The exchanges of a connection, of which a long recording may have a hundred thousand.

A record of an exchange says where each of its facts stands, which takes kilobytes. So the records of the exchanges
that something happens in are kept whole, and so are those of long ones; of all others a row of numbers is kept,
and the record is made again, from the entries of the exchange, when somebody asks for its facts.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence
from typing import Any, overload

from workbench.protocol.tap import Event
from workbench.session.columns import Add, Take
from workbench.session.entries import EntryLog
from workbench.session.exchange_record import ExchangeRecord, FoldedExchange

MOST_OPEN = 16
"""Exchanges of a recording in which something may still happen, kept whole for that."""

LONGEST_FOLDED = 1000
"""Entries from the first to the last of an exchange whose record can be made again: ten milliseconds' work."""

MOST_LOOKED_AT = 64
"""Records that are kept for another look: those on the screen."""


class OpenExchanges:
    """The exchanges of a recording that something happened in last."""

    def __init__(self) -> None:
        self._open: deque[tuple[ExchangeList, int]] = deque()

    def note(self, exchanges: "ExchangeList", position: int) -> None:
        """Note that an exchange has begun, or goes on, and fold the one that was noted longest ago."""
        self._open.append((exchanges, position))
        if len(self._open) > MOST_OPEN:
            of_connection, oldest = self._open.popleft()
            of_connection.fold(oldest)


class ExchangeList(Sequence[ExchangeRecord]):
    """The exchanges of one connection, in the order in which they began.

    Args:
        connection: The number of the connection.
        kinds: The kinds of events that belong to an exchange.
        log: The entries, from which records are made again.
        open_exchanges: Says when a record may be folded.
    """

    __slots__ = (
        "_connection",
        "_firsts",
        "_kinds",
        "_last_number",
        "_lasts",
        "_log",
        "_looked_at",
        "_numbers",
        "_open",
        "_whole",
    )

    def __init__(
        self,
        connection: int,
        kinds: frozenset[type[Event]],
        log: EntryLog,
        open_exchanges: OpenExchanges,
    ) -> None:
        self._connection = connection
        self._kinds = kinds
        self._log = log
        self._open = open_exchanges
        self._firsts = array("Q")
        self._lasts = array("Q")
        self._numbers = array("Q")
        self._last_number = -1
        self._whole: dict[int, ExchangeRecord] = {}
        self._looked_at: dict[int, ExchangeRecord] = {}

    # --- writing: only `ConnectionRecord` does this ---------------------------------------

    def obtain(self, number: int, index: int) -> ExchangeRecord:
        """Give the record that an event of an exchange is to be added to.

        Args:
            number: Of the exchange. A new one is larger than all before it.
            index: Of the entry, which begins the exchange where it is new.
        """
        if number == self._last_number and (record := self._whole.get(len(self._numbers) - 1)) is not None:
            # Nearly all events are about the exchange that began last.
            return record
        position = self._position(number)
        if position is None and self._numbers and number < self._numbers[-1]:
            # No client says this; a file may. It is taken for a word about the exchange before it.
            position = max(0, bisect_left(self._numbers, number) - 1)
        if position is None:
            position = len(self._numbers)
            self._whole[position] = ExchangeRecord(self._connection, number, index)
            self._firsts.append(index)
            self._lasts.append(index)
            # The number goes last: a reader looks for others only where it finds numbers.
            self._numbers.append(number)
            self._last_number = number
            self._open.note(self, position)
        elif position not in self._whole:
            # Something happens late, such as bytes that were left when the connection was closed.
            self._whole[position] = self._made_again(position)
            self._open.note(self, position)
        return self._whole[position]

    def fold(self, position: int) -> None:
        """Keep no more than numbers of an exchange, unless it is a long one."""
        record = self._whole.get(position)
        if record is not None and record.last_index - record.first_index <= LONGEST_FOLDED:
            self._lasts[position] = record.last_index
            self._looked_at.pop(position, None)
            del self._whole[position]

    def save_columns(self, add: Add) -> list[Any]:
        """Lay it by, the records of long exchanges whole."""
        for position, record in self._whole.items():
            self._lasts[position] = record.last_index
        long = [
            [position, record.save_columns(add)]
            for position, record in self._whole.items()
            if record.last_index - record.first_index > LONGEST_FOLDED
        ]
        return [add(self._firsts), add(self._lasts), add(self._numbers), long]

    def load_columns(self, saved: list[Any], take: Take) -> None:
        """Take in what was laid by."""
        *columns, long = saved
        self._firsts, self._lasts, self._numbers = map(take, columns)
        self._whole = {position: ExchangeRecord.load_columns(record, take) for position, record in long}

    # --- reading ------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, position: int) -> ExchangeRecord: ...

    @overload
    def __getitem__(self, position: slice) -> list[ExchangeRecord]: ...

    def __getitem__(self, position: int | slice) -> ExchangeRecord | list[ExchangeRecord]:
        count = len(self)
        if isinstance(position, slice):
            return [self[at] for at in range(*position.indices(count))]
        if not -count <= position < count:
            raise IndexError(position)
        return self._at(position % count)

    def index(self, value: object, start: int = 0, stop: int | None = None) -> int:  # noqa: ARG002 - Sequence's
        """Find the place of a record.

        Raises:
            ValueError: It is none of this connection.
        """
        position = self._position(value.number) if isinstance(value, ExchangeRecord) else None
        if position is None:
            raise ValueError(f"{value!r} is no exchange of connection {self._connection}")
        return position

    def numbered(self, number: int) -> ExchangeRecord | None:
        """Find an exchange by its number."""
        position = self._position(number)
        return None if position is None else self._at(position)

    def count_at(self, index: int) -> int:
        """Say how many had begun after the entry at `index`."""
        return bisect_right(self._firsts, index, hi=len(self._numbers))

    def _position(self, number: int) -> int | None:
        position = bisect_left(self._numbers, number)
        return position if position < len(self._numbers) and self._numbers[position] == number else None

    def _at(self, position: int) -> ExchangeRecord:
        record = self._whole.get(position) or self._looked_at.get(position)
        if record is None:
            record = FoldedExchange(
                self._connection,
                self._numbers[position],
                self._firsts[position],
                self._lasts[position],
                lambda: self._made_again(position),
            )
            if len(self._looked_at) >= MOST_LOOKED_AT:
                self._looked_at.clear()
            self._looked_at[position] = record
        return record

    def _made_again(self, position: int) -> ExchangeRecord:
        number, first, last = self._numbers[position], self._firsts[position], self._lasts[position]
        record = ExchangeRecord(self._connection, number, first)
        for index in range(first, last + 1):
            event = self._log.outline(index)
            if event.__class__ in self._kinds:
                assert isinstance(event, Event)
                if event.exchange == number and event.connection == self._connection:
                    record.add(index, event)
        record.last_index = last
        return record
