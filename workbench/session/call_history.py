"""The calls that were typed: to bring one back, also after the program was started again.

They are kept in the state directory, one JSON string a line, in a file that only its owner can read. A
line is added with one write to a file that is open for appending, so several programs that run at once
add theirs in turn. A call that names a field with credentials is remembered until the program ends, and
is not written down; nor is one that begins with a space, as in a shell.
"""

import contextlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from workbench.protocol.redaction import CREDENTIAL_FIELDS
from workbench.session.state_directory import state_directory

FILE_NAME = "calls.jsonl"

MOST_REMEMBERED = 1000
"""Calls of earlier starts that can be brought back."""

LONGEST_WRITTEN = 4096
"""Characters of a call that is written down. A longer one is content, not something to type again."""

_MOST_READ = 4 * 1024 * 1024


class CallHistory:
    """The calls of this start of the program, behind those of earlier ones."""

    def __init__(self, earlier: Iterable[str] = ()) -> None:
        self._calls = list(earlier)[-MOST_REMEMBERED:]

    def __len__(self) -> int:
        return len(self._calls)

    def __getitem__(self, number: int) -> str:
        return self._calls[number]

    def put_before(self, earlier: Iterable[str]) -> None:
        """Put calls of earlier starts, which took a while to read, before those that were typed since."""
        self._calls = [*earlier, *self._calls][-MOST_REMEMBERED:]

    def add(self, call: str) -> bool:
        """Remember a call. False when it is the one that was remembered last."""
        if self._calls[-1:] == [call]:
            return False
        self._calls = [*self._calls[1 - MOST_REMEMBERED :], call]
        return True

    def earlier(self, number: int, prefix: str) -> int | None:
        """Find the call before one that begins with a text, and is not that text."""
        return self._find(range(min(number, len(self._calls)) - 1, -1, -1), prefix)

    def later(self, number: int, prefix: str) -> int | None:
        """Find the call after one that begins with a text, and is not that text."""
        return self._find(range(number + 1, len(self._calls)), prefix)

    def _find(self, numbers: range, prefix: str) -> int | None:
        return next(
            (at for at in numbers if self._calls[at].startswith(prefix) and self._calls[at] != prefix), None
        )


def is_written_down(call: str) -> bool:
    """Whether a call may be kept in a file."""
    lower = call.lower()
    return (
        not call.startswith(" ")
        and len(call) <= LONGEST_WRITTEN
        and not any(name in lower for name in CREDENTIAL_FIELDS)
    )


def load_calls() -> list[str]:
    """Read the calls of earlier starts, the oldest first. Lines that are damaged are passed over.

    Raises:
        OSError: The file is there and cannot be read.
    """
    path = state_directory() / FILE_NAME
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _MOST_READ))
            lines = file.read(_MOST_READ).split(b"\n")
    except FileNotFoundError:
        return []
    calls = [call for call in map(_parse, lines) if call]
    if len(lines) > 2 * MOST_REMEMBERED:
        _shorten(path, calls[-MOST_REMEMBERED:])
    return calls[-MOST_REMEMBERED:]


def save_call(call: str) -> None:
    """Add a call to the file, if it may be kept there.

    Raises:
        OSError: It cannot be written.
    """
    if is_written_down(call):
        path = state_directory() / FILE_NAME
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
            os.write(descriptor, _line(call))
        finally:
            os.close(descriptor)


def _parse(line: bytes) -> str:
    try:
        call = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    return call if isinstance(call, str) and call.isprintable() else ""


def _line(call: str) -> bytes:
    return json.dumps(call).encode("ascii") + b"\n"


def _shorten(path: Path, calls: Iterable[str]) -> None:
    """Write the file anew. A program that adds a call at this moment loses that one call for later starts."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(map(_line, calls))
        new.replace(path)
    except OSError:
        # The long file is as good as the short one.
        with contextlib.suppress(OSError):
            new.unlink()
