"""From values to the bytes of a request, each with its leaves.

A serializer checks what it is given and reports diagnostics; like a parser it raises nothing.
"""

import re

from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.grammar import FIELD_TEXT, FIELD_VALUE, TCHAR, TOKEN
from workbench.protocol.wire.span import Leaf, tile

FOLD = b"\r\n\t"
"""Between the values of one `putheader` call, which has been documented so since 1996."""

_FORBIDDEN_IN_VALUE = re.compile(rb"\r\n(?![ \t])|\n(?![ \t])|\r(?!\n)|\0")
"""What would end the field line early (CVE-2016-5699) or is invalid anywhere in it. A line end
with whitespace behind it folds the line."""

_FOLDED = re.compile(rb"\r?\n[ \t]+")

_SEPARATE_NAME = re.compile(rb"[^:\s][^:\r\n]*")
"""A name that recipients find where it was put, token or not: it neither folds the line before
it, nor ends its own line or itself too early. As in http.client since 2014 (bpo-22928)."""


def serialize_request_line(method: bytes, target: bytes, http_version: bytes) -> bytes:
    """Join a request-line (RFC 9112 section 3), without its CRLF."""
    return b"%s %s %s" % (method, target, http_version)


def request_line_leaves(start: int, method: bytes, target: bytes, http_version: bytes) -> tuple[Leaf, ...]:
    """The leaves of a request-line that begins at an offset, its CRLF included."""
    return tile(
        start,
        ("method", len(method)),
        ("sp", 1),
        ("target", len(target)),
        ("sp", 1),
        ("version", len(http_version)),
        ("eol", 2),
    )


def check_method(method: bytes) -> list[Diagnostic]:
    """Check that a method is a token (RFC 9110 section 9.1; CVE-2020-26116)."""
    if TOKEN.fullmatch(method):
        return []
    return [Diagnostic(Code.METHOD_TOKEN, 0, len(method), method, "request line")]


_PLAIN_FIELD_LINE = re.compile(f"{TCHAR.decode()}+: {FIELD_TEXT.decode('unicode_escape')}*")


def serialize_plain_field_line(name: str, value: str) -> bytes | None:
    """Join a field line of which nothing can be reported, or give None.

    Args:
        name: The field name.
        value: The field value.
    """
    if ":" in name:
        return None
    line = f"{name}: {value}"
    return line.encode("latin-1") if _PLAIN_FIELD_LINE.fullmatch(line) else None


def serialize_field_line(name: bytes, values: list[bytes]) -> bytes:
    """Join a field line (RFC 9112 section 5), without its CRLF.

    Args:
        name: The field name.
        values: Several are folded over as many lines.
    """
    return b"%s: %s" % (name, FOLD.join(values))


def field_line_leaves(start: int, line: bytes) -> tuple[Leaf, ...]:
    """The leaves of a serialized field line that begins at an offset, its CRLF included."""
    name, _, value = line.partition(b": ")
    parts = [("name", len(name)), ("colon", 1), ("ows", 1)]
    position = 0
    for fold in _FOLDED.finditer(value):
        parts += [("value", fold.start() - position), ("fold", fold.end() - fold.start())]
        position = fold.end()
    return tile(start, *parts, ("value", len(value) - position), ("eol", 2))


def check_field_line(name: bytes, values: list[bytes]) -> list[Diagnostic]:
    """Check name and values of a field line that is to be sent.

    Returns:
        `SENT_NAME`, `SENT_NAME_TOKEN`, `SENT_VALUE` or `SENT_OBS_FOLD`, with offsets into the line.
    """
    if TOKEN.fullmatch(name) and len(values) == 1 and FIELD_VALUE.fullmatch(values[0]):
        return []
    diagnostics = []
    if not TOKEN.fullmatch(name):
        code = Code.SENT_NAME_TOKEN if _SEPARATE_NAME.fullmatch(name) else Code.SENT_NAME
        diagnostics.append(Diagnostic(code, 0, len(name), name, "field line"))
    start = len(name) + 2
    value = FOLD.join(values)
    # The values are looked at one by one too: a fold of ours must not make a stray CR look right.
    for part in (*values, value):
        if forbidden := _FORBIDDEN_IN_VALUE.search(part):
            end = start + len(value)
            found = part[max(forbidden.start() - 20, 0) : forbidden.end() + 20]
            diagnostics.append(Diagnostic(Code.SENT_VALUE, start, end, found, "field line"))
            break
    if fold := _FOLDED.search(value):
        at = start + fold.start()
        diagnostics.append(Diagnostic(Code.SENT_OBS_FOLD, at, start + fold.end(), fold.group(), "field line"))
    return diagnostics


def serialize_chunk(data: bytes | bytearray | memoryview) -> bytes:
    """Join a chunk (RFC 9112 section 7.1); no data gives the last chunk and no trailer section."""
    return b"".join((b"%X\r\n" % len(data), data, b"\r\n"))


def chunk_leaves(start: int, length: int) -> tuple[Leaf, ...]:
    """The leaves of a serialized chunk of so many bytes of data."""
    size = ("chunk_size", len(f"{length:x}"))
    if not length:
        return tile(start, size, ("eol", 2), ("section_end", 2))
    return tile(start, size, ("eol", 2), ("content", length), ("chunk_end", 2))
