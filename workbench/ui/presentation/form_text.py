"""Forms: the names and values of an urlencoded one, the parts of a multipart one."""

from urllib.parse import unquote_plus

from workbench.session.visible import visible
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role
from workbench.ui.presentation.quantity import bytes_words, counted
from workbench.ui.presentation.wire_text import text_of

MOST_MEMBERS = 500
MOST_VALUE = 2000
"""Characters of one value that are shown."""

MOST_PARTS = 100
MOST_PART_SHOWN = 160
"""Bytes of one part that are shown."""


def form_lines(data: bytes) -> list[Line]:
    """List the names and values of an `application/x-www-form-urlencoded` form."""
    members = data.split(b"&", MOST_MEMBERS)
    lines = [_member(member) for member in members[:MOST_MEMBERS]]
    if len(members) > MOST_MEMBERS:
        lines.append((Piece(f"… {counted(members[-1].count(b'&') + 1, 'member')} more", Role.DIM),))
    return lines


def _member(member: bytes) -> Line:
    name, equals, value = member.partition(b"=")
    pieces = [Piece(_unquoted(name), Role.NAME)]
    if equals:
        pieces += [Piece(" = ", Role.PUNCTUATION), Piece(_unquoted(value), Role.VALUE)]
    return tuple(pieces)


def _unquoted(part: bytes) -> str:
    text = visible(unquote_plus(part.decode("utf-8", "backslashreplace"), errors="backslashreplace"))
    return text if len(text) <= MOST_VALUE else text[:MOST_VALUE] + "…"


def multipart_lines(data: bytes, boundary: str) -> list[Line]:
    """List the parts of a multipart body (RFC 2046 section 5.1), each with its fields and its size.

    Args:
        data: The body.
        boundary: The parameter of its Content-Type.
    """
    if not boundary:
        return [(Piece("Content-Type names no boundary, so the parts cannot be told apart", Role.WARNING),)]
    delimiter = b"--" + boundary.encode("utf-8", "replace")
    parts = (b"\r\n" + data).split(b"\r\n" + delimiter, MOST_PARTS + 1)[1:]
    lines: list[Line] = []
    closed = False
    for number, part in enumerate(parts[:MOST_PARTS], 1):
        closed = part.startswith(b"--")
        if closed:
            break
        lines.extend((*_part(number, part), EMPTY))
    if not closed:
        lines.append((Piece("the closing boundary is not there", Role.WARNING),))
    return lines


def _part(number: int, part: bytes) -> list[Line]:
    _, _, rest = part.partition(b"\r\n")
    if rest.startswith(b"\r\n"):
        head, content = b"", rest[2:]
    else:
        head, _, content = rest.partition(b"\r\n\r\n")
    lines: list[Line] = [
        (Piece(f"part {number}", Role.HEADING), Piece(f"  {bytes_words(len(content))}", Role.DIM))
    ]
    for line in head.split(b"\r\n") if head else []:
        name, colon, value = line.partition(b":")
        lines.append(
            (
                Piece(f"  {visible(name)}", Role.NAME),
                Piece(colon.decode(), Role.PUNCTUATION),
                Piece(visible(value), Role.VALUE),
            )
        )
    if content:
        more = "…" if len(content) > MOST_PART_SHOWN else ""
        lines.append((Piece(f"  {text_of(content[:MOST_PART_SHOWN])}{more}", Role.CONTENT),))
    return lines
