"""Pieces to what Textual draws. All text of the screen passes here, and is made visible once more."""

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.content import Content, Span
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from workbench.session.visible import visible
from workbench.ui.presentation.piece import Line, Piece, Role, Tone
from workbench.ui.theme import ROLE_STYLES, TONE_STYLES


def style_of(piece: Piece) -> str:
    """Give the style of a piece, in theme variables.

    The tone comes last: it may end with a background, and whatever follows `on` is one.
    """
    role, tone = ROLE_STYLES[piece.role], TONE_STYLES[piece.tone]
    return f"{role} {tone}".strip()


def content_of(line: Iterable[Piece]) -> Content:
    """Make content of pieces. Nothing in their text is read as markup."""
    text: list[str] = []
    spans: list[Span] = []
    position = 0
    for piece in line:
        shown = visible(piece.text)
        style = style_of(piece)
        if style:
            spans.append(Span(position, position + len(shown), style))
        text.append(shown)
        position += len(shown)
    return Content("".join(text), spans=spans)


def content_of_lines(lines: Iterable[Line]) -> Content:
    """Make content of several lines."""
    return Content("\n").join(content_of(line) for line in lines)


class Painter:
    """Makes strips of lines, for a widget that draws line by line."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[Style, dict[tuple[Role, Tone, int], RichStyle]] = {}
        """For each background what the pieces on it look like, those at even places and those at odd ones."""

    def forget(self) -> None:
        """Resolve the styles again: the theme has changed."""
        self._styles.clear()

    def strip(self, line: Line, background: Style) -> Strip:
        """Make a strip.

        Args:
            line: The pieces.
            background: The style of the whole line.
        """
        styles = self._styles.setdefault(background, {})
        segments = []
        odd = 0
        for text, role, tone in line:
            style = styles.get((role, tone, odd))
            if style is None:
                style = styles[role, tone, odd] = self._style(Piece(text, role, tone), background, odd)
            segments.append(Segment(visible(text), style))
            odd ^= bool(text)
        return Strip(segments)

    def _style(self, piece: Piece, background: Style, odd: int) -> RichStyle:
        words = style_of(piece)
        style = (background + Style.parse(words) if words else background).rich_style
        # Neighbours that look the same are not joined in an exported picture, where each piece is put at
        # its own place, whatever room the glyphs before it take there.
        return style + RichStyle.from_meta({"odd": odd})
