"""Where the cursor stands in a text that is being written, and so is no Python yet.

Statements of a script begin in the first column and never elsewhere, so a line that begins there
with a letter begins a statement, however many brackets are still open above it.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

_WORD = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"\d[\w.]*")
_STRING = re.compile(r"([rRbBuUfF]{0,2})('''|\"\"\"|'|\")")
_PROMPT = re.compile(r"(?:>>>|\.\.\.) ")
_FROM = re.compile(r"from\s+([\w.]+)\s+import\s+(?:[\w\s,]*,\s*)?(\w*)$")
_IMPORT = re.compile(r"(?:import\s+(?:[\w\s.,]*,\s*)?|from\s+)([\w.]*)$")
_CLOSERS = {")": "(", "]": "[", "}": "{"}


class PlaceKind(StrEnum):
    """What can stand at a place."""

    NAME = "name"
    """A name, or any other beginning of an expression."""

    MEMBER = "member"
    """A method or an attribute, behind a dot."""

    STRING = "string"
    """Text, inside quotes."""

    MODULE = "module"
    """A module to import."""

    IMPORTED = "imported"
    """A name to import from a module."""

    NOTHING = "nothing"
    """Whatever the reader likes: a comment, the digits of a number."""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call whose bracket is open."""

    callee: str
    """What is called, as it is written: `conn.putheader`."""

    arguments: tuple[str, ...]
    """The positional arguments before the cursor, as they are written."""

    given: tuple[str, ...]
    """The names of the keyword arguments before the cursor."""

    keyword: str
    """The name of the argument at the cursor; empty for one that is given by its place."""

    current: str = ""
    """The argument at the cursor, as far as it is written."""


@dataclass(frozen=True, slots=True)
class OpenDict:
    """A dict whose bracket is open."""

    key: str
    """The key of the value at the cursor, as it is written; empty where the key is being written."""

    keys: tuple[str, ...]
    """The keys before, as they are written."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cursor stands."""

    kind: PlaceKind
    word: str
    """The part of the word, or of the string, that stands before the cursor."""

    owner: str = ""
    """What stands before the dot, or the module to import from."""

    call: OpenCall | None = None
    """The innermost call that is open."""

    dict: OpenDict | None = None
    """The dict that is open inside that call, if the cursor is in it."""

    quote: str = ""
    """What ends the string."""

    begins: bool = False
    """Whether nothing but the word stands in the argument, or in the statement, yet."""


@dataclass(slots=True)
class _Level:
    """What is known of an open bracket, or of the statement itself."""

    opener: str = ""
    callee: str = ""
    start: int = 0
    """Where the argument at the cursor begins."""

    primary: int | None = None
    """Where the name, call or string before the cursor begins, to which a dot would belong."""

    keyword: str = ""
    key: str = ""
    parts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def find_place(text: str) -> Place:
    """Say where the cursor stands.

    Args:
        text: Everything before the cursor; the whole script, or the last line of one.
    """
    line = text[text.rfind("\n") + 1 :]
    prompt = _PROMPT.match(line)
    code = line[prompt.end() :] if prompt else line
    if found := _FROM.match(code):
        return Place(PlaceKind.IMPORTED, found[2], owner=found[1])
    if found := _IMPORT.match(code):
        return Place(PlaceKind.MODULE, found[1])
    return _Scanner(text[_statement_start(text) :]).scan()


def _statement_start(text: str) -> int:
    """Say where the statement begins that the text ends in; 0 where that takes reading all of it.

    A key costs what its statement costs, then, and not what the script does. Only a string of several lines can
    make a line look like a beginning that is none.
    """
    if '"""' in text or "'''" in text:
        return 0
    start = len(text)
    while start > 0:
        end, start = start, text.rfind("\n", 0, start - 1) + 1
        prompt = _PROMPT.match(text, start, end)
        if prompt and text.startswith(">", start):
            return prompt.end()
        if not prompt and _WORD.match(text, start):
            return start
    return 0


