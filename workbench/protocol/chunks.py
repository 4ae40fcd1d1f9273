"""How content is taken out of chunks (RFC 9112 section 7.1), with the trailer section behind them."""

from typing import NoReturn

from workbench.protocol import tap as events
from workbench.protocol.content import Content, Settle
from workbench.protocol.errors import HTTPException, IncompleteRead, LineTooLong, exception_for, too_much
from workbench.protocol.limits import DEFAULT_LIMITS, Limits
from workbench.protocol.receive import Receiver
from workbench.protocol.reporter import Reporter
from workbench.protocol.wire.chunked import ChunkHeader, parse_chunk_end, parse_chunk_header
from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.grammar import NEXT_CHUNK_HEADER
from workbench.protocol.wire.span import Span
from workbench.protocol.wire.trailers import parse_trailer_section

_COPIED = 1024
"""Bytes of a chunk that are copied at once: a view of so few takes as long to make, and keeps all that
was received with them."""


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
        self._chunk_left = 0
        self._index = -1
        self._overhead = 0
        self._in_data = False
        """The header of a chunk was passed, and the line end behind its data was not."""

        self._in_trailers = False
        """The header of the last chunk was passed."""

    @property
    def bypassed(self) -> bool:
        """Somebody else takes the body out of the receiver, and no chunk was begun here."""
        return self._index < 0 and super().bypassed

    @property
    def chunk_left(self) -> int | None:
        """What is left of the chunk that was begun, or None between chunks."""
        return self._chunk_left if self._in_data else None

    @property
    def _run(self) -> int:
        return self._chunk_left

    def piece(self, limit: int, ahead: bool = True) -> bytes:
        """Take some content of one chunk."""
        if not self._enter_chunk():
            return b""
        data = self._receiver.some(min(limit, self._chunk_left), ahead)
        self._pass(len(data))
        return data

    def gather(self, limit: int, pieces: list[bytes | memoryview], ahead: bool) -> int:
        """Take what is left of one chunk, and the chunks behind it which are there."""
        if self._receiver.reporter is not None:
            # A tap is told of each step.
            return super().gather(limit, pieces, ahead=True)
        count = super().gather(limit, pieces, ahead=True) if self._chunk_left else 0
        if count < limit and self._in_data and not self._chunk_left:
            count += self._gather_next_chunks(limit - count, pieces)
        return count or super().gather(limit, pieces, ahead=True)

    def _gather_next_chunks(self, limit: int, pieces: list[bytes | memoryview]) -> int:
        """Pass chunk after chunk, as long as they have the form of the grammar and are there.

        That is `_enter_chunk` and `piece` many times over; whatever is not plain is left to them.
        """
        buffered, first = self._receiver.window()
        limits, position, left = self._limits, first, limit
        while left and not self._chunk_left and (header := NEXT_CHUNK_HEADER.match(buffered, position)):
            size, length = int(header[1], 16), header.end() - position
            over = length - 16 - 2 * size
            overhead = self._overhead + over
            if not size or length > limits.chunk_header + 2 or overhead > limits.chunk_overhead:
                break
            most = left // size if over <= 0 else min(left // size, 1)
            end = self._gather_equal_chunks(buffered, position, header[0], size, most, pieces)
            count = (end - position) // (length + size)
            left -= count * size
            if not count:
                # A part of the chunk is there, or wanted.
                start = header.end()
                end = min(start + left, len(buffered))
                pieces.append(buffered[start:end])
                left -= end - start
                self._chunk_left = size - (end - start)
            self._index += count or 1
            self._overhead = max(self._overhead + over * (count or 1), 0)
            position = end
        self._receiver.skip(position - first)
        self.taken += limit - left
        return limit - left

    @staticmethod
    def _gather_equal_chunks(
        buffered: bytes, position: int, header: bytes, size: int, most: int, pieces: list[bytes | memoryview]
    ) -> int:
        """Take the chunks that have the same header, at most so many, as far as they are whole.

        Most chunks are as large as the one before, and the header of such a one is known already.

        Returns:
            The place in `buffered` behind them.
        """
        step = len(header) + size
        last = min(position + most * step, len(buffered)) - step
        # Joining is then the only time that a large chunk is copied.
        source = memoryview(buffered) if size > _COPIED else buffered
        while position <= last and buffered.startswith(header, position):
            position += step
            pieces.append(source[position - size : position])
        return position

    def piece_into(self, view: memoryview, ahead: bool = True) -> int:
        """Take some content of one chunk, or the chunks that are there."""
        if self._in_data and not self._chunk_left and self._receiver.reporter is None:
            pieces: list[bytes | memoryview] = []
            if count := self._gather_next_chunks(len(view), pieces):
                position = 0
                for piece in pieces:
                    view[position : position + len(piece)] = piece
                    position += len(piece)
                return count
        if not self._enter_chunk():
            return 0
        # Behind a chunk there is always more.
        count = self._receiver.some_into(view[: self._chunk_left], ahead=True)
        self._pass(count)
        return count

    def shown(self) -> bytes:
        """Show what is there of one chunk."""
        return self._receiver.peek(self._chunk_left)[: self._chunk_left] if self._enter_chunk() else b""

    def _pass(self, count: int) -> None:
        if not count:
            self._end_early(f"{self._chunk_left} bytes missing of chunk {self._index + 1}", self._chunk_left)
        self.taken += count
        self._chunk_left -= count

    def _enter_chunk(self) -> bool:
        """Stand before content of a chunk; False when the body has ended.

        What is behind the data of a chunk is left to the next call: while data is in hand, nothing
        must fail. A call that fails because nothing came in time can be made again.
        """
        if self.ended:
            return False
        if self._in_data and not self._chunk_left:
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
            line = receiver.line(self._limits.chunk_header, "chunk size", "chunk_header")
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
        self._chunk_left = header.size
        self._in_data = bool(header.size)
        self._in_trailers = not header.size

    def _report_header(self, reporter: Reporter, header: ChunkHeader | None, start: int, line: bytes) -> None:
        if header is None:
            reporter.one_leaf(events.BytesSkipped, "malformed", start, len(line), "no chunk header")
            return
        span = Span("received", start, start + len(line))
        extension = header.extension.decode("latin-1")
        reporter.emit_read(events.ChunkHeaderParsed, span, header.leaves, self._index, header.size, extension)

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
                receiver.reporter.one_leaf(events.ChunkParsed, "chunk_end", start, length, self._index)
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
        self._overhead = max(self._overhead + header_length + 2 - 16 - 2 * size, 0)
        most = self._limits.chunk_overhead
        if self._overhead > most:
            self.ended = self.failed = True
            raise too_much(f"{most} bytes of chunk headers beyond proportion to the data", "chunk_overhead")

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
        fact = events.TrailerSectionParsed
        reporter.one_leaf(fact, "section_end", section.end, len(end), section.field_count)
