"""The vocabulary of what the server can do: one frozen dataclass per step, and nothing else.

A scenario file spells a step as a `[[steps]]` table whose `do` names it. `STEP_NAMES` is the
whole list. How a step is read from TOML is in `loader`, how it is played is in `play`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExpectHead:
    """Read the request line and the header section of one request."""


@dataclass(frozen=True, slots=True)
class ExpectBody:
    """Read the request's content, delimited by Content-Length or by the chunked coding."""

    at_most: int | None = None
    """Stop after this many bytes of content and leave the rest unread. None reads all of it."""


@dataclass(frozen=True, slots=True)
class Send:
    """Send bytes, all of them in one piece."""

    data: bytes
    """The bytes. With `fill`, a template."""

    times: int = 1
    """How often to send them. A large message need not be in memory at once."""

    fill: bool = False
    """Replace `{method}`, `{target}`, `{body}` and `{body_length}` by those of the last request."""


@dataclass(frozen=True, slots=True)
class Drip:
    """Send bytes a few at a time, with a pause after each piece."""

    data: bytes
    """All the bytes to send."""

    size: int
    """Bytes in each piece; the last one may be smaller."""

    tick_seconds: float
    """The pause after each piece but the last."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing for a while."""

    seconds: float
    """How long."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Do nothing until `LabServer.resume` is called, or the idle limit is reached."""


@dataclass(frozen=True, slots=True)
class WaitForClose:
    """Read and ignore whatever comes until the client goes away. Answer nothing."""


@dataclass(frozen=True, slots=True)
class HalfClose:
    """Close the sending direction and keep receiving."""


@dataclass(frozen=True, slots=True)
class Close:
    """Close the connection in the way of RFC 9112 section 9.6, so that nothing sent is lost."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Tear the connection down at once with a TCP RST."""


Step = ExpectHead | ExpectBody | Send | Drip | Wait | Pause | WaitForClose | HalfClose | Close | Reset

STEP_NAMES: dict[str, type[Step]] = {
    "expect_head": ExpectHead,
    "expect_body": ExpectBody,
    "send": Send,
    "drip": Drip,
    "wait": Wait,
    "pause": Pause,
    "wait_for_close": WaitForClose,
    "half_close": HalfClose,
    "close": Close,
    "reset": Reset,
}
"""The value of `do` for each step."""

FILLINGS = ("method", "target", "body", "body_length")
"""What a `Send` with `fill` may name between braces."""
