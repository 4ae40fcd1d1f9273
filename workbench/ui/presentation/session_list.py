"""The recordings as lines: when, what, where, how much, and what is wrong; their exchanges below them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.session.exchange_moment import ExchangeMoment
from workbench.session.exchange_record import ExchangeRecord
from workbench.session.recording import Recording
from workbench.session.storage.directory import StoredRecording
from workbench.session.storage.summary import Summary
from workbench.session.visible import visible
from workbench.ui.presentation.connection_words import exchange_line
from workbench.ui.presentation.key_names import KeyNames, key_pieces
from workbench.ui.presentation.piece import Line, Piece, Role, cut, spread, width_of
from workbench.ui.presentation.quantity import counted
from workbench.ui.presentation.side_by_side import MarkedExchange

MOST_EXCHANGES = 500
"""Exchanges of one recording that are listed. Who looks for another one opens the recording."""


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One exchange of a recording that is unfolded."""

    path: Path
    recording: Recording
    position: int
    """Among all exchanges of the recording, from 0 on."""

    record: ExchangeRecord


class SessionLines:
    """The rows of the list.

    Args:
        stored: The recordings, the latest first.
        summaries: What is known of them so far.
        unfolded: Those whose exchanges are shown.
        marked: The exchanges that are marked, by path and position.
    """

    columns = 0

    def __init__(
        self,
        stored: Sequence[StoredRecording],
        summaries: Mapping[Path, Summary],
        unfolded: Mapping[Path, Recording],
        marked: Sequence[tuple[Path, int]],
    ) -> None:
        self._summaries = summaries
        self._marked = marked
        self._rows: list[StoredRecording | ExchangeRow] = []
        for one in stored:
            self._rows.append(one)
            recording = unfolded.get(one.path)
            if recording is not None:
                records = recording.exchanges[:MOST_EXCHANGES]
                self._rows += [ExchangeRow(one.path, recording, *each) for each in enumerate(records)]

    def __len__(self) -> int:
        return len(self._rows)

    def at(self, number: int) -> StoredRecording | ExchangeRow | None:
        """Give what a row is about."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def row_of(self, path: Path) -> int:
        """Find the row of a recording; the first one when it is not there."""
        return next((at for at, row in enumerate(self._rows) if row.path == path), 0)

    def line(self, number: int, width: int) -> Line:
        """Make one row."""
        row = self._rows[number]
        if isinstance(row, ExchangeRow):
            return cut(self._exchange_line(row), width)
        return self._session_line(row, width)

    def _session_line(self, one: StoredRecording, width: int) -> Line:
        summary = self._summaries.get(one.path)
        # The list is sorted by this, and shows it before anything else is known.
        stamp = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.changed_at))
        what = visible(summary.what) if summary else ""
        names: Line = (Piece(visible(one.name), Role.STRONG) if one.kept else Piece(what or one.name),)
        if one.kept and what:
            names = (*names, Piece(f"  {what}", Role.DIM))
        where = (
            (Piece("  "), Piece(visible(summary.origin), Role.TARGET)) if summary and summary.origin else ()
        )
        count = counted(summary.exchanges, "exchange") if summary else "…"
        right = (*_state(summary), Piece(f"{count:>14}  {size_words(one.size):>8} ", Role.DIM))
        room = max(0, width - width_of(right) - 1)
        left = (Piece(f" {stamp}  ", Role.DIM), *names)
        if width_of(left) + width_of(where) <= room:
            left = (*left, *where)
        return spread(cut(left, room), right, width)

    def _exchange_line(self, row: ExchangeRow) -> Line:
        marked = (row.path, row.position)
        mark = "AB"[self._marked.index(marked)] if marked in self._marked else " "
        return (
            Piece(f"   {mark} ", Role.KEY),
            Piece(f"{row.position + 1:>4}  ", Role.DIM),
            *exchange_line(_moment_of(row)),
        )


def _moment_of(row: ExchangeRow) -> ExchangeMoment:
    """Give the exchange as it was in the end."""
    connection = row.recording.at().connection_numbered(row.record.connection)
    assert connection is not None
    exchange = connection.exchange_numbered(row.record.number)
    assert exchange is not None
    return exchange


def marked_exchange(row: ExchangeRow) -> MarkedExchange:
    """Make what is compared of a row."""
    return MarkedExchange(row.recording, row.record, f"{row.path.stem}, exchange {row.position + 1}")


def _state(summary: Summary | None) -> Line:
    if summary is None:
        return ()
    if summary.live:
        return (Piece("being written  ", Role.GOOD),)
    return (Piece(f"{summary.problem}  ", Role.WARNING),) if summary.problem else ()


def size_words(size: float) -> str:
    """Say a size in three digits or so."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if size >= 10 or unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def no_sessions(keys: KeyNames) -> tuple[Line, ...]:
    """Say what to do where there is none."""
    return (
        (Piece(" There is no recording yet.", Role.STRONG),),
        (
            Piece(" "),
            *key_pieces("Every session is recorded from its first call on: {step_over} runs one", keys),
        ),
    )
