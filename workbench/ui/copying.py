"""Carrying a copy out: a tool of the desktop first, then the terminal, then a file."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from workbench.ui.clipboard import (
    MOST_FOR_A_TERMINAL,
    MOST_FOR_A_TOOL,
    clipboard_tools,
    copy_folder,
    give_to_tool,
    save_copy,
    why_no_clipboard,
)
from workbench.ui.presentation.copy_choices import CopyChoice, Way
from workbench.ui.presentation.copy_formats import CopyFormat, Read, format_bytes

SUFFIXES = {CopyFormat.RAW: ".bin", CopyFormat.HEX: ".hex", CopyFormat.PYTHON: ".py"}

MOST_LENGTHENING = 4
"""A byte becomes at most so many in any form: `\\x00` in a literal."""


class Copied(NamedTuple):
    """What became of a copy."""

    way: Way
    size: int
    where: str = ""
    """The name of the tool, or the path of the file."""

    reason: str = ""
    """Why it is a file."""

    text: str = ""
    """What the terminal is to be given: the one thing left to do, by the thread that writes to it."""


def copy_out(choice: CopyChoice, read: Read, environment: Mapping[str, str]) -> Copied:
    """Copy bytes of a stream. Called in a thread of its own: a tool or a disk may take seconds.

    Args:
        choice: What, and in which form.
        read: Gives the bytes of the stream.
        environment: It says where a clipboard is, and where the user's files are.

    Raises:
        OSError: No clipboard took it, and no file could be written.
    """
    stream, start, end = choice.range.span.stream, choice.range.span.start, choice.range.span.end
    return _carry_out(
        lambda: format_bytes(choice.form, read, start, end),
        (end - start) * MOST_LENGTHENING,
        (f"{stream}-{start}-{end}", SUFFIXES[choice.form]),
        environment,
    )


def copy_text(text: str, environment: Mapping[str, str]) -> Copied:
    """Copy what was selected on the screen, in the same ways and with the same errors as `copy_out`."""
    data = text.encode("utf-8", "replace")
    return _carry_out(lambda: [data], len(data), ("text", ".txt"), environment)


def _carry_out(
    pieces: Callable[[], Iterable[bytes]],
    most: int,
    file_name: tuple[str, str],
    environment: Mapping[str, str],
) -> Copied:
    """Try one way out after the other.

    Args:
        pieces: Makes what is copied, anew for each way.
        most: Bytes that it has at most.
        file_name: Beginning and end of the name of a file, if it must be one.
        environment: It says where a clipboard is, and where the user's files are.
    """
    reason = f"more than a clipboard is given, {MOST_FOR_A_TOOL >> 20} MiB"
    if most <= MOST_FOR_A_TOOL:
        data = b"".join(pieces())
        reason = why_no_clipboard(data)
        if not reason:
            tool = give_to_tool(clipboard_tools(environment), data)
            if tool:
                return Copied("tool", len(data), tool)
            if len(data) <= MOST_FOR_A_TERMINAL:
                return Copied("terminal", len(data), text=data.decode())
            reason = "no clipboard tool took it, and it is more than terminals take (OSC 52)"
    path, size = save_copy(copy_folder(environment), *file_name, pieces())
    return Copied("file", size, str(path), reason)
