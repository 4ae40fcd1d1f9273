"""Chunked content below another coding: `Transfer-Encoding: chunked, gzip`.

> If any transfer coding other than chunked is applied to a response's content, the sender MUST either
> apply chunked as the final transfer coding or terminate the message by closing the connection.
>                                                                       (RFC 9112 section 6.1)

Codings are listed in the order in which they were applied (section 6.1), so the chunks are inside: the
body goes on until the connection closes (section 6.3, rule 4), what is in it is taken off first, and
what then stands there is chunked (section 7.1). The bytes of these chunks never were on the wire, so
the tap gets no events for them, and a fault is reported where the body begins.
"""

from collections.abc import Iterable

from workbench.protocol import tap as events
from workbench.protocol.chunks import ChunkedContent
from workbench.protocol.content import Content, Settle
from workbench.protocol.limits import RECEIVE_SIZE, Limits
from workbench.protocol.receive import Receiver
from workbench.protocol.wire.diagnostics import Code, Diagnostic


class CodedChunks(ChunkedContent):
    """Content from which chunks are taken off, and something else before.

    Args:
        inner: Gives the chunks.
        receiver: Where its bytes come from; it stands where the body begins.
        settle: As for all content.
        limits: As for all chunks.
    """

    def __init__(
        self,
        inner: Content,
        receiver: Receiver,
        settle: Settle,
        limits: Limits,
    ) -> None:
        settle_inside = _settle_at(receiver.offset, settle)
        super().__init__(_ContentReceiver(inner), settle_inside, limits)
        self._inner = inner
        self._reporter = receiver.reporter
        self._trailers_passed = False
        self._excess = 0
        """Bytes behind the last chunk, where nothing should be."""

    def bypassed(self, start: int) -> bool:
        """Whether somebody else takes the body, which begins at this place, and no byte of it was taken here."""
        return self._inner.bypassed(start)

    def report(self) -> None:
        """The tap is told of the bytes as they came."""
        self._inner.report()

    def _read_trailers(self) -> None:
        if not self._trailers_passed:
            super()._read_trailers()
            self._trailers_passed = True
        self._wait_for_end()

    def _wait_for_end(self) -> None:
        """Behind the last chunk the connection has to close, and the outer coding to be whole."""
        # Waiting may time out, and then begins again with the next call.
        self.ended = False
        while piece := self._receiver.buffered or self._inner.piece(RECEIVE_SIZE):
            self._excess += len(piece)
            self._receiver.read(len(self._receiver.buffered))
        self.ended = True
        self.failed = self._inner.failed
        if self._reporter is not None:
            self._reporter.emit_read(events.CodingDecoded, "chunked", self._inner.taken, self.taken)
        if self._excess:
            at = self._receiver.offset
            self._settle([Diagnostic(Code.EXCESS_DATA, at, at, b"", "body", f"{self._excess} bytes")])


class _ContentReceiver(Receiver):
    """Content, for a parser to read as if it came from a peer. There is no tap: it came from none."""

    def __init__(self, content: Content) -> None:
        super().__init__(None)
        self._content = content

    def receive(self, size: int) -> bytes:
        """Take some of it."""
        data = self._content.piece(size)
        self.ended = not data
        return data

    def receive_line(self, limit: int) -> bytes:  # noqa: ARG002 - what is behind the line is kept
        """Take whatever is there."""
        return self.receive(RECEIVE_SIZE)


def _settle_at(body_start: int, settle: Settle) -> Settle:
    """Settle faults of bytes that were never received where the body begins."""

    def settle_inside(diagnostics: Iterable[Diagnostic]) -> None:
        settle(
            found._replace(start=body_start, end=body_start, found=b"", detail=_place_inside(found))
            for found in diagnostics
        )

    return settle_inside


def _place_inside(found: Diagnostic) -> str:
    place = f"at byte {found.start} below the outer coding"
    bytes_found = f"{found.found[:80]!r} " if found.found else ""
    return f"{bytes_found}{place}" + (f", {found.detail}" if found.detail else "")
