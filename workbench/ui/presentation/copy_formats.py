"""Bytes in the forms in which they are copied: as they are, as hexadecimal, as a Python literal.

Each form is made a piece at a time, so that a gigabyte can go to a file without being in memory.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum

Read = Callable[[int, int], bytes]
"""Gives the bytes of a range of a stream: first offset, offset after the last one."""

SLICE = 1 << 16
HEX_ROW = 16
LITERAL_ROW = 64
"""Bytes of one line at most."""


class CopyFormat(StrEnum):
    """A form."""

    RAW = "raw"
    HEX = "hex"
    PYTHON = "Python bytes"


def format_bytes(form: CopyFormat, read: Read, start: int, end: int) -> Iterator[bytes]:
    """Yield a range in a form, piece by piece."""
    return _FORMATS[form](read, start, end)


def _raw(read: Read, start: int, end: int) -> Iterator[bytes]:
    for position in range(start, end, SLICE):
        yield read(position, min(position + SLICE, end))


def _hex(read: Read, start: int, end: int) -> Iterator[bytes]:
    """Pairs of digits, as `bytes.fromhex` and the find bar read them."""
    for position in range(start, end, SLICE):
        data = read(position, min(position + SLICE, end))
        rows = (data[row : row + HEX_ROW].hex(" ") for row in range(0, len(data), HEX_ROW))
        separator = "\n" if position + SLICE < end else ""
        yield ("\n".join(rows) + separator).encode()


def _python(read: Read, start: int, end: int) -> Iterator[bytes]:
    """One literal, or several on lines of their own that Python puts together: a line of the wire each."""
    lines = _literal_lines(read, start, end)
    first = next(lines, b"b''")
    second = next(lines, None)
    if second is None:
        yield first
        return
    yield b"(\n    " + first + b"\n    " + second + b"\n"
    for line in lines:
        yield b"    " + line + b"\n"
    yield b")"


def _literal_lines(read: Read, start: int, end: int) -> Iterator[bytes]:
    position = start
    while position < end:
        data = read(position, min(position + LITERAL_ROW, end))
        newline = data.find(b"\n")
        data = data[: newline + 1] if newline >= 0 else data
        position += len(data)
        yield repr(data).encode()


_FORMATS: dict[CopyFormat, Callable[[Read, int, int], Iterator[bytes]]] = {
    CopyFormat.RAW: _raw,
    CopyFormat.HEX: _hex,
    CopyFormat.PYTHON: _python,
}
