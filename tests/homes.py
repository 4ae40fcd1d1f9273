"""Empty homes, lent to one test after another.

Most tests leave their home as they found it, so it serves the next one too. A home for each test would
be fifty thousand directories in a run of all tests, and some file systems take milliseconds to remove
one: minutes for all of them, which a later run of pytest spends when it ends.
"""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOME_VARIABLES = {
    "HOME": "",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
}
"""Each environment variable and the folder of a home that it points to."""

_PRIVATE_FOLDER = stat.S_IFDIR | 0o700

_AS_MADE = {folder or ".": _PRIVATE_FOLDER for folder in HOME_VARIABLES.values()}


class Homes:
    """Makes a home when it has none to lend, and takes back those that are as they were made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._unused: list[Path] = []

    @contextmanager
    def lent(self) -> Iterator[Path]:
        """Lend a home in which there is nothing but its empty folders."""
        home = self._unused.pop() if self._unused else self._make()
        yield home
        if _is_as_made(home):
            self._unused.append(home)

    def _make(self) -> Path:
        home = self._folder / f"home{self._made}"
        self._made += 1
        for folder in HOME_VARIABLES.values():
            (home / folder).mkdir(mode=0o700)
        return home


def _is_as_made(home: Path) -> bool:
    try:
        return {
            str(path.relative_to(home)): path.lstat().st_mode for path in (home, *home.rglob("*"))
        } == _AS_MADE
    except FileNotFoundError:
        return False  # something is gone, or going while we look: a program is still at work in it
