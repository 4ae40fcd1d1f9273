"""Reading values out of a TOML document, with errors that name the file and the line.

`tomllib` gives values without positions. `find_lines` finds the line of each table and key by a
second, shallow look at the text; `TomlTable` hands out values of the expected type and turns every
disappointment into a `TomlError` that points there. Scenarios of the lab and the user's settings
are read with it.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

Location = tuple[str | int, ...]
"""The way to a value from the top of the document, as `("steps", 2, "do")`."""

_STRING_OR_COMMENT = re.compile(
    r"'''.*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'[^'\n]*'|\"(?:\\.|[^\"\\\n])*\"|#[^\n]*", re.DOTALL
)
_TABLE = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]\]?\s*$")
_PART = r"[\w-]+|'[^'\n]*'|\"[^\"\n]*\""
_KEY = re.compile(rf"\s*((?:{_PART})(?:\s*\.\s*(?:{_PART}))*)\s*=")
_KEY_PART = re.compile(_PART)
_BEFORE_A_VALUE = re.compile(r"\s*[=.]")
_TOML_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")

MAX_FILE_SIZE = 1024 * 1024
"""Bytes of a document. Nobody writes a larger one by hand."""

MAX_SHOWN = 80
"""Characters of a wrong value that an error message repeats."""


class TomlError(ValueError):
    """A document that does not say what it must say.

    Attributes:
        path: The file, or the directory when it is the directory that is wrong.
        line: Counted from 1. None when the fault has no line.
        reason: What was expected and what is there.
    """

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        place = str(path) if line is None else f"{path}:{line}"
        super().__init__(f"{place}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


def load_toml(file: Traversable, fault: type[TomlError] = TomlError) -> "tuple[TomlTable, str]":
    """Read a document of bounded size.

    Args:
        file: What to read.
        fault: The class of all errors, those that the table gives later included.

    Returns:
        The document, and its text, in which every line ends with LF alone.

    Raises:
        TomlError: It cannot be read, or is not TOML.
    """
    path = Path(str(file))
    text = _read(file, path, fault)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, str(error), fault) from None
    except RecursionError:
        raise fault(path, None, "Expected TOML, found brackets nested too deep") from None
    except ValueError:
        raise fault(path, None, "Expected TOML, found a number with more than 4300 digits") from None
    return TomlTable(document, path, find_lines(text), fault=fault), text


def _read(file: Traversable, path: Path, fault: type[TomlError]) -> str:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_FILE_SIZE + 1)
        if len(data) > MAX_FILE_SIZE:
            raise fault(path, None, f"Expected at most {MAX_FILE_SIZE} bytes")
        return data.decode("utf-8").replace("\r\n", "\n")
    except OSError as error:
        raise fault(path, None, f"Cannot read it: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        wrong = error.object[error.start : error.end]
        raise fault(path, line, f"Expected UTF-8 at byte {error.start}: {wrong!r}") from None


def _syntax_error(path: Path, text: str, message: str, fault: type[TomlError]) -> TomlError:
    """Take the position out of tomllib's message, which is the only place where 3.11 has it."""
    if match := _TOML_LINE.search(message):
        reason = f"{message[: match.start()].strip()} (column {match[2]})"
        return fault(path, int(match[1]), reason)
    return fault(path, text.count("\n") + 1, message)


def find_lines(text: str) -> dict[Location, int]:
    """Find where each table and each key begins.

    Keys inside inline tables and arrays are not found; an error there names the line of the key
    that holds them.

    Args:
        text: A TOML document.

    Returns:
        Line numbers, counted from 1, by location. The document itself is `()`, line 1.
    """
    # Strings and comments may hold anything, so they are blanked, line ends kept, before the look.
    blanked = _STRING_OR_COMMENT.sub(_blank, text)
    lines: dict[Location, int] = {(): 1}
    counts: dict[str, int] = {}
    table: Location = ()
    for number, line in enumerate(blanked.split("\n"), start=1):
        if header := _TABLE.match(line):
            table = tuple(header[2].split("."))
            if header[1] == "[[":
                index = counts.get(header[2], 0)
                counts[header[2]] = index + 1
                table = (*table, index)
            lines[table] = number
        elif key := _KEY.match(line):
            parts = [part.strip("'\"") for part in _KEY_PART.findall(key[1])]
            for end in range(1, len(parts) + 1):
                lines.setdefault((*table, *parts[:end]), number)
    return lines


def _blank(match: re.Match[str]) -> str:
    """Leave nothing of a string but its line ends, unless it is a key in quotes."""
    text = match[0]
    is_key = text[0] in "'\"" and "\n" not in text and _BEFORE_A_VALUE.match(match.string, match.end())
    return text if is_key else "\n" * text.count("\n")


def show(value: object) -> str:
    """Write a wrong value for a message: its `repr`, cut at `MAX_SHOWN` characters."""
    shown = repr(value)
    return shown if len(shown) <= MAX_SHOWN else shown[: MAX_SHOWN - 1] + "…"


