"""What a view says of a server that is played by hand."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeldServer:
    """The server of the session's scenario, held by somebody or in a step that pauses."""

    by_hand: bool
    """Whether every step waits for a key. Else only this one does: it is a pause."""

    waits: bool = False
    """Whether it waits for a key now, and not for the client."""

    next_step: str = ""
    """What it does with the next key, in words that are fit to be shown."""

    left: int = 0
    """How many bytes of its step are still to be sent."""

    connections: int = 0
    """How many connections wait. One key lets the one go on that has waited longest, whose step is `next_step`."""
