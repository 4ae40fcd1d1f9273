"""A command line as a shell would take it apart (POSIX, and `$'...'` of bash), each word with its place.

What a shell would do beyond that (variables, globs, pipes) is refused: its result is not known here.
"""

import re
from typing import NamedTuple

from workbench.imports.errors import CannotImport, place_of

_SIMPLE_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "E": "\x1b",
    "f": "\f",
    "v": "\v",
}
_ANSI_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|(.))", re.DOTALL
)
_FOLD = re.compile(r"\\(?:\r?\n|\Z)")
_SPACE = re.compile(r"(?:\\(?:\r?\n|\Z)|[ \t])*")
_EMPTY_LINES = re.compile(r"(?:\\\r?\n|[ \t\r\n])*")
_LINE_END = re.compile(r"\r?\n")
_SHELLS_OWN = re.compile(r"`|\$[\w{(?!@*#]")
_ANSI_QUOTED = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)


class Word(NamedTuple):
    """One word, without its quotes.

    Attributes:
        text: Bytes that were written as escapes are surrogates, as in the arguments of a process.
        offset: Where it begins in the command.
    """

    text: str
    offset: int


def split_command(text: str) -> list[Word]:
    """Take a command apart.

    Args:
        text: One command, which may go on over several lines with a backslash at their ends.

    Raises:
        CannotImport: A quote is not closed, or there is something that only a shell could carry out.
    """
    return _Splitter(text).words()


class _Splitter:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def words(self) -> list[Word]:
        self._skip(_EMPTY_LINES)
        found = []
        while self._skip_space():
            found.append(self._word())
        return found

    def _skip_space(self) -> bool:
        """Go to the next word; False at the end."""
        self._skip(_SPACE)
        if line_end := _LINE_END.match(self._text, self._at):
            self._skip(_EMPTY_LINES)
            if self._at < len(self._text):
                raise self._fault(
                    line_end.end(),
                    "Expected one command, found a second line",
                    "End a line that goes on with \\",
                )
        return self._at < len(self._text) and self._text[self._at] != "#"

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _word(self) -> Word:
        start = self._at
        parts: list[str] = []
        while self._at < len(self._text) and self._text[self._at] not in " \t":
            if fold := _FOLD.match(self._text, self._at):
                self._at = fold.end()
            elif _LINE_END.match(self._text, self._at):
                break
            else:
                parts.append(self._part())
        return Word("".join(parts), start)

    def _part(self) -> str:
        """Take a quoted part, an escape, or one plain character."""
        character = self._text[self._at]
        if self._text.startswith("$'", self._at):
            return self._ansi_quoted()
        if character == "'":
            return self._quoted("'")
        if character == '"':
            return self._double_quoted()
        if character == "\\":
            self._at += 2
            return self._text[self._at - 1 : self._at]
        self._refuse_shell(character, self._at)
        self._at += 1
        return character

    def _refuse_shell(self, character: str, at: int) -> None:
        if character in "|;<>&()":
            raise self._fault(
                at, f"Expected one command, found {character!r}", "Import what stands before it, or quote it"
            )
        if _SHELLS_OWN.match(self._text, at):
            raise self._fault(
                at,
                f"Expected plain text, found {self._text[at : at + 12]!r}, which only a shell can fill in",
                "Write its value, or put it into single quotes",
            )

    def _quoted(self, quote: str) -> str:
        end = self._text.find(quote, self._at + 1)
        if end < 0:
            raise self._fault(self._at, f"Expected a closing {quote} for this one")
        text = self._text[self._at + 1 : end]
        self._at = end + 1
        return text

    def _double_quoted(self) -> str:
        start = self._at
        parts: list[str] = []
        self._at += 1
        while self._at < len(self._text):
            character = self._text[self._at]
            following = self._text[self._at + 1 : self._at + 2]
            if character == '"':
                self._at += 1
                return "".join(parts)
            if character == "\\" and following in tuple('$`"\\\n'):
                parts.append("" if following == "\n" else following)
                self._at += 2
                continue
            if character in "$`":
                self._refuse_shell(character, self._at)
            parts.append(character)
            self._at += 1
        raise self._fault(start, 'Expected a closing " for this one')

    def _ansi_quoted(self) -> str:
        match = _ANSI_QUOTED.match(self._text, self._at)
        if match is None:
            raise self._fault(self._at, "Expected a closing ' for this one")
        for escape in _ANSI_ESCAPE.finditer(match[1]):
            if not _is_character(escape[2] or escape[3] or "0"):
                raise self._fault(
                    match.start(1) + escape.start(),
                    f"Expected the escape of a character, found {escape[0]!r}",
                )
        self._at = match.end()
        return _ANSI_ESCAPE.sub(_unescape, match[1])

    def _fault(self, offset: int, message: str, hint: str = "") -> CannotImport:
        return CannotImport(message, *place_of(self._text, offset), hint)


def _is_character(digits: str) -> bool:
    """Whether hexadecimal digits are the code of a character, which a surrogate is not."""
    code = int(digits, 16)
    return code < 0x110000 and not 0xD800 <= code < 0xE000


def _unescape(match: re.Match[str]) -> str:
    byte, short, long, octal, simple = match.groups()
    if byte or octal:
        value = int(byte, 16) if byte else int(octal, 8) & 0xFF
        return bytes([value]).decode("utf-8", "surrogateescape")
    if short or long:
        return chr(int(short or long, 16))
    return _SIMPLE_ESCAPES.get(simple, simple)
