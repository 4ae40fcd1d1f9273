"""The place where recordings are kept: `recordings` in the program's state directory.

Every session is written to `recordings/recent`, under a name made of the time and of what was opened. There is a
bound on how many of these are kept and how much they take; the oldest go first. A recording that was given a name
lies in `recordings` itself, and is deleted by nobody but the user.
"""

import fcntl
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.session.state_directory import state_directory
from workbench.session.storage.format import Header
from workbench.session.storage.index_file import index_path
from workbench.session.storage.writer import RecordingWriter, bodies_path

SUFFIX = ".jsonl"

MOST_RECENT = 50
"""Sessions without a name that are kept: a few days of work."""

MOST_RECENT_SIZE = 2 << 30
"""Bytes that they may take in all."""

LONGEST_NAME = 100
"""Characters. File systems take 255 bytes, and a character may have four, with the suffix behind it."""

_MOST_TRIES = 1000
"""Sessions of one name that may begin in one second."""


class NameRefusedError(Exception):
    """A recording cannot be called so. The message says why."""


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """One recording in the directory."""

    path: Path
    kept: bool
    """Whether the user gave it a name, and it is never deleted by itself."""

    changed_at: float
    """When something was written to it last, in seconds since 1970."""

    size: int
    """Bytes of all its files."""

    @property
    def name(self) -> str:
        """What the user calls it, or what was made up."""
        return self.path.stem


class RecordingDirectory:
    """Makes, lists, names and deletes recordings.

    Args:
        path: Where; None for the place in the user's state directory.

    Raises:
        OSError: It cannot be made.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = state_directory("recordings") if path is None else path
        self.recent = self.path / "recent"
        self.recent.mkdir(mode=0o700, exist_ok=True)

    def begin(self, what: str) -> RecordingWriter:
        """Begin a recording without a name of its own.

        Args:
            what: What is recorded, such as `lab: hello`.

        Raises:
            OSError: It cannot be written.
        """
        header = Header.now(what)
        stem = f"{time.strftime('%Y%m%d-%H%M%S')}-{_slug(what)}".rstrip("-")
        for number in range(1, _MOST_TRIES):
            path = self.recent / f"{stem}{f'-{number}' if number > 1 else ''}{SUFFIX}"
            try:
                return RecordingWriter(path, header)
            except FileExistsError:
                # Another session of the same second; it may be that of another process.
                continue
        raise FileExistsError(f"There are {_MOST_TRIES} recordings called {stem}")

    def recordings(self) -> list[StoredRecording]:
        """List what there is, the latest first."""
        found = [*_recordings_in(self.path, kept=True), *_recordings_in(self.recent, kept=False)]
        return sorted(found, key=lambda one: (one.changed_at, one.name), reverse=True)

    def rename(self, path: Path, name: str) -> Path:
        """Give a recording a name, and keep it for good.

        Returns:
            Where it is now.

        Raises:
            NameRefusedError: There is another one of this name, or no file can be called so.
            OSError: It cannot be moved.
        """
        target = self.path / (_checked(name) + SUFFIX)
        if target == path:
            return path
        if target.exists():
            raise NameRefusedError(f"There is a recording called {name!r} already")
        # The bodies first: whoever finds the lines finds the bodies beside them. A link and not a move, so that a
        # program that dies in between loses nothing.
        moves = [(bodies_path(path), bodies_path(target)), (path, target)]
        for old, new in moves:
            if old.exists():
                _link(old, new)
        for old, _ in reversed(moves):
            old.unlink(missing_ok=True)
        index_path(path).unlink(missing_ok=True)
        return target

    def prune(self, most: int = MOST_RECENT, most_size: int = MOST_RECENT_SIZE) -> None:
        """Delete the oldest recordings without a name, beyond a number or a size in all.

        The latest is always kept, and so is one that is being written.
        """
        size = 0
        recent = [one for one in self.recordings() if not one.kept]
        for place, one in enumerate(recent):
            size += one.size
            if place and (place >= most or size > most_size) and not in_use(one.path):
                delete_recording(one.path)


def delete_recording(path: Path) -> None:
    """Delete a recording, with everything that belongs to it.

    Raises:
        OSError: It cannot be deleted.
    """
    # The lines first: bodies without lines are no recording, and lines without bodies a damaged one.
    for part in _parts(path):
        part.unlink(missing_ok=True)


def in_use(path: Path) -> bool:
    """Say whether a recording is being written, in this process or another one."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def _parts(path: Path) -> tuple[Path, ...]:
    return path, bodies_path(path), index_path(path)


def _recordings_in(directory: Path, *, kept: bool) -> Iterator[StoredRecording]:
    for path in directory.glob(f"*{SUFFIX}"):
        # One may vanish while the directory is walked through: another session has deleted it.
        sizes = [found.st_size for part in _parts(path) if (found := _stat(part)) is not None]
        found = _stat(path)
        if found is not None:
            yield StoredRecording(path, kept, found.st_mtime, sum(sizes))


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _link(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except PermissionError:
        # A file system without links.
        old.rename(new)


def _slug(what: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "-", what.removeprefix("lab: ")).strip("-.")[:40]


def _checked(name: str) -> str:
    name = name.strip().removesuffix(SUFFIX)
    if not name or name.startswith("."):
        raise NameRefusedError("Expected a name that does not begin with a dot")
    if any(not character.isprintable() or character == "/" for character in name):
        raise NameRefusedError("Expected a name without / and control characters")
    if len(name) > LONGEST_NAME or len(os.fsencode(name + SUFFIX)) > 255:
        raise NameRefusedError(f"Expected at most {LONGEST_NAME} characters")
    return name
