"""Where bytes lie: ranges in the two byte streams of a connection.

A connection has two append-only streams, `sent` and `received`. An offset counts bytes
from the first one of its stream, so it indexes a recording directly. An element (a field
line, a chunk) has one `Span`; the bytes of the element are tiled by its leaves. Over a
whole connection every byte lies in exactly one leaf.
"""

from typing import Literal, NamedTuple

StreamName = Literal["sent", "received"]

LEAF_KINDS = {
    "method": "request method",
    "target": "request-target",
    "version": "HTTP-version",
    "code": "status code",
    "reason": "reason phrase",
    "name": "field name",
    "colon": "colon",
    "ows": "optional whitespace",
    "bws": "bad whitespace",
    "sp": "space",
    "value": "field value",
    "fold": "obsolete line folding",
    "eol": "line end",
    "section_end": "end of the field section",
    "content": "content",
    "chunk_size": "chunk size",
    "chunk_ext": "chunk extension",
    "chunk_end": "line end after chunk data",
    "tunnel": "tunnelled bytes",
    "raw": "bytes sent as given",
    "malformed": "bytes that fit no rule",
    "skipped": "bytes passed over",
    "excess": "bytes after the end of the message",
    "unparsed": "bytes never parsed",
}
"""Every kind of leaf, with the words a reader is shown for it."""


class Span(NamedTuple):
    """A range of bytes in one stream of a connection."""

    stream: StreamName
    start: int
    end: int

    def __len__(self) -> int:
        """The number of bytes, not the number of parts of the tuple."""
        return self.end - self.start


class Leaf(NamedTuple):
    """A range of bytes with one meaning, inside the element that holds it."""

    kind: str
    """One of `LEAF_KINDS`."""

    start: int
    end: int


_new = tuple.__new__


def tile(start: int, *parts: tuple[str, int]) -> tuple[Leaf, ...]:
    """Lay parts side by side from an offset on.

    Args:
        start: The offset of the first part.
        parts: The kind and the length in bytes of each. A part without bytes has no leaf.
    """
    leaves = []
    for kind, length in parts:
        if length:
            end = start + length
            # A header section has dozens of them, and this is how a NamedTuple makes itself.
            leaves.append(_new(Leaf, (kind, start, end)))
            start = end
    return tuple(leaves)
