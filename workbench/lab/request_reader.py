"""The lab's own reader of requests: just enough to know where the head and the content end.

RFC 9112 sections 2, 3, 6 and 7.1. It is lenient on purpose: people send it wrong requests by hand, and the lab should play on wherever
the end can still be found. It shares no code with `workbench.protocol`.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from workbench.lab.budget import Budget, OverBudget

MAX_HEAD_SIZE = 256 * 1024
MAX_CONTENT_SIZE = 16 * 1024 * 1024
"""Bytes of content kept for one request, so that it can be sent back."""

MAX_CHUNK_LINE_SIZE = 64 * 1024

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")
_DIGITS = re.compile(rb"[0-9]{1,19}")


class PeerClosed(Exception):  # noqa: N818 - a fact that ends a play, and not always a fault
    """The client closed its sending direction where bytes were expected.

    Attributes:
        clean: Nothing of a message had come yet.
    """

    def __init__(self, *, clean: bool) -> None:
        super().__init__(
            "the client closed the connection" + ("" if clean else " in the middle of a request")
        )
        self.clean = clean


class UnreadableRequest(Exception):  # noqa: N818 - says what it is
    """The end of the request cannot be found, or is too far away.

    Attributes:
        status: The status code that says so.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class RequestHead:
    """The first part of a request, taken apart as far as the lab needs it."""

    method: bytes
    """The first word of the request line."""

    target: bytes
    """The second word. Empty when there is none."""

    version: bytes
    """The third word. Empty when there is none."""

    field_lines: tuple[tuple[bytes, bytes], ...]
    """Names in lower case, and values without the whitespace around them."""

    def values(self, name: bytes) -> list[bytes]:
        """List the values of all field lines of one name."""
        return [value for other, value in self.field_lines if other == name]


class RequestReader:
    """Reads requests one after the other from one connection.

    Args:
        receive: Waits for more bytes and returns them; `b""` at the end of the stream.
        budget: What is read, and not forgotten yet, counts against it.
    """

    def __init__(self, receive: Callable[[], Awaitable[bytes]], budget: Budget | None = None) -> None:
        self._receive = receive
        self._budget = budget or Budget()
        self._held = 0
        self._buffer = bytearray()

    async def read_head(self) -> RequestHead:
        """Read up to the end of the header section. The content of the request before is forgotten.

        Raises:
            PeerClosed: The stream ended first.
            UnreadableRequest: The head is larger than `MAX_HEAD_SIZE`.
        """
        self._hold(len(self._buffer))
        searched = 0
        while True:
            if not searched:
                # RFC 9112 section 2.2: a server SHOULD ignore at least one empty line before the
                # request line.
                self._buffer = self._buffer.lstrip(b"\r\n")
            # The end may have begun with the last three bytes of those that were there before.
            if match := _HEAD_END.search(self._buffer, max(0, searched - 3)):
                head, self._buffer = self._buffer[: match.start()], self._buffer[match.end() :]
                return _parse_head(bytes(head))
            searched = len(self._buffer)
            if searched > MAX_HEAD_SIZE:
                raise UnreadableRequest(f"Expected the end of the head within {MAX_HEAD_SIZE} bytes", 431)
            await self._more(clean=not searched)

    async def read_bytes(self, count: int) -> bytes:
        """Read exactly so many bytes.

        Raises:
            PeerClosed: The stream ended first.
        """
        return await self._take(count)

    def rest(self) -> bytes:
        """Give, and forget, what was received and not read yet."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        self._hold(0)
        return rest

    def forget(self) -> None:
        """Give back what is held, at the end of the connection."""
        self._hold(0)

    def _hold(self, size: int) -> None:
        self._budget.change(size - self._held)
        self._held = size

    async def read_body(self, head: RequestHead, at_most: int | None = None) -> bytes:
        """Read the content that belongs to `head`.

        Args:
            head: What `read_head` returned last.
            at_most: Stop after this many bytes of content. Counts only for Content-Length framing
                and for whole chunks.

        Raises:
            PeerClosed: The stream ended first.
            UnreadableRequest: The framing makes no sense, or the content is too large.
        """
        codings = b",".join(head.values(b"transfer-encoding")).lower()
        if codings.strip().endswith(b"chunked"):
            return await self._read_chunked(at_most)
        lengths = head.values(b"content-length")
        if not lengths:
            return b""
        if not _DIGITS.fullmatch(lengths[0]):
            raise UnreadableRequest(f"Expected a decimal Content-Length: {lengths[0][:80]!r}")
        length = int(lengths[0])
        return await self._take(length if at_most is None else min(length, at_most))

    async def _read_chunked(self, at_most: int | None) -> bytes:
        """Read chunks up to the last one and the trailer section (RFC 9112 section 7.1)."""
        content = bytearray()
        while at_most is None or len(content) < at_most:
            line = await self._line()
            size = _CHUNK_SIZE.match(line)
            if not size:
                raise UnreadableRequest(f"Expected a hexadecimal chunk size: {line[:80]!r}")
            if (length := int(size[0], 16)) == 0:
                while await self._line():
                    pass
                break
            if len(content) + length > MAX_CONTENT_SIZE:
                raise UnreadableRequest(f"Expected at most {MAX_CONTENT_SIZE} bytes of content")
            content += await self._take(length)
            if end := await self._line():
                raise UnreadableRequest(f"Expected CR LF after the chunk data: {end[:80]!r}")
        return bytes(content)

    async def _take(self, length: int) -> bytes:
        """Take exactly `length` bytes."""
        if length > MAX_CONTENT_SIZE:
            raise UnreadableRequest(f"Expected at most {MAX_CONTENT_SIZE} bytes of content: {length}")
        while len(self._buffer) < length:
            await self._more(clean=False)
        taken = bytes(self._buffer[:length])
        del self._buffer[:length]
        return taken

    async def _line(self) -> bytes:
        """Take one line, and drop its LF or CR LF."""
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > MAX_CHUNK_LINE_SIZE:
                raise UnreadableRequest(f"Expected the end of a line within {MAX_CHUNK_LINE_SIZE} bytes")
            await self._more(clean=False)
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")

    async def _more(self, *, clean: bool) -> None:
        """Wait for more bytes."""
        data = await self._receive()
        if not data:
            raise PeerClosed(clean=clean)
        try:
            self._hold(self._held + len(data))
        except OverBudget as error:
            raise UnreadableRequest(str(error), 503) from None
        self._buffer += data


def _parse_head(head: bytes) -> RequestHead:
    """Take a head apart at its line ends and first colons."""
    first, *rest = re.split(rb"\r?\n", head)
    words = first.split()
    pairs = (line.partition(b":") for line in rest)
    return RequestHead(
        method=words[0] if words else b"",
        target=words[1] if len(words) > 1 else b"",
        version=words[2] if len(words) > 2 else b"",
        field_lines=tuple((name.strip().lower(), value.strip()) for name, _, value in pairs),
    )
