"""The beginning of content that is no text: a short dump."""

from workbench.ui.presentation.piece import Line, Piece, Role
from workbench.ui.presentation.quantity import bytes_words

ROW = 16
MOST_ROWS = 8


def hex_lines(data: bytes, length: int) -> list[Line]:
    """Dump the first bytes.

    Args:
        data: The beginning, or all of it.
        length: How many bytes there are.
    """
    shown = data[: ROW * MOST_ROWS]
    lines = [_row(start, shown[start : start + ROW]) for start in range(0, len(shown), ROW)]
    if length > len(shown):
        lines.append((Piece(f"… {bytes_words(length - len(shown))} more", Role.DIM),))
    return lines


def _row(start: int, row: bytes) -> Line:
    readable = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in row)
    return (
        Piece(f"{start:06x}  ", Role.DIM),
        Piece(f"{row.hex(' '):<{ROW * 3 - 1}}", Role.CONTENT),
        Piece("  "),
        Piece(readable, Role.DIM),
    )
