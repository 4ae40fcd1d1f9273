"""Values of a script as one short line."""

import re
import reprlib

from workbench.protocol import HTTPConnection, HTTPMessage, HTTPResponse, HTTPSConnection
from workbench.session.bounds import TooLargeError, weigh
from workbench.session.visible import visible

MAX_LENGTH = 200
"""Characters of text, and bytes of content, that are written out."""

_OBJECT = re.compile(r"<(?:\w+\.)*(\w+) object at 0x[0-9a-fA-F]+>")
"""The `repr` of an object without one of its own."""

MAX_RESULT_LENGTH = 200
"""How much of a value is recorded."""


LARGE_WEIGHT = 1 << 16
"""Of a list or a dict: from here on its `repr` takes as long as a key may."""


class _ShortRepr(reprlib.Repr):
    """`repr` that never builds more than it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxlong = self.maxother = MAX_LENGTH
        self.maxlist = self.maxtuple = self.maxdict = 20

    def repr_bytes(self, value: bytes, _level: int) -> str:
        """Write the first bytes, and how many there are."""
        if len(value) <= MAX_LENGTH:
            return repr(value)
        return f"{value[:MAX_LENGTH]!r}… {len(value):,} bytes in all"

    repr_bytearray = repr_bytes


_short_repr = _ShortRepr()


def format_value(value: object) -> str:
    """Write a value as one line of visible text, without addresses in memory."""
    return visible(_described(value) or without_addresses(_short_repr.repr(value)))


def _described(value: object) -> str:
    """Describe an object whose `repr()` says nothing to a reader; empty for all others."""
    match value:
        case HTTPConnection():
            kind = "HTTPSConnection" if isinstance(value, HTTPSConnection) else "HTTPConnection"
            return f"{kind} to {value.host} port {value.port}"
        case HTTPResponse():
            return f"HTTPResponse {value.status} {value.reason}".rstrip()
        case HTTPMessage():
            return f"HTTPMessage with {len(value)} field lines"
        case _:
            return ""


def result_text(value: object) -> str:
    """Return a value for a recording, as `format_value` does, but cut, and as its `repr()` where it has one.

    That of a large value is not built first: while it is, no other thread runs.
    """
    if value is None:
        return ""
    if isinstance(value, (bytes, bytearray, str)) and len(value) > MAX_RESULT_LENGTH:
        value = value[:MAX_RESULT_LENGTH]
    text = _described(value) or (_short_repr.repr(value) if _is_large(value) else repr(value))
    return text if len(text) <= MAX_RESULT_LENGTH else text[: MAX_RESULT_LENGTH - 1] + "…"


def _is_large(value: object) -> bool:
    if not isinstance(value, (list, tuple, dict)):
        return False
    try:
        return len(value) > LARGE_WEIGHT // 16 or weigh(value) > LARGE_WEIGHT
    except TooLargeError:
        return True


def without_addresses(text: str) -> str:
    """Leave the class of an object whose `repr` gives its address in memory, which says nothing to a reader."""
    return _OBJECT.sub(r"\1", text)
