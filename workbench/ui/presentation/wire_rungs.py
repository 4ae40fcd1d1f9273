"""What a ladder has rungs for: transfers, what happened to the connection, and what its server reported."""

from array import array
from typing import Any

from workbench.session.connection_record import ConnectionRecord
from workbench.session.entries import EntryLog
from workbench.session.events import PeerReported
from workbench.ui.presentation.wire_element import RUNGS

MOST_PASSED_OVER = 20_000
"""Entries of other kinds that are passed over at once: a few milliseconds' work."""


class WireRungs:
    """The rungs of one connection, which nobody looks for before there is a ladder.

    Attributes:
        entries: The indexes of the entries of the client's rungs.
        times: When each of them was, in ns. Never less than the one before.
        reports: The indexes of what the server at the other end reported, where it is our own.
        report_times: As `times`.
    """

    def __init__(self, record: ConnectionRecord, log: EntryLog) -> None:
        self.entries = array("Q")
        self.times = array("Q")
        self.reports = array("Q")
        self.report_times = array("Q")
        self._number = record.number
        self._log = log
        self._next = record.first_index

    def extend(self, last_index: int) -> bool:
        """Take in entries up to `last_index`, as many as nobody notices between two keys.

        Returns:
            Whether all of them are in.
        """
        stop = min(last_index + 1, len(self._log))
        read = 0
        for index in range(self._next, min(stop, self._next + MOST_PASSED_OVER)):
            kind = self._log.kind(index)
            if kind in RUNGS or kind is PeerReported:
                if read == self._log.at_once:
                    break
                read += 1
                self._add(index, self._log.outline(index))
            self._next = index + 1
        return self._next >= stop

    def _add(self, index: int, event: Any) -> None:
        if event.connection != self._number:
            return
        if isinstance(event, PeerReported):
            _append_in_order(self.reports, self.report_times, index, event.time_ns)
        else:
            _append_in_order(self.entries, self.times, index, event.time_ns)


def _append_in_order(entries: "array[int]", times: "array[int]", entry: int, time_ns: int) -> None:
    """Add an entry with its time, or with that of the one before, should a clock have gone back."""
    times.append(max(time_ns, times[-1]) if times else time_ns)
    entries.append(entry)
