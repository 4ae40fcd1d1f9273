"""What of the settings only the screen can judge: the names of themes, of commands, and of keys."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from textual.keys import Keys
from textual.theme import BUILTIN_THEMES

from workbench.config import Config
from workbench.toml_table import TomlError, suggest
from workbench.ui.commands import COMMANDS, GROUPS, Command, commands_of
from workbench.ui.keys import CHARACTERS, KeyTable, key_words, normal_key
from workbench.ui.local_commands import BY_ID, PLACES
from workbench.ui.theme import HIGH_CONTRAST

THEMES = (*BUILTIN_THEMES, HIGH_CONTRAST.name)

_SAME_BYTE = {
    "ctrl+h": "backspace",
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+left_square_bracket": "escape",
}
"""Keys that most terminals send as the byte of another one."""

_NAMES = frozenset(name for key in Keys if len(name := key.value.rpartition("+")[2]) > 1 and name.isalnum())
_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "meta", "hyper"})


def judged(config: Config) -> Config:
    """Check what names a theme, a command or a key.

    Returns:
        The same settings without those that are wrong, which are among the problems.
    """
    settings = config.settings
    problems: list[TomlError] = []
    if settings.theme and settings.theme not in THEMES:
        problems.append(
            config.problem(f'Unknown theme "{settings.theme}": {suggest(settings.theme, THEMES)}', "theme")
        )
        settings = replace(settings, theme="")
    keymap = dict(settings.keymap)
    for command, keys in settings.keymap.items():
        reason = _why_no_command(command) or next(filter(None, map(why_no_key, keys)), "")
        if reason:
            problems.append(config.problem(reason, "keymap", command))
            del keymap[command]
    for command, reason in _conflicts(keymap):
        problems.append(config.problem(reason, "keymap", command))
    return config.refusing(problems, replace(settings, keymap=keymap))


def _why_no_command(name: str) -> str:
    return "" if name in BY_ID else f'Unknown command "{name}": {_similar(name)}'


def _similar(name: str) -> str:
    close = suggest(name, tuple(BY_ID))
    return close if close.startswith("did you mean") else "`workbench config --example` lists all of them"


def why_no_key(key: str) -> str:
    """Say why a key cannot be pressed; empty for one that can."""
    if len(key) == 1:
        return "" if key.isprintable() else f"Expected a key that can be seen: {key!r}"
    *modifiers, name = key.split("+")
    wrong = next((one for one in modifiers if one not in _MODIFIERS), None)
    if wrong is not None:
        return f'Unknown "{wrong}+" in the key "{key}": {suggest(wrong, sorted(_MODIFIERS))}'
    if len(name) != 1 and name not in _NAMES and name not in CHARACTERS:
        return f'Unknown key "{key}": {suggest(name, sorted(_NAMES))}, or a single character'
    same = _SAME_BYTE.get("+".join([*modifiers, normal_key(name)]))
    if same:
        return f'Most terminals send "{key}" as {key_words(same)}; choose another key'
    if modifiers and name == "enter":
        return f'Most terminals send "{key}" as Enter; choose another key'
    if {"ctrl", "shift"} <= set(modifiers) and len(name) == 1:
        return f'Most terminals send "{key}" as ctrl+{name}; choose another key'
    if modifiers == ["shift"] and len(name) == 1:
        return f'Write "{name.upper()}" for the key "{key}"'
    if "ctrl" in modifiers and name.isalpha() and name.isupper() and len(name) == 1:
        return f'Terminals send "{key}" as ctrl+{name.lower()}; write that'
    return ""


def _conflicts(keymap: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Take out of a keymap what gives one key two meanings in one place, the later entry each time."""
    while True:
        clash = next(filter(None, (_clash(place, keymap) for place in _places())), None)
        if clash is None:
            return
        command, key, other = clash
        del keymap[command]
        yield command, f'The key "{key}" is already that of "{other}", in the same place'


def _places() -> Iterator[tuple[Command, ...]]:
    # Every pane is a list, which has the first word on a key.
    yield (*COMMANDS, *PLACES["list"])
    yield from PLACES.values()


def _clash(place: tuple[Command, ...], keymap: Mapping[str, tuple[str, ...]]) -> tuple[str, str, str] | None:
    """Find two commands with one key; the first is one that the user has given it to."""
    table = KeyTable(keymap)
    order = list(keymap)
    users: dict[str, str] = {}
    for command in place:
        for key in table.keys(command.id):
            other = users.setdefault(key, command.id)
            if other == command.id:
                continue
            pair = sorted((command.id, other), key=lambda one: order.index(one) if one in keymap else -1)
            # The usual keys clash with nothing, so at least one of the two is the user's.
            return pair[1], key, pair[0]
    return None


def example() -> str:
    """Write a settings file that says what holds without one, every line of it a comment."""
    usual = KeyTable({})
    lines = [
        "# Settings of workbench. What is a comment here holds anyway; take the # away to change it.",
        "",
        f"# One of {', '.join(THEMES)}.",
        '# theme = "textual-dark"',
        "# Draw the screen in ASCII alone.",
        "# ascii = false",
        "# Whether clicks go to the program, and not to the terminal.",
        "# mouse = true",
        '# What is done about bytes that the RFCs forbid, where a script gives no policy=: "strict",',
        '# "default" or "lenient".',
        '# policy = "default"',
        "",
        "[timeouts]",
        "# Seconds that a server may be silent, where a script gives no timeout=. Without it, 30 for",
        "# `workbench run`, and any time on the screen.",
        "# silence = 30.0",
        "",
        "[redaction]",
        "# Fields whose values leave the program blanked, besides Authorization, Cookie and their like.",
        '# fields = ["X-Api-Key"]',
        "",
        "[keymap]",
        '# A key such as "f8", "ctrl+t" or "?", an array of them, or [] for none.',
    ]
    for title, commands in _sections():
        lines += ["", f"# {title}"]
        for command in commands:
            keys = ", ".join(f'"{_written(key)}"' for key in usual.keys(command.id))
            lines.append(f"# {command.id} = [{keys}]  # {command.help}")
    return "\n".join(lines) + "\n"


def _sections() -> Iterator[tuple[str, tuple[Command, ...]]]:
    for group in GROUPS:
        yield group, tuple(commands_of(group))
    for place, commands in PLACES.items():
        yield f"Only here: {place.replace('_', ' ')}", commands


def _written(key: str) -> str:
    """Write a key as people do, where TOML can hold it."""
    character = CHARACTERS.get(key, key)
    return key if character in '"\\' else character
