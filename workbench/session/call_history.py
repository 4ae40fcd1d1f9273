"""The calls that were typed: to bring one back, also after the program was started again.

They are kept in the state directory, one JSON string a line, in a file that only its owner can read. A
line is added with one write to a file that is open for appending, so several programs that run at once
add theirs in turn. A call that looks as if it had a secret in it is remembered until the program ends, and
is not written down: one with the name of a field with credentials, with a word such as password, or with
the userinfo of a URL; nor is one that begins with a space, as in a shell.
"""

import contextlib
import json
import os
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from workbench.protocol.redaction import CREDENTIAL_FIELDS
from workbench.session.state_directory import state_directory

FILE_NAME = "calls.jsonl"

MOST_REMEMBERED = 1000
"""Calls of earlier starts that can be brought back."""

LONGEST_WRITTEN = 4096
"""Characters of a call that is written down. A longer one is content, not something to type again."""

_MOST_READ = 4 * 1024 * 1024

_SECRET_WORDS = ("password", "passwd", "secret", "token", "api_key", "api-key", "apikey")
"""What somebody calls a secret who is not in a field of HTTP. A call too many that is not kept does little harm."""

_USERINFO = re.compile(r"""//[^\s/?#"']+@|[^\s/?#"',:]+:[^\s/?#"',]+@""")
"""With its URL, or with a colon alone, as it is written before a host."""


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


def is_written_down(call: str, listed: Collection[str] = ()) -> bool:
    """Whether a call may be kept in a file.

    Args:
        call: The call.
        listed: Names that the user calls secret, in lower case.
    """
    if call.startswith(" ") or len(call) > LONGEST_WRITTEN:
        return False
    lower = call.lower()
    names = (*CREDENTIAL_FIELDS, *_SECRET_WORDS, *listed)
    return not any(name in lower for name in names) and _USERINFO.search(call) is None


def load_calls() -> list[str]:
    """Read the calls of earlier starts, the oldest first. Lines that are damaged are passed over.

    Raises:
        OSError: The file is there and cannot be read.
    """
    path = state_directory() / FILE_NAME
    try:
        with path.open("rb") as file:
            before = max(0, path.stat().st_size - _MOST_READ)
            file.seek(before)
            lines = file.read(_MOST_READ).split(b"\n")
    except FileNotFoundError:
        return []
    if before:
        # The end of a line can look like a whole one.
        del lines[0]
    calls = [call for call in map(_parse, lines) if call]
    if before or len(lines) > 2 * MOST_REMEMBERED:
        _shorten(path, calls[-MOST_REMEMBERED:])
    return calls[-MOST_REMEMBERED:]


def save_call(call: str, listed: Collection[str] = ()) -> None:
    """Add a call to the file, if it may be kept there.

    Args:
        call: The call.
        listed: Names that the user calls secret, in lower case.

    Raises:
        OSError: It cannot be written.
    """
    if is_written_down(call, listed):
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
