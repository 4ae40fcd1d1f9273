"""Which scenario a request-target names under the one origin, and what of it is left for the scenario.

RFC 9112 section 3.2. The first segment of the path is the name; the scenario sees the rest, as if it had an
origin of its own: `/hello/x?q` is `/x?q` to `hello`. The absolute-form keeps its scheme and authority.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from workbench.lab.request_reader import RequestHead

_TARGET = re.compile(rb"(https?://[^/?#]*)?(/[^?#]*)?([?#].*)?", re.IGNORECASE | re.DOTALL)
_FIRST = re.compile(rb"/([^/]*)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Route:
    """A request-target, taken apart."""

    name: str
    """The first segment of the path, percent-decoded. Empty for `/`, and for what has no path."""

    rest: bytes
    """The target without it."""

    path: bytes
    """The whole path as it was sent. Empty for a target in authority-form or asterisk-form."""


def route(target: bytes) -> Route:
    """Take a request-target apart."""
    match = _TARGET.fullmatch(target)
    if match is None or not (match[1] or match[2]):
        return Route("", target, b"")
    authority, path, query = match[1] or b"", match[2] or b"/", match[3] or b""
    first = _FIRST.fullmatch(path)
    assert first is not None
    name = unquote_to_bytes(first[1]).decode("utf-8", "backslashreplace")
    return Route(name, authority + (first[2] or b"/") + query, path)


def path_of(target: bytes) -> bytes:
    """Give the path of a request-target. Empty where it has none."""
    return route(target).path


class GoesElsewhere(Exception):  # noqa: N818 - a fact that ends a play
    """A request on this connection is not for the scenario that is played.

    Attributes:
        head: Its head, as it was sent.
    """

    def __init__(self, head: RequestHead) -> None:
        super().__init__("the next request is for another scenario")
        self.head = head


@dataclass(slots=True)
class Visit:
    """How a play is reached by a path."""

    name: str
    """The first segment of the path of each of its requests."""

    first: RequestHead | None
    """The head by which it was found. None once the play has taken it."""

    @property
    def base(self) -> bytes:
        """What stands before the paths that the scenario knows."""
        return b"/" + self.name.encode()

    def follow(self, head: RequestHead) -> RequestHead:
        """Give the head of a request as the scenario sees it.

        Raises:
            GoesElsewhere: It is for another one.
        """
        found = route(head.target)
        if found.name != self.name:
            raise GoesElsewhere(head)
        return RequestHead(head.method, found.rest, head.version, head.field_lines)
