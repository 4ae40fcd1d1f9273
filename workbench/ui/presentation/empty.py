"""What an empty pane or tab says: what it will show, and which key comes next."""

from workbench.ui.presentation.key_names import KeyNames, key_pieces
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.message_tab import MessageTab
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role
from workbench.ui.view import View

_WORDS: dict[Pane | MessageTab, str] = {
    Pane.SCRIPT: "Nothing is loaded yet.",
    Pane.WIRE: "Bytes appear here: buffered, then sent or received.",
    Pane.EVENTS: "What happens appears here, an event a line.",
    Pane.MESSAGE: "The request and its response appear here, taken apart.",
    MessageTab.TREE: "The request and its response appear here, taken apart.",
    MessageTab.CONTENT: "The content appears here, decoded and fit to be read.",
    MessageTab.TIMING: "How long each phase takes appears here.",
    MessageTab.TLS: "TLS session and certificate of the server appear here.",
    MessageTab.LINT: "What is wrong, or worth a look, appears here.",
}

_WAYS_ON = {
    "nothing": "{quit} leaves",
    "past": "{later} goes to the next event, {present} to the present",
    "broken": "Correct the script, then {restart} reads it again",
    "running": "A call is running: {abort} aborts it",
    "ended": "The script has ended: {restart} runs it again, {call_line} adds a call",
    "going": "{step_over} runs the next call",
}


def empty_lines(what: Pane | MessageTab, view: View, keys: KeyNames) -> tuple[Line, ...]:
    """Make the lines of an empty pane or tab.

    Args:
        what: Which.
        view: What is shown; too little of it.
        keys: Those of the user.
    """
    return (
        EMPTY,
        (Piece(f"  {_WORDS[what]}", Role.DIM),),
        EMPTY,
        (Piece("  "), *way_on(view, keys)),
    )


def way_on(view: View, keys: KeyNames) -> Line:
    """Say which key comes next."""
    return key_pieces(_WAYS_ON[_situation(view)], keys, Role.PLAIN)


def _situation(view: View) -> str:
    if view.past is not None:
        return "past"
    if not view.source:
        return "nothing"
    if view.script_error is not None:
        return "broken"
    if view.status.mode == "running":
        return "running"
    return "ended" if view.status.ended else "going"
