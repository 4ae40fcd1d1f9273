"""Transfer codings besides chunked: gzip and deflate (RFC 9112 section 7.2)."""

from collections.abc import Sequence
from typing import NoReturn

from workbench.protocol import tap as events
from workbench.protocol.content import Content, Settle
from workbench.protocol.inflate import InflateError, Inflater
from workbench.protocol.limits import RECEIVE_SIZE
from workbench.protocol.receive import Receiver
from workbench.protocol.wire.diagnostics import Code, Diagnostic


class CodedContent(Content):
    """Content from which one coding has been taken off.

    No call inflates more than it was asked for, so a small body cannot fill the memory.
    """

    def __init__(self, inner: Content, coding: bytes, receiver: Receiver, settle: Settle) -> None:
        super().__init__(receiver, settle)
        self._inner = inner
        self._coding = coding
        self._inflater = Inflater(coding)
        self._start = receiver.offset

    @property
    def bypassed(self) -> bool:
        """Somebody else takes the body out of the receiver, and no byte of it was taken here."""
        return self._inner.bypassed

    def piece(self, limit: int) -> bytes:
        """Inflate some content."""
        while not self.ended:
            # Also when all was used up: the last bytes may stand for more than was asked for.
            if data := self._inflate(limit):
                self.taken += len(data)
                return data
            if self._inflater.hungry:
                self._inflater.feed(self._inner.piece(RECEIVE_SIZE))
                if self._inflater.hungry:
                    self._end()
        return b""

    def peek(self) -> bytes:
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

    def _end(self) -> None:
        self.ended = True
        self.failed = self._inner.failed
        if self._inflater.unfinished:
            self._fail("the coded stream ends too early")
        if self._receiver.reporter is not None:
            coding = self._coding.decode("latin-1")
            self._receiver.reporter.emit_read(events.CodingDecoded, coding, self._inner.taken, self.taken)

    def _fail(self, detail: str) -> NoReturn:
        self.ended = self.failed = True
        # How far the bytes were read when it was noticed depends on how they came.
        at = self._start
        self._settle([Diagnostic(Code.TE_CORRUPT, at, at, b"", "body", detail)])
        raise AssertionError("no policy takes corrupt content")


def decode_codings(content: Content, codings: Sequence[bytes], receiver: Receiver, settle: Settle) -> Content:
    """Take codings off, the last applied first.

    Args:
        content: Content with all of them.
        codings: Names from `framing.DECODABLE_CODINGS`, in the order in which they were applied.
        receiver: Where the content comes from.
        settle: Raises for corrupt content.
    """
    for coding in reversed(codings):
        if coding != b"chunked":
            content = CodedContent(content, coding, receiver, settle)
    return content
