"""Where the output goes: a new file, or nowhere any more."""

import errno
import io
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import UnsupportedOperation
from pathlib import Path
from typing import TextIO

from workbench.cli.command import UnwrittenError, UsageError
from workbench.cli.progress import progress
from workbench.endings import ExitCode

OUTPUT_FAILURES = frozenset((errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC))
"""How writing to what is open can fail."""

OR_FORCE = "Name another one, or add --force"
"""What to do about a file that is there already, where a command has this option."""


def open_closed_streams() -> None:
    """Put streams in the place of those that the process was started without, which are None.

    They behave as the closed ones would: what is read is empty, and what is written to standard output fails. The first
    file or socket that is opened does not get their numbers, either.
    """
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY), encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def write_output_whole() -> None:
    """Have all of the output written, or an error raised, where Python does not buffer it (`python -u`, PYTHONUNBUFFERED).

    What the system takes in part, as on a disk that is nearly full, such a stream passes over.
    """
    out = sys.stdout
    if out is not sys.__stdout__:
        return  # It belongs to a program that runs the command.
    if isinstance(out, io.TextIOWrapper) and isinstance(out.buffer, io.RawIOBase):
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(out.buffer), out.encoding, out.errors, line_buffering=True, write_through=True
        )


def reader_gone() -> ExitCode:
    """End quietly when nobody reads the output any more, as `workbench run ... | head` does."""
    _write_no_more(sys.stdout)
    return ExitCode.READER_GONE


def output_lost(title: str, error: OSError) -> ExitCode:
    """End with one line where the output cannot be written, as on a full disk."""
    _write_no_more(sys.stdout)
    try:
        print(f"{title}: the output cannot be written: {error.strerror or error}", file=sys.stderr)
    except OSError:
        _write_no_more(sys.stderr)
    return ExitCode.UNWRITTEN


def _write_no_more(stream: TextIO) -> None:
    # What is left in the buffer must not fail when Python flushes it at its end. What a program has put there is its own.
    with suppress(UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def require_place(path: Path, *, way_out: str = "Name another one", force: bool = False) -> None:
    """Refuse a file that cannot be written, before anything is done for what is to be in it.

    Args:
        path: The file.
        way_out: What to do where there is one already.
        force: It may be there already.
    """
    try:
        there = path.exists()
        if there and not force:
            raise UsageError(f"there is a file {str(path)!r} already", way_out)
        if path.is_dir():
            raise UsageError(f"{str(path)!r} is a directory", "Name a file in it")
        if not there and not path.parent.is_dir():
            words = f"{str(path)!r} cannot be written: there is no directory {str(path.parent)!r}"
            raise UsageError(words, "Make it, or name another one")
        if not os.access(path if there else path.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise not_begun(path, error) from None


def not_begun(path: Path, error: Exception) -> UsageError:
    """Say why a file cannot be made."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    return UsageError(f"{str(path)!r} cannot be written: {reason}", "Name a file in another place")


def unwritten(path: Path, error: OSError) -> UnwrittenError:
    """Say why a file that was begun is not there."""
    return UnwrittenError(
        f"{str(path)!r} cannot be written: {error.strerror or error}; nothing of it is kept"
    )


def write_file(path: Path, pieces: Iterable[bytes], *, secret: bool, force: bool) -> None:
    """Write a new file piece by piece, for nobody but its owner where it holds secrets.

    A part of a file is no export: it is taken away again where the rest cannot be made.
    """
    # The first piece before the file: a form that has nothing to hold says so there.
    rest = iter(pieces)
    first = next(rest, b"")
    require_place(path, way_out=OR_FORCE, force=force)
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if force else os.O_EXCL)
    try:
        fd = os.open(path, flags, 0o600 if secret else 0o666)
    except (OSError, ValueError) as error:
        raise not_begun(path, error) from None
    try:
        with os.fdopen(fd, "wb") as file, _taken_away(path):
            # What is no file of its own, such as a pipe or /dev/null, stays open to whom it was.
            if secret and stat.S_ISREG(os.fstat(fd).st_mode):
                os.fchmod(fd, 0o600)
            with progress(lambda: f"writing {path.name}: {file.tell():,} bytes"):
                file.write(first)
                file.writelines(rest)
                file.flush()
    except OSError as error:
        raise unwritten(path, error) from None


@contextmanager
def _taken_away(path: Path) -> Iterator[None]:
    """Delete a file where what writes it fails; what is no file of its own, such as a pipe, stays."""
    try:
        yield
    except BaseException:
        if path.is_file():
            path.unlink()
        raise
