"""Pieces of text with a role, and lines of them: what all presentation functions give.

A piece never says a colour. A role says what the text means, a tone what is special about it here
(not sent yet, added by the library, under the cursor); `ui.theme` gives both a style. Every text of
a peer passes `visible()` before it becomes a piece.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from rich.cells import cell_len, get_character_cell_size, set_cell_size


class Role(StrEnum):
    """What a piece of text means."""

    PLAIN = "plain"
    DIM = "dim"
    """Secondary: offsets, units, words that explain."""

    STRONG = "strong"
    HEADING = "heading"
    KEY = "key"
    """A key to press."""

    SENT = "sent"
    RECEIVED = "received"
    ERROR = "error"
    WARNING = "warning"
    GOOD = "good"
    LIT = "lit"
    """The one thing that is current: the state, the tab, the line."""

    # The meanings of bytes, and of the same things where they appear in a tree or a list.
    METHOD = "method"
    TARGET = "target"
    VERSION = "version"
    STATUS = "status"
    NAME = "name"
    VALUE = "value"
    PUNCTUATION = "punctuation"
    CONTROL = "control"
    """The glyph of a control character: a line end, a tab."""

    CHUNK = "chunk"
    CONTENT = "content"
    MALFORMED = "malformed"

    # Python.
    KEYWORD = "keyword"
    STRING = "string"
    NUMBER = "number"
    COMMENT = "comment"


class Tone(StrEnum):
    """What is special about a piece here, on top of its role."""

    NONE = "none"
    GHOST = "ghost"
    """Buffered: not sent yet."""

    AUTOMATIC = "automatic"
    """Added by the library, not by the script."""

    OFFENDING = "offending"
    """The bytes that an error is about."""

    CHOSEN = "chosen"
    """The part that the reader points at."""

    FOUND = "found"
    """What a search found."""

    FOUND_HERE = "found-here"
    """The hit that the reader is at."""


class Piece(NamedTuple):
    """Some characters with one role."""

    text: str
    role: Role = Role.PLAIN
    tone: Tone = Tone.NONE


Line = tuple[Piece, ...]

EMPTY: Line = ()


def plain(line: Iterable[Piece]) -> str:
    """Give the characters of a line without their roles."""
    return "".join(piece.text for piece in line)


def width_of(line: Iterable[Piece]) -> int:
    """Count the terminal cells that a line takes."""
    return sum(cell_len(piece.text) for piece in line)


def cut(line: Line, width: int) -> Line:
    """Shorten a line to so many cells, with `…` where something is missing."""
    if width_of(line) <= width:
        return line
    kept: list[Piece] = []
    room = max(0, width - 1)
    for piece in line:
        size = cell_len(piece.text)
        if size > room:
            kept.append(piece._replace(text=set_cell_size(piece.text, room)))
            break
        kept.append(piece)
        room -= size
    return (*kept, Piece("…", Role.DIM)) if width > 0 else EMPTY


def spread(left: Line, right: Line, width: int) -> Line:
    """Put one line at the left edge and one at the right; the right one yields when both do not fit."""
    gap = width - width_of(left) - width_of(right)
    if gap < 1:
        return cut(left, width)
    return (*left, Piece(" " * gap), *right)


def joined(lines: Iterable[Line], separator: Piece) -> Line:
    """Put lines behind one another, with a piece between them."""
    pieces: list[Piece] = []
    for line in lines:
        if pieces:
            pieces.append(separator)
        pieces.extend(line)
    return tuple(pieces)


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of so many cells, at spaces where there are any."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        candidate = f"{line} {word}" if line else word
        if cell_len(candidate) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        line = word
        while (end := end_of_row(line, 0, width)) < len(line):
            lines.append(line[:end])
            line = line[end:]
    return [*lines, line]


_EMOJI = "\ufe0f"
"""Behind a character of one cell, it may make it one of two: what such a pair takes is not known by either."""


def end_of_row(text: str, start: int, width: int) -> int:
    """Say up to which character a text fits into so many cells; it is one at least, however few they are.

    Args:
        text: In one line.
        start: The character that the row begins with.
        width: The cells of the row.
    """
    if text.isascii():
        return min(len(text), start + max(1, width))
    taken = 0
    for position in range(start, len(text)):
        taken += 1 if text[position] == _EMOJI else get_character_cell_size(text[position])
        if taken > width and position > start:
            return position
    return len(text)
