"""A search through the bytes of a connection, a slice at a time, from the place of the reader on.

It goes through the runs of both directions in the order in which they happened, to the end, then from
the beginning to where it began. So the first hit is there at once, however much there is to search.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from workbench.protocol.wire.span import Span, StreamName
from workbench.session.connection_record import ConnectionRecord
from workbench.ui.presentation.find_query import CONTEXT, Expression, Query
from workbench.ui.presentation.wire_index import WireIndex

LITERAL_SLICE = 1 << 20
EXPRESSION_SLICE = 1 << 17
"""Bytes of one slice: a few milliseconds, between which keys are answered."""

RUNS_AT_ONCE = 5_000
"""Runs that are listed between two keys, before the search begins."""

MOST_HITS = 10_000
"""Hits that are kept. Who has more wants another query."""


class Search:
    """What was found so far.

    Args:
        index: Of the connection.
        last_index: The entry of that moment.
        received: The length of the `received` stream at the moment.
        queued: That of the `sent` stream.
        query: What to find.
        place: The byte from which to search on; None for the first.
    """

    def __init__(
        self,
        index: WireIndex,
        last_index: int,
        *,
        queued: int,
        received: int,
        query: Query,
        place: Span | None,
    ) -> None:
        self.hits: list[Span] = []
        """In the order in which they were found."""

        self.done = False
        self.total = queued + received
        self.searched = 0
        self.lengths = (queued, received)
        self.query = query
        self._record: ConnectionRecord = index.record
        self._before_wrap: int | None = None
        self._ends: dict[StreamName, int] = {"sent": queued, "received": received}
        self._found: dict[tuple[StreamName, bool], list[Span]] = {}
        self._matches = self._search(index, last_index, place)

    @property
    def full(self) -> bool:
        """Whether it ended because there are too many hits."""
        return len(self.hits) >= MOST_HITS

    def step(self) -> None:
        """Search one slice more."""
        if self.full or next(self._matches, None) is None:
            self.done = True

    def ordinal(self, number: int) -> int | None:
        """Say which hit in the order of the wire a hit is, from 1 on; None while that is unknown."""
        if not self.done or self.full:
            return None
        first = len(self.hits) if self._before_wrap is None else self._before_wrap
        before = len(self.hits) - first
        return number + before + 1 if number < first else number - first + 1

    def hits_in(self, stream: StreamName, start: int, end: int) -> Iterator[Span]:
        """Yield the hits that touch a range of bytes, in order."""
        for wrapped in (True, False):
            hits = self._found.get((stream, wrapped), [])
            first = bisect_right(hits, start, key=lambda hit: hit.end)
            stop = bisect_left(hits, end, key=lambda hit: hit.start)
            yield from hits[first:stop]

    # --- the search ---------------------------------------------------------------------

    def _search(self, index: WireIndex, last_index: int, place: Span | None) -> Iterator[int]:
        """Search all runs, yielding between slices."""
        while not index.extend(last_index):
            yield 0
        runs: list[Span] = []
        for run in _runs(index, last_index, self._ends["received"]):
            runs.append(run)
            if len(runs) % RUNS_AT_ONCE == 0:
                yield 0
        first = _run_of(runs, place)
        later: list[Span] = runs
        sooner: list[Span] = []
        if first is not None and place is not None:
            run = runs[first]
            later = [Span(run.stream, place.start, run.end), *runs[first + 1 :]]
            sooner = [*runs[:first], Span(run.stream, run.start, place.start)]
        yield from self._search_runs(later, wrapped=False)
        self._before_wrap = len(self.hits)
        yield from self._search_runs(sooner, wrapped=True)

    def _search_runs(self, runs: list[Span], *, wrapped: bool) -> Iterator[int]:
        size = EXPRESSION_SLICE if isinstance(self.query, Expression) else LITERAL_SLICE
        free: dict[StreamName, int] = {"sent": 0, "received": 0}  # behind the last hit of each stream
        budget = size
        for run in runs:
            position = run.start
            while position < run.end:
                end = min(position + size, run.end)
                for hit in self._in_slice(run.stream, max(position, free[run.stream]), end):
                    free[run.stream] = hit.end
                    self._add(hit, wrapped=wrapped)
                    if self.full:
                        return
                self.searched += end - position
                budget -= end - position
                position = end
                if budget <= 0:
                    budget = size
                    yield self.searched

    def _in_slice(self, stream: StreamName, start: int, end: int) -> Iterator[Span]:
        """Yield the hits that begin in a slice. They may end behind it."""
        if start >= end:
            return
        origin = max(0, start - CONTEXT)
        stop = min(end + self.query.reach, self._ends[stream])
        data = self._record.stream(stream).slice(origin, stop)
        for first, last in self.query.matches(data, start - origin, end - origin):
            yield Span(stream, origin + first, origin + last)

    def _add(self, hit: Span, *, wrapped: bool) -> None:
        self.hits.append(hit)
        self._found.setdefault((hit.stream, wrapped), []).append(hit)


def _runs(index: WireIndex, last_index: int, received: int) -> Iterator[Span]:
    """Yield the bytes of a connection in the order in which they happened, unparsed ones last."""
    elements = index.count_at(last_index)
    parsed = 0
    for number in range(index.run_count(elements)):
        run = index.run_span(number, elements)
        if run.stream == "received":
            parsed = run.end
        yield run
    if parsed < received:
        yield Span("received", parsed, received)


def _run_of(runs: list[Span], place: Span | None) -> int | None:
    """Find the run that the reader is in; None for nowhere, and for bytes that were not there then."""
    if place is None:
        return None
    found = (
        number
        for number, run in enumerate(runs)
        if run.stream == place.stream and run.start <= place.start < run.end
    )
    return next(found, None)
