"""Field lines and the sections they form (RFC 9110 section 5, RFC 9112 section 5).

A section in which every line has the form of the grammar is recognized by one pattern,
`grammar.REGULAR_SECTION`, and nothing of it is cut out before somebody asks: most programs look at
few fields, and the client at three. In any other section the lines that have that form are taken as
they are, and the others are looked at one by one in `irregular`. Names and values stay bytes: what
they mean is decided by who knows the field.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.field_line import FieldLine, Parts
from workbench.protocol.wire.grammar import FIELD_LINE, OWS, REGULAR_SECTION
from workbench.protocol.wire.irregular import IrregularSection

SINGLETON_FIELDS = frozenset(
    b"age content-location content-range content-type date etag expires "
    b"last-modified location retry-after server".split()
)
"""Fields of a response that are not lists, so that a second one contradicts the first
(RFC 9110 section 5.3). Content-Length is not here: framing has its own rules for it."""

_SINGLETON = re.compile(rb"\n(" + rb"|".join(sorted(SINGLETON_FIELDS)) + rb"):")

_SHOWN_NAMES, _SHOWN_BYTES = 8, 40
"""How many names a `repr()` has, and how much of each."""


class FieldSection:
    """A header section or trailer section, in the order in which it was received.

    Args:
        data: All field lines as received, without the empty line that ends the section.
        start: The offset of the first field line.
        lines: The lines, where one of them does not have the form of the grammar.
        diagnostics: What is wrong with the section; None where that is not known yet.
        lowered: The lines in lower case behind an LF, where somebody has them already.
    """

    _pairs: list[tuple[bytes, bytes]] | None = None
    _ends: "array[int] | None" = None
    """Where each line of a regular section ends, counted from the first byte; 0 comes before."""

    def __init__(
        self,
        data: bytes,
        start: int,
        lines: list[FieldLine] | None = None,
        diagnostics: list[Diagnostic] | None = None,
        lowered: bytes | None = None,
    ) -> None:
        self.data = data
        self.start = start
        self.regular = lines is None
        """Every line has the form of the grammar."""

        self._lines = lines
        self._diagnostics = diagnostics
        self._lowered = lowered

    def __repr__(self) -> str:
        """Give the place and the first names. No values, which may be credentials, and no more than fits on a few lines."""
        names = [repr(name[:_SHOWN_BYTES]) for name, _ in self.pairs[:_SHOWN_NAMES]]
        more = self.field_count - len(names)
        listed = ", ".join([*names, f"{more} more"] if more else names)
        found = f": {listed}" if listed else ""
        return f"<{type(self).__name__} of bytes {self.start} to {self.end}{found}>"

    @property
    def plain(self) -> bool:
        """Nothing can be wrong with it but that a field occurs twice; that was not looked for yet."""
        return self._diagnostics is None

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """What is wrong with the section, in the order of its bytes."""
        if self._diagnostics is None:
            names = self.singletons
            repeated = len(set(names)) < len(names)
            self._diagnostics = list(_repeated_singletons(self, "field line")) if repeated else []
        return self._diagnostics

    @property
    def lines(self) -> list[FieldLine]:
        """Every line with its leaves, also those that were passed over."""
        if self._lines is None:
            self._lines = [_regular_line(match, self.start) for match in FIELD_LINE.finditer(self.data)]
        return self._lines

    def place_of_line(self, number: int) -> tuple[int, int]:
        """Where a line begins, and where it ends. In a regular section no line is taken apart for it."""
        if self._lines is not None:
            line = self._lines[number]
            return line.start, line.end
        if self._ends is None:
            self._ends = array("Q", accumulate(map(len, self.data.splitlines(keepends=True)), initial=0))
        return self.start + self._ends[number], self.start + self._ends[number + 1]

    def raw_line(self, number: int) -> tuple[bytes, int]:
        """A line as it was received, and where it begins; likewise."""
        start, end = self.place_of_line(number)
        return self.data[start - self.start : end - self.start], start

    def line(self, number: int) -> FieldLine:
        """One line with its leaves. In a regular section no other one is taken apart for it."""
        if self._lines is not None:
            return self._lines[number]
        raw, start = self.raw_line(number)
        match = FIELD_LINE.match(raw)
        assert match is not None, "every line of a regular section has this form"
        return _regular_line(match, start)

    @property
    def pairs(self) -> list[tuple[bytes, bytes]]:
        """Name and value of every field line."""
        if self._pairs is None:
            if self.regular:
                self._pairs = [(name, value) for name, _, value, _, _ in FIELD_LINE.findall(self.data)]
            else:
                self._pairs = [(line.name, line.value) for line in self.lines if line.name]
        return self._pairs

    @property
    def end(self) -> int:
        """The offset after the last line."""
        return self.start + len(self.data)

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return self.data.count(b"\n") if self.regular else len(self.lines)

    @property
    def field_count(self) -> int:
        """How many of them are field lines."""
        return self.line_count if self.regular else len(self.pairs)

    @property
    def singletons(self) -> list[bytes]:
        """The names of the fields that may occur once, in lower case and in order."""
        if self.regular:
            return _SINGLETON.findall(self._lowered or self._lower())
        return [lowered for name, _ in self.pairs if (lowered := name.lower()) in SINGLETON_FIELDS]

    def _lower(self) -> bytes:
        # One byte longer than the data: so every line, the first one too, begins behind an LF.
        self._lowered = b"\n" + self.data.lower()
        return self._lowered

    def values(self, name: bytes) -> list[bytes]:
        """The values of all field lines of one name, in order.

        Args:
            name: The field name in lower case.
        """
        if not self.regular:
            return [value for other, value in self.pairs if other.lower() == name]
        lowered = self._lowered or self._lower()
        wanted = b"\n" + name + b":"
        at = lowered.find(wanted)
        if at < 0:
            return []
        found = []
        while at >= 0:
            begin = at + len(wanted) - 1
            found.append(self.data[begin : self.data.find(b"\r", begin)].strip(OWS))
            at = lowered.find(wanted, begin)
        return found

    def line_at(self, offset: int) -> int:
        """The number of the line that a byte lies in, from 0 on."""
        return bisect_right(self.lines, offset, key=lambda line: line.end)

    def lines_named(self, name: bytes) -> list[FieldLine]:
        """The field lines of one name (in lower case), in order."""
        return [line for line in self.lines if line.name.lower() == name]


def parse_field_section(
    data: bytes, start: int, context: str = "field line", end: bytes = b"\r\n", *, regular: bool = False
) -> FieldSection:
    """Parse the field lines of a header section or trailer section.

    Args:
        data: The lines, each with its line end, without the empty line behind the last. A last
            line without a line end is what came before the connection ended.
        start: The offset of the first line in the `received` stream.
        context: `field line` or `trailer`, for the diagnostics.
        end: The empty line behind the section; nothing where the connection ended before it.
        regular: Every line is known to have the form of the grammar.
    """
    regular = regular or bool(REGULAR_SECTION.fullmatch(data + b"\r\n"))
    if regular and end != b"\n" and data.isascii() and context == "field line":
        return FieldSection(data, start)
    lines, diagnostics = (None, []) if regular else _parse_irregular(data, start, context)
    section = FieldSection(data, start, lines, diagnostics)
    if not data.isascii():
        diagnostics.extend(_obs_text(section, context))
    diagnostics.extend(_repeated_singletons(section, context))
    if end == b"\n":
        at = start + len(data)
        diagnostics.append(Diagnostic(Code.BARE_LF, at, at + 1, end, context))
    # Which one raises must not depend on the order in which they were looked for.
    diagnostics.sort(key=lambda found: found.start)
    return section


def _regular_line(match: re.Match[bytes], start: int) -> FieldLine:
    name, before, value, after, _ = match.groups()
    return FieldLine(name, value, match.group(), start + match.start(), _parts(name, before, value, after))


def _parts(name: bytes, before: bytes, value: bytes, after: bytes) -> Parts:
    return (
        ("name", len(name)),
        ("colon", 1),
        ("ows", len(before)),
        ("value", len(value)),
        ("ows", len(after)),
        ("eol", 2),
    )


def _parse_irregular(data: bytes, start: int, context: str) -> tuple[list[FieldLine], list[Diagnostic]]:
    section = IrregularSection(context)
    for match in FIELD_LINE.finditer(data):
        name, before, value, after, other = match.groups()
        at = start + match.start()
        if other is None:
            section.add(name, value, match.group(), at, _parts(name, before, value, after))
        else:
            section.parse_line(other, at)
    return section.lines, section.diagnostics


def _obs_text(section: FieldSection, context: str) -> Iterator[Diagnostic]:
    for line in section.lines:
        if line.name and not line.value.isascii():
            yield Diagnostic(Code.OBS_TEXT, line.start, line.end, line.raw, context)


def _repeated_singletons(section: FieldSection, context: str) -> Iterator[Diagnostic]:
    """Report the second field line of each name that may occur once."""
    names = section.singletons
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            line = section.lines_named(name)[1]
            yield Diagnostic(Code.DUP_SINGLETON, line.start, line.end, line.raw, context)
