"""Ways out of the program for what is copied: a tool of the desktop, the terminal, or a file.

The tool comes first, because it says whether it worked. A terminal obeys OSC 52 or ignores it, and
tells nobody. A file always works.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

MOST_FOR_A_TOOL = 1 << 23
"""Bytes that a clipboard is given at most."""

MOST_FOR_A_TERMINAL = 74_994
"""Bytes whose sequence stays below 100 000 characters in base64, where several terminals stop reading."""

TOOL_SECONDS = 3.0

Command = tuple[str, ...]


def clipboard_tools(
    environment: Mapping[str, str], which: Callable[[str], str | None] = shutil.which
) -> list[Command]:
    """List the tools that can reach a clipboard from here, the likeliest first.

    Args:
        environment: It says whether there is a desktop, and which.
        which: Finds a program.
    """
    candidates: list[Command] = []
    if environment.get("WAYLAND_DISPLAY"):
        candidates.append(("wl-copy", "--type", "text/plain;charset=utf-8"))
    if environment.get("DISPLAY"):
        candidates += [("xclip", "-selection", "clipboard", "-in"), ("xsel", "--clipboard", "--input")]
    if sys.platform == "darwin":
        candidates.append(("pbcopy",))
    return [command for command in candidates if which(command[0])]


def give_to_tool(commands: Iterable[Command], data: bytes) -> str:
    """Give bytes to the first tool that takes them. It may take seconds.

    Returns:
        The name of the tool; empty when none took them.
    """
    for command in commands:
        try:
            # No pipe but for the input: these tools stay behind as servers of the clipboard, and
            # would hold the pipe open.
            done = subprocess.run(
                command,
                input=data,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=TOOL_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            return command[0]
    return ""


def why_no_clipboard(data: bytes) -> str:
    """Say why bytes cannot go to a clipboard, which holds text; empty when they can."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return "a clipboard holds text, and these bytes are not UTF-8"
    return "a clipboard ends at a NUL" if "\0" in text else ""


def copy_folder(environment: Mapping[str, str]) -> Path:
    """Name the folder for what is saved, in the state directory of the user."""
    state = environment.get("XDG_STATE_HOME", "")
    base = Path(state) if Path(state).is_absolute() else Path.home() / ".local" / "state"
    return base / "workbench" / "copies"


def save_copy(folder: Path, name: str, suffix: str, pieces: Iterable[bytes]) -> tuple[Path, int]:
    """Write bytes to a new file that only the user can read.

    Args:
        folder: It is made if it is missing.
        name: How the file's name begins.
        suffix: How it ends.
        pieces: The bytes.

    Returns:
        Its path, and how many bytes were written.

    Raises:
        OSError: It cannot be written. Nothing is left behind.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp makes a name that is free, and a file with mode 0600.
    descriptor, path = tempfile.mkstemp(suffix, f"{name}-", folder)
    size = 0
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                size += file.write(piece)
    except OSError:
        Path(path).unlink(missing_ok=True)
        raise
    return Path(path), size
