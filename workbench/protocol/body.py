"""The body of a request: what kinds there are, how long they are, and their pieces."""

import io
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from workbench.protocol.errors import UnimplementedFileMode
from workbench.protocol.reporter import Reporter
from workbench.protocol.wire.serializer import serialize_chunk

BytesLike = bytes | bytearray | memoryview

_IN_MEMORY = (bytes, str)

METHODS_EXPECTING_BODY = frozenset(("PATCH", "POST", "PUT"))
"""Methods that define a meaning for content, so that a request without any says so (RFC 9110
section 8.6: a user agent SHOULD send Content-Length in a request when the method does)."""

FRAMING_FIELDS = frozenset(("content-length", "transfer-encoding"))
"""The fields that say where a body ends (RFC 9112 section 6.3)."""


class UnreadableFileMode(UnimplementedFileMode, io.UnsupportedOperation):
    """A body file that is not open for reading; code may expect either of the two classes."""


def content_length(body: Any, method: str, *, stat_files: bool) -> int | None:
    """Find the length of a body without reading it.

    Args:
        body: As given to `request`.
        method: Decides whether having no body is worth a Content-Length of 0.
        stat_files: Take the length of a regular file from `fstat`, as the documentation says.
            Else, and for anything whose length is not known, None: it has to be chunked.

    Returns:
        Bytes, or None where nothing is known or nothing is to be said.
    """
    if isinstance(body, bytes):
        return len(body)
    if body is None:
        return 0 if method.upper() in METHODS_EXPECTING_BODY else None
    if hasattr(body, "read"):
        return _file_length(body) if stat_files else None
    try:
        return memoryview(body).nbytes
    except TypeError:
        return len(body) if isinstance(body, str) else None


def _file_length(file: Any) -> int | None:
    """The bytes from here to the end of a regular binary file."""
    rest = None if is_text(file) else rest_of_file(file)
    return None if rest is None else len(rest)


def rest_of_file(file: Any) -> range | None:
    """The places from here to the end of a regular file; None for any other, and for one whose end is not known."""
    try:
        status = os.fstat(file.fileno())
    except (AttributeError, OSError):
        # Files in memory have no number.
        return None
    # Files that the kernel makes when they are read, as those of /proc, seem to be empty.
    if not stat.S_ISREG(status.st_mode) or not status.st_size:
        return None
    at = int(file.tell())
    return range(at, max(status.st_size, at))


def is_plain_file(file: Any) -> bool:
    """Whether what `read` gives is what the file descriptor has: a file as `open` makes it, binary."""
    if type(file) is io.BufferedRandom:
        # What was written may not be in the file yet.
        file.flush()
    raw = file.raw if type(file) in (io.BufferedReader, io.BufferedRandom) else file
    return type(raw) is io.FileIO


def check_readable(body: Any) -> None:
    """Refuse a file that cannot be read, before anything is sent.

    Raises:
        UnreadableFileMode: It is open for writing or appending only.
    """
    if isinstance(body, _IN_MEMORY):
        return
    readable = getattr(body, "readable", None)
    mode = str(getattr(body, "mode", "w"))
    # A class that has a `read` of its own may have inherited the `readable` of io's bases, which
    # says no; its mode then knows better.
    if hasattr(body, "read") and callable(readable) and readable() is False and "r" not in mode:
        raise UnreadableFileMode(f"Expected a body file open for reading, got mode {mode!r}")


def is_text(file: Any) -> bool:
    """Whether a file gives `str`."""
    return isinstance(file, io.TextIOBase)


def pieces(body: Any, block_size: int, reporter: Reporter | None) -> Iterator[bytes | memoryview]:
    """Give the bytes of a body, piece by piece, without the empty ones.

    Args:
        body: Bytes-like, a file (text is sent as latin-1) or an iterable of bytes-like.
        block_size: Bytes read from a file at a time.
        reporter: Of the connection; None where there is no tap.

    Raises:
        TypeError: It is none of these.
    """
    if isinstance(body, bytes):
        # They go on as they are: whoever overrides `send` looks into them.
        yield body
        return
    if hasattr(body, "read"):
        yield from _waited_for(_file_pieces(body, block_size), reporter)
        return
    try:
        yield memoryview(body).cast("B")
    except TypeError:
        if isinstance(body, str) or not isinstance(body, Iterable):
            raise TypeError(
                f"Expected a bytes-like object, a file or an iterable of these, got {type(body)!r}"
            ) from None
        for piece in _waited_for(body, reporter):
            if isinstance(piece, str):
                raise TypeError("Expected an iterable of bytes-like objects, got a str in it") from None
            yield memoryview(piece).cast("B")


def queue_chunk(data: BytesLike, reporter: Reporter | None) -> bytes:
    """Make a chunk of a piece of a body, and tell the tap; of no data the last chunk (RFC 9112 section 7.1)."""
    chunk = serialize_chunk(data)
    if reporter is not None:
        reporter.queued_chunk(chunk, len(data))
    return chunk


def _file_pieces(file: Any, block_size: int) -> Iterator[bytes | memoryview]:
    while block := file.read(block_size):
        yield block.encode("latin-1") if isinstance(block, str) else block


def _waited_for(made: Iterable[Any], reporter: Reporter | None) -> Iterator[Any]:
    """Have the tap look at its notes before each piece: who makes them may take as long as a peer."""
    if reporter is not None:
        reporter.show()
    for piece in made:
        yield piece
        if reporter is not None:
            reporter.show()


def encode_body(body: str) -> bytes:
    """Turn a body of characters into bytes, as the documentation has it."""
    try:
        return body.encode("latin-1")
    except UnicodeEncodeError as error:
        raise UnicodeEncodeError(
            error.encoding, error.object, error.start, error.end,
            f"body ({body[error.start : error.end]!r}) is not valid Latin-1. "
            "Use body.encode('utf-8') if you want to send it encoded in UTF-8.",
        ) from None  # fmt: skip


def field_names(headers: Mapping[Any, Any]) -> set[str]:
    """Give the names of fields in small letters.

    Args:
        headers: As given to `request`.

    Raises:
        TypeError: It is no mapping, or a name in it is neither `str` nor `bytes`.
    """
    if not hasattr(headers, "items"):
        raise TypeError(f"Expected a mapping of field names to values, got {type(headers)!r}")
    names = set()
    for name in headers:
        if not isinstance(name, str | bytes):
            raise TypeError(f"Expected a field name of str or bytes, got {type(name)!r}")
        names.add((name if isinstance(name, str) else name.decode("latin-1")).lower())
    return names


def encode_value(value: str | bytes | int) -> bytes:
    """Turn what `putheader` takes for a field value into its bytes.

    Raises:
        TypeError: It is neither `str` nor `bytes` nor `int`.
        UnicodeEncodeError: It has a character that latin-1 does not have.
    """
    if isinstance(value, str):
        return value.encode("latin-1")
    if isinstance(value, int):
        return str(value).encode("ascii")
    if isinstance(value, bytes):
        return value
    raise TypeError(f"Expected a field value of str, bytes or int, got {type(value)!r}")
