"""A link on which the bytes of requests are sent, and what can happen meanwhile.

The server may want to be asked before it takes a body (`Expect: 100-continue`), and it may answer
before it has all of it.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from workbench.protocol import tap as events
from workbench.protocol.allowance import Allowance
from workbench.protocol.body import (
    BytesLike,
    content_length,
    is_plain_file,
    pieces,
    queue_chunk,
    rest_of_file,
)
from workbench.protocol.errors import NotConnected
from workbench.protocol.link import Link
from workbench.protocol.policy import Policy
from workbench.protocol.reporter import Tap
from workbench.protocol.transport import Address, Transport
from workbench.protocol.whole_calls import COMPLETED
from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.framing import CONTEXT
from workbench.protocol.wire.request_framing import (
    check_raw_request,
    declared_length,
    read_request_framing,
)

_EXPECT_CONTINUE = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)


class Sender(Link):
    """Sends one request after another. For its arguments see `Link`."""

    __slots__ = (
        "_body_left", "_continue_timeout", "_declared_length", "_limit_settled", "_mismatch_told", "_settled_length",
        "_settled_lines", "_stopped_sending",
    )  # fmt: skip

    blocksize = 8192
    """Bytes read from a body file at a time."""

    expect_timeout: float | None = None
    """Seconds that a body waits for 100 (Continue); None leaves it to the policy."""

    deadline: float | None = None
    """Seconds that an exchange may take in all."""

    byte_budget: int | None = None
    """Bytes that may be received in one exchange."""

    _had_limits = False
    """The exchange before had time or bytes to count."""

    _sends_files = True
    """A body file may be left to the kernel, which sends it without our seeing the bytes."""

    def __init__(
        self,
        host: str,
        port: int | str | None,
        timeout: float | None,
        source_address: Address | None,
        tap: Tap | None,
        policy: Policy,
    ) -> None:
        super().__init__(host, port, timeout, source_address, tap, policy)
        self._stopped_sending = False
        """The last request was not sent whole, because its response came before."""

        self._declared_length: int | None = None
        """The bytes that the head of the request allows its body; None for any number."""

        self._body_left: int | None = None
        """What is left of them; negative when more were sent."""

        self._settled_lines: list[bytes] = []
        self._settled_length: int | None = 0
        """What the lines that were sent last declared, if that was plain: many requests have the same."""

        self._mismatch_told = False
        """The body does not fit its Content-Length, and that was settled."""

        self._continue_timeout: float | None = None
        """The head was sent, and the body that may follow has to wait for 100 (Continue): so many seconds at most."""

        self._limit_settled = False
        """The exchange has begun to count its time and bytes, or has nothing to count."""

    def _send_whole(self, head: bytes, body: Any, chunked: bool) -> None:
        """Send a whole request; a small body goes with the head in one call.

        Args:
            head: Request-line and header section.
            body: As for `body.pieces`; None for none.
            chunked: Send the body in chunks.
        """
        self._stopped_sending = False
        self._continue_timeout = None
        self._limit_settled = self.deadline is None and self.byte_budget is None and not self._had_limits
        self._body_left = self._declared_length
        waiting: list[BytesLike] = [head]
        timeout = self.policy.expect_timeout if self.expect_timeout is None else self.expect_timeout
        if timeout is not None and _EXPECT_CONTINUE.search(head):
            self._send_queued(waiting)
            waiting = []
            self._continue_timeout = timeout
        if body is not None:
            if self._continue_timeout is not None and not self._body_is_wanted():
                return
            if type(body) is not bytes and not chunked and (part := self._part_of_file(body)):
                if not self._send_file(waiting, body, part):
                    return
                waiting = []
            for piece in self._framed_pieces(body, chunked):
                if not self._send_queued([*waiting, piece], True):
                    return
                waiting = []
            self._settle_missing()
        if waiting and not self._send_queued(waiting):
            return
        if self.reporter is not None:
            self.reporter.request_completed(True, COMPLETED)

    def _settle_unqueued(self, data: BytesLike, in_body: bool) -> None:
        """Look at bytes that are sent as they are, and tell the tap of them.

        Raises:
            ValueError: The policy does not accept them.
        """
        if in_body:
            self._count(data)
        else:
            self._settle_sent(check_raw_request(bytes(data)))
        if self.reporter is not None:
            self.reporter.queued_body(bytes(data), "raw")

    def _send_pieces(self, data: list[BytesLike], watch: bool = False) -> bool:
        """Send bytes; False when the final response came before them (`Transport.send`)."""
        if self.sock is None:
            self._open_for_request()
        self._announce(data)
        transport = self._transport
        if transport is None or transport.sock is not self.sock:
            transport = self._transport_of_socket()
        transport.used = True
        if not self._limit_settled:
            self._limit_exchange(transport)
        if transport.send(data, watch):
            return True
        self._stop_sending()
        return False

    def _part_of_file(self, body: Any) -> range | None:
        """The part of a file that the kernel can send by itself, or None."""
        if not self._sends_files or self.debuglevel > 0 or not is_plain_file(body):
            return None
        if self.sock is None:
            self._open_for_request()
        part = rest_of_file(body) if self._transport_of_socket().sends_files else None
        return part if part and len(part) == self._body_left else None

    def _send_file(self, waiting: list[BytesLike], file: Any, part: range) -> bool:
        """Send what waits to be sent, and a part of a file behind it; False when the final response came before its end.

        The file is left where sending ended. What is there then, which is nothing as a rule, is read.
        """
        if waiting and not self._send_queued(waiting):
            return False
        sys.audit("http.client.send", self, file)
        end, stopped = self._transport_of_socket().send_file(file.fileno(), part.start, part.stop)
        file.seek(end)
        self._body_left = part.stop - end
        if stopped:
            self._stop_sending()
        return not stopped

    _send_queued = _send_pieces
    """Sends a part of a request, of whose bytes the tap was told."""

    def _limit_exchange(self, transport: Transport) -> None:
        self._limit_settled = True
        self._had_limits = self.deadline is not None or self.byte_budget is not None
        transport.limit(Allowance(self.deadline, self.byte_budget) if self._had_limits else None)

    def _open_for_request(self) -> None:
        """Open the connection in the middle of a request, of which nothing was sent."""
        self._open_for_sending()

    def _open_for_sending(self) -> None:
        try:
            if not self.auto_open:
                raise NotConnected("Expected an open connection, or auto_open to be true")
            self.connect()
            # A program may have put a `connect` of its own into this object.
            self._remember_opened()
        except BaseException:
            # Nothing was sent, so there is no request whose response could be waited for.
            self._close("the connection could not be opened")
            raise

    # --- the length of the body ----------------------------------------------------------

    def _settle_framing(self, lines: list[bytes], http_version: int, body: Any, chunked: bool) -> bool:
        """Hold the framing fields of a request that is queued against its body.

        Args:
            lines: Request-line and field lines, each without its CRLF.
            http_version: 10 or 11.
            body: As for `body.pieces`; None for none.
            chunked: It is sent in chunks.

        Returns:
            The transfer codings have to be completed with chunked.

        Raises:
            ValueError: The policy does not accept them.
        """
        if body is None:
            length = None
        else:
            length = len(body) if type(body) is bytes else content_length(body, "", stat_files=False)
        if not chunked:
            if lines != self._settled_lines:
                self._settled_lines, self._settled_length = lines.copy(), declared_length(b"\r\n".join(lines))
            declared = self._settled_length
            if declared is not None and (length is None or length == declared):
                self._declared_length, self._mismatch_told = declared, False
                return False
        head = b"\r\n".join(lines)
        framing = read_request_framing(head, http_version, length, chunked)
        self._declared_length, self._mismatch_told = framing.length, framing.mismatch
        if framing.diagnostics:
            self._settle_sent(framing.diagnostics, len(head) + 2)
        return framing.unfinished_codings and chunked and self.policy.mends_requests

    def _framed_pieces(self, body: Any, chunked: bool) -> Iterable[BytesLike]:
        """Give the bytes of a body as they are sent, holding them against its Content-Length."""
        if chunked:
            return self._chunks(body)
        # To begin a generator takes longer than all that is done for a small body here.
        return self._plain_piece(body) if type(body) is bytes else self._plain_pieces(body)

    def _plain_piece(self, piece: BytesLike) -> Sequence[BytesLike]:
        self._count(piece)
        if not len(piece):
            return ()
        if self.reporter is not None:
            self.reporter.queued_body(bytes(piece), "content")
        return (piece,)

    def _plain_pieces(self, body: Any) -> Iterator[BytesLike]:
        for piece in pieces(body, self.blocksize, self.reporter):
            yield from self._plain_piece(piece)

    def _chunks(self, body: Any) -> Iterator[bytes]:
        for piece in pieces(body, self.blocksize, self.reporter):
            # An empty chunk would be the last one.
            if len(piece):
                yield queue_chunk(piece, self.reporter)
        yield queue_chunk(b"", self.reporter)

    def _count(self, piece: BytesLike) -> None:
        if self._body_left is None:
            return
        allowed = max(self._body_left, 0)
        self._body_left -= len(piece)
        if self._body_left < 0:
            self._settle_mismatch(allowed, bytes(piece), f"{-self._body_left} bytes more")

    def _settle_missing(self) -> None:
        """The body was sent: settle that it is shorter than declared.

        Raises:
            ValueError: The policy does not accept it; the connection is closed.
        """
        if self._body_left is not None and self._body_left > 0:
            self._settle_mismatch(0, b"", f"{self._body_left} bytes less")

    def _settle_mismatch(self, start: int, piece: bytes, detail: str) -> None:
        if self._mismatch_told:
            return
        self._mismatch_told = True
        fault = Diagnostic(Code.SENT_CL_MISMATCH, start, len(piece), piece[start:], CONTEXT, detail)
        try:
            self._settle_sent([fault])
        except ValueError:
            self._close("the body does not fit its Content-Length")
            raise

    # --- what the server says meanwhile --------------------------------------------------

    def _body_is_wanted(self) -> bool:
        """Wait for 100 (Continue) where that is to be; False when a final response came instead."""
        timeout, self._continue_timeout = self._continue_timeout, None
        if timeout is not None and self._await_continue(timeout) == "final response":
            self._stop_sending()
        return not self._stopped_sending

    def _await_continue(self, timeout: float) -> str:
        if self.reporter is not None:
            self.reporter.emit(events.ContinueAwaited, timeout)
        outcome = self._transport_of_socket().wait_for_continue(timeout)
        if self.reporter is not None:
            self.reporter.emit(events.ContinueResolved, outcome)
        return outcome

    def _stop_sending(self) -> None:
        """The final response came before the body was sent, so the rest of it is not wanted.

        > If the client sees a response that indicates the server does not wish to receive the
        > message body and is closing the connection, the client SHOULD immediately cease
        > transmitting the body and close its side of the connection.  (RFC 9112 section 9.5)
        """
        self._stopped_sending = True
        if self.reporter is not None:
            at = self.reporter.queued_length
            early = Diagnostic(Code.EARLY_RESPONSE, at, at, b"", "request")
            self.reporter.diagnostic(early, False, "sent")
            self.reporter.request_completed(False, "the final response came first")
