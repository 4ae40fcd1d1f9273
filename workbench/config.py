"""The user's settings: one TOML file, read once when a command starts.

A mistake in the file never keeps the program from starting: whatever is wrong is left at its default,
and every mistake is among the `problems`, with its line. What only the screen can judge, the names of
themes, commands and keys, is read here as it is written and judged by `workbench.ui.settings`.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from workbench.toml_table import Location, TomlError, TomlTable, load_toml, show

POLICIES = ("strict", "default", "lenient")
"""The names of `workbench.protocol.policy`, which is not loaded to read a file."""

LONGEST_SILENCE_SECONDS = 86_400.0
SHORTEST_SILENCE_SECONDS = 0.001

_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""The characters of a field name (RFC 9110 section 5.6.2)."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user can choose. The defaults are those of a user without a file."""

    theme: str = ""
    """The colours; empty for the program's own choice."""

    ascii: bool = False
    """Whether the screen is drawn in ASCII alone."""

    mouse: bool = True
    """Whether clicks go to the program, and not to the terminal."""

    policy: str = "default"
    """One of `POLICIES`: what connections are given to which the script gives none."""

    silence_seconds: float | None = None
    """How long a server may be silent, where the script does not say; None for the command's own choice."""

    redacted_fields: frozenset[str] = frozenset()
    """The names of fields, in lower case, whose values leave the program blanked, besides the usual ones."""

    keymap: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """The keys of each command that has others than usual, by the command's id."""


@dataclass(frozen=True, slots=True)
class Config:
    """The file as it was found."""

    settings: Settings = Settings()
    problems: tuple[TomlError, ...] = ()
    """Everything that is wrong with it, in the order of its lines."""

    path: Path | None = None
    """Where it is; None where there is no home directory to look in."""

    lines: Mapping[Location, int] = field(default_factory=lambda: MappingProxyType({}))

    def problem(self, reason: str, *location: str) -> TomlError:
        """Make the error for something that only became known to be wrong later."""
        return TomlError(self.path or Path("config.toml"), self.lines.get(location), reason)

    def refusing(self, problems: list[TomlError], settings: Settings) -> "Config":
        """Give the same file with more problems, and with the settings that are left."""
        every = sorted((*self.problems, *problems), key=lambda problem: problem.line or 0)
        return replace(self, settings=settings, problems=tuple(every))


def config_path() -> Path | None:
    """Say where the file belongs: `$XDG_CONFIG_HOME/workbench/config.toml`, by default below `~/.config`."""
    named = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    try:
        # > All paths set in these environment variables must be absolute. If an implementation encounters a
        # > relative path in any of these variables it should consider the path invalid and ignore it.
        # > (XDG Base Directory Specification)
        home = named if named.is_absolute() else Path.home() / ".config"
    except RuntimeError:
        return None
    return home / "workbench" / "config.toml"


def load_config(path: Path | None = None) -> Config:
    """Read the settings.

    Args:
        path: The file; by default the user's own.

    Returns:
        The settings, which are the defaults where the file says nothing or something wrong.
    """
    path = path or config_path()
    if path is None or not os.path.lexists(path):
        return Config(path=path)
    try:
        table, _ = load_toml(path)
        return _Reader(table).config(path)
    except TomlError as error:
        reason = f"{error.reason}; nothing in the file holds"
        return Config(path=path, problems=(TomlError(path, error.line, reason),))


class _Reader:
    """Reads a document key by key, and goes on behind each mistake."""

    def __init__(self, table: TomlTable) -> None:
        self._table = table
        self._problems: list[TomlError] = []

    def config(self, path: Path) -> Config:
        table, usual = self._table, Settings()
        settings = Settings(
            theme=self._try(lambda: table.text("theme") if table.has("theme") else "", usual.theme),
            ascii=self._try(lambda: table.boolean("ascii", usual.ascii), usual.ascii),
            mouse=self._try(lambda: table.boolean("mouse", usual.mouse), usual.mouse),
            policy=self._try(lambda: table.choice("policy", POLICIES, usual.policy), usual.policy),
            silence_seconds=self._in_table("timeouts", _read_silence, None),
            redacted_fields=self._in_table("redaction", _read_fields, frozenset()),
            keymap=self._keymap(),
        )
        self._problems += table.unknown_keys()
        return Config(path=path, lines=table.lines).refusing(self._problems, settings)

    def _try(self, read: Callable[[], T], default: T) -> T:
        try:
            return read()
        except TomlError as error:
            self._problems.append(error)
            return default

    def _in_table(self, name: str, read: Callable[[TomlTable], T], default: T) -> T:
        """Read a table that may be missing, and every key of it that nobody asked for."""
        if not self._table.has(name):
            return default
        table = self._try(lambda: self._table.table(name), None)
        if table is None:
            return default
        value = self._try(lambda: read(table), default)
        self._problems += table.unknown_keys()
        return value

    def _keymap(self) -> Mapping[str, tuple[str, ...]]:
        table = self._try(lambda: self._table.table("keymap"), None) if self._table.has("keymap") else None
        if table is None:
            return {}
        keymap: dict[str, tuple[str, ...]] = {}
        for command in table.items():
            try:
                keymap[command] = _read_keys(table, command)
            except TomlError as error:
                self._problems.append(error)
        return keymap


def _read_silence(table: TomlTable) -> float | None:
    if not table.has("silence"):
        return None
    return table.number("silence", SHORTEST_SILENCE_SECONDS, LONGEST_SILENCE_SECONDS)


def _read_fields(table: TomlTable) -> frozenset[str]:
    if not table.has("fields"):
        return frozenset()
    names = table.strings("fields")
    for name in names:
        if not name or not _TOKEN.issuperset(name):
            raise table.error(
                f'Expected the names of fields, such as "X-Api-Key", in "fields": {show(name)}', "fields"
            )
    return frozenset(name.lower() for name in names)


def _read_keys(table: TomlTable, command: str) -> tuple[str, ...]:
    """Read one key, several of them, or none: a command without a key is in the palette only."""
    value = table.items()[command]
    keys = [value] if isinstance(value, str) else value
    if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
        raise table.error(
            f'Expected a key such as "f8", or an array of keys, for "{command}": {show(value)}', command
        )
    return tuple(keys)