def suggest(word: str, known: Sequence[str]) -> str:
    """Name the known words that are close to `word`, or all of them when none is."""
    close = difflib.get_close_matches(word, known, n=3)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    return "one of " + ", ".join(known)


class TomlTable:
    """One table of a document, read key by key.

    Args:
        values: The table, as `tomllib` gave it.
        path: The file, for messages.
        lines: What `find_lines` found in it.
        location: Where the table is in the document.
        fault: The class of the errors.
    """

    def __init__(
        self,
        values: Mapping[str, object],
        path: Path,
        lines: Mapping[Location, int],
        location: Location = (),
        fault: type[TomlError] = TomlError,
    ) -> None:
        self._values = values
        self._path = path
        self._lines = lines
        self._location = location
        self._fault = fault
        self._known: list[str] = []

    @property
    def lines(self) -> Mapping[Location, int]:
        """Where each table and key of the document begins."""
        return self._lines

    def error(self, reason: str, key: str | None = None) -> TomlError:
        """Make the error for a fault at `key`, or of the whole table."""
        location = self._location if key is None else (*self._location, key)
        while location not in self._lines:
            location = location[:-1]
        return self._fault(self._path, self._lines[location], reason)

    def has(self, key: str) -> bool:
        """Tell whether the table has the key. Asking makes the key a known one."""
        self._known.append(key)
        return key in self._values

    def text(self, key: str, default: str | None = None) -> str:
        """Read a string that is not empty."""
        value = self._value(key, default)
        if not isinstance(value, str) or not value:
            raise self.error(f'Expected a string that is not empty for "{key}": {show(value)}', key)
        return value

    def line(self, key: str) -> str:
        """Read a string of one line that is safe to print: no control character in it."""
        value = self.text(key)
        if not value.isprintable():
            raise self.error(f'Expected one line of printable characters for "{key}": {show(value)}', key)
        return value

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """Read a string that is one of `choices`."""
        value = self.text(key, default)
        if value not in choices:
            raise self.error(f'Unknown "{key}" {show(value)}: {suggest(value, choices)}', key)
        return value

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Read an integer from `low` to `high`."""
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.error(f'Expected an integer from {low} to {high} for "{key}": {show(value)}', key)
        return value

    def number(self, key: str, low: float, high: float) -> float:
        """Read a number from `low` to `high`."""
        value = self._value(key, None)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.error(f'Expected a number from {low:g} to {high:g} for "{key}": {show(value)}', key)
        return float(value)

    def boolean(self, key: str, default: bool) -> bool:
        """Read true or false."""
        value = self._value(key, default)
        if not isinstance(value, bool):
            raise self.error(f'Expected true or false for "{key}": {show(value)}', key)
        return value

    def strings(self, key: str) -> list[str]:
        """Read an array of strings, empty ones included."""
        value = self._value(key, None)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(f'Expected an array of strings for "{key}": {show(value)}', key)
        return value

    def byte_text(self, key: str) -> bytes:
        """Read a string, possibly empty, each character of which is one byte (ISO-8859-1)."""
        value = self._value(key, None)
        if not isinstance(value, str):
            raise self.error(f'Expected a string for "{key}": {show(value)}', key)
        return self.to_bytes(value, key)

    def to_bytes(self, text: str, key: str) -> bytes:
        """Turn characters into bytes, one for one."""
        try:
            return text.encode("iso-8859-1")
        except UnicodeEncodeError as error:
            wrong = text[error.start]
            raise self.error(
                f'Expected characters up to \\u00ff, one byte each, in "{key}": {show(wrong)}; '
                f'as UTF-8 it is the hex "{wrong.encode().hex(" ")}"',
                key,
            ) from None

    def table(self, key: str) -> "TomlTable":
        """Read a table."""
        value = self._value(key, None)
        if not isinstance(value, dict):
            raise self.error(f"Expected a table [{key}]: {show(value)}", key)
        return TomlTable(value, self._path, self._lines, (*self._location, key), self._fault)

    def tables(self, key: str) -> list["TomlTable"]:
        """Read an array of tables with at least one member."""
        value = self._value(key, None)
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            raise self.error(f"Expected one or more tables [[{key}]]: {show(value)}", key)
        return [
            TomlTable(item, self._path, self._lines, (*self._location, key, index), self._fault)
            for index, item in enumerate(value)
        ]

    def items(self) -> Mapping[str, object]:
        """Give the whole table as it is, for one whose keys are free."""
        return self._values

    def finish(self) -> None:
        """Complain about the first key that nobody asked for."""
        for error in self.unknown_keys():
            raise error

    def unknown_keys(self) -> Iterator[TomlError]:
        """Give the error for each key that nobody asked for."""
        known = sorted(set(self._known))
        for key in self._values:
            if key not in known:
                yield self.error(f'Unknown key "{key}": {suggest(key, known)}', key)

    def _value(self, key: str, default: object) -> object:
        """Look a key up.

        Raises:
            TomlError: It is missing and has no default.
        """
        self._known.append(key)
        if key in self._values:
            return self._values[key]
        if default is None:
            raise self.error(f'Expected "{key}", which is missing')
        return default
