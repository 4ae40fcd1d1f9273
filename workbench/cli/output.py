"""Where the output goes: a new file, or nowhere any more."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.cli.command import UsageError
from workbench.cli.progress import progress
from workbench.endings import ExitCode


def reader_gone() -> ExitCode:
    """End quietly when nobody reads the output any more, as `workbench run ... | head` does."""
    # What is left in the buffer must not fail when Python flushes it at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.READER_GONE


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
