"""Reading what is shown."""

from collections.abc import Iterable

from workbench.ui.presentation.piece import Line, plain


def text_of(lines: Iterable[Line]) -> str:
    """Give the characters of some lines, without the spaces that fill them up."""
    return "\n".join(plain(line).rstrip() for line in lines)
