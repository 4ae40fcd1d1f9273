"""A socket that is open."""

import select
import socket
import ssl
import time
from collections.abc import Sequence
from typing import Any, NoReturn

from workbench.protocol import tap as events
from workbench.protocol.allowance import Allowance
from workbench.protocol.limits import RECEIVE_SIZE
from workbench.protocol.receive import SocketReceiver
from workbench.protocol.reporter import Reporter
from workbench.protocol.transport.interruption import interruption, shut_down
from workbench.protocol.wire.interim import begins_final_response, holds_continue

BytesLike = bytes | bytearray | memoryview


class Transport:
    """One socket, from the time it is opened until both sides of the API have let it go."""

    def __init__(self, sock: Any, reporter: Reporter | None) -> None:
        self.sock = sock
        self.reporter = reporter
        self.used = False
        """It has carried a request."""

        self.idle_since_ns = 0
        self._started_ns = 0
        """When the call on the socket began that is going on, or went last: for the reporter alone."""

        self._allowance: Allowance | None = None
        self._timeout: float | None = None
        self.interrupted = False
        self.tls_truncated = False
        """TLS ended without close_notify."""

        self.close_reason = ""

        # Objects that only look like sockets, in tests and adapters, are read through makefile.
        self.receiver: SocketReceiver | None = None
        if isinstance(sock, socket.socket):
            # The raw file holds the socket open for a response that outlives the connection's
            # own reference, as `makefile` does for everybody.
            self._hold = sock.makefile("rb", buffering=0)
            self.receiver = SocketReceiver(self, reporter)

    def makefile(self, mode: str = "rb", *args: Any, **kwargs: Any) -> Any:
        """Give a response its source of bytes, as `socket.makefile` would."""
        if self.receiver is not None:
            return self.receiver.share()
        return self.sock.makefile(mode, *args, **kwargs)

    # --- receiving -----------------------------------------------------------------------

    def recv(self, size: int) -> bytes:
        """Receive at most `size` bytes; empty at the end of the stream."""
        size = self._prepare_to_receive(size)
        try:
            data: bytes = self.sock.recv(size)
        except OSError as error:
            return b"" if self._is_truncation(error) else self._fail("receive", error)
        self._count_received(len(data))
        return data

    def recv_into(self, view: memoryview) -> int:
        """Receive into a view; 0 at the end of the stream."""
        size = self._prepare_to_receive(len(view))
        try:
            count: int = self.sock.recv_into(view[:size])
        except OSError as error:
            return 0 if self._is_truncation(error) else self._fail("receive", error)
        self._count_received(count)
        return count

    def limit(self, allowance: Allowance) -> None:
        """Begin an exchange that may take so much time and so many bytes in all."""
        if self.receiver is None:
            # What only looks like a socket has no time-out to shorten.
            return
        if self._allowance is None:
            self._timeout = self.sock.gettimeout()
        self._allowance = allowance

    def _prepare_to_receive(self, size: int) -> int:
        if self.reporter is not None:
            self._started_ns = time.perf_counter_ns()
        self._refuse_when_interrupted()
        if self._allowance is None:
            return size
        self.sock.settimeout(self._time_left())
        return self._allowance.room(size)

    def _count_received(self, count: int) -> None:
        if not count:
            self._refuse_when_interrupted()
        if self._allowance is not None:
            self._allowance.spend(count)

    def _time_left(self) -> float | None:
        """The seconds that the next call on the socket may block."""
        if self._allowance is None:
            return self.sock.gettimeout()  # type: ignore[no-any-return]
        try:
            return self._allowance.timeout(self._timeout)
        except TimeoutError as error:
            self._fail("receive", error)

    def _refuse_when_interrupted(self) -> None:
        """An interruption shuts the socket down, which looks as if the peer had ended the stream."""
        if self.interrupted:
            self._fail("receive", interruption())

    def fileno(self) -> int:
        """The number of the socket."""
        return self.sock.fileno()  # type: ignore[no-any-return]

    def release(self) -> None:
        """Nobody receives any more: let the socket go."""
        self._hold.close()
        self._report_close()

    def probe(self) -> bool:
        """Receive what is there, without waiting, and leave it in the receiver.

        Returns:
            False when the peer has closed its side, or the connection is broken.
        """
        if self.receiver is None or not self._has_input():
            return True
        timeout = self.sock.gettimeout()
        self.sock.settimeout(0)
        try:
            data = self.sock.recv(RECEIVE_SIZE)
        except (BlockingIOError, ssl.SSLWantReadError):
            # TLS had something of its own to say, such as a session ticket.
            return True
        except OSError:
            return False
        finally:
            self.sock.settimeout(timeout)
        self.receiver.feed(data)
        return bool(data)

    def _has_input(self) -> bool:
        if isinstance(self.sock, ssl.SSLSocket) and self.sock.pending():
            return True
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        return bool(poll.poll(0))

    def _is_truncation(self, error: OSError) -> bool:
        """Whether TLS ended without close_notify (RFC 9112 section 9.8)."""
        if isinstance(error, ssl.SSLEOFError) and not self.interrupted:
            self.tls_truncated = True
            return True
        return False

    # --- sending -------------------------------------------------------------------------

    def send(self, pieces: Sequence[BytesLike], watch: bool = False) -> bool:
        """Send all bytes of all pieces, in as few calls as the socket allows.

        > A client sending a message body SHOULD monitor the open connection for an error response
        > while it is transmitting the request.                      (RFC 9112 section 9.5)

        Args:
            pieces: The bytes.
            watch: They are of a body: stop when the final response is there already.

        Returns:
            False when sending stopped early.

        Raises:
            OSError: Sending failed, and no response came before.
        """
        if self.receiver is None:
            for piece in pieces:
                self._send_to_foreign(piece)
            return True
        timeout = self._time_left()
        if watch:
            # What blocks cannot watch. The wait is in `_wait_to_send`.
            self.sock.settimeout(0)
        try:
            return self._send_views([memoryview(piece).cast("B") for piece in pieces], timeout, watch)
        finally:
            if watch:
                self.sock.settimeout(timeout)

    def _send_views(self, views: list[memoryview], timeout: float | None, watch: bool) -> bool:
        gather = len(views) > 1 and not isinstance(self.sock, ssl.SSLSocket)
        self._started_ns = time.perf_counter_ns()
        while views:
            try:
                count = self.sock.sendmsg(views) if gather else self.sock.send(views[0])
            except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                if not self._wait_to_send(timeout):
                    return False
                continue
            except OSError as error:
                if watch and not self.interrupted and self._final_response_came():
                    return False
                self._fail("send", error)
            if self.reporter is not None:
                self.reporter.sent(count, self._started_ns)
                # A wait until the socket takes more is part of sending; a tap that holds the call is not.
                self._started_ns = time.perf_counter_ns()
            views = _behind(views, count)
        return True

    def _wait_to_send(self, timeout: float | None) -> bool:
        """Wait until the socket takes more; False when the final response comes first."""
        assert self.receiver is not None
        poll = select.poll()
        # At the end of the stream a socket is always readable, and says nothing new.
        listening = 0 if self.receiver.ended else select.POLLIN
        poll.register(self.sock, select.POLLOUT | listening)
        ready = poll.poll(None if timeout is None else timeout * 1000)
        if not ready:
            self._fail("send", TimeoutError("timed out"))
        if self.interrupted:
            self._fail("send", interruption())
        return not (ready[0][1] & select.POLLIN and self._final_response_came())

    def _final_response_came(self) -> bool:
        """Receive what is there, and look whether it begins a final response."""
        assert self.receiver is not None
        self.probe()
        return begins_final_response(self.receiver.buffered)

    def wait_for_continue(self, timeout: float) -> str:
        """Wait for the answer to `Expect: 100-continue` (RFC 9110 section 10.1.1).

        Args:
            timeout: In seconds, after which the body is sent anyway.

        Returns:
            `100`, `final response` or `timeout`.

        Raises:
            ConnectionAbortedError: The wait was interrupted.
        """
        if self.receiver is None:
            return "timeout"
        end = time.monotonic() + timeout
        while True:
            if holds_continue(self.receiver.buffered):
                return "100"
            if begins_final_response(self.receiver.buffered) or self.receiver.ended:
                return "final response"
            left = end - time.monotonic()
            poll = select.poll()
            poll.register(self.sock, select.POLLIN)
            if left <= 0 or not poll.poll(left * 1000):
                return "timeout"
            self._refuse_when_interrupted()
            self.probe()

    def _send_to_foreign(self, piece: BytesLike) -> None:
        started = time.perf_counter_ns()
        self.sock.sendall(piece)
        if self.reporter is not None:
            self.reporter.sent(memoryview(piece).nbytes, started)

    # --- ending --------------------------------------------------------------------------

    def interrupt(self) -> None:
        """Make the blocked call fail. For another thread than the one that is blocked."""
        self.interrupted = True
        if isinstance(self.sock, socket.socket):
            shut_down(self.sock)

    def close(self, reason: str) -> None:
        """Give up the connection's own hold; a response may keep reading."""
        self.close_reason = self.close_reason or reason
        self.sock.close()
        if self.receiver is not None:
            self.receiver.close()
        else:
            self._report_close()

    def hand_over(self, reason: str) -> None:
        """Give the socket to somebody else; it stays open."""
        self.close_reason = reason
        if self.receiver is not None:
            self.receiver.close()
        else:
            self._report_close()

    def _report_close(self) -> None:
        if self.reporter is None:
            return
        if self.receiver is not None:
            left, at = len(self.receiver.buffered), self.receiver.offset
            self.reporter.one_leaf(events.BytesLeft, "unparsed", at, left)
        self.reporter.emit_read(events.ConnectionClosed, self.close_reason)

    def _fail(self, operation: str, error: OSError) -> NoReturn:
        cause = interruption() if self.interrupted else error
        if self.reporter is not None:
            elapsed = time.perf_counter_ns() - self._started_ns
            self.reporter.emit(events.TransportFailed, operation, str(cause) or repr(cause), elapsed)
        if cause is error:
            raise error
        raise cause from error


def _behind(views: list[memoryview], count: int) -> list[memoryview]:
    """What is left of the pieces when so many bytes are gone."""
    while views and count >= len(views[0]):
        count -= len(views[0])
        views = views[1:]
    if count:
        views = [views[0][count:], *views[1:]]
    return views
