"""Pieces of a line: cut, spread, wrapped."""

import pytest
from rich.cells import cell_len

from workbench.ui.presentation.piece import Piece, cut, plain, spread, width_of, wrapped


@pytest.mark.parametrize(
    ("width", "text"),
    [
        pytest.param(9, "one, two", id="fits"),
        pytest.param(8, "one, two", id="fits exactly"),
        pytest.param(7, "one, t…", id="cut in the second piece"),
        pytest.param(3, "on…", id="cut in the first piece"),
        pytest.param(0, "", id="no room"),
    ],
)
def test_cut_line_ends_with_an_ellipsis(width, text):
    assert plain(cut((Piece("one, "), Piece("two")), width)) == text


def test_cut_counts_cells_and_not_characters():
    assert width_of(cut((Piece("漢字漢字"),), 5)) <= 5


def test_right_part_yields_when_both_do_not_fit():
    assert plain(spread((Piece("left"),), (Piece("right"),), 10)) == "left right"
    assert plain(spread((Piece("left"),), (Piece("right"),), 9)) == "left"


def test_wrapped_text_keeps_every_word_and_no_line_is_too_long():
    lines = wrapped("Expected a chunk size at byte 312: b'zzzzzzzzzzzzzzzzzzzzzzzz'", 20)

    assert all(len(line) <= 20 for line in lines)
    assert "".join(lines).replace(" ", "") == "Expectedachunksizeatbyte312:b'zzzzzzzzzzzzzzzzzzzzzzzz'"


@pytest.mark.parametrize("width", [0, 1, 7, 20])
def test_wide_characters_are_wrapped_by_their_cells(width):
    lines = wrapped("日本語" * 9 + " é❤\ufe0f" * 3, width)

    assert "".join(lines).replace(" ", "") == "日本語" * 9 + "é❤\ufe0f" * 3
    assert all(cell_len(line) <= max(2, width) for line in lines)


@pytest.mark.parametrize("width", [-2, 0])
def test_text_in_no_room_at_all_is_wrapped(width):
    assert wrapped("ab c", width) == ["a", "b", "c"]
