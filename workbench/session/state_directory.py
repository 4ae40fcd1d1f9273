"""Where the program keeps what it remembers from one start to the next: recordings, the history of typed calls.

The place is that of the XDG Base Directory Specification: `$XDG_STATE_HOME/workbench`, by default
`~/.local/state/workbench`. What is in it may hold credentials, so nobody but its owner gets in.
"""

import os
from pathlib import Path

_OWNER_ONLY = 0o700


def state_directory(*parts: str) -> Path:
    """Return the directory of the program's state, or one below it, and make it where it is missing.

    Args:
        parts: The names of the directories below it, none for itself.

    Returns:
        A directory that nobody but its owner may enter.

    Raises:
        OSError: It cannot be made, or there is no home directory.
    """
    path = state_path()
    path.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    # `mkdir` gives the mode to a new directory only, and an old one may have been made by hand.
    if path.stat().st_mode & 0o077:
        path.chmod(_OWNER_ONLY)
    for part in parts:
        path = path / part
        path.mkdir(mode=_OWNER_ONLY, exist_ok=True)
    return path


def state_path(*parts: str) -> Path:
    """Return where the directory of the program's state is, or one below it, and make nothing.

    Raises:
        OSError: There is no home directory.
    """
    return _state_home().joinpath("workbench", *parts)


def _state_home() -> Path:
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    # > If an implementation encounters a relative path in any of these variables it should consider the
    # > path invalid and ignore it. (XDG Base Directory Specification)
    if named.is_absolute():
        return named
    try:
        return Path.home() / ".local" / "state"
    except RuntimeError as error:
        raise FileNotFoundError(
            "There is no home directory; set XDG_STATE_HOME to an absolute path"
        ) from error
