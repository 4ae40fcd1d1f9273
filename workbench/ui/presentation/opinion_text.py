"""A second opinion in lines: what each reader makes of the bytes of an exchange, side by side."""

from collections.abc import Iterator, Sequence

from workbench.compare.comparison import Comparison
from workbench.compare.text import comparison_table
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, width_of, wrapped
from workbench.ui.presentation.quantity import bytes_words
from workbench.ui.presentation.source import FixedLines

INTRODUCTION = (
    "The bytes that came back, read once more by our own client and by others. Where a reader does not say, there "
    "is no difference."
)

_ROLES = {"readers": Role.HEADING, "differs": Role.WARNING, "agrees": Role.PLAIN, "note": Role.DIM}


def opinion_lines(
    comparison: Comparison, missing: Sequence[str], width: int, *, everything: bool
) -> Iterator[Line]:
    """Yield the lines.

    Args:
        comparison: Of the readers that are installed.
        missing: The names of readers that are not.
        width: In cells.
        everything: Also what all agree about.
    """
    for words in wrapped(INTRODUCTION, max(20, width - 2)):
        yield (Piece(f" {words}", Role.DIM),)
    yield EMPTY
    for kind, text in comparison_table(comparison, width - 1, everything=everything):
        yield (Piece(f" {text}", _ROLES[kind]),)
    if missing:
        yield (Piece(f"   {' and '.join(missing)} would say something too, if installed", Role.DIM),)


def opinion_title(exchange: int, received: int, comparison: Comparison | None) -> str:
    """Name what was read, and say how many differences there are."""
    verdict = ""
    if comparison is not None:
        count = len(comparison.differences)
        verdict = " · all agree" if count == 0 else f" · {count} difference{'' if count == 1 else 's'}"
    return f"Second opinion · exchange {exchange}, {bytes_words(received)} received{verdict}"


class OpinionLines(FixedLines):
    """The lines, of which those of many readers may be longer than the screen is wide."""

    @property
    def columns(self) -> int:
        """At most how many cells a line takes."""
        return max((width_of(line) for line in self._lines), default=0)
