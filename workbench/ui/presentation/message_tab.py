"""The tabs of the message pane: which there are, and how its border names them."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from workbench.ui.presentation.piece import Piece, Role


class MessageTab(StrEnum):
    """What the pane shows of an exchange, in the order in which its key goes through them."""

    TREE = "tree"
    CONTENT = "content"
    TIMING = "timing"
    TLS = "TLS"
    LINT = "lint"


class TabLabel(NamedTuple):
    """One label in the border."""

    piece: Piece
    tab: MessageTab | None
    """What a click on it shows; None for what is no tab."""


def tab_labels(shown: MessageTab | None, key: str, room: int) -> list[TabLabel]:
    """Name the tabs.

    Args:
        shown: The one in front; None while the card of an exception is.
        key: What goes to the next one, on this user's keyboard.
        room: The cells that there are. In little room they stand closer, or only the one in front is named.
    """
    hint = TabLabel(Piece(f"  {key} ", Role.KEY), None)
    candidates = [[hint, *_names(shown, " · ")], [hint, *_names(shown, "·")]]
    if shown is not None:
        only = TabLabel(Piece(f" {shown.value}", Role.STRONG), shown)
        candidates += [[hint, only], [only]]
    return next((labels for labels in candidates if _width(labels) <= room), [])


def _names(shown: MessageTab | None, between: str) -> Iterator[TabLabel]:
    for number, tab in enumerate(MessageTab):
        if number:
            yield TabLabel(Piece(between, Role.DIM), None)
        yield TabLabel(Piece(tab.value, Role.STRONG if tab is shown else Role.DIM), tab)


def _width(labels: list[TabLabel]) -> int:
    return sum(len(label.piece.text) for label in labels)
