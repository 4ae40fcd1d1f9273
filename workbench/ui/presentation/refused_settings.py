"""What the screen says about a settings file that says things that cannot be."""

from collections.abc import Sequence

from workbench.session.visible import visible
from workbench.toml_table import TomlError
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.quantity import counted

CHECK = "workbench config"
"""The command that prints all of them."""


def refused_settings_lines(problems: Sequence[TomlError], most: int) -> tuple[Line, ...]:
    """Say what is wrong, and that the rest of the file holds.

    Args:
        problems: At least one.
        most: Lines that there is room for, the first and the last one included.
    """
    path = visible(str(problems[0].path))
    first: Line = (
        Piece("✗ ", Role.ERROR),
        Piece(f"{counted(len(problems), 'mistake')} in {path}: what is wrong is left at its default"),
    )
    shown = problems if len(problems) < most else problems[: max(1, most - 2)]
    lines: list[Line] = [first]
    for problem in shown:
        where = f"line {problem.line}: " if problem.line else ""
        lines.append((Piece(f"  {where}", Role.DIM), Piece(visible(problem.reason))))
    if len(shown) < len(problems):
        lines.append((Piece(f"  and {len(problems) - len(shown)} more: `{CHECK}` prints all", Role.DIM),))
    return tuple(lines)
