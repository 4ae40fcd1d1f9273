"""The keys of a command as they are on this user's keyboard: a keymap may have changed them."""

from typing import Any

from textual.binding import Binding
from textual.screen import Screen

from workbench.ui.commands import Command

_WORDS = {
    "question_mark": "?",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "slash": "/",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
}


def key_words(key: str) -> str:
    """Write one key as it is written in hints: `F10`, `^p`, `?`."""
    if key in _WORDS:
        return _WORDS[key]
    if key.startswith("ctrl+"):
        return f"^{key.removeprefix('ctrl+')}"
    return key.upper() if len(key) > 1 and key[0] == "f" and key[1:].isdigit() else key


def keys_of(screen: Screen[Any], command: Command, *, only_first: bool = False) -> str:
    """Write the keys of a command, the keymap of the user applied.

    Args:
        screen: The one whose bindings count.
        command: Of which.
        only_first: The first key alone, for the footer.
    """
    keys = [key for key, active in screen.active_bindings.items() if active.binding.id == command.id]
    declared = [one.key for one in Binding.make_bindings([Binding(command.keys, "")])] if command.keys else []
    keys.sort(key=lambda key: declared.index(key) if key in declared else -1)
    shown = [key_words(key) for key in keys]
    return " ".join(shown[:1] if only_first else shown)
