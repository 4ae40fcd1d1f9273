"""Text in colours, and marks in it."""

from workbench.ui.presentation.coloured import LONGEST_COLOURED, MOST_COLOURED, ColouredText, marked
from workbench.ui.presentation.media_type import Kind
from workbench.ui.presentation.piece import Piece, Role, Tone, plain


def test_colours_end_where_they_would_take_too_long():
    line = '{"a": 1}\n'
    text = ColouredText("x = 1;\n" * MOST_COLOURED, Kind.SCRIPT)
    long_line = ColouredText(line + '"' + "x" * LONGEST_COLOURED + '"\n' + line, Kind.JSON)

    assert [piece.role for piece in text.line(0)] != [Role.PLAIN]
    assert [piece.role for piece in text.line(MOST_COLOURED - 1)] == [Role.PLAIN]
    assert plain(long_line.line(2)) == '{"a": 1}'
    assert len(long_line.line(0)) > len(long_line.line(2)) == 1


def test_mark_behind_the_end_of_a_line_is_on_its_last_character():
    line = marked((Piece("ab"), Piece("cd")), 9)

    assert [(piece.text, piece.tone) for piece in line] == [
        ("ab", Tone.NONE),
        ("c", Tone.NONE),
        ("d", Tone.OFFENDING),
    ]
