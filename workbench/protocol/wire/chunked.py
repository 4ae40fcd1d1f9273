"""The chunked transfer coding (RFC 9112 section 7.1), without I/O: what stands around the data."""

import re
from collections.abc import Callable
from typing import NamedTuple

from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.field_line import Parts
from workbench.protocol.wire.grammar import CHUNK_HEADER, CONTROL, OWS

MAX_CHUNK_SIZE_DIGITS = 16
"""Enough for 2**64 - 1. RFC 9112 section 7.1 sets no limit and asks recipients to expect large
numerals; a larger size means an attack or lost framing."""

CONTEXT = "chunk"


class ChunkHeader(NamedTuple):
    """A chunk-size with its chunk-ext. The RFC has no name for the two together."""

    size: int
    """Bytes of chunk-data that follow. 0 marks the last chunk."""

    extension: bytes
    """The raw chunk-ext from its `;` on. Empty when there is none. Extensions are shown to the
    user, never interpreted: a recipient must ignore those that it does not know (7.1.1)."""

    start: int
    parts: Parts


_SIZE = re.compile(rb"([0-9A-Fa-f]*)([ \t]*)(.*)", re.DOTALL)
_BWS = re.compile(rb"[ \t]+(?=[;=])|(?<=[;=])[ \t]+|[ \t]+\Z")


def parse_chunk_header(line: bytes, start: int) -> tuple[ChunkHeader | None, list[Diagnostic]]:
    """Parse the line before the data of a chunk.

    Args:
        line: The line with its line end.
        start: Its offset in the `received` stream.

    Returns:
        The header, or None where no size can be read, and what is wrong with it.
    """
    match = CHUNK_HEADER.fullmatch(line)
    if match is None:
        return _parse_irregular(line, start)
    size, extension = match.groups()
    parts = (("chunk_size", len(size)), ("chunk_ext", len(extension)), ("eol", 2))
    return ChunkHeader(int(size, 16), extension, start, parts), []


def _parse_irregular(line: bytes, start: int) -> tuple[ChunkHeader | None, list[Diagnostic]]:
    diagnostics: list[Diagnostic] = []

    def report(code: Code, begin: int, end: int) -> None:
        diagnostics.append(Diagnostic(code, start + begin, start + end, line[begin:end], CONTEXT))

    text = line[:-2] if line.endswith(b"\r\n") else line[:-1]
    if not line.endswith(b"\r\n"):
        report(Code.CHUNK_LF, len(text), len(line))
    match = _SIZE.fullmatch(text)
    assert match is not None, "every part of the pattern may be empty"
    digits, space, extension = match.groups()
    numeral = digits.lstrip(b"0") or digits[:1]
    if not 1 <= len(numeral) <= MAX_CHUNK_SIZE_DIGITS or (extension and not extension.startswith(b";")):
        report(Code.CHUNK_SIZE, 0, len(text))
        return None, diagnostics
    at = len(digits) + len(space)
    _check_extension(extension, at, report)
    if space:
        # A reader must remove bad whitespace (RFC 9110 section 5.6.3). The grammar has it
        # before a ";" only, but some servers pad a bare size too.
        report(Code.BWS if extension else Code.CHUNK_WS, len(digits), at)
    parts = (
        ("chunk_size", len(digits)),
        ("bws", len(space)),
        ("chunk_ext", len(extension)),
        ("eol", len(line) - len(text)),
    )
    diagnostics.sort(key=lambda found: found.start)
    return ChunkHeader(int(numeral, 16), extension.strip(OWS), start, parts), diagnostics


def _check_extension(extension: bytes, at: int, report: Callable[[Code, int, int], None]) -> None:
    for control in CONTROL.finditer(extension):
        code = Code.CHUNK_BARE_CR if control.group() == b"\r" else Code.VALUE_CTL
        report(code, at + control.start(), at + control.end())
    if space := _BWS.search(extension):
        report(Code.BWS, at + space.start(), at + space.end())


def parse_chunk_end(line: bytes, start: int) -> list[Diagnostic]:
    """Check the two bytes after the data of a chunk.

    Args:
        line: CRLF where all is well; up to two bytes.
        start: Their offset.
    """
    if line == b"\r\n":
        return []
    if line[:1] == b"\n":
        return [Diagnostic(Code.CHUNK_END_LF, start, start + 1, line[:1], CONTEXT)]
    return [Diagnostic(Code.CHUNK_END, start, start + len(line), line, CONTEXT)]
