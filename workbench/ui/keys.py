"""The keys of a command as they are on this user's keyboard: a keymap may have changed them."""

import string
from collections.abc import Mapping, Sequence
from typing import Any

from textual.binding import Keymap
from textual.dom import DOMNode
from textual.keys import _character_to_key, key_to_character

from workbench.ui.commands import Command
from workbench.ui.local_commands import BY_ID
from workbench.ui.presentation.key_names import KeyNames

NO_KEY = "no-key"
"""The key of a command that the user has taken all keys from: no keyboard has it, and Textual wants one."""

CHARACTERS = {_character_to_key(one): one for one in string.punctuation}
"""The characters that have a name as a key, such as `?`, which is `question_mark`."""

_WORDS = CHARACTERS | {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "delete": "Del",
    "backspace": "Backspace",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "insert": "Ins",
}


def key_words(key: str) -> str:
    """Write one key as it is written in hints: `F10`, `^p`, `?`, `Shift+Tab`."""
    *modifiers, name = key.split("+")
    if modifiers == ["ctrl"] and len(name) == 1:
        return f"^{name}"
    is_function_key = name[0] == "f" and name[1:].isdigit()
    word = _WORDS.get(name) or (name.upper() if is_function_key else key_to_character(name) or name)
    return "+".join([*(modifier.capitalize() for modifier in modifiers), word])


def normal_key(key: str) -> str:
    """Write a key as Textual does: `question_mark` for `?`, as it is for `ctrl+p`."""
    return _character_to_key(key) if len(key) == 1 else key


class KeyTable:
    """Which keys each command has.

    Args:
        keymap: The keys of the commands whose keys the user has changed, by the command's id.
    """

    def __init__(self, keymap: Mapping[str, Sequence[str]]) -> None:
        self._keymap = {one: tuple(normal_key(key) for key in keys) for one, keys in keymap.items()}

    def keys(self, command_id: str) -> tuple[str, ...]:
        """Give the keys of a command, the one that is shown first at the front."""
        declared = BY_ID[command_id].keys
        return self._keymap.get(command_id, tuple(declared.split(",")) if declared else ())

    def word(self, command_id: str) -> str:
        """Write what to press for a command: its first key, or the palette's where it has none."""
        keys = self.keys(command_id)
        if keys:
            return key_words(keys[0])
        palette = " ".join(map(key_words, self.keys("palette")[:1]))
        return f"{palette} {BY_ID[command_id].label}".lstrip()

    def words(self, command_id: str) -> str:
        """Write all keys of a command; empty where it has none."""
        return " ".join(map(key_words, self.keys(command_id)))

    def for_textual(self) -> Keymap:
        """Write the keymap as Textual wants it."""
        return {one: ",".join(keys) or NO_KEY for one, keys in self._keymap.items()}


USUAL_KEYS = KeyTable({})
"""The keys of a user who has not changed any."""


def key_table_of(node: DOMNode) -> KeyTable:
    """Give the keys that hold where a widget or a screen is."""
    return getattr(node.app, "key_table", USUAL_KEYS)


def key_names_of(node: DOMNode) -> KeyNames:
    """Give what writes the user's keys into the words of a widget."""
    return key_table_of(node).word


def keys_of(node: DOMNode, command: Command, *, only_first: bool = False) -> str:
    """Write the keys of a command, the keymap of the user applied.

    Args:
        node: The screen or widget that shows them.
        command: Of which.
        only_first: What to press, for a hint; the palette's key where the command has none.
    """
    table = key_table_of(node)
    return table.word(command.id) if only_first else table.words(command.id)


def table_of_keymap(keymap: Mapping[str, Any]) -> KeyTable:
    """Read a keymap as Textual has it."""
    return KeyTable(
        {one: tuple(key for key in keys.split(",") if key != NO_KEY) for one, keys in keymap.items()}
    )
