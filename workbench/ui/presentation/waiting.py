"""What the program waits for, in words: shown when a step takes longer than a moment."""

from workbench.protocol import tap
from workbench.session.moment import Moment
from workbench.session.visible import visible
from workbench.ui.presentation.piece import Line, Piece, Role

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
"""The pictures of the spinner, in order."""

_CALLS = {
    "getresponse": "the head of the response",
    "read": "more content",
    "endheaders": "the server to take the request",
    "request": "the server to take the request",
    "send": "the server to take the bytes",
    "connect": "the connection",
}


def waited_for(moment: Moment) -> str:
    """Say what the call that is going on waits for."""
    connection = moment.connection
    entry = moment.own_entry
    event = entry.event if entry else None
    if isinstance(event, tap.HostLookupStarted):
        return f"an address for {visible(event.host)}"
    if isinstance(event, tap.ConnectStarted):
        return f"{visible(event.address)} port {event.port} to accept the connection"
    if isinstance(event, tap.TlsStarted):
        return f"the TLS handshake with {visible(event.server_name)}"
    if isinstance(event, tap.ContinueAwaited):
        return f"100 (Continue), for at most {event.timeout_seconds:g} s"
    calls = moment.open_calls
    if calls and connection is not None:
        name = getattr(calls[-1].event, "name", "").rpartition(".")[2]
        return f"{_CALLS.get(name, 'the call')} ({visible(name)}, line {moment.line})"
    return f"line {moment.line}" if moment.line else "the script"


def waiting_line(words: str, key: str, does: str, frame: int) -> Line:
    """Make the note.

    Args:
        words: What is waited for.
        key: The key that ends it.
        does: What the key does, such as `aborts`.
        frame: Which picture of the spinner.
    """
    return (
        Piece(f" {FRAMES[frame % len(FRAMES)]} ", Role.WARNING),
        Piece("waiting for ", Role.DIM),
        Piece(words, Role.STRONG),
        Piece("   "),
        Piece(key, Role.KEY),
        Piece(f" {does}", Role.DIM),
    )
