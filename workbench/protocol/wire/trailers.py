"""The trailer section behind chunked content (RFC 9112 section 7.1.2).

It is made of field lines like a header section, but nothing in it decides anything, and so it can
be read more strictly: a line that breaks the grammar is passed over, not repaired.

> A recipient that removes the chunked coding from a message MAY selectively retain or discard the
> received trailer fields.                                           (RFC 9112 section 7.1.2)

In a header section a repair is owed to the content, which cannot be read without its fields. Trailer
fields are there to check what was read (digests, signatures, the outcome of a call), and a repaired
value is not what the sender has signed. A line end without CR is no fault of the line's (section 2.2),
and a fold has a meaning (section 5.2): lines with these are kept.
"""

from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.field_line import FieldLine
from workbench.protocol.wire.fields import FieldSection, parse_field_section

CONTEXT = "trailer"

FORBIDDEN_TRAILERS = frozenset(
    b"transfer-encoding content-length host trailer content-encoding content-type content-range "
    b"cache-control expect max-forwards pragma range te authorization set-cookie "
    b"proxy-authenticate proxy-authorization www-authenticate connection".split()
)
"""Fields for framing, routing, modifying, authenticating or reading the content, which must
not be in a trailer section (RFC 9110 section 6.5.1)."""

_KEEPS_THE_LINE = frozenset((Code.BARE_LF, Code.OBS_FOLD, Code.OBS_TEXT, Code.DUP_SINGLETON))


def parse_trailer_section(data: bytes, start: int, end: bytes) -> FieldSection:
    """Parse the field lines of a trailer section.

    Args:
        data: The lines, each with its line end, without the empty line behind the last.
        start: The offset of the first line in the `received` stream.
        end: The empty line; nothing where the connection ended before it.

    Returns:
        The section, in which a line that was passed over has no name. Forbidden fields are in it.
    """
    section = parse_field_section(data, start, CONTEXT, end)
    broken = [found for found in section.diagnostics if found.code not in _KEEPS_THE_LINE]
    if broken:
        section = _pass_over(section, broken)
    section.diagnostics.extend(
        Diagnostic(Code.TRAILER_FORBIDDEN, line.start, line.end, line.raw, CONTEXT)
        for line in section.lines
        if line.name.lower() in FORBIDDEN_TRAILERS
    )
    section.diagnostics.sort(key=lambda found: found.start)
    return section


def _pass_over(section: FieldSection, broken: list[Diagnostic]) -> FieldSection:
    """Empty the lines in which something is broken, whatever it is."""
    lines = []
    for line in section.lines:
        if any(line.start <= found.start < line.end for found in broken):
            line = FieldLine(b"", b"", line.raw, line.start, (("skipped", len(line.raw)),))
        lines.append(line)
    diagnostics = [
        found if found.code in _KEEPS_THE_LINE else found._replace(code=Code.TRAILER_SYNTAX)
        for found in section.diagnostics
    ]
    return FieldSection(section.data, section.start, lines, diagnostics)
