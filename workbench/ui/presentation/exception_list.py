"""The tree of exceptions as lines: what was tripped, what each class means, and the way to see it."""

from collections.abc import Mapping, Sequence

from workbench.session.visible import visible
from workbench.ui.presentation.exception_tree import ExceptionClass
from workbench.ui.presentation.key_names import KeyNames, key_pieces
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, cut, wrapped

INDENT = 2
TICK = Piece(" ✓ ", Role.GOOD)
NO_TICK = Piece(" · ", Role.DIM)
NO_MARK = Piece("   ")

WAY_COLUMN = 32
"""Cells before the way, which is room for the longest name at its depth."""


class ExceptionLines:
    """The rows of the list: one for each class, a heading before each group.

    Args:
        tree: From `exception_tree`.
        messages: What was raised in this session, by class name.
    """

    columns = 0

    def __init__(self, tree: Sequence[ExceptionClass], messages: Mapping[str, str]) -> None:
        self._messages = messages
        self._rows: list[ExceptionClass | str] = []
        group = ""
        for one in tree:
            if one.group != group:
                group = one.group
                self._rows.append(group)
            self._rows.append(one)

    def __len__(self) -> int:
        return len(self._rows)

    def class_at(self, number: int) -> ExceptionClass | None:
        """Give the class of a row; None for a heading."""
        row = self._rows[number] if 0 <= number < len(self._rows) else None
        return row if isinstance(row, ExceptionClass) else None

    def line(self, number: int, width: int) -> Line:
        """Make one row."""
        row = self._rows[number]
        if isinstance(row, str):
            return (Piece(f" {row}", Role.HEADING),)
        return cut(self._class_line(row), width)

    def _class_line(self, one: ExceptionClass) -> Line:
        name = " " * (INDENT * one.depth) + one.name
        tripped = one.name in self._messages
        mark = TICK if tripped else NO_MARK if one.is_base_only else NO_TICK
        role = Role.STRONG if tripped else Role.DIM if one.is_base_only else Role.PLAIN
        way = "base class, never raised itself" if one.is_base_only else one.scenarios[0].title
        return (mark, Piece(f"{name:<{WAY_COLUMN}} ", role), Piece(way, Role.DIM))


def tally(tree: Sequence[ExceptionClass], messages: Mapping[str, str]) -> str:
    """Say how many classes were tripped."""
    raised = [one for one in tree if not one.is_base_only]
    return f"{sum(one.name in messages for one in raised)} of {len(raised)} tripped in this session"


def class_lines(
    one: ExceptionClass | None, messages: Mapping[str, str], width: int, height: int, keys: KeyNames
) -> tuple[Line, ...]:
    """Explain a class.

    Args:
        one: The class under the cursor; None for none.
        messages: What was raised in this session, by class name.
        width: In cells.
        height: How many lines there is room for.
        keys: Those of the user.
    """
    if one is None:
        return ((Piece("✓ was raised in this session · was not, and has a scenario", Role.DIM),),)
    lines: list[Line] = [(Piece(one.name, Role.STRONG), *_lineage(one))]
    lines += [(Piece(text),) for text in wrapped(one.words, width)]
    if one.is_base_only:
        lines.append((Piece("Catch it for its subclasses; nothing raises it itself.", Role.DIM),))
    else:
        others = len(one.scenarios) - 1
        more = f", and {others} more" if others else ""
        ways = key_pieces(
            "{exceptions-trip} trips it · {exceptions-load} loads its scenario, ", keys, Role.PLAIN
        )
        lines.append((*ways, Piece(f"{one.scenarios[0].name}{more}")))
    if one.name in messages:
        words = visible(" ".join(messages[one.name].split()))
        lines.append((Piece("✓ ", Role.GOOD), *cut((Piece(words, Role.ERROR),), width - 2)))
    return tuple(lines[:height])


def _lineage(one: ExceptionClass) -> Line:
    return (Piece(f"  also {' and '.join(one.also)}", Role.DIM),) if one.also else EMPTY
