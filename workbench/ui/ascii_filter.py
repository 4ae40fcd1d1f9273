r"""The screen in ASCII alone: the last thing that happens to a line before it is drawn.

Everything that is drawn passes here, borders, scroll bars and Textual's own widgets included, so no
glyph can be forgotten. Each character is replaced by as many cells as it takes: nothing moves.
Control characters never come here, `session.visible` writes them as `\r` and `^[` then.
"""

from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

UNKNOWN = "?"
"""For each cell of a character that ASCII has nothing like: mostly letters of what a peer sent."""

_ALIKE = {
    "→": ">",
    "←": "<",
    "↑": "^",
    "↓": "v",
    "↔": "-",
    "▸": ">",
    "▶": ">",
    "◀": "<",
    "◂": "<",
    "▾": "v",
    "▼": "v",
    "▲": "^",
    "▴": "^",
    "●": "*",
    "○": "o",
    "✗": "x",
    "✓": "+",
    "·": ".",
    "•": "*",
    "…": "~",
    "—": "-",
    "–": "-",
    "≠": "!",
    "‹": "<",
    "›": ">",
    "«": "<",
    "»": ">",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "\u00a0": " ",
    "🔎": "> ",
}

_ROUND = {"/": "╱", "\\": "╲", "X": "╳"}
_LEVEL = "─━┄┅┈┉╌╍═╴╶╸╺╼╾"
_UPRIGHT = "│┃┆┇┊┋╎╏║╵╷╹╻╽╿"
_BOX_DRAWING = range(0x2500, 0x2580)
_BRAILLE = range(0x2800, 0x2900)
_BLOCKS = {
    **dict.fromkeys("█▓▉▊▋", "#"),
    **dict.fromkeys("▒░", ":"),
    **dict.fromkeys("▌▍▎▏▐▕", "|"),
    **dict.fromkeys("▁▂▃", "_"),
    **dict.fromkeys("▄▅▆▇", "="),
    **dict.fromkeys("▀▔", "-"),
}


def _table() -> dict[str, str]:
    table = {chr(code): "+" for code in _BOX_DRAWING}
    table |= dict.fromkeys(_LEVEL, "-") | dict.fromkeys(_UPRIGHT, "|")
    table |= {glyph: alike for alike, glyph in _ROUND.items()}
    # A spinner goes on turning.
    table |= {chr(code): "|/-\\"[code % 4] for code in _BRAILLE}
    return table | _BLOCKS | _ALIKE


_TABLE = _table()


@lru_cache(maxsize=4096)
def ascii_text(text: str) -> str:
    """Write a text in ASCII, in as many cells as it takes."""
    if text.isascii():
        return text
    return "".join(one if one.isascii() else _TABLE.get(one) or UNKNOWN * cell_len(one) for one in text)


class AsciiFilter(LineFilter):
    """Has lines drawn in ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """Replace what is not ASCII."""
        return [Segment(ascii_text(text), style, control) for text, style, control in segments]
