"""The preview: what the next statement would do, before it does it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preview:
    """What a statement would do."""

    text: str
    """One line for the reader, such as `sends 57 bytes → Request-sent`."""

    data: bytes = b""
    """The bytes that it would queue or send."""

    sends: bool = False
    """True when the bytes go to the network, together with those already buffered."""

    state_after: str | None = None
    """The name of the state it would leave the connection in, where that is known."""

    error: str | None = None
    """The name of the exception class that it would raise."""
