"""The indexes of the connections that were looked at last, so that going back to one costs nothing."""

from workbench.session.connection_record import ConnectionRecord
from workbench.session.entries import EntryLog
from workbench.ui.presentation.wire_index import WireIndex

MOST_KEPT = 4
"""Indexes kept. An index of a long recording takes some MB, and seconds to make."""


class WireIndexes:
    """Makes an index when it is first asked for, and keeps a few."""

    def __init__(self) -> None:
        self._kept: list[WireIndex] = []

    def of(self, record: ConnectionRecord, log: EntryLog) -> WireIndex:
        """Give the index of a connection.

        Args:
            record: Of the connection.
            log: Of its recording.
        """
        index = next((one for one in self._kept if one.record is record), None)
        if index is None:
            index = WireIndex(record, log)
        else:
            self._kept.remove(index)
        self._kept.append(index)  # last: the one used last
        del self._kept[:-MOST_KEPT]
        return index
