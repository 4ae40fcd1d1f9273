"""Which panes are on the screen, for a size and what the reader chose."""

from dataclasses import dataclass
from enum import StrEnum

MINIMUM_WIDTH = 60
MINIMUM_HEIGHT = 15
MEDIUM_WIDTH = 110
WIDE_WIDTH = 140
FULL_HEIGHT = 30
"""Below this two panes above one another show too few lines each."""


class Pane(StrEnum):
    """The four panes, in the order of their keys and of Tab."""

    SCRIPT = "script"
    WIRE = "wire"
    EVENTS = "events"
    MESSAGE = "message"


PANE_NAMES = {Pane.SCRIPT: "Script", Pane.WIRE: "Wire", Pane.EVENTS: "Events", Pane.MESSAGE: "Message"}


class Form(StrEnum):
    """How many panes fit."""

    WIDE = "wide"
    """Two by two."""

    MEDIUM = "medium"
    """Two side by side, each with a tab for the other of its column."""

    NARROW = "narrow"
    """One, with tabs."""

    TOO_SMALL = "too-small"
    """None: only a message fits."""


LEFT = (Pane.SCRIPT, Pane.EVENTS)
RIGHT = (Pane.WIRE, Pane.MESSAGE)
NUMBERS = {pane: number for number, pane in enumerate(Pane, start=1)}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader chose: kept while the terminal changes its size."""

    active: Pane = Pane.SCRIPT
    left: Pane = Pane.SCRIPT
    right: Pane = Pane.WIRE
    maximised: bool = False

    def chosen(self, pane: Pane) -> "Choice":
        """Give the choice after going to a pane."""
        left = pane if pane in LEFT else self.left
        right = pane if pane in RIGHT else self.right
        return Choice(pane, left, right, self.maximised)


def form_for(width: int, height: int) -> Form:
    """Say how many panes fit into a terminal of so many cells."""
    if width < MINIMUM_WIDTH or height < MINIMUM_HEIGHT:
        return Form.TOO_SMALL
    if width < MEDIUM_WIDTH:
        return Form.NARROW
    if width < WIDE_WIDTH or height < FULL_HEIGHT:
        return Form.MEDIUM
    return Form.WIDE


def tabs_of(pane: Pane, form: Form, maximised: bool) -> tuple[Pane, ...]:
    """List the panes that share the place of this one, itself among them."""
    if maximised or form in (Form.NARROW, Form.TOO_SMALL):
        return tuple(Pane)
    if form is Form.MEDIUM:
        return LEFT if pane in LEFT else RIGHT
    return (pane,)


def visible_panes(form: Form, choice: Choice) -> tuple[Pane, ...]:
    """List the panes that are on the screen."""
    if form is Form.TOO_SMALL:
        return ()
    if choice.maximised or form is Form.NARROW:
        return (choice.active,)
    if form is Form.MEDIUM:
        return (choice.left, choice.right)
    return tuple(Pane)
