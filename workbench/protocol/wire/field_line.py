"""One field line (RFC 9112 section 5), read."""

from typing import NamedTuple

from workbench.protocol.wire.span import Leaf, tile

Parts = tuple[tuple[str, int], ...]
"""The kinds and lengths of the leaves of an element, in order."""


class FieldLine(NamedTuple):
    """One line of a section: a field, or bytes that were passed over."""

    name: bytes
    """Empty where the line was passed over."""

    value: bytes
    """Without the whitespace around it, and with folds and forbidden bytes repaired."""

    raw: bytes
    """The line as received, line ends included."""

    start: int
    parts: Parts

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The leaves that tile the line."""
        return tile(self.start, *self.parts)

    @property
    def end(self) -> int:
        """The offset after its last byte."""
        return self.start + len(self.raw)
