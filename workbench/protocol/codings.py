"""Transfer codings besides chunked: gzip and deflate (RFC 9112 section 7.2)."""

import zlib
from collections.abc import Sequence
from typing import NoReturn

from workbench.protocol.content import Content, Settle
from workbench.protocol.limits import RECEIVE_SIZE
from workbench.protocol.receive import Receiver
from workbench.protocol.wire.diagnostics import Code, Diagnostic

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


class CodedContent(Content):
    """Content from which one coding has been taken off.

    No call inflates more than it was asked for, so a small body cannot fill the memory.
    """

    def __init__(self, inner: Content, receiver: Receiver, settle: Settle) -> None:
        super().__init__(receiver, settle)
        self._inner = inner
        self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._waiting = b""
        self._inflated_any = False

    def piece(self, limit: int) -> bytes:
        """Inflate some content."""
        while not self.ended:
            if not self._waiting:
                self._waiting = self._inner.piece(RECEIVE_SIZE)
                if not self._waiting:
                    self._end()
                    break
            data = self._inflate(limit)
            if data:
                self.taken += len(data)
                return data
        return b""

    def peek(self) -> bytes:
        """Nothing can be shown that has not been inflated."""
        return b""

    def report(self) -> None:
        """The tap is told of the bytes as they came."""
        self._inner.report()

    def _inflate(self, limit: int) -> bytes:
        try:
            data = self._inflater.decompress(self._waiting, limit)
        except zlib.error as error:
            if self._inflated_any or self._waiting[:1] == b"\x1f":
                self._fail(str(error))
            # deflate means zlib, and many servers send it without the zlib header.
            self._inflater = zlib.decompressobj(_RAW_DEFLATE)
            self._inflated_any = True
            return self._inflate(limit)
        self._inflated_any = True
        self._waiting = self._inflater.unconsumed_tail
        if self._inflater.eof:
            # A gzip stream may have several members, one behind the other.
            self._waiting = self._inflater.unused_data
            self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
            self._inflated_any = False
        return data

    def _end(self) -> None:
        self.ended = True
        self.failed = self._inner.failed
        if self._inflated_any:
            self._fail("the coded stream ends too early")

    def _fail(self, detail: str) -> NoReturn:
        self.ended = self.failed = True
        at = self._receiver.offset
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
            content = CodedContent(content, receiver, settle)
    return content
