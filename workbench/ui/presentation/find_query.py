"""What one types to find bytes: text, `hex:0d 0a`, or `re:` and a regular expression of bytes.

Text is found without regard to the case of ASCII letters unless it has a capital, as in vim's
`smartcase` and in less.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

HEX, REGEX = "hex:", "re:"

MOST_BYTES_OF_A_MATCH = 4096
"""Bytes behind a slice in which a match that begins in it is followed. An expression that would match
more matches less there."""

CONTEXT = 64
"""Bytes before a slice that an expression can look back at: `^`, `\\b` and look-behind need them."""


class WrongQuery(ValueError):  # noqa: N818 - what it is, as in `UnknownScenario`
    """What was typed is no query.

    Attributes:
        column: The character at fault, from 0 on.
        words: What was expected there.
    """

    def __init__(self, column: int, words: str) -> None:
        super().__init__(f"{words} at column {column + 1}")
        self.column = column
        self.words = words


@dataclass(frozen=True)
class Literal:
    """Some bytes."""

    needle: bytes
    ignores_case: bool = False

    @property
    def reach(self) -> int:
        """How far behind its first byte a match can end."""
        return len(self.needle)

    def matches(self, data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield where it is in `data`, first byte between `start` and `end`, without overlaps."""
        needle = self.needle
        if self.ignores_case:
            data, needle = data.lower(), needle.lower()
        position = data.find(needle, start)
        while 0 <= position < end:
            yield position, position + len(needle)
            position = data.find(needle, position + len(needle))


@dataclass(frozen=True)
class Expression:
    """A regular expression of bytes."""

    pattern: re.Pattern[bytes]

    @property
    def reach(self) -> int:
        """How far behind its first byte a match can end."""
        return MOST_BYTES_OF_A_MATCH

    def matches(self, data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield where it matches in `data`, as `Literal` does. Matches of nothing are left out."""
        for match in self.pattern.finditer(data, start):
            if match.start() >= end:
                return
            if match.end() > match.start():
                yield match.span()


Query = Literal | Expression


def parse_query(text: str) -> Query:
    """Read what was typed.

    Raises:
        WrongQuery: It is empty, or its digits or its expression are wrong.
    """
    if text.startswith(HEX):
        return Literal(_parse_hex(text))
    if text.startswith(REGEX):
        return Expression(_parse_expression(text))
    if not text:
        raise WrongQuery(0, f"Expected text, {HEX} and digits, or {REGEX} and an expression")
    return Literal(text.encode(), ignores_case=text == text.lower())


def _parse_hex(text: str) -> bytes:
    digits = ""
    for column in range(len(HEX), len(text)):
        character = text[column]
        if character in "0123456789abcdefABCDEF":
            digits += character
        elif not character.isspace() or len(digits) % 2:
            raise WrongQuery(column, "Expected a hexadecimal digit")
    if len(digits) % 2 or not digits:
        raise WrongQuery(len(text), "Expected pairs of hexadecimal digits, such as 0d 0a")
    return bytes.fromhex(digits)


def _parse_expression(text: str) -> "re.Pattern[bytes]":
    source = text[len(REGEX) :]
    if not source:
        raise WrongQuery(len(text), "Expected a regular expression, such as \\d+")
    try:
        # `^` and `$` stand for the edges of lines, as a reader sees them.
        return re.compile(source.encode(), re.MULTILINE)
    except re.error as error:
        # re counts bytes; the reader sees characters.
        before = source.encode()[: error.pos or 0].decode("utf-8", "replace")
        raise WrongQuery(len(REGEX) + len(before), f"Not an expression: {error.msg}") from error
    except (OverflowError, RecursionError) as error:
        raise WrongQuery(len(REGEX), f"Not an expression: {error}") from error
