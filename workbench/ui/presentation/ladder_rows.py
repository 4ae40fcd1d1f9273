"""Where the rungs of both ends stand in a ladder: the client's and the server's, in the order of their times.

A server's report reaches a recording when its thread comes to it, which may be after the client has
gone on. So rows are found by time, and not by the place in the recording: by bisection, for a
ladder has as many rungs as a connection has transfers.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class Rung(NamedTuple):
    """What a row belongs to: a rung of the client's, or one of the server's."""

    number: int
    """From 0 on, among those of the same end."""

    of_server: bool
    first_row: int
    height: int
    """How many rows it takes."""


class LadderRows:
    """Counts rows from 0 on, without a heading.

    Args:
        rung_times: When each rung of the client's was, in order.
        report_times: When each of the server's was, in order.
        rungs: How many of the first are there at the moment.
        reports: How many of the second.
        rung_rows: The rows that a rung of the client's takes. One of the server's takes one.
    """

    def __init__(
        self, rung_times: Sequence[int], report_times: Sequence[int], rungs: int, reports: int, rung_rows: int
    ) -> None:
        self._rung_times = rung_times
        self._report_times = report_times
        self._rungs = rungs
        self._reports = reports
        self._height = rung_rows

    def __len__(self) -> int:
        return self._rungs * self._height + self._reports

    def at(self, row: int) -> Rung:
        """Find what a row belongs to."""
        following = bisect_right(range(self._rungs), row, key=self.row_of_rung)
        if following:
            start = self.row_of_rung(following - 1)
            if row < start + self._height:
                return Rung(following - 1, False, start, self._height)
        return Rung(row - following * self._height, True, row, 1)

    def row_of_rung(self, number: int) -> int:
        """Find the first row of a rung of the client's."""
        before = bisect_right(self._report_times, self._rung_times[number], 0, self._reports)
        return number * self._height + before

    def row_of_report(self, number: int) -> int:
        """Find the row of a rung of the server's."""
        before = bisect_left(self._rung_times, self._report_times[number], 0, self._rungs)
        return before * self._height + number
