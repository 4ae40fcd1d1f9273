"""Text in colours, by pygments, made as far as it is looked at.

A lexer reads from the top, so the hundredth line needs the ninety-nine before it, but not the
thousand behind it.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from pygments.token import Token, _TokenType

from workbench.session.visible import visible
from workbench.ui.presentation.media_type import Kind
from workbench.ui.presentation.piece import EMPTY, Line, Piece, Role, Tone

TAB = 4

MOST_COLOURED = 1 << 14
"""Characters of one text that are coloured; what is behind them is plain. A lexer may look to the end of
the text at each character, and a server chooses the text: less than a second for the worst there is."""

MOST_COLOURED_DATA = 1 << 16
"""The same for JSON and XML, whose lexers do not."""

LONGEST_COLOURED = 2000
"""Characters of one line. Expressions of a lexer may take time in the square of a line's length, and a
server chooses the line."""

_LEXERS = {
    Kind.JSON: ("pygments.lexers.data", "JsonLexer"),
    Kind.JSON_LINES: ("pygments.lexers.data", "JsonLexer"),
    Kind.HTML: ("pygments.lexers.html", "HtmlLexer"),
    Kind.XML: ("pygments.lexers.html", "XmlLexer"),
    Kind.CSS: ("pygments.lexers.css", "CssLexer"),
    Kind.SCRIPT: ("pygments.lexers.javascript", "JavascriptLexer"),
}
"""Module and class: what is not shown is not loaded."""

_ROLES: tuple[tuple[_TokenType, Role], ...] = (
    (Token.Keyword, Role.KEYWORD),
    (Token.Name.Tag, Role.NAME),
    (Token.Name.Attribute, Role.KEYWORD),
    (Token.Name.Property, Role.NAME),
    (Token.Literal.String, Role.STRING),
    (Token.Literal.Number, Role.NUMBER),
    (Token.Comment, Role.COMMENT),
    (Token.Punctuation, Role.PUNCTUATION),
    (Token.Operator, Role.PUNCTUATION),
)


class ColouredText:
    """The lines of a text.

    Args:
        text: What a peer wrote, in characters. It is made visible here.
        kind: What it is.
        mark: Line and column, from 1 on, of the character where something is wrong.
    """

    def __init__(self, text: str, kind: Kind, mark: tuple[int, int] | None = None) -> None:
        lines = text.split("\n")
        if lines[-1] == "":
            lines.pop()
        self.lines: list[str] = [_shown(line) for line in lines]
        """Without their line ends, and in characters that a terminal only draws."""

        self._mark = _placed(mark, lines) if mark else None
        self._coloured: list[Line] = []
        self._pieces = self._lex(kind)

    def line(self, number: int) -> Line:
        """Give one line in pieces."""
        while len(self._coloured) <= number:
            line = next(self._pieces, None)
            if line is None:
                break
            self._coloured.append(line)
        text = self.lines[number]
        line = self._coloured[number] if number < len(self._coloured) else EMPTY
        line = line or ((Piece(text),) if text else EMPTY)
        if self._mark is not None and number == self._mark[0]:
            return marked(line or (Piece(" "),), self._mark[1])
        return line

    def _lex(self, kind: Kind) -> Iterator[Line]:
        """Yield the coloured lines from the top; fewer than there are where it is not worth it."""
        if kind not in _LEXERS:
            return
        most = MOST_COLOURED_DATA if kind in (Kind.JSON, Kind.JSON_LINES, Kind.XML) else MOST_COLOURED
        count, size = 0, 0
        for text in self.lines:
            size += len(text) + 1
            if size > most or len(text) > LONGEST_COLOURED:
                break
            count += 1
        line: list[Piece] = []
        for token, text in _lexer(kind).get_tokens("\n".join(self.lines[:count])):
            role = next((role for one, role in _ROLES if token in one), Role.PLAIN)
            first, *rest = text.split("\n")
            if first:
                line.append(Piece(first, role))
            for part in rest:
                yield tuple(line)
                line = [Piece(part, role)] if part else []
        yield tuple(line)


def _shown(line: str) -> str:
    return visible(line.removesuffix("\r").expandtabs(TAB))


def _placed(mark: tuple[int, int], lines: list[str]) -> tuple[int, int]:
    """Say where a line and a column, both from 1 on, are among the lines as they are shown, from 0 on."""
    line, column = mark[0] - 1, mark[1] - 1
    return line, len(_shown(lines[line][:column])) if line < len(lines) else 0


def _lexer(kind: Kind) -> Any:
    module, name = _LEXERS[kind]
    return getattr(import_module(module), name)(stripnl=False, ensurenl=False)


def marked(line: Line, column: int) -> Line:
    """Mark the character at a column, or the last one when the line ends before it."""
    column = min(column, sum(len(piece.text) for piece in line) - 1)
    pieces: list[Piece] = []
    for piece in line:
        if 0 <= column < len(piece.text):
            before, at, behind = piece.text[:column], piece.text[column], piece.text[column + 1 :]
            parts = (
                Piece(before, piece.role),
                Piece(at, Role.MALFORMED, Tone.OFFENDING),
                Piece(behind, piece.role),
            )
            pieces.extend(part for part in parts if part.text)
        else:
            pieces.append(piece)
        column -= len(piece.text)
    return tuple(pieces)
