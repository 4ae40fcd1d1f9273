"""The transfer codings of a body, taken off one after another (RFC 9112 section 7).

What gzip and deflate stand for is the matter of `inflate`; here are the limits for it, and the end.
"""

from collections.abc import Sequence
from typing import NoReturn

from workbench.protocol import tap as events
from workbench.protocol.coded_chunks import CodedChunks
from workbench.protocol.content import Content, Settle
from workbench.protocol.errors import exception_for, too_much
from workbench.protocol.inflate import InflateError, Inflater
from workbench.protocol.limits import RECEIVE_SIZE, Limits
from workbench.protocol.receive import Receiver
from workbench.protocol.wire.diagnostics import Code, Diagnostic


class CodedContent(Content):
    """Content from which one coding has been taken off.

    No call inflates more than it was asked for, so a small body cannot fill the memory of a caller
    who reads in pieces. For those who read all there are limits.

    Args:
        inner: The content with the coding.
        coding: Its name.
        body: The content with all codings, to compare with what becomes of it.
        receiver: Where the body comes from.
        settle: Raises for corrupt content.
        limits: What may become of it.
    """

    def __init__(
        self,
        inner: Content,
        coding: bytes,
        body: Content,
        receiver: Receiver,
        settle: Settle,
        limits: Limits,
    ) -> None:
        super().__init__(receiver, settle)
        self._inner = inner
        self._body = body
        self._limits = limits
        self._coding = coding
        self._inflater = Inflater(coding)
        self._start = receiver.offset

    def bypassed(self, start: int) -> bool:
        """Whether somebody else takes the body, which begins at this place, and no byte of it was taken here."""
        return self._inner.bypassed(start)

    def piece(self, limit: int, ahead: bool = True) -> bytes:  # noqa: ARG002 - coded bytes are no content
        """Inflate some content."""
        while not self.ended:
            # Also when all was used up: the last bytes may stand for more than was asked for.
            if data := self._inflate(limit):
                self.framed += len(data)
                self._limit_inflation()
                return data
            if self._inflater.hungry:
                self._inflater.feed(self._inner.piece(RECEIVE_SIZE))
                if self._inflater.hungry:
                    self._end()
        return b""

    def shown(self) -> bytes:
        """Nothing can be shown that has not been inflated."""
        return b""

    def report(self) -> None:
        """The tap is told of the bytes as they came."""
        self._inner.report()

    def _inflate(self, limit: int) -> bytes:
        try:
            return self._inflater.inflate(limit)
        except InflateError as error:
            self._fail(str(error))

    def _limit_inflation(self) -> None:
        """Refuse a bomb: a few bytes that stand for very many (CVE-2025-66471)."""
        limits = self._limits
        if self.taken > limits.inflated:
            self.ended = self.failed = True
            raise too_much(f"{limits.inflated} bytes out of a transfer coding", limits.way_out("inflated"))
        # All codings together, since each could keep below the ratio for itself.
        if self.taken > limits.inflation_burst and self.taken > self._body.taken * limits.inflation:
            self.ended = self.failed = True
            way_out = limits.way_out("inflation")
            raise too_much(f"{limits.inflation} bytes of content for each received byte", way_out)

    def _end(self) -> None:
        self.ended = True
        self.failed = self._inner.failed
        self.trailer_section = self._inner.trailer_section
        if self._inflater.unfinished:
            self._fail("the coded stream ends too early")
        if self._receiver.reporter is not None:
            coding = self._coding.decode("latin-1")
            self._receiver.reporter.emit_read(events.CodingDecoded, coding, self._inner.taken, self.taken)

    def _fail(self, detail: str) -> NoReturn:
        self.ended = self.failed = True
        # How far the bytes were read when it was noticed depends on how they came.
        at = self._start
        corrupt = Diagnostic(Code.TE_CORRUPT, at, at, b"", "body", detail)
        self._settle([corrupt])
        # A policy of the caller's that accepts this gets no further either.
        raise exception_for(corrupt)


def decode_codings(
    body: Content,
    codings: Sequence[bytes],
    receiver: Receiver,
    settle: Settle,
    limits: Limits,
) -> Content:
    """Take codings off, the last applied first.

    Args:
        body: Content with all of them.
        codings: Names from `framing.DECODABLE_CODINGS`, and chunked, in the order in which they were
            applied. Chunked is not the last: then the body would have ended with its chunks.
        receiver: Where the body comes from.
        settle: Raises for corrupt content.
        limits: What may become of it.
    """
    content = body
    for coding in reversed(codings):
        if coding == b"chunked":
            content = CodedChunks(content, receiver, settle, limits)
        else:
            content = CodedContent(content, coding, body, receiver, settle, limits)
    return content
