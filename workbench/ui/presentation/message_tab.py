"""The tabs of the message pane: which there are, and how its border names them."""

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
        room: The cells that there are. In little room only the one in front is named.
    """
    tabs = list(MessageTab)
    labels = [TabLabel(Piece(f"  {key} ", Role.KEY), None)]
    for number, tab in enumerate(tabs):
        if number:
            labels.append(TabLabel(Piece(" · ", Role.DIM), None))
        labels.append(TabLabel(Piece(tab.value, Role.STRONG if tab is shown else Role.DIM), tab))
    if sum(len(label.piece.text) for label in labels) <= room:
        return labels
    if shown is None:
        return []
    short = [TabLabel(Piece(f" {shown.value}", Role.STRONG), shown)]
    return [labels[0], *short] if len(key) + 3 + len(shown.value) + 1 <= room else short
