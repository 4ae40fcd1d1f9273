"""Python source as lines with roles, by pygments."""

from functools import lru_cache

from pygments.lexers.python import PythonLexer
from pygments.token import Token, _TokenType

from workbench.session.visible import visible
from workbench.ui.presentation.piece import Line, Piece, Role, width_of

_ROLES: tuple[tuple[_TokenType, Role], ...] = (
    (Token.Keyword, Role.KEYWORD),
    (Token.Literal.String, Role.STRING),
    (Token.Literal.Number, Role.NUMBER),
    (Token.Comment, Role.COMMENT),
    (Token.Name.Builtin, Role.NAME),
    (Token.Operator.Word, Role.KEYWORD),
    (Token.Punctuation, Role.PUNCTUATION),
)


@lru_cache(maxsize=8)
def python_lines(source: str) -> tuple[Line, ...]:
    """Split Python source into lines of pieces; one line for each line of the source."""
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    lines: list[list[Piece]] = [[]]
    for kind, text in lexer.get_tokens(source):
        role = next((role for token, role in _ROLES if kind in token), Role.PLAIN)
        first, *rest = text.split("\n")
        if first:
            lines[-1].append(Piece(visible(first), role))
        lines.extend([Piece(visible(part), role)] if part else [] for part in rest)
    return tuple(tuple(line) for line in lines)


@lru_cache(maxsize=8)
def python_columns(source: str) -> int:
    """Give the cells of the longest line. Each view asks, of a script that may have ten thousand."""
    return max(map(width_of, python_lines(source)))
