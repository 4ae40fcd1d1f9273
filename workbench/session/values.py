"""Values of a script as one short line."""

import reprlib

from workbench.protocol import HTTPConnection, HTTPMessage, HTTPResponse, HTTPSConnection
from workbench.session.visible import visible

MAX_LENGTH = 200
"""Characters of text, and bytes of content, that are written out."""


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
    match value:
        case HTTPConnection():
            kind = "HTTPSConnection" if isinstance(value, HTTPSConnection) else "HTTPConnection"
            text = f"{kind} to {value.host} port {value.port}"
        case HTTPResponse():
            text = f"HTTPResponse {value.status} {value.reason}".rstrip()
        case HTTPMessage():
            text = f"HTTPMessage with {len(value)} field lines"
        case _:
            text = _short_repr.repr(value)
    return visible(text)
