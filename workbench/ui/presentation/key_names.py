"""How the words of the screen name keys: never themselves, always by asking for those of the user.

A hint that printed `n` would be wrong for everybody who has changed that key. So what makes words is
given a `KeyNames`, and asks it for the key of a command by the command's id.
"""

import re
from collections.abc import Callable, Iterable

from workbench.ui.presentation.piece import Line, Piece, Role

KeyNames = Callable[[str], str]
"""Gives what to press for a command, as `F10`, `^p` or `?`, by the command's id."""

_NAMED = re.compile(r"\{([a-z_]+(?:-[a-z_]+)?)\}")


def with_keys(text: str, keys: KeyNames) -> str:
    """Put keys into a text that names commands: `{step_over} runs it` becomes `n runs it`."""
    return _NAMED.sub(lambda match: keys(match[1]), text)


def key_pieces(text: str, keys: KeyNames, role: Role = Role.DIM) -> Line:
    """Make a line of a text that names commands, with the keys set apart.

    Args:
        text: What stands in braces is the id of a command.
        keys: Those of the user.
        role: Of the words between the keys.
    """
    # Every second part is what the expression set apart: an id.
    parts = _NAMED.split(text)
    pieces = (
        Piece(keys(part), Role.KEY) if number % 2 else Piece(part, role) for number, part in enumerate(parts)
    )
    return tuple(piece for piece in pieces if piece.text)


def ways_line(ways: Iterable[tuple[str, str]], keys: KeyNames) -> Line:
    """Name the keys of a list or a dialog: `Enter copies · Esc closes`.

    Args:
        ways: Ids of commands, each with what it does.
        keys: Those of the user.
    """
    return key_pieces(" · ".join(f"{{{one}}} {does}" for one, does in ways), keys)
