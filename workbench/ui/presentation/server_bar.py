"""The bar of a server that is held: what it does next, how many bytes of it are left, and the keys."""

from workbench.session.visible import visible
from workbench.ui.held_server import HeldServer
from workbench.ui.presentation.key_names import KeyNames, key_pieces
from workbench.ui.presentation.piece import Line, Piece, Role, cut, joined, spread, width_of
from workbench.ui.presentation.quantity import bytes_words

LEAST_WORDS = 24
"""Cells for what comes next. Where fewer are left beside the keys, the keys are said in fewer words."""


def server_line(held: HeldServer, count: int, width: int, keys: KeyNames) -> Line:
    """Make the bar.

    Args:
        held: The server.
        count: How many bytes a key sends.
        width: In cells.
        keys: Those of the user.
    """
    mark = " server held: " if held.by_hand else " server pauses "
    words = (Piece(mark, Role.WARNING), *joined(_state(held), Piece(" · ", Role.DIM)))
    for ways in _ways(held, count):
        right = (*key_pieces(ways, keys), Piece(" "))
        room = width - width_of(right) - 1
        if room >= min(width_of(words), LEAST_WORDS + len(mark)):
            return spread(cut(words, room), right, width)
    return cut(words, width)


def _state(held: HeldServer) -> list[Line]:
    if not held.waits:
        return [(Piece("waits for the client", Role.DIM),)]
    if not held.by_hand:
        return []
    left = [(Piece(f"{bytes_words(held.left)} left", Role.STRONG),)] if held.left else []
    others = [(Piece(f"{held.connections} connections in turn", Role.DIM),)] if held.connections > 1 else []
    return [*others, *left, (Piece("next: ", Role.DIM), Piece(visible(held.next_step)))]


def _ways(held: HeldServer, count: int) -> tuple[str, ...]:
    """Name the keys, in more words and in fewer."""
    if not held.by_hand:
        return ("{server_step} goes on",)
    size = bytes_words(count)
    if not held.waits:
        return ("{hold_server} releases",)
    return (
        f"{{server_step}} one step · {{server_bytes}} {size} · {{server_byte_count}} other number · {{hold_server}} releases",
        f"{{server_step}} step · {{server_bytes}} {size} · {{hold_server}} releases",
        "{server_step} {server_bytes} {server_byte_count} {hold_server}",
    )
