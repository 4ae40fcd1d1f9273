"""Heads that have the form of the grammar from the first byte to the last, which nearly all have."""

import re

from workbench.protocol.wire.boundary import DECIDING_FIELD, Boundary, decide_boundary
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.grammar import REGULAR_HEAD


class RegularHead:
    """A head with which nothing can be wrong but that fields contradict each other.

    It does not know where it lies, so the same bytes are the same head.
    """

    __slots__ = (
        "_boundaries", "_deciding_fields", "_field_lines", "_lowered", "_unplaced", "data", "line_count",
        "reason_phrase", "repeats", "status_code", "status_line", "version",
    )  # fmt: skip

    def __init__(self, head: re.Match[bytes]) -> None:
        self.data = head[0]
        """All of it, the empty line included."""

        self.status_line, minor_version, status_code, reason_phrase, field_lines = head.groups()
        self.version = 11 if minor_version == b"1" else 10
        self.status_code = int(status_code)
        self.reason_phrase = reason_phrase.decode("latin-1").strip()
        self._field_lines = field_lines
        self.line_count = field_lines.count(b"\n")
        self._lowered = b"\n" + field_lines.lower()
        """As for `FieldSection`."""

        self._deciding_fields = b"\n".join(DECIDING_FIELD.findall(self._lowered))
        self._boundaries: dict[str | None, Boundary | None] = {}
        self.repeats: bool | None = None
        """Whether a field occurs twice that may occur once; None until somebody has asked for that (`find_repeats`)."""

        self._unplaced: FieldSection | None = None
        """The field lines, as if they were the first bytes that came."""

    def find_repeats(self) -> bool:
        """Say whether a field occurs twice that may occur once."""
        self.repeats = bool(self._section_anywhere().diagnostics)
        return self.repeats

    def values(self, name: bytes) -> list[bytes]:
        """Give the values of all field lines of one name (in lower case), in order."""
        return self._section_anywhere().values(name)

    def _section_anywhere(self) -> FieldSection:
        if self._unplaced is None:
            self._unplaced = FieldSection(self._field_lines, 0, lowered=self._lowered)
        return self._unplaced

    def section(self, start: int) -> FieldSection:
        """Give the field lines of such a head that begins at this place of the received stream."""
        return FieldSection(self._field_lines, start + len(self.status_line), lowered=self._lowered)

    def boundary(self, method: str | None) -> Boundary | None:
        """Give where the message ends that answers a method; None as for `decide_boundary`."""
        if method in self._boundaries:
            return self._boundaries[method]
        found = decide_boundary(method, self.status_code, self.version, self._deciding_fields)
        self._boundaries[method] = found
        return found


def parse_regular_head(data: bytes, start: int) -> RegularHead | None:
    """Parse the head that begins at a place of `data`, if it is there as a whole, and regular."""
    head = REGULAR_HEAD.match(data, start)
    # With obs-text in a value there is something to report (RFC 9110 section 5.5).
    return RegularHead(head) if head is not None and head[5].isascii() else None
