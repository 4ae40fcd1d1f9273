"""A link on which the bytes of requests are sent, and what can happen meanwhile.

The server may want to be asked before it takes a body (`Expect: 100-continue`), and it may answer
before it has all of it.
"""

from typing import Any

from workbench.protocol import tap as events
from workbench.protocol.allowance import Allowance
from workbench.protocol.body import BytesLike, framed_pieces
from workbench.protocol.errors import NotConnected
from workbench.protocol.link import Link
from workbench.protocol.transport import Transport
from workbench.protocol.wire.diagnostics import Code, Diagnostic


class Sender(Link):
    """Sends one request after another. For its arguments see `Link`."""

    blocksize = 8192
    """Bytes read from a body file at a time."""

    expect_timeout: float | None = None
    """Seconds that a body waits for 100 (Continue); None sends it at once."""

    deadline: float | None = None
    """Seconds that an exchange may take in all."""

    byte_budget: int | None = None
    """Bytes that may be received in one exchange."""

    _stopped_sending = False
    """The last request was not sent whole, because its response came before."""

    _limited = False
    """The exchange has begun to count its time and bytes."""

    def _send_request(self, head: bytes, body: Any, chunked: bool) -> None:
        """Send a whole request; a small body goes with the head in one call.

        Args:
            head: Request-line and header section.
            body: As for `body.pieces`; None for none.
            chunked: Send the body in chunks.
        """
        self._limited = self._stopped_sending = False
        waiting: list[BytesLike] = [head]
        if body is not None:
            if self._expects_continue(head):
                self._send_queued([head])
                waiting = []
                if not self._await_continue():
                    self._stop_sending()
                    return
            for piece in framed_pieces(body, self.blocksize, chunked, self.reporter):
                if not self._send_queued([*waiting, piece], watch=True):
                    return
                waiting = []
        if waiting:
            self._send_queued(waiting)
        if self.reporter is not None:
            self.reporter.emit(events.RequestCompleted, True, "everything was handed to the kernel")

    def _report_unqueued(self, data: BytesLike) -> None:
        """Tell the tap of bytes that are sent as they are."""
        if self.reporter is not None:
            self.reporter.queued_body(bytes(data), "raw")

    def _send_queued(self, data: list[BytesLike], watch: bool = False) -> bool:
        """Send a part of a request, like `_send_pieces`. The tap was told of its bytes."""
        return self._send_pieces(data, watch)

    def _send_pieces(self, data: list[BytesLike], watch: bool = False) -> bool:
        """Send bytes; False when the final response came before them (`Transport.send`)."""
        if self.sock is None:
            self._open_for_sending()
        for piece in data:
            self._announce(piece)
        transport = self._transport_of_socket()
        transport.used = True
        if not self._limited:
            self._limit_exchange(transport)
        if transport.send(data, watch):
            return True
        self._stop_sending()
        return False

    def _limit_exchange(self, transport: Transport) -> None:
        self._limited = True
        if self.deadline is not None or self.byte_budget is not None:
            transport.limit(Allowance(self.deadline, self.byte_budget))

    def _open_for_sending(self) -> None:
        try:
            if not self.auto_open:
                raise NotConnected("Expected an open connection, or auto_open to be true")
            self.connect()
        except BaseException:
            # Nothing was sent, so there is no request whose response could be waited for.
            self._close("the connection could not be opened")
            raise

    def _expects_continue(self, head: bytes) -> bool:
        """Whether the body has to wait for 100 (Continue)."""
        return self.expect_timeout is not None and b"\r\nexpect: 100-continue" in head.lower()

    def _await_continue(self) -> bool:
        """Wait for the word of the server; False when it has answered the request instead."""
        assert self.expect_timeout is not None
        if self.reporter is not None:
            self.reporter.emit(events.ContinueAwaited, self.expect_timeout)
        outcome = self._transport_of_socket().wait_for_continue(self.expect_timeout)
        if self.reporter is not None:
            self.reporter.emit(events.ContinueResolved, outcome)
        return outcome != "final response"

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
            self.reporter.emit(events.RequestCompleted, False, "the final response came first")
