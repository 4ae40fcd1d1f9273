"""What can stand on the command line, as plain values: read from the parsers."""

import argparse
from functools import cache
from typing import Literal, NamedTuple

from workbench.cli.command import Command

Sort = Literal["", "files", "directories", "words"]
"""What a value is: nothing that could be known, a path, or one of some words."""


class Value(NamedTuple):
    """A value that an argument takes.

    Attributes:
        sort: What it is.
        words: The words, of `words`.
        name: What the help calls it.
    """

    sort: Sort
    words: tuple[str, ...] = ()
    name: str = ""


class Flag(NamedTuple):
    """An option.

    Attributes:
        names: `-o`, `--output`.
        help: One line.
        value: What follows it; None where nothing does.
    """

    names: tuple[str, ...]
    help: str
    value: Value | None


class Described(NamedTuple):
    """A command.

    Attributes:
        name: Empty for the one without a word.
        summary: One line.
        flags: Its options.
        values: Its positional arguments; the last one may come again.
    """

    name: str
    summary: str
    flags: list[Flag]
    values: list[Value]


_FILES = frozenset(("FILE", "RECORDING", "SCRIPT|RECORDING", "TARGET"))


def describe(command: Command) -> Described:
    """Read what a command takes from its parser."""
    actions = command.parser()._actions  # noqa: SLF001 - argparse has no other way to ask what a parser knows
    flags = [
        Flag(tuple(action.option_strings), _one_line(action), None if action.nargs == 0 else _value(action))
        for action in actions
        if action.option_strings
    ]
    values = [_value(action) for action in actions if not action.option_strings]
    return Described(command.name, command.summary, flags, values)


def _one_line(action: argparse.Action) -> str:
    text = (
        (action.help or "")
        .replace("%(default)s", str(action.default))
        .replace("%(default)g", str(action.default))
    )
    return text.replace("\n", " ").replace("%%", "%")


def _value(action: argparse.Action) -> Value:
    name = str(action.metavar or action.dest).strip("'")
    if action.choices is not None:
        return Value("words", tuple(map(str, action.choices)), name)
    if action.dest in ("lab", "names", "ports"):
        return Value("words", _scenario_names(), name)
    if name == "DIR":
        return Value("directories", (), name)
    return Value("files" if name in _FILES else "", (), name)


@cache
def _scenario_names() -> tuple[str, ...]:
    """Give the names, which several arguments take, and which take long to read."""
    from workbench.lab import load_scenarios

    return tuple(load_scenarios())
