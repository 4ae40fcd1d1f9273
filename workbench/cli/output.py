"""Where the output goes: a new file, or nowhere any more."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from workbench.cli.command import UsageError
from workbench.cli.progress import progress
from workbench.endings import ExitCode


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
    # What is left in the buffer must not fail when Python flushes it at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def write_file(path: Path, pieces: Iterable[bytes], *, secret: bool, force: bool) -> None:
    """Write a new file piece by piece, for nobody but its owner where it holds secrets.

    A part of a file is no export: it is taken away again where the rest cannot be made.
    """
    # The first piece before the file: a form that has nothing to hold says so there.
    rest = iter(pieces)
    first = next(rest, b"")
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if force else os.O_EXCL)
    try:
        with os.fdopen(os.open(path, flags, 0o600 if secret else 0o666), "wb") as file:
            if secret:
                os.fchmod(file.fileno(), 0o600)
            with _taken_away(path), progress(lambda: f"writing {path.name}: {file.tell():,} bytes"):
                file.write(first)
                file.writelines(rest)
                file.flush()
    except FileExistsError:
        raise UsageError(
            f"there is a file {str(path)!r} already", "Name another one, or add --force"
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise UsageError(f"{str(path)!r} cannot be written: {reason}") from None


@contextmanager
def _taken_away(path: Path) -> Iterator[None]:
    """Delete a file where what writes it fails; what is no file of its own, such as a pipe, stays."""
    try:
        yield
    except BaseException:
        if path.is_file():
            path.unlink()
        raise
