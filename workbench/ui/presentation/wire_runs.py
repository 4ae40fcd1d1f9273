"""In which order the elements of a connection were reported: the runs of one direction, taken from its records.

A run is elements of one stream without any of the other between them. The record of a connection keeps where each
element of a stream lies, so all that is kept here is where each run begins: two numbers, however many elements it has.
"""

from array import array
from bisect import bisect_left, bisect_right

from workbench.protocol.wire.span import StreamName
from workbench.session.connection_record import ConnectionRecord
from workbench.session.leaves import Columns

MOST_AT_ONCE = 5_000
"""Runs that are taken in at once: a few milliseconds' work."""

_STREAMS: tuple[StreamName, StreamName] = ("sent", "received")


class WireRuns:
    """The runs of a connection. They grow with its record.

    Attributes:
        positions: For each run, the number of elements before it.
        late: How many times an element has come that belongs before others of its stream. What was made of
            positions before is of no use then.
    """

    def __init__(self, record: ConnectionRecord) -> None:
        self._record = record
        self.late = 0
        self._columns = self._columns_now()
        self._begin()

    def _begin(self) -> None:
        self.positions = array("Q")
        self._firsts = array("Q")
        """For each run, the place of its first element in the columns of its stream."""

        self._first_of_all = 0
        """The number of the stream that the first run is of. From then on they take turns."""

        self._taken = [0, 0]
        self._next = self._record.first_index

    def _columns_now(self) -> list[Columns]:
        return [self._record.elements(stream).in_order for stream in _STREAMS]

    def extend(self, last_index: int) -> bool:
        """Take in the elements of the entries up to `last_index`, as many as nobody notices between two keys.

        Args:
            last_index: Of an entry that is recorded.

        Returns:
            Whether all of them are in.
        """
        columns = self._columns_now()
        if any(now is not before for now, before in zip(columns, self._columns, strict=True)):
            self.late += 1
            self._columns = columns
            self._begin()
        if last_index < self._next:
            return True
        for _ in range(MOST_AT_ONCE):
            following = [self._following(stream, last_index) for stream in (0, 1)]
            stream = int(following[1] < following[0])
            if following[stream] > last_index:
                self._next = last_index + 1
                return True
            self._take(stream, min(following[1 - stream], last_index + 1))
        return False

    def _following(self, stream: int, last_index: int) -> int:
        """Give the entry of the next element of a stream; one behind all where there is none."""
        indexes, taken = self._columns[stream].indexes, self._taken[stream]
        return indexes[taken] if taken < len(indexes) else last_index + 1

    def _take(self, stream: int, until: int) -> None:
        """Take in elements of one stream, those before an entry."""
        taken = self._taken[stream]
        if not self.positions:
            self._first_of_all = stream
        if not self.positions or self._stream_of(len(self.positions) - 1) != stream:
            self.positions.append(len(self))
            self._firsts.append(taken)
        self._taken[stream] = bisect_left(self._columns[stream].indexes, until, lo=taken)

    # --- reading ------------------------------------------------------------------------

    def __len__(self) -> int:
        """Say how many elements there are."""
        return sum(self._taken)

    def count_at(self, last_index: int) -> int:
        """Say how many there were after the entry at `last_index`."""
        return sum(
            bisect_right(columns.indexes, last_index, hi=taken)
            for columns, taken in zip(self._columns, self._taken, strict=True)
        )

    def run_of(self, position: int) -> int:
        """Find the number of the run that holds an element."""
        return bisect_right(self.positions, position) - 1

    def end_of(self, run: int) -> int:
        """Give the number of elements up to the end of a run."""
        following = run + 1
        return self.positions[following] if following < len(self.positions) else len(self)

    def stream(self, run: int) -> StreamName:
        """Give the direction of a run."""
        return _STREAMS[self._stream_of(run)]

    def columns(self, run: int) -> Columns:
        """Give the columns that the elements of a run stand in."""
        return self._columns[self._stream_of(run)]

    def place(self, run: int, position: int) -> int:
        """Say where an element of a run stands in them."""
        return self._firsts[run] + position - self.positions[run]

    def _stream_of(self, run: int) -> int:
        return (self._first_of_all + run) & 1
