"""What the server at the other end says of itself, in words."""

from workbench.session.events import PeerReported
from workbench.session.visible import visible
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.quantity import bytes_words

_KINDS: dict[str, tuple[str, Role]] = {
    "opened": ("accepted", Role.PLAIN),
    "tls": ("TLS established", Role.PLAIN),
    "waiting": ("waits", Role.DIM),
    "paused": ("pauses until a key", Role.WARNING),
    "held": ("held", Role.WARNING),
    "received": ("received", Role.SENT),
    "sent": ("sent", Role.RECEIVED),
    "half_closed": ("closed its sending direction", Role.PLAIN),
    "peer_closed": ("saw the client close", Role.PLAIN),
    "closed": ("closed", Role.PLAIN),
    "reset": ("reset the connection", Role.WARNING),
    "refused": ("refused the connection", Role.WARNING),
    "error": ("could not go on", Role.ERROR),
}
"""The server's words, and ours. Bytes have the colour of their direction, as the client sees it."""


def peer_words(report: PeerReported) -> Line:
    """Say what the server did or saw."""
    size = None if report.span is None else len(report.span)
    return server_words(report.kind, size, report.head, report.note, report.left)


def server_words(kind: str, size: int | None, head: bytes, note: str, left: int) -> Line:
    """Say what a server did or saw.

    Args:
        kind: What happened, in the server's words.
        size: How many bytes it sent or received; None for what is about no bytes.
        head: The first of them.
        note: More words.
        left: How many bytes of its step a held server has still to send.
    """
    words, role = _KINDS.get(kind, (visible(kind), Role.PLAIN))
    pieces = [Piece(words, role)]
    if size is not None:
        more = "…" if size > len(head) else ""
        pieces.append(Piece(f" {bytes_words(size)}", role))
        pieces.append(Piece(f" {visible(head)}{more}", Role.DIM))
    if left:
        pieces.append(Piece(f" {bytes_words(left)} left,", role))
    if note:
        pieces.append(Piece(f" {visible(note)}", Role.DIM))
    return tuple(pieces)
