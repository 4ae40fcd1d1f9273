"""How content is taken out of chunks (RFC 9112 section 7.1), with the trailer section behind them."""

from operator import index
from typing import NamedTuple, NoReturn

from workbench.protocol import tap as events
from workbench.protocol.content import Content, Settle
from workbench.protocol.errors import HTTPException, IncompleteRead, LineTooLong, exception_for, too_much
from workbench.protocol.limits import DEFAULT_LIMITS, EARNED_BY_BYTE, EARNED_BY_CHUNK, RECEIVE_SIZE, Limits
from workbench.protocol.receive import Receiver
from workbench.protocol.reporter import Reporter
from workbench.protocol.wire.chunked import ChunkHeader, parse_chunk_end, parse_chunk_header
from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.grammar import NEXT_CHUNK_HEADER
from workbench.protocol.wire.trailers import parse_trailer_section

_COPIED = 1024
"""Bytes of a chunk that are copied at once: a view of so few takes as long to make, and keeps all that
was received with them."""


class _Equal(NamedTuple):
    """How chunks begin that have the same size, as most have that come one after another."""

    header: bytes
    """With the line end behind the data of the chunk before."""

    length: int
    size: int
    over: int
    """What one adds to the overhead."""


class ChunkedContent(Content):
    """Rule 4, and RFC 9112 section 7.1: chunks, each with its size before it."""

    def __init__(
        self,
        receiver: Receiver,
        settle: Settle,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        super().__init__(receiver, settle)
        self._limits = limits
        self._index = -1
        self._overhead = 0
        self._size = 0
        """Of the last chunk that was plain."""

        self._equal: _Equal | None = None
        """What it had in common with the one before, where that was of the same size."""

        self._in_data = False
        """The header of a chunk was passed, and the line end behind its data was not."""

        self._in_trailers = False
        """The header of the last chunk was passed."""

    def bypassed(self, start: int) -> bool:
        """Whether somebody else takes the body, which begins at this place, and no chunk was begun here."""
        return self._index < 0 and super().bypassed(start)

    @property
    def chunk_left(self) -> int | None:
        """What is left of the chunk that was begun, or None between chunks."""
        return self.run if self._in_data else None

    def _next_run(self) -> int:
        """Pass the line end behind a chunk and the next chunk header, where both are there and plain.

        That is `_enter_chunk` in fewer steps, and whatever is not plain is left to it.

        Returns:
            The size of the chunk, or 0.
        """
        receiver = self._receiver
        if not self._in_data or receiver.reporter is not None:
            # A tap is told of each step, and what stands before the first chunk is another thing.
            return 0
        data, position = receiver.data, receiver.position
        if (equal := self._equal) is not None and data.startswith(equal.header, position):
            _, length, size, over = equal
        elif match := NEXT_CHUNK_HEADER.match(data, position):
            size, length = int(match[1], 16), match.end() - position
            over = length - EARNED_BY_CHUNK - EARNED_BY_BYTE * size
            if not size or length > self._limits.chunk_header + 2:
                return 0
            self._equal = _Equal(match[0], length, size, over) if size == self._size else None
            self._size = size
        else:
            return 0
        overhead = self._overhead + over
        if overhead <= 0:
            self._overhead = 0
        elif overhead <= self._limits.chunk_overhead:
            self._overhead = overhead
        else:
            return 0
        self._index += 1
        self.framed += size
        self.run = size
        receiver.position = position + length
        return size

    def _take_across(self, count: int) -> bytes:
        if count >= RECEIVE_SIZE or self._receiver.reporter is not None:
            return b""
        pieces: list[bytes | memoryview] = []
        taken = self._gather_there(index(count), pieces)
        data = b"".join(pieces)
        if taken == count:
            return data
        # The read that waits for the rest begins with it.
        self._lay_by([data])
        return b""

    def _take_line_across(self, limit: int | None) -> bytes:
        receiver = self._receiver
        if receiver.reporter is not None:
            return b""
        pieces: list[bytes] = []
        data, left = receiver.data, len(receiver.data) if limit is None else index(limit)
        while left and (size := self.run or self._next_run()):
            start = receiver.position
            stop = start + (size if limit is None else min(size, left))
            end = data.find(b"\n", start, stop) + 1
            piece = data[start : end or stop]
            if not piece:
                break
            pieces.append(piece)
            count = len(piece)
            left -= count
            self.run = size - count
            receiver.position = start + count
            if end:
                break
        if pieces and (pieces[-1].endswith(b"\n") or (limit is not None and not left)):
            return b"".join(pieces)
        # The read that waits for the rest begins with it.
        self._lay_by(pieces)
        return b""

    def piece(self, limit: int, ahead: bool = True) -> bytes:
        """Take some content of one chunk."""
        if not self._enter_chunk():
            return b""
        # Behind a chunk there is always more.
        data = self._receiver.some(min(limit, self.run), ahead or self.run <= limit)
        self._pass(len(data))
        return data

    def gather(self, limit: int, pieces: list[bytes | memoryview], ahead: bool) -> int:
        """Take what is there of the chunks that are there, or else some content of one."""
        return self._gather_there(limit, pieces) or super().gather(limit, pieces, ahead)

    def _gather_there(self, limit: int, pieces: list[bytes | memoryview]) -> int:
        """Take the content of chunk after chunk, as long as they are plain and there."""
        receiver = self._receiver
        buffered, left = receiver.data, limit
        while left and (size := self.run or self._next_run()):
            start = receiver.position
            end = start + size if size <= left else start + left
            # Joining is then the only time that a large chunk is copied.
            piece = memoryview(buffered)[start:end] if end - start > _COPIED else buffered[start:end]
            count = len(piece)
            if not count:
                break
            pieces.append(piece)
            left -= count
            self.run = size - count
            receiver.position = start + count
            if left >= self._size and self._equal is not None and not self.run:
                left -= self._gather_equal_chunks(self._equal, left, pieces)
        return limit - left

    def _gather_equal_chunks(self, equal: _Equal, limit: int, pieces: list[bytes | memoryview]) -> int:
        """Take the chunks that begin as the last one did, as far as each is there and wanted as a whole."""
        header, length, size, over = equal
        receiver = self._receiver
        buffered, start = receiver.data, receiver.position
        step = length + size
        # Where chunks are small, each has to be asked for how much overhead there is by now.
        most = limit // size if over <= 0 else 0
        position, last = start, min(start + most * step, len(buffered)) - step
        source = memoryview(buffered) if size > _COPIED else buffered
        while position <= last and buffered.startswith(header, position):
            position += step
            pieces.append(source[position - size : position])
        receiver.position = position
        count = (position - start) // step
        self._index += count
        self.framed += count * size
        self._overhead = max(self._overhead + count * over, 0)
        return count * size

    def piece_into(self, view: memoryview, ahead: bool = True) -> int:
        """Take some content of one chunk, or the chunks that are there."""
        pieces: list[bytes | memoryview] = []
        if count := self._gather_there(len(view), pieces):
            position = 0
            for piece in pieces:
                end = position + len(piece)
                view[position:end] = piece
                position = end
            return count
        if not self._enter_chunk():
            return 0
        count = self._receiver.some_into(view[: self.run], ahead or self.run <= len(view))
        self._pass(count)
        return count

    def shown(self) -> bytes:
        """Show what is there of one chunk."""
        return self._receiver.shown(self.run) if self._enter_chunk() else b""

    def _pass(self, count: int) -> None:
        if not count:
            self._end_early(f"{self.run} bytes missing of chunk {self._index + 1}", self.run)
        self.run -= count

    def _enter_chunk(self) -> bool:
        """Stand before content of a chunk; False when the body has ended.

        What is behind the data of a chunk is left to the next call: while data is in hand, nothing
        must fail. A call that fails because nothing came in time can be made again.
        """
        if self.ended:
            return False
        if self._in_data and not self.run:
            self._leave_chunk()
        if not self._in_data and not self._in_trailers:
            self._read_header()
        if self._in_trailers:
            self._read_trailers()
        return not self.ended

    def _read_header(self) -> None:
        receiver = self._receiver
        start = receiver.offset
        try:
            line = receiver.line(self._limits.chunk_header, "chunk size", self._limits, "chunk_header")
        except LineTooLong:
            self.ended = self.failed = True
            raise
        if not line.endswith(b"\n"):
            receiver.put_back(line)
            self._end_early("a chunk header was expected")
        header, diagnostics = parse_chunk_header(line, start)
        self._index += 1
        if receiver.reporter is not None:
            self._report_header(receiver.reporter, header, start, line)
        self._settle_chunk(diagnostics)
        if header is None:
            # A policy of the caller's that accepts this gets no further either.
            self.ended = self.failed = True
            raise exception_for(diagnostics[-1])
        self._limit_overhead(len(line), header.size)
        self.framed += header.size
        self.run = header.size
        self._in_data = bool(header.size)
        self._in_trailers = not header.size

    def _report_header(self, reporter: Reporter, header: ChunkHeader | None, start: int, line: bytes) -> None:
        if header is None:
            reporter.one_leaf(events.BytesSkipped, "malformed", start, len(line), "no chunk header")
        else:
            reporter.chunk_header(header, len(line), self._index)

    def _leave_chunk(self) -> None:
        """Pass the line end behind the data."""
        receiver = self._receiver
        if receiver.reporter is not None:
            self.report()
        start = receiver.offset
        line = receiver.wait_for_bytes(2)
        if len(line) < 2 and line != b"\n":
            self._end_early("CRLF was expected after the chunk data")
        diagnostics = parse_chunk_end(line, start)
        length = 1 if line.startswith(b"\n") else 2
        if not any(found.code is Code.CHUNK_END for found in diagnostics):
            receiver.read(length)
            if receiver.reporter is not None:
                receiver.reporter.chunk_end(start, length, self._index)
        self._settle_chunk(diagnostics)
        self._in_data = False

    def _end_early(self, detail: str, expected: int | None = None) -> NoReturn:
        at = self._receiver.offset
        truncated = Diagnostic(Code.CHUNKED_TRUNCATED, at, at, b"", "body", detail)
        try:
            self._settle([truncated])
        except IncompleteRead as exception:
            exception.expected = expected
            raise
        raise exception_for(truncated)

    def _limit_overhead(self, header_length: int, size: int) -> None:
        self._overhead = max(self._overhead + header_length + 2 - EARNED_BY_CHUNK - EARNED_BY_BYTE * size, 0)
        most = self._limits.chunk_overhead
        if self._overhead > most:
            self.ended = self.failed = True
            way_out = self._limits.way_out("chunk_overhead")
            raise too_much(f"{most} bytes of chunk headers beyond proportion to the data", way_out)

    def _settle_chunk(self, diagnostics: list[Diagnostic]) -> None:
        try:
            self._settle(diagnostics)
        except HTTPException:
            # Where the next chunk begins is not known any more.
            self.ended = self.failed = True
            raise

    def _read_trailers(self) -> None:
        """Pass the trailer section (RFC 9112 section 7.1.2) and end."""
        receiver = self._receiver
        start = receiver.offset
        data, end, _ = receiver.section(self._limits, self._limits.trailers, "trailer")
        # Only what comes without a fault to its very end is complete.
        self.ended = self.failed = True
        section = parse_trailer_section(data, start, end)
        self._report_trailers(section, end)
        self._settle(section.diagnostics)
        if not end:
            at = receiver.offset
            self._settle([Diagnostic(Code.TRAILER_UNTERMINATED, at, at, b"", "chunk")])
        self.trailer_section = section
        self.failed = False

    def _report_trailers(self, section: FieldSection, end: bytes) -> None:
        reporter = self._receiver.reporter
        if reporter is None:
            return
        reporter.field_lines(section, "trailer", 0, section.line_count)
        reporter.section_end("TrailerSectionParsed", section, end)
