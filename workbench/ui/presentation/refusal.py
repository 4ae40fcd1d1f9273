"""A command that makes no sense now, in one line: why, and which keys do make sense."""

from workbench.session.visible import visible
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.view import View

Ways = tuple[tuple[str, str], ...]
"""Keys, each with what it does."""


def refusal_ways(view: View, busy: bool, *, restart: str, abort: str, call: str, finish: str) -> Ways:
    """Name the keys that do make sense.

    Args:
        view: What is shown.
        busy: Whether a call is running.
        restart: The user's key for it, as the others.
        abort: Ends a call that runs.
        call: Goes to the call line.
        finish: Runs the call that the run is held in to its end.
    """
    if view.script_error is not None:
        return ((restart, "reads the script again once it is corrected"),)
    if view.recorded:
        return ((restart, "runs its script anew"),)
    if busy:
        return ((abort, "aborts it"),)
    if view.status.inside_call:
        return ((finish, "finishes the line"), (restart, "restarts"))
    return ((restart, "runs it again"), (call, "adds a call")) if view.status.ended else ()


def refusal_line(words: str, ways: Ways) -> Line:
    """Make the line.

    Args:
        words: Why the command was refused.
        ways: What to do instead.
    """
    pieces = [Piece(visible(words), Role.STRONG)]
    for number, (key, does) in enumerate(ways):
        pieces += (
            Piece(", " if number else ": ", Role.DIM),
            Piece(key, Role.KEY),
            Piece(f" {does}", Role.DIM),
        )
    return tuple(pieces)
