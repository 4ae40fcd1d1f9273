"""What the server at the other end says of itself, in words."""

from workbench.session.events import PeerReported
from workbench.session.visible import visible
from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.quantity import bytes_words

_KINDS: dict[str, tuple[str, Role]] = {
    "opened": ("accepted", Role.PLAIN),
    "tls": ("TLS established", Role.PLAIN),
    "waiting": ("waits", Role.DIM),
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
    words, role = _KINDS.get(report.kind, (visible(report.kind), Role.PLAIN))
    pieces = [Piece(words, role)]
    if report.span is not None:
        pieces.append(Piece(f" {bytes_words(len(report.span))}", role))
        more = "…" if len(report.span) > len(report.head) else ""
        pieces.append(Piece(f" {visible(report.head)}{more}", Role.DIM))
    if report.note:
        pieces.append(Piece(f" {visible(report.note)}", Role.DIM))
    return tuple(pieces)
