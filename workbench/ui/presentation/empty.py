"""What an empty pane says: what it will show, and which key comes next."""

from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role

_WORDS = {
    Pane.SCRIPT: ("Nothing is loaded yet.", "^q", " leaves"),
    Pane.WIRE: (
        "Bytes appear here: first buffered, then sent or received.",
        "n",
        " runs the next call",
    ),
    Pane.EVENTS: ("What happens appears here, an event a line.", "n", " runs the next call"),
    Pane.MESSAGE: (
        "The request and its response appear here, taken apart.",
        "n",
        " runs the next call",
    ),
}


def empty_lines(pane: Pane) -> tuple[Line, ...]:
    """Make the lines of an empty pane."""
    sentence, key, what = _WORDS[pane]
    return (
        EMPTY,
        (Piece(f"  {sentence}", Role.DIM),),
        EMPTY,
        (Piece("  "), Piece(key, Role.KEY), Piece(what, Role.DIM)),
    )
