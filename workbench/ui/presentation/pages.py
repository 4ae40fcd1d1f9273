"""Blocks of lines below one another, wrapped for a width and made when they are looked at."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol

from workbench.ui.presentation.coloured import ColouredText
from workbench.ui.presentation.piece import Line, Piece, Role, end_of_row, plain

GUTTER = len("1234 ")
NARROWEST = 16


class Block(Protocol):
    """Some lines of any length."""

    def __len__(self) -> int:
        """Say how many lines there are."""

    def text(self, number: int) -> str:
        """Give the characters of a line."""

    def line(self, number: int) -> Line:
        """Give a line in pieces."""

    @property
    def numbered(self) -> bool:
        """Whether the lines have numbers at their left."""


class Lines:
    """Lines that are there already."""

    numbered = False

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def text(self, number: int) -> str:
        """Give the characters of a line."""
        return plain(self._lines[number])

    def line(self, number: int) -> Line:
        """Give a line in pieces."""
        return self._lines[number]


class Listing:
    """A text, with the numbers of its lines."""

    numbered = True

    def __init__(self, text: ColouredText) -> None:
        self._text = text

    def __len__(self) -> int:
        return len(self._text.lines)

    def text(self, number: int) -> str:
        """Give the characters of a line."""
        return self._text.lines[number]

    def line(self, number: int) -> Line:
        """Give a line in pieces."""
        return self._text.line(number)


class Page:
    """All rows of some blocks at a width: what a virtual list draws."""

    columns = 0

    def __init__(self, blocks: Sequence[Block], width: int) -> None:
        self._blocks = blocks
        self._width = width
        self._first_rows = array("Q")
        self._first_lines: list[int] = []
        self._starts = array("Q")
        """For each row, the character of its line that it begins with."""

        lines = 0
        for block in blocks:
            self._first_lines.append(lines)
            lines += len(block)
            room = self._room(block)
            for number in range(len(block)):
                self._first_rows.append(len(self._starts))
                self._starts.extend(breaks(block.text(number), room, at_spaces=not block.numbered))

    def __len__(self) -> int:
        return len(self._starts)

    def line(self, number: int, width: int) -> Line:  # noqa: ARG002 - rows are counted for one width
        """Make one row."""
        line = bisect_right(self._first_rows, number) - 1
        at = bisect_right(self._first_lines, line) - 1
        while not len(self._blocks[at]):
            at -= 1
        block, own = self._blocks[at], line - self._first_lines[at]
        # The last row of a line is followed by one that begins another.
        end = self._starts[number + 1] if number + 1 < len(self._starts) else 0
        row = sliced(block.line(own), self._starts[number], end or None)
        if not block.numbered:
            return row
        label = f"{own + 1:>{GUTTER - 1}} " if self._starts[number] == 0 else " " * GUTTER
        return (Piece(label, Role.DIM), *row)

    def _room(self, block: Block) -> int:
        return max(NARROWEST, self._width - (GUTTER if block.numbered else 0))


def breaks(text: str, width: int, *, at_spaces: bool = False) -> Sequence[int]:
    """Say where each row of a line begins, in characters, when a row has room for so many cells.

    Args:
        text: The line.
        width: The cells of a row.
        at_spaces: Whether words stay whole where they can.
    """
    if text.isascii() and not at_spaces:
        return range(0, len(text), width) or (0,)
    starts = [0]
    while (end := end_of_row(text, starts[-1], width)) < len(text):
        space = text.rfind(" ", starts[-1] + 1, end) if at_spaces else -1
        starts.append(space + 1 if space > 0 else end)
    return starts


def sliced(line: Line, start: int, end: int | None) -> Line:
    """Give the characters of a line from `start` to `end`, with their roles."""
    pieces: list[Piece] = []
    for piece in line:
        length = len(piece.text)
        text = piece.text[max(0, start) : length if end is None else max(0, end)]
        if text:
            pieces.append(piece._replace(text=text))
        start -= length
        end = None if end is None else end - length
    return tuple(pieces)
