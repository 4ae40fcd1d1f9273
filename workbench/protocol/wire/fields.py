"""Field lines and the sections they form (RFC 9110 section 5, RFC 9112 section 5).

One pattern, `grammar.FIELD_LINE`, cuts a section into lines. Lines that have the form of the
grammar are done with that; the others are looked at one by one in `irregular`. Names and
values stay bytes: what they mean is decided by who knows the field.
"""

from collections.abc import Iterator
from functools import cached_property

from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.field_line import FieldLine, Parts
from workbench.protocol.wire.grammar import FIELD_LINE
from workbench.protocol.wire.irregular import IrregularSection

SINGLETON_FIELDS = frozenset(
    b"age content-location content-range content-type date etag expires "
    b"last-modified location retry-after server".split()
)
"""Fields of a response that are not lists, so that a second one contradicts the first
(RFC 9110 section 5.3). Content-Length is not here: framing has its own rules for it."""


class FieldSection:
    """A header section or trailer section, in the order in which it was received."""

    def __init__(
        self,
        data: bytes,
        start: int,
        pairs: list[tuple[bytes, bytes]],
        diagnostics: list[Diagnostic],
        lines: list[FieldLine] | None = None,
    ) -> None:
        self.data = data
        """All field lines as received, without the empty line that ends the section."""

        self.start = start
        """The offset of the first field line."""

        self.pairs = pairs
        """Name and value of every field line."""

        self.diagnostics = diagnostics
        self._irregular_lines = lines

    @cached_property
    def lines(self) -> list[FieldLine]:
        """Every line with its leaves, also those that were passed over."""
        if self._irregular_lines is not None:
            return self._irregular_lines
        return list(_regular_lines(self.data, self.start))

    @cached_property
    def _by_name(self) -> dict[bytes, list[bytes]]:
        values: dict[bytes, list[bytes]] = {}
        for name, value in self.pairs:
            values.setdefault(name.lower(), []).append(value)
        return values

    def values(self, name: bytes) -> list[bytes]:
        """The values of all field lines of one name, in order.

        Args:
            name: The field name in lower case.
        """
        return self._by_name.get(name, [])

    def combined(self, name: bytes) -> bytes:
        """The combined field value (RFC 9110 section 5.2); empty where there is no such field."""
        return b", ".join(self.values(name))

    def repeated_singletons(self) -> list[bytes]:
        """The names, in lower case, of fields that may occur once and occur several times."""
        if len(self._by_name) == len(self.pairs):
            return []
        return [n for n, values in self._by_name.items() if len(values) > 1 and n in SINGLETON_FIELDS]

    def lines_named(self, name: bytes) -> list[FieldLine]:
        """The field lines of one name (in lower case), in order."""
        return [line for line in self.lines if line.name.lower() == name]


def parse_field_section(
    data: bytes, start: int, context: str = "field line", end: bytes = b"\r\n"
) -> FieldSection:
    """Parse the field lines of a header section or trailer section.

    Args:
        data: The lines, each with its line end, without the empty line behind the last. A last
            line without a line end is what came before the connection ended.
        start: The offset of the first line in the `received` stream.
        context: `field line` or `trailer`, for the diagnostics.
        end: The empty line behind the section; nothing where the connection ended before it.
    """
    matches = FIELD_LINE.findall(data)
    pairs = [(name, value) for name, _, value, _, _ in matches]
    # A line that the grammar refuses, and only such a line, gives a match without a name.
    irregular = any(not name for name, _ in pairs)
    if not irregular:
        section = FieldSection(data, start, pairs, [])
    else:
        lines, diagnostics = _parse_irregular(data, start, context)
        pairs = [(line.name, line.value) for line in lines if line.name]
        section = FieldSection(data, start, pairs, diagnostics, lines)
    if not data.isascii():
        _report_obs_text(section, context)
    for name in section.repeated_singletons():
        line = section.lines_named(name)[1]
        section.diagnostics.append(Diagnostic(Code.DUP_SINGLETON, line.start, line.end, line.raw, context))
    if end == b"\n":
        at = start + len(data)
        section.diagnostics.append(Diagnostic(Code.BARE_LF, at, at + 1, end, context))
    # Which one raises must not depend on the order in which they were looked for.
    section.diagnostics.sort(key=lambda found: found.start)
    return section


def _regular_lines(data: bytes, start: int) -> Iterator[FieldLine]:
    for match in FIELD_LINE.finditer(data):
        name, before, value, after, _ = match.groups()
        yield FieldLine(name, value, match.group(), start + match.start(), _parts(name, before, value, after))


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


def _report_obs_text(section: FieldSection, context: str) -> None:
    for line in section.lines:
        if line.name and not line.value.isascii():
            section.diagnostics.append(Diagnostic(Code.OBS_TEXT, line.start, line.end, line.raw, context))
