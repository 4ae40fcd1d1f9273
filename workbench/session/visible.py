r"""The one way from bytes of a peer to text on a screen.

A terminal obeys control characters: what a server sends could move the cursor, rename the
window or fill the clipboard, and a bidirectional control can make a line read as another one.
So nothing from a peer is shown before it has been through here. Line ends stay recognisable:
CR is `␍`, LF is `␊`, the other C0 controls are the pictures of the block U+2400, and whatever
else cannot be seen is written out, `‹U+202E›` for a character and `‹0xFF›` for a byte that is
not part of UTF-8.

This is for display only: a peer may send `␍` itself, so the text cannot be read back.

A terminal that has ASCII alone gets `\r`, `\n`, `\t`, and the other controls as `^[` and `^@`.
"""

import re
from collections.abc import Iterator

PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}
"""Of the C0 controls and DEL, by their codes: one cell each."""

# Two cells each, as `cat -v` has them, but for the three that everybody knows by another name.
_ASCII = {code: f"^{chr(code ^ 0x40)}" for code in PICTURES} | {0x0D: "\\r", 0x0A: "\\n", 0x09: "\\t"}

_pictures = PICTURES

_SUSPECTS = re.compile(r"[^\x20-\x7e]+")
"""Runs outside printable ASCII. Most hold nothing worse than a line end or a letter."""

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


def show_controls_in_ascii(wanted: bool) -> None:
    """Choose how control characters are shown, in the whole process: it has one terminal."""
    global _pictures
    _pictures = _ASCII if wanted else PICTURES


def visible(text: str | bytes | bytearray | memoryview) -> str:
    """Make every character of a text visible.

    Args:
        text: Text, or bytes that may be UTF-8.

    Returns:
        Text in one line that holds only characters for which `str.isprintable` is true: no
        control (C0, DEL, C1), no format character (all bidirectional controls are), no
        surrogate, no line or paragraph separator, no space but U+0020, nothing unassigned.
    """
    if isinstance(text, str):
        return text if text.isprintable() else _SUSPECTS.sub(_show_characters, text)
    # surrogateescape turns the byte 0xNN that is not UTF-8 into U+DCNN; UTF-8 itself cannot
    # spell a surrogate, so there is no second way to get one.
    decoded = str(text, "utf-8", "surrogateescape")
    return decoded if decoded.isprintable() else _SUSPECTS.sub(_show_bytes, decoded)


def visible_lines(data: bytes | bytearray | memoryview) -> Iterator[str]:
    """Make bytes visible, a line at a time, each with the glyph of the LF that ends it."""
    for match in _LINE.finditer(data):
        yield visible(match.group())


def _show_characters(run: re.Match[str]) -> str:
    characters = run.group()
    return characters if characters.isprintable() else "".join(map(_show_character, characters))


def _show_bytes(run: re.Match[str]) -> str:
    characters = run.group()
    return characters if characters.isprintable() else "".join(map(_show_byte, characters))


def _show_character(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return _pictures.get(code) or f"‹U+{code:04X}›"


def _show_byte(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"‹0x{code - 0xDC00:02X}›"
    return _show_character(character)
