"""A script in colours."""

from workbench.ui.presentation.piece import plain
from workbench.ui.presentation.python_text import python_columns, python_lines


def test_python_keeps_its_lines_and_characters():
    source = 'a = """x\ny"""\n\nb = "\x1b]0;"  # c\n'

    assert [plain(line) for line in python_lines(source)] == ['a = """x', 'y"""', "", 'b = "␛]0;"  # c', ""]


def test_columns_are_the_cells_of_the_longest_line():
    assert python_columns("x = 1\n# 日本語\n") == 8
    assert python_columns("") == 0
