"""The vocabulary of what the server can do: one frozen dataclass per step, and nothing else.

A scenario file spells a step as a `[[steps]]` table whose `do` names it. `STEP_NAMES` is the
whole list. How a step is read from TOML is in `loader`, how it is played is in `play`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExpectHead:
    """Read the request line and the header section of one request.

    A request for which another one of the play asks is answered as from there on: so a client that follows
    a redirect on a new connection gets what is behind it, and not the redirect again.
    """

    path: str | None = None
    """Ask for requests to this path."""

    field: str | None = None
    """Ask for requests with a field of this name, as `Authorization`."""

    @property
    def asks(self) -> bool:
        """Whether it asks for anything."""
        return self.path is not None or self.field is not None


@dataclass(frozen=True, slots=True)
class ExpectBody:
    """Read the request's content, delimited by Content-Length or by the chunked coding."""

    at_most: int | None = None
    """Stop after this many bytes of content and leave the rest unread. None reads all of it."""


@dataclass(frozen=True, slots=True)
class ExpectBytes:
    """Read so many bytes, whatever they are: what follows a 101 (RFC 9110 section 7.8), or raw bytes."""

    count: int


@dataclass(frozen=True, slots=True)
class StartTls:
    """Begin TLS on a connection that was plain until now, as the far end of a tunnel does."""


@dataclass(frozen=True, slots=True)
class NextConnection:
    """What follows is played on the next connection. After the last one it begins anew."""


@dataclass(frozen=True, slots=True)
class Send:
    """Send bytes, all of them in one piece."""

    data: bytes
    """The bytes. With `fill`, a template."""

    times: int = 1
    """How often to send them. A large message need not be in memory at once."""

    fill: bool = False
    """Replace `{method}`, `{target}` and the others of `FILLINGS` by those of the last request."""

    size: int | None = None
    """Repeat the bytes up to so many, and send them in large pieces. None sends them as they are."""


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


Step = (
    ExpectHead
    | ExpectBody
    | ExpectBytes
    | StartTls
    | NextConnection
    | Send
    | Drip
    | Wait
    | Pause
    | WaitForClose
    | HalfClose
    | Close
    | Reset
)

STEP_NAMES: dict[str, type[Step]] = {
    "expect_head": ExpectHead,
    "expect_body": ExpectBody,
    "expect_bytes": ExpectBytes,
    "start_tls": StartTls,
    "next_connection": NextConnection,
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

FILLINGS = ("method", "target", "body", "body_length", "base", "length")
"""What a `Send` with `fill` may name between braces. `base` is the path under which the scenario is served:
empty on its own port, `/hello` where all scenarios share one origin. `length` counts the bytes behind the first
empty line of what is sent."""
