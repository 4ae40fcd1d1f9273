"""A script in colours."""

from workbench.ui.presentation.piece import plain
from workbench.ui.presentation.python_text import python_lines


def test_python_keeps_its_lines_and_characters():
    source = 'a = """x\ny"""\n\nb = "\x1b]0;"  # c\n'

    assert [plain(line) for line in python_lines(source)] == ['a = """x', 'y"""', "", 'b = "␛]0;"  # c', ""]
