"""What was found wrong in the bytes of a connection, for the rows of the wire that show them."""

from bisect import bisect_left, bisect_right
from itertools import islice
from typing import NamedTuple

from workbench.protocol import tap
from workbench.protocol.wire.span import Span
from workbench.session.connection_record import ConnectionRecord
from workbench.session.entries import EntryLog
from workbench.ui.presentation.piece import Line, Piece, Role

MOST_OF_EXCHANGE = 200
"""Findings of one exchange that are shown at their bytes, as many as the lint tab lists. The event list has all."""

MOST_KEPT = 4000


class Finding(NamedTuple):
    """A diagnostic, and where it begins."""

    code: str
    span: Span
    exchange: int


class WireFindings:
    """The findings of one connection, read when they are looked for."""

    def __init__(self, record: ConnectionRecord, log: EntryLog) -> None:
        self._record = record
        self._log = log
        self._kept: dict[int, Finding] = {}

    def count(self, last_index: int) -> int:
        """Say how many there were after the entry at `last_index`."""
        return self._record.facts.count(tap.DiagnosticFound, last_index)

    def codes(self, exchange: int, span: Span, last_index: int) -> list[str]:
        """Give the codes of what was found in an exchange, and begins within a range of bytes; each of them once."""
        record = self._record.exchange(exchange)
        if record is None or not self.count(last_index):
            return []
        indexes = self._record.facts.all(tap.DiagnosticFound)
        first = bisect_left(indexes, record.first_index)
        stop = bisect_right(indexes, min(record.last_index, last_index))
        found = map(self._finding, islice(indexes, first, min(stop, first + MOST_OF_EXCHANGE)))
        return list(
            dict.fromkeys(
                one.code
                for one in found
                if one.exchange == exchange
                and one.span.stream == span.stream
                and span.start <= one.span.start < span.end
            )
        )

    def _finding(self, entry: int) -> Finding:
        finding = self._kept.get(entry)
        if finding is None:
            event = self._log.outline(entry)
            assert isinstance(event, tap.DiagnosticFound)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            finding = self._kept[entry] = Finding(str(event.code), event.span, event.exchange)
        return finding


def code_pieces(codes: list[str]) -> Line:
    """Write codes as what they are: something to look at."""
    return (Piece(", ".join(codes), Role.WARNING),) if codes else ()
