"""The text form of a breakpoint: `line 4`, `event StatusLineParsed`, `header content-type`.

What `parse_breakpoint` reads is what `str()` of a breakpoint writes. Case does not matter, for a
name that is in a list is known by its letters.
"""

import builtins
import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from workbench.protocol import errors, tap
from workbench.protocol.wire.state import State, title
from workbench.session.breakpoint import (
    Breakpoint,
    BytesBreakpoint,
    EventBreakpoint,
    ExceptionBreakpoint,
    HeaderBreakpoint,
    LineBreakpoint,
    StateBreakpoint,
)

MAX_SHOWN = 80
"""How much of a wrong text an error repeats."""

MOST_NEAREST = 3

LARGEST_NUMBER = 2**63
"""More bytes than can be sent, and more lines than can be written."""


class BreakpointError(ValueError):
    """A text is no breakpoint.

    Attributes:
        text: What was given.
        expected: What was expected in its place.
        nearest: Texts that would be breakpoints, and were perhaps meant.
    """

    def __init__(self, text: str, expected: str, nearest: Iterable[str] = ()) -> None:
        super().__init__(f"Expected {expected}: {text[:MAX_SHOWN]!r}")
        self.text = text
        self.expected = expected
        self.nearest = tuple(nearest)

    @property
    def hint(self) -> str:
        """Name what was perhaps meant; empty when nothing is near."""
        return f"Did you mean {' or '.join(self.nearest)}?" if self.nearest else ""


def _names_of(module: object, base: type) -> set[str]:
    return {
        value.__name__
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, base)
    }


EVENT_NAMES = tuple(sorted(_names_of(tap, tap.Event) - {"Event"}))
"""The names of all tap events."""

STATE_NAMES = tuple(title(state) for state in State)
"""The states, as the rail writes them."""

EXCEPTION_NAMES = tuple(
    sorted(
        _names_of(errors, Exception)
        | _names_of(builtins, Exception)
        # Those of socket and ssl that a call can raise; only the transport may import these modules.
        | {"gaierror", "herror"}
        | {"SSLError", "SSLCertVerificationError", "SSLEOFError", "SSLZeroReturnError", "SSLSyscallError"}
        | {"UnsupportedOperation"}
    )
)
"""The exception classes that a call can raise. Their subclasses stop a run, too."""

