"""What an empty pane says: what it will show, and which key comes next."""

from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role
from workbench.ui.view import View

_WORDS = {
    Pane.SCRIPT: "Nothing is loaded yet.",
    Pane.WIRE: "Bytes appear here: first buffered, then sent or received.",
    Pane.EVENTS: "What happens appears here, an event a line.",
    Pane.MESSAGE: "The request and its response appear here, taken apart.",
}

_WAYS_ON: dict[str, Line] = {
    "nothing": (Piece("^q", Role.KEY), Piece(" leaves")),
    "past": (Piece("d", Role.KEY), Piece(" goes to the next event")),
    "broken": (
        Piece("Correct the script, then "),
        Piece("r", Role.KEY),
        Piece(" reads it again"),
    ),
    "ended": (
        Piece("The script has ended: "),
        Piece("r", Role.KEY),
        Piece(" runs it again, "),
        Piece("i", Role.KEY),
        Piece(" adds a call"),
    ),
    "going": (Piece("n", Role.KEY), Piece(" runs the next call")),
}


def empty_lines(pane: Pane, view: View) -> tuple[Line, ...]:
    """Make the lines of an empty pane."""
    return (
        EMPTY,
        (Piece(f"  {_WORDS[pane]}", Role.DIM),),
        EMPTY,
        (Piece("  "), *_WAYS_ON[_situation(view)]),
    )


def _situation(view: View) -> str:
    if view.past is not None:
        return "past"
    if not view.source:
        return "nothing"
    if view.script_error is not None:
        return "broken"
    return "ended" if view.status.ended else "going"
