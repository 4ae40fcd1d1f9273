"""What the wire consists of: elements, each made from one event that carries leaves."""

from typing import Any, NamedTuple

from workbench.protocol import tap
from workbench.protocol.wire.span import Leaf, StreamName


class WireElement(NamedTuple):
    """One element, with what a view says about it."""

    stream: StreamName
    start: int
    end: int
    leaves: tuple[Leaf, ...]
    entry: int
    """The index of its entry."""

    name: str
    """What it is, in the words of the RFC: `field line`, `chunk header`."""

    automatic: bool
    exchange: int

    @property
    def is_content(self) -> bool:
        """Whether its length is that of a body, and not that of a line."""
        return self.name == CONTENT


CONTENT = "content"

ELEMENT_NAMES: dict[type[tap.Event], str] = {
    tap.RequestLineBuffered: "request-line",
    tap.FieldLineBuffered: "field line",
    tap.HeaderSectionBuffered: "end of header section",
    tap.ContentBuffered: CONTENT,
    tap.StatusLineParsed: "status-line",
    tap.FieldLineParsed: "field line",
    tap.BytesSkipped: "passed over",
    tap.HeaderSectionParsed: "end of header section",
    tap.ChunkHeaderParsed: "chunk header",
    tap.ContentParsed: CONTENT,
    tap.ChunkParsed: "end of chunk",
    tap.TrailerSectionParsed: "end of trailer section",
    tap.ExcessReceived: "after the message",
    tap.BytesLeft: "never parsed",
}
"""The events that are elements of the wire."""

GOES_ON = frozenset(
    {
        tap.FieldLineBuffered,
        tap.HeaderSectionBuffered,
        tap.ContentBuffered,
        tap.FieldLineParsed,
        tap.HeaderSectionParsed,
        tap.ChunkHeaderParsed,
        tap.ContentParsed,
        tap.ChunkParsed,
        tap.TrailerSectionParsed,
    }
)
"""The elements that are of the same message as the element before them in the same direction."""

RUNGS = frozenset(
    {
        tap.BytesSent,
        tap.BytesReceived,
        tap.HostLookupFinished,
        tap.ConnectStarted,
        tap.Connected,
        tap.ConnectFailed,
        tap.TlsStarted,
        tap.TlsEstablished,
        tap.TlsFailed,
        tap.TunnelStarted,
        tap.TunnelEstablished,
        tap.TunnelRefused,
        tap.ConnectionReused,
        tap.EndOfStreamReceived,
        tap.TransportFailed,
        tap.ConnectionClosed,
    }
)
"""The events that are rungs of the ladder."""


def element_of(event: Any, entry: int) -> WireElement:
    """Make the element of an event.

    Args:
        event: One of `ELEMENT_NAMES`, with leaves.
        entry: The index of its entry.
    """
    name = ELEMENT_NAMES[type(event)]
    if getattr(event, "section", "") == "trailer":
        name = "trailer field line"
    leaves = event.leaves
    return WireElement(
        event.span.stream,
        leaves[0].start,
        leaves[-1].end,
        leaves,
        entry,
        name,
        getattr(event, "automatic", False),
        event.exchange,
    )