HEADER_NAMES = (
    *("accept", "accept-encoding", "allow", "authorization", "cache-control", "connection"),
    *("content-encoding", "content-length", "content-type", "cookie", "date", "etag", "expect", "host"),
    *("keep-alive", "last-modified", "location", "proxy-authenticate", "retry-after", "server"),
    *("set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "vary"),
    "www-authenticate",
)
"""Names to suggest. Any other field name will do as well."""

EXAMPLES = (
    "line 4",
    "event StatusLineParsed",
    "header content-type",
    "state Unread-response",
    "exception BadStatusLine",
    "received 1000",
    "sent 57",
)
"""One of each kind."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How the rest of a text is read, behind the word that names the kind."""

    word: str
    expected: str
    """What has to follow the word, for an error message."""

    names: tuple[str, ...]
    """The names to choose from or to suggest; none for a number."""

    read: Callable[[str], Breakpoint | None]
    """Makes the breakpoint of what follows the word; None when it is something else."""

    def nearest(self, rest: str) -> list[str]:
        """Give the names closest to one that there is not, as texts."""
        return [f"{self.word} {name}" for name in _closest(rest, self.names)]


def parse_breakpoint(text: str) -> Breakpoint:
    """Read the text form of a breakpoint.

    Raises:
        BreakpointError: It is none. The error knows what was expected, and what is nearest.
    """
    word, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    kind = KINDS.get(word.lower())
    if kind is None:
        raise BreakpointError(text.strip(), f"one of {', '.join(KINDS)}", _kinds_near(text.strip()))
    found = kind.read(rest)
    if found is None:
        raise BreakpointError(text.strip(), f"{kind.expected} after {kind.word}", kind.nearest(rest))
    return found


def suggest_breakpoints(text: str, header_names: Iterable[str] = ()) -> list[str]:
    """List the texts that what was typed so far may become.

    Args:
        text: What was typed.
        header_names: Names of field lines that the session has met, to be suggested first.
    """
    word, space, rest = text.lstrip().lower().partition(" ")
    if not space:
        return [one for one in EXAMPLES if one.startswith(word)] if word else list(EXAMPLES)
    kind = KINDS.get(word)
    if kind is None:
        return []
    names: Iterable[str] = kind.names
    if kind.word == "header":
        names = dict.fromkeys((*(name.lower() for name in header_names), *kind.names))
    rest = rest.strip()
    first = [name for name in names if name.lower().startswith(rest)]
    within = [name for name in names if rest in name.lower() and name not in first]
    return [f"{kind.word} {name}" for name in (*first, *within)]


# --- reading each kind -------------------------------------------------------------------


def _read_line(rest: str) -> Breakpoint | None:
    number = _number(rest)
    return LineBreakpoint(number) if number else None


def _read_bytes(direction: Literal["received", "sent"]) -> Callable[[str], Breakpoint | None]:
    def read(rest: str) -> Breakpoint | None:
        number = _number(rest.lower().removesuffix("bytes").removesuffix("byte").strip())
        return BytesBreakpoint(direction, number) if number else None

    return read


def _read_event(rest: str) -> Breakpoint | None:
    name = _same(rest, EVENT_NAMES)
    return EventBreakpoint(name) if name else None


def _read_header(rest: str) -> Breakpoint | None:
    name = rest.removesuffix(":").strip()
    # A token (RFC 9110 section 5.6.2). What a peer sends may be worse, but nobody can name that here.
    allowed = name.isascii() and all(letter.isalnum() or letter in "!#$%&'*+-.^_`|~" for letter in name)
    return HeaderBreakpoint(name.lower()) if name and allowed else None


def _read_state(rest: str) -> Breakpoint | None:
    name = _same(rest.replace("_", "-"), STATE_NAMES)
    return StateBreakpoint(State(name.upper().replace("-", "_"))) if name else None


def _read_exception(rest: str) -> Breakpoint | None:
    name = _same(rest.rpartition(".")[2], EXCEPTION_NAMES)
    return ExceptionBreakpoint(name) if name else None


KINDS: dict[str, Kind] = {
    kind.word: kind
    for kind in (
        Kind("line", "a number from 1 on", (), _read_line),
        Kind("event", "the name of a tap event, such as StatusLineParsed", EVENT_NAMES, _read_event),
        Kind("header", "a field name, such as content-type", HEADER_NAMES, _read_header),
        Kind("state", f"one of {', '.join(STATE_NAMES)}", STATE_NAMES, _read_state),
        Kind("exception", "an exception class, such as BadStatusLine", EXCEPTION_NAMES, _read_exception),
        Kind("received", "a number of bytes from 1 on", (), _read_bytes("received")),
        Kind("sent", "a number of bytes from 1 on", (), _read_bytes("sent")),
    )
}
"""All kinds, by the word that a text begins with."""


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < len(str(LARGEST_NUMBER))):
        return None
    return int(text) or None


def _same(text: str, names: Iterable[str]) -> str | None:
    """Find a name by its letters alone."""
    return next((name for name in names if name.lower() == text.lower()), None)


def _closest(text: str, names: Iterable[str]) -> list[str]:
    """Find the names that a text is a part of, or is a misspelling of."""
    by_letters = {name.lower(): name for name in names}
    text = text.lower()
    within = [letters for letters in by_letters if text and text in letters]
    found = dict.fromkeys((*within, *difflib.get_close_matches(text, by_letters)))
    return [by_letters[letters] for letters in found][:MOST_NEAREST]


def _kinds_near(text: str) -> list[str]:
    """Give the texts that one without a word for its kind may stand for."""
    word, _, rest = text.partition(" ")
    near = _closest(word, KINDS)
    if rest:
        good = [f"{one} {rest}" for one in near if KINDS[one].read(rest)]
        return good or [text for one in near for text in KINDS[one].nearest(rest)][:MOST_NEAREST]
    for kind in KINDS.values():
        # A number alone, or a name such as StatusLineParsed.
        if kind.read(text) and (_same(text, kind.names) or not kind.names):
            return [f"{kind.word} {text}"]
    return [example for example in EXAMPLES if example.partition(" ")[0] in near]
