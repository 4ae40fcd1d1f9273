"""The list of sessions: its rows stand in the order of the times that they show."""

from pathlib import Path

from tests.ui.sessions import NEW_YEAR_NS
from workbench.session.storage.directory import StoredRecording
from workbench.session.storage.summary import Summary
from workbench.ui.presentation.session_list import SessionLines


def test_rows_show_the_time_that_they_are_sorted_by():
    """A session that goes on for long began before one that was over soon, and ends after it."""
    new_year = NEW_YEAR_NS // 10**9
    long, short = (
        StoredRecording(Path(name), False, new_year + minutes * 60, 100)
        for name, minutes in (("long", 300), ("short", 200))
    )
    summaries = {
        long.path: Summary("long", NEW_YEAR_NS + 60 * 10**9),
        short.path: Summary("short", NEW_YEAR_NS + 6000 * 10**9),
    }

    rows = SessionLines([long, short], summaries, {}, [])

    stamps = ["".join(piece.text for piece in rows.line(number, 80))[1:17] for number in range(2)]
    assert stamps == ["2026-01-01 15:00", "2026-01-01 13:20"]
