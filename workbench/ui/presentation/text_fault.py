"""Where a text stops being what it should be."""

from typing import NamedTuple


class TextFault(NamedTuple):
    """The first place where a parser gave up."""

    words: str
    line: int
    """From 1 on, of the text as it came."""

    column: int
    """From 1 on, in characters."""
