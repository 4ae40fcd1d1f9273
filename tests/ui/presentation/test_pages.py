"""Lines wrapped to rows."""

import pytest

from workbench.ui.presentation.coloured import ColouredText
from workbench.ui.presentation.media_type import Kind
from workbench.ui.presentation.pages import Lines, Listing, Page, breaks
from workbench.ui.presentation.piece import Piece, plain, width_of


def test_long_lines_are_wrapped_and_lose_nothing():
    page = Page([Listing(ColouredText("0123456789" * 9 + "\nshort", Kind.TEXT))], 45)

    rows = [plain(page.line(number, 45)) for number in range(len(page))]

    assert rows == ["   1 " + "0123456789" * 4, "     " + "0123456789" * 4, "     0123456789", "   2 short"]


def test_words_of_notes_stay_whole():
    page = Page([Lines([(Piece("one two three four five six"),)])], 16)

    assert [plain(page.line(number, 16)) for number in range(len(page))] == [
        "one two three ",
        "four five six",
    ]


@pytest.mark.parametrize("text", ["漢字かな" * 20, "é漢" * 33, "a" * 200, ""])
def test_rows_fit_in_cells(text):
    starts = list(breaks(text, 21))

    rows = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    assert "".join(rows) == text
    assert all(width_of([Piece(row)]) <= 21 for row in rows)


def test_long_line_of_wide_characters_costs_what_its_rows_cost():
    """A server chooses the line. Each row once took as long as all behind it, and again when it was drawn."""
    page = Page([Listing(ColouredText("漢" * 43_000 + "\nend", Kind.TEXT))], 45)

    rows = [plain(page.line(number, 45)) for number in range(len(page))]

    assert "".join(row[5:] for row in rows) == "漢" * 43_000 + "end"
    assert [row[:5] for row in rows[:2]] == ["   1 ", "     "]
    assert rows[-1] == "   2 end"
