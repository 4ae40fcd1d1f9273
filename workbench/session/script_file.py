"""Writing a script to its file, so that a failure leaves the old one as it was."""

import contextlib
import os
import tempfile
from pathlib import Path

CRLF = "\r\n"


def line_end_of(text: str) -> str:
    """Say which line end a text has: that of its first line."""
    end = text.find("\n")
    return CRLF if end > 0 and text[end - 1] == "\r" else "\n"


def plain_text(text: str) -> str:
    r"""Give a text whose lines end with `\n` alone."""
    return text.removeprefix("\ufeff").replace(CRLF, "\n").replace("\r", "\n")


def write_source(path: Path, text: str, line_end: str = "\n") -> None:
    r"""Write a script to a file.

    The text goes into a new file, which then takes the place of the old one: a full disk costs
    nothing. Where no new file can be made beside it, the old one is written over.

    Args:
        path: Which file. A link stays one, and what it points to is written.
        text: The script; its lines end with `\n`.
        line_end: What ends them in the file.

    Raises:
        OSError: It cannot be written. The old file is as it was, but for a disk that filled up where
            no new file could be made.
    """
    path = path.resolve()
    data = text.replace("\n", line_end).encode("utf-8")
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError:
        path.write_bytes(data)
        return
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(_mode_of(path))
        new.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def _mode_of(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