class _Scanner:
    """Goes through a text once, from the beginning to the cursor."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._levels = [_Level()]
        self._behind_dot = False

    def scan(self) -> Place:
        text = self._text
        while self._at < len(text):
            here = self._at
            if text[here] == "#":
                end = text.find("\n", here)
                if end < 0:
                    return Place(PlaceKind.NOTHING, "")
                self._at = end
            elif string := _STRING.match(text, here):
                place = self._string(string)
                if place is not None:
                    return place
            elif word := _WORD.match(text, here):
                self._at = word.end()
                if self._at == len(text):
                    return self._word_place(word.group())
                self._begin_primary(here)
            elif number := _NUMBER.match(text, here):
                self._begin_primary(here)
                self._at = number.end()
                if self._at == len(text):
                    return Place(PlaceKind.NOTHING, "", call=self._call())
            else:
                self._sign(text[here])
        return self._word_place("")

    # --- the end of the text ------------------------------------------------------------

    def _word_place(self, word: str) -> Place:
        level = self._levels[-1]
        start = len(self._text) - len(word)
        if self._behind_dot:
            owner = self._text[level.primary or 0 : start].rstrip().removesuffix(".")
            return Place(PlaceKind.MEMBER, word, owner.strip(), self._call(), self._dict())
        begins = not self._text[level.start : start].strip()
        return Place(PlaceKind.NAME, word, "", self._call(), self._dict(), begins=begins)

    def _call(self) -> OpenCall | None:
        for level in reversed(self._levels):
            if level.opener == "(" and level.callee:
                current = self._text[level.start :].strip()
                return OpenCall(level.callee, tuple(level.parts), tuple(level.names), level.keyword, current)
        return None

    def _dict(self) -> OpenDict | None:
        level = self._levels[-1]
        return OpenDict(level.key, tuple(level.names)) if level.opener == "{" else None

    # --- what stands in it ---------------------------------------------------------------

    def _string(self, opening: re.Match[str]) -> Place | None:
        """Go over a string. Gives the place of one that does not end."""
        text, quote = self._text, opening[2]
        at = opening.end()
        while at < len(text) and not text.startswith(quote, at):
            if text[at] == "\n" and len(quote) == 1:
                break  # a string that was not closed ends with its line
            at += 2 if text[at] == "\\" else 1
        if at >= len(text):
            begins = not text[self._levels[-1].start : opening.start()].strip()
            content = text[opening.end() :]
            return Place(PlaceKind.STRING, content, "", self._call(), self._dict(), quote, begins)
        self._begin_primary(opening.start())
        self._at = at if text[at] == "\n" else at + len(quote)
        return None

    def _begin_primary(self, at: int) -> None:
        if not self._behind_dot:
            self._levels[-1].primary = at
        self._behind_dot = False

    def _sign(self, sign: str) -> None:
        """Go over one character that is no part of a word."""
        level = self._levels[-1]
        here = self._at
        self._at += 1
        if sign == "\n":
            self._end_line()
        elif sign.isspace():
            return
        elif sign == ".":
            self._behind_dot = level.primary is not None
        elif sign in "([{":
            self._behind_dot = False
            callee = "" if level.primary is None else self._text[level.primary : here].strip()
            self._levels.append(_Level(sign, callee if sign == "(" else "", self._at))
        elif sign in _CLOSERS:
            self._behind_dot = False
            if len(self._levels) > 1 and level.opener == _CLOSERS[sign]:
                self._levels.pop()
        elif sign == ",":
            self._end_argument(here)
        else:
            self._operator(sign, here)

    def _operator(self, sign: str, here: int) -> None:
        level = self._levels[-1]
        before = self._text[level.start : here].strip()
        if sign == "=" and (not level.opener or (level.opener == "(" and before.isidentifier())):
            level.keyword = before if level.opener else ""
            level.start = self._at
        elif sign == ":" and level.opener == "{" and not level.key:
            level.key = before
            level.names.append(before)
            level.start = self._at
        level.primary = None
        self._behind_dot = False

    def _end_argument(self, here: int) -> None:
        level = self._levels[-1]
        if level.keyword:
            level.names.append(level.keyword)
        elif level.opener == "(":
            level.parts.append(self._text[level.start : here].strip())
        level.keyword, level.key, level.primary, level.start = "", "", None, self._at
        self._behind_dot = False

    def _end_line(self) -> None:
        """Begin anew where a statement begins."""
        prompt = _PROMPT.match(self._text, self._at)
        begins = bool(prompt) and self._text.startswith(">", self._at)
        if prompt:
            self._at = prompt.end()
        if begins or (not prompt and _WORD.match(self._text, self._at)) or len(self._levels) == 1:
            self._levels = [_Level(start=self._at)]
            self._behind_dot = False
