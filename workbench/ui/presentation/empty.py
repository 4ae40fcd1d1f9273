"""What an empty pane or tab says: what it will show, and which key comes next."""

from workbench.ui.presentation.key_names import KeyNames, key_pieces
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.message_tab import MessageTab
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role
from workbench.ui.view import NOTHING, View

_WORDS: dict[Pane | MessageTab, str] = {
    Pane.SCRIPT: "The script has no calls yet.",
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
    "recorded": "{earlier} looks back, {restart} runs its script anew",
    "no calls": "{edit} edits the script, {call_line} adds a call",
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
    words = _WORDS[what]
    if what is Pane.SCRIPT and view is NOTHING:
        words = "Nothing is loaded yet."
    elif what is Pane.SCRIPT and view.recorded:
        words = "This recording has no script."
    return (
        EMPTY,
        (Piece(f"  {words}", Role.DIM),),
        EMPTY,
        (Piece("  "), *way_on(view, keys)),
    )


def way_on(view: View, keys: KeyNames) -> Line:
    """Say which key comes next."""
    return key_pieces(_WAYS_ON[_situation(view)], keys, Role.PLAIN)


def _situation(view: View) -> str:
    if view.past is not None:
        return "past"
    if view is NOTHING:
        return "nothing"
    if view.recorded:
        return "recorded"
    if view.script_error is not None:
        return "broken"
    if view.status.mode == "running":
        return "running"
    if not view.source or not (view.status.ended or view.status.line):
        return "no calls"
    return "ended" if view.status.ended else "going"
