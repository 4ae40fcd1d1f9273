"""Transfer codings besides chunked: gzip and deflate (RFC 9112 section 7.2)."""

import zlib
from collections.abc import Sequence
from typing import Any, NoReturn

from workbench.protocol import tap as events
from workbench.protocol.content import Content, Settle
from workbench.protocol.limits import RECEIVE_SIZE
from workbench.protocol.receive import Receiver
from workbench.protocol.wire.diagnostics import Code, Diagnostic

_GZIP = 16 + zlib.MAX_WBITS
_ZLIB = zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


class CodedContent(Content):
    """Content from which one coding has been taken off.

    No call inflates more than it was asked for, so a small body cannot fill the memory.
    """

    def __init__(self, inner: Content, coding: bytes, receiver: Receiver, settle: Settle) -> None:
        super().__init__(receiver, settle)
        self._inner = inner
        self._coding = coding
        self._inflater: Any = None
        """None where a coded stream may begin or the content may end."""

        self._waiting = b""
        self._start = receiver.offset

    @property
    def bypassed(self) -> bool:
        """Somebody else takes the body out of the receiver, and no byte of it was taken here."""
        return self._inner.bypassed

    def piece(self, limit: int) -> bytes:
        """Inflate some content."""
        while not self.ended:
            if not self._waiting:
                self._waiting = self._inner.piece(RECEIVE_SIZE)
            inner_ended = not self._waiting
            data = self._inflate(limit)
            if data:
                self.taken += len(data)
                return data
            if inner_ended:
                self._end()
        return b""

    def peek(self) -> bytes:
        """Nothing can be shown that has not been inflated."""
        return b""

    def report(self) -> None:
        """The tap is told of the bytes as they came."""
        self._inner.report()

    def _inflate(self, limit: int) -> bytes:
        """Inflate what waits, and what the inflater still holds of what came before."""
        if self._inflater is None:
            if not self._waiting:
                return b""
            self._inflater = zlib.decompressobj(self._window_bits())
        try:
            data: bytes = self._inflater.decompress(self._waiting, limit)
        except zlib.error as error:
            self._fail(str(error))
        self._waiting = self._inflater.unconsumed_tail
        if self._inflater.eof:
            # A gzip stream may have several members, one behind the other.
            self._waiting = self._inflater.unused_data
            self._inflater = None
        return data

    def _window_bits(self) -> int:
        """What zlib wants to be told about the stream that begins."""
        if self._coding != b"deflate":
            return _GZIP
        # deflate means zlib, and many servers send it without the zlib header, whose first byte
        # names the method in its low half (RFC 1950 section 2.2). No compressor begins a raw stream so.
        return _ZLIB if self._waiting[0] & 0x0F == 8 else _RAW_DEFLATE

    def _end(self) -> None:
        self.ended = True
        self.failed = self._inner.failed
        if self._inflater is not None:
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
