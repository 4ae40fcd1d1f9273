"""What each pane is for, for somebody who sees it for the first time."""

from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.piece import Line, Piece, Role, wrapped

_WORDS: dict[Pane, str] = {
    Pane.SCRIPT: "The script is a program of http.client calls. The arrow stands on the next one; n runs it. "
    "Behind each line stands what it gave, or the exception that it raised. Below: what the next call will "
    "put on the wire, before it does.",
    Pane.WIRE: "Every byte of the connection. → was sent, ← was received; the number is its offset. ␍ ␊ ␉ stand "
    "for CR, LF and TAB. What is buffered is queued and not sent yet; what is automatic was added by the "
    "library. Over TLS these are the bytes before encryption and after decryption. The ladder has a rung for "
    "each time that bytes crossed; where the server is the lab, its own log stands at its side (├). / finds text (a capital makes the case count), hex:0d 0a and re:expression. "
    "Move the cursor, or click on a byte: the other panes follow.",
    Pane.EVENTS: "What happened, in order: time in milliseconds, line of the script, → sent, ← received, "
    "▸ calls, ✗ what went wrong; with several connections, #2 is the second. Move the cursor: the other panes follow. Enter goes back to that moment: "
    "everything is shown as it was then, and nothing is sent again.",
    Pane.MESSAGE: "The request and its responses. m goes through the tabs: the tree, in which Enter opens and "
    "closes a node; the content, fit to be read; how long each phase took; TLS; and what is wrong or worth a "
    "look, where Enter goes to the bytes. When a call raised, this pane explains the exception; 4 changes "
    "between the two.",
}


def pane_help(pane: Pane, width: int) -> list[Line]:
    """Make the lines about a pane, wrapped for so many cells."""
    title = (Piece(f" {pane.value.capitalize()}", Role.HEADING),)
    return [title, *((Piece(f"  {words}"),) for words in wrapped(_WORDS[pane], max(20, width - 3)))]
