"""The bytes that came and are not parsed yet.

One `Receiver` belongs to a connection, not to a response: what a receive call brought beyond
the end of one message is still there for whoever reads next. Where the bytes come from, its kinds
know (`receivers`).
"""

import io
import sys
from collections.abc import Callable
from typing import Any

from workbench.protocol.errors import LineTooLong, too_much
from workbench.protocol.judge import Judge
from workbench.protocol.limits import MAX_RECEIVE_SIZE, RECEIVE_SIZE, Limits
from workbench.protocol.reporter import Reporter
from workbench.protocol.wire.grammar import REGULAR_SECTION, SECTION_END
from workbench.protocol.wire.regular_head import RegularHead, parse_regular_head

ReceivedSection = tuple[bytes, bytes, bool]
"""A header section or trailer section: all lines but the empty one; the empty line, or nothing where the
connection ended before it; whether every line is known to have the form of the grammar."""


class Receiver(io.BufferedIOBase):
    """A buffer of received bytes, with the reads that a parser and a caller need.

    It behaves like a file too, because `HTTPResponse.fp` is one.
    """

    # Slots are found fast by the interpreter. It has no such way to the attributes in the `__dict__` of a file.
    __slots__ = (
        "consumed_before", "data", "ended", "judge", "last_head", "position", "reporter", "tls_truncated",
    )  # fmt: skip

    def __init__(self, reporter: Reporter | None) -> None:
        self.reporter = reporter
        self.judge: Judge | None = None
        """Where there is a tap, what judges all that comes, under the default policy, once it was made."""

        self.ended = False
        """The peer has closed its side."""

        self.tls_truncated = False
        """And so it seems only: TLS ended without close_notify."""

        self.data = b""
        """What came, from some place on: it is cut off where that costs nothing."""

        self.position = 0
        """Where in `data` the next byte to be parsed is. Whoever takes bytes from there moves it behind them."""

        self.consumed_before = 0
        self.last_head: RegularHead | None = None
        """The one before: many servers answer with the same again and again."""

    @property
    def offset(self) -> int:
        """The place, in the received stream, of the next byte to be parsed."""
        return self.consumed_before + self.position

    @property
    def buffered(self) -> bytes:
        """What came and is not parsed yet."""
        return self.data[self.position :]

    def receive(self, size: int) -> bytes:
        """Wait for at most `size` bytes from the peer; empty when it has closed its side."""
        raise NotImplementedError

    def receive_ahead(self, size: int) -> bytes:
        """Wait for bytes, and take more than `size` where what is not used yet can be kept."""
        return self.receive(size)

    def receive_line(self, limit: int) -> bytes:
        """Wait for bytes that may complete a line, at most `limit` of them."""
        raise NotImplementedError

    # --- for the parser ------------------------------------------------------------------

    def line(self, limit: int, what: str, limits: Limits, name: str = "line") -> bytes:
        """Take one line.

        Args:
            limit: The bytes that it may have, its line end included.
            what: The element, for the error message.
            limits: What the limit is one of.
            name: Which.

        Returns:
            The line with its LF; without one where the stream ended.

        Raises:
            LineTooLong: There is no LF within the limit. Nothing is taken.
        """
        end = self.data.find(b"\n", self.position) + 1 or self._wait_for_line_end(limit) or len(self.data)
        start = self.position
        if end - start > limit:
            raise LineTooLong(what, limit, limits.way_out(name))
        self.position = end
        return self.data[start:end]

    def regular_head(self, limits: Limits) -> RegularHead | None:
        """Take a head, where all of it is there, and nothing can be wrong with it but what fields say.

        Args:
            limits: What the head may have.

        Returns:
            None where nothing was taken: `line` and `section` have to be asked, which wait for the rest
            of it, and say which limit is passed.
        """
        if self.position == len(self.data) and not self.ended:
            self._wait_for_head()
        data, position, head = self.data, self.position, self.last_head
        # Many servers answer with the same head again and again.
        if head is None or not data.startswith(head.data, position):
            head = parse_regular_head(data, position)
            if head is None:
                return None
            self.last_head = head
        length = len(head.data)
        if length > limits.line or length > limits.section or head.line_count > limits.fields:
            return None
        self.position = position + length
        return head

    def _wait_for_head(self) -> None:
        """Receive once, where that takes nothing which is not wanted."""

    def section(self, limits: Limits, max_fields: int, what: str = "header") -> ReceivedSection:
        """Take the lines up to and including the next empty one.

        Args:
            limits: Bytes of a line, and of the section.
            max_fields: Lines of the section.
            what: `header` or `trailer`.

        Raises:
            LineTooLong: A line is too long.
            HTTPException: There are too many lines, or too many bytes.
        """
        start = self.position
        if regular := REGULAR_SECTION.match(self.data, start):
            end = regular.end(1)
            _check_section(self.data, start, end, limits, max_fields, what)
            self.position = end + len(b"\r\n")
            return regular[1], b"\r\n", True
        if self.data.startswith(b"\n", start):
            return b"", self._take(start + 1), False
        match = SECTION_END.search(self.data, start)
        if match is None:
            self._wait_for_section(limits, max_fields)
            if self.data.startswith((b"\r\n", b"\n"), self.position):
                return self.section(limits, max_fields, what)
            match = SECTION_END.search(self.data, self.position)
        end = match.start() + 1 if match else len(self.data)
        _check_section(self.data, self.position, end, limits, max_fields, what)
        return self._take(end), self._take(match.end()) if match else b"", False

    def receive_whole(self, count: int) -> bytes:
        """Take so many bytes, if nothing is there and waiting once brings as many; else none."""
        start = self.position
        if start < len(self.data) or self.ended:
            return b""
        received = self.receive(min(count, MAX_RECEIVE_SIZE))
        if len(received) < count:
            self.consumed_before += start
            self.data, self.position = received, 0
            return b""
        # Nothing of it is left, so nothing of it is kept.
        self.consumed_before += start + count
        self.data, self.position = b"", 0
        return received

    def some(self, limit: int, ahead: bool = True) -> bytes:
        """Take what is there, or wait once for something; empty at the end of the stream.

        Args:
            limit: The most bytes to take.
            ahead: Receive what is there beyond a small limit too, and keep it, which saves calls.
        """
        start = self.position
        if start < len(self.data):
            data = self.data[start : start + limit]
            self.position = start + len(data)
            return data
        if self.ended:
            return b""
        if ahead and limit < RECEIVE_SIZE:
            received = self.receive_ahead(limit)
            self.consumed_before += start
            self.data, self.position = received, min(limit, len(received))
            return received[:limit]
        # Nothing of it is left, so nothing of it is kept.
        received = self.receive(min(limit, MAX_RECEIVE_SIZE))
        self.consumed_before += start + len(received)
        self.data, self.position = b"", 0
        return received

    def some_into(self, view: memoryview, ahead: bool = True) -> int:
        """Like `some`, into memory of the caller."""
        data = self.rest(len(view)) or self.some(len(view), ahead)
        view[: len(data)] = data
        return len(data)

    def rest(self, limit: int) -> memoryview:
        """Take what is buffered, at most `limit` bytes, without copying it."""
        view = memoryview(self.data)[self.position : self.position + limit]
        self.position += len(view)
        return view

    def put_back(self, data: bytes) -> None:
        """Undo the last takes: these bytes are the next ones again."""
        self.consumed_before = self.offset - len(data)
        self.data = data + self.data[self.position :]
        self.position = 0

    def wait_for_bytes(self, count: int) -> bytes:
        """Show the next bytes without taking them: `count`, or fewer at the end of the stream."""
        while len(self.data) - self.position < count and not self.ended:
            self._append(self.receive_ahead(count - (len(self.data) - self.position)))
        return self.data[self.position : self.position + count]

    def shown(self, limit: int) -> bytes:
        """Show what is there, at most `limit` bytes, waiting once where there is nothing."""
        if self.position == len(self.data) and not self.ended:
            self._append(self.receive_ahead(min(limit, RECEIVE_SIZE)))
        return self.data[self.position : self.position + limit]

    def wait_for_line(self, limit: int) -> bytes:
        """Show the next line without taking it, cut at `limit` and at the end of the stream."""
        end = self._wait_for_line_end(limit) or len(self.data)
        return self.data[self.position : min(end, self.position + limit)]

    def _take(self, end: int) -> bytes:
        data = self.data[self.position : end]
        self.position = end
        return data

    def _append(self, data: bytes) -> None:
        left = self.data[self.position :]
        self.data, self.position, self.consumed_before = left + data if left else data, 0, self.offset

    def _wait_for_line_end(self, limit: int) -> int:
        """Receive until there is a line end, the stream ends or the limit is passed; give its place, or 0."""
        if self.position == len(self.data) and not self.ended:
            # Nearly always the first bytes of a message bring all of its head.
            data = self.receive_line(limit + 1)
            self.consumed_before += self.position
            self.data, self.position = data, 0
        end = self.data.find(b"\n", self.position) + 1
        return end or self._wait(lambda data, seen: data.find(b"\n", seen) + 1, limit)

    def _wait(self, find: Callable[[bytearray, int], int], limit: int, at_once: int | None = None) -> int:
        """Receive until `find` gives the end of something, the stream ends or the limit is passed.

        Pieces are gathered in one growing buffer, so that a peer that sends single bytes costs
        linear time.

        Args:
            find: Gets what was gathered, and how much of it cannot hold the end.
            limit: How much may be gathered.
            at_once: How much may be waited for in one call, where that is less.

        Returns:
            The end, in the buffer, or 0.
        """
        start = self.position
        gathered = bytearray(self.data[start:])
        end = 0
        try:
            while not end and len(gathered) <= limit and not self.ended:
                seen = max(len(gathered) - 3, 0)
                gathered += self.receive_line(min(limit + 1 - len(gathered), at_once or limit + 1))
                end = find(gathered, seen)
        finally:
            self.consumed_before = self.offset
            self.data, self.position = bytes(gathered), 0
        return end

    def _wait_for_section(self, limits: Limits, max_fields: int) -> None:
        """Receive until there is an empty line, the stream ends or a limit is passed.

        The limits are looked at while bytes come, so that nobody has to send all of them, and
        again afterwards (`_check_section`), so that it does not matter how the bytes came.
        """
        line_start = lines = 0

        def end_or_breach(data: bytearray, seen: int) -> int:
            nonlocal line_start, lines
            if SECTION_END.search(data, seen) or data.startswith((b"\r\n", b"\n")):
                return len(data)
            while line_end := data.find(b"\n", max(line_start, seen)) + 1:
                if line_end - line_start > limits.line:
                    return len(data)
                line_start, lines = line_end, lines + 1
            # The empty line does not count, so its first half may lie where the section has no room left.
            over = data[limits.section :]
            half_an_empty_line = over == b"\r" and line_start == limits.section
            too_long = len(data) - line_start > limits.line or (over and not half_an_empty_line)
            return len(data) if too_long or lines > max_fields else 0

        # A limit may be passed already, by a peer from whom nothing more comes.
        if not end_or_breach(bytearray(self.buffered), 0):
            self._wait(end_or_breach, limits.section + len(b"\r\n"), limits.line + 1)

    # --- for the caller, as a file ---------------------------------------------------------

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Read so many bytes, or to the end of the stream."""
        if size is None or size < 0:
            return b"".join(iter(lambda: self.some(RECEIVE_SIZE), b""))
        pieces = []
        while size and (piece := self.some(size)):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def read1(self, size: int = -1, /) -> bytes:
        """Read what is there, waiting once at most."""
        return self.some(RECEIVE_SIZE if size < 0 else size) if size else b""

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer, less only at the end of the stream."""
        view = writable_view(buffer)
        filled = 0
        while filled < len(view) and (count := self.some_into(view[filled:])):
            filled += count
        return filled

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read up to and including the next LF, at most `size` bytes."""
        left = sys.maxsize if size is None or size < 0 else size
        pieces = []
        while left and (piece := self.wait_for_line(min(left, MAX_RECEIVE_SIZE))):
            pieces.append(self._take(self.position + len(piece)))
            left -= len(piece)
            if piece.endswith(b"\n"):
                break
        return b"".join(pieces)

    def peek(self, size: int = 0, /) -> bytes:
        """Show what is there, waiting once where there is nothing."""
        self.shown(size if size > 0 else RECEIVE_SIZE)
        return self.buffered


def writable_view(buffer: Any) -> memoryview:
    """Give the bytes of a caller's memory, before anything is received that would be lost.

    Raises:
        TypeError: It is no memory, or cannot be written to.
    """
    view = memoryview(buffer).cast("B")
    if view.readonly:
        raise not_writable(buffer)
    return view


def not_writable(buffer: Any) -> TypeError:
    """Make the error for memory that can only be read."""
    return TypeError(f"Expected memory that can be written to, got {type(buffer)!r}")


def _check_section(data: bytes, start: int, end: int, limits: Limits, max_fields: int, what: str) -> None:
    """Raise for the limit whose first byte too many comes first: it does not matter how the bytes came."""
    length = end - start
    if length <= limits.line and length <= limits.section and data.count(b"\n", start, end) <= max_fields:
        return
    over_section = start + limits.section
    position, count = start, 0
    while position < end:
        line_end = data.find(b"\n", position, end) + 1
        over_line = position + limits.line
        if min(over_line, over_section) < (line_end or end):
            if over_line <= over_section:
                raise LineTooLong(f"{what} line", limits.line, limits.way_out("line"))
            raise too_much(f"{limits.section} bytes of {what}s", limits.way_out("section"))
        count += 1
        if count > max_fields and line_end:
            raise too_much(
                f"{max_fields} {what}s", limits.way_out(_name_of_most_fields(limits, max_fields, what))
            )
        position = line_end or end


def _name_of_most_fields(limits: Limits, max_fields: int, what: str) -> str:
    if what == "trailer":
        return "trailers"
    return "fields" if max_fields == limits.fields else "max_response_headers"
