"""A socket that is open, as a connection has it: it sends, and shares what is received (`channel`) with responses."""

import errno
import os
import select
import socket
import ssl
import time
from collections.abc import Sequence
from typing import Any
from weakref import ref

from workbench.protocol import tap as events
from workbench.protocol.allowance import Allowance
from workbench.protocol.limits import RECEIVE_SIZE
from workbench.protocol.receivers import SocketReceiver
from workbench.protocol.reporter import Reporter
from workbench.protocol.transport.channel import AT_ONCE, Channel
from workbench.protocol.transport.interruption import interruption
from workbench.protocol.wire.interim import begins_final_response, holds_continue

BytesLike = bytes | bytearray | memoryview

_COPIED = 16 * 1024
"""Bytes of several pieces that are joined before they are sent. To copy so few costs less than to
gather them, and TLS, which cannot gather, makes one record of them (RFC 8446 section 5.1)."""

_AT_MOST = 64 * 1024 * 1024
"""Bytes of a file that are sent in one call: so an interruption does not wait for all of it."""

_NOT_SENDABLE = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)
"""What sendfile(2) gives for files of some file systems, which then have to be read."""


class Transport:
    """One socket, from the time it is opened until both sides of the API have let it go."""

    def __init__(self, sock: Any, reporter: Reporter | None, connection: ref[Any] | None = None) -> None:
        self.sock = sock
        self.reporter = reporter
        self.connection = connection
        """The connection that a response tells of its end; None where nobody is told."""

        self.used = False
        """It has carried a request."""

        # Objects that only look like sockets, in tests and adapters, are read through makefile.
        self.receiver: SocketReceiver | None = None
        self._channel: Channel | None = None
        if isinstance(sock, socket.socket):
            self._channel = Channel(sock, reporter)
            self.receiver = SocketReceiver(self._channel, reporter)

    def makefile(self, mode: str = "rb", *args: Any, **kwargs: Any) -> Any:
        """Give a response its source of bytes, as `socket.makefile` would."""
        receiver = self.receiver
        if self.reporter is not None:
            self.reporter.reading_exchange = self.reporter.exchange
        if receiver is not None:
            receiver.users += 1
            return receiver
        return self.sock.makefile(mode, *args, **kwargs)

    def limit(self, allowance: Allowance | None) -> None:
        """Begin an exchange that may take so much time and so many bytes in all; None for any number."""
        # What only looks like a socket has no time-out to shorten.
        if self._channel is not None:
            self._channel.limit(allowance)

    def is_quiet(self) -> bool:
        """Whether nothing has come that was not parsed, and the peer has not closed its side."""
        receiver, channel = self.receiver, self._channel
        if receiver is None or channel is None:
            return True
        try:
            if channel.is_tls and self.sock.pending():
                return False
            if self.sock.fileno() != channel.polled:
                channel.begin_polling()
            return not channel.poll_input(0) and receiver.position == len(receiver.data)
        except OSError:
            return False

    def probe(self, size: int = RECEIVE_SIZE) -> bool:
        """Receive what is there, without waiting, and leave it in the receiver.

        Args:
            size: The bytes at most.

        Returns:
            False when the peer has closed its side, or the connection is broken.
        """
        assert self.receiver is not None
        assert self._channel is not None
        try:
            data = self._channel.recv_at_once(size)
        except OSError:
            return False
        if data is None:
            return True
        self.receiver.feed(data)
        return bool(data)

    # --- sending -------------------------------------------------------------------------

    def send(self, pieces: Sequence[BytesLike], watch: bool = False) -> bool:
        """Send all bytes of all pieces, in as few calls as the socket allows.

        > A client sending a message body SHOULD monitor the open connection for an error response
        > while it is transmitting the request.                      (RFC 9112 section 9.5)

        Args:
            pieces: The bytes.
            watch: They are of a body: stop when the final response is there already. So it is with all that is sent
                where the exchange has a deadline or a byte budget.

        Returns:
            False when sending stopped early.

        Raises:
            OSError: Sending failed, and no response came before.
        """
        channel = self._channel
        if channel is None:
            for piece in pieces:
                self._send_to_foreign(piece)
            return True
        if len(pieces) > 1 and sum(map(len, pieces)) <= _COPIED:
            pieces = [b"".join(pieces)]
        if not watch and not channel.limited:
            # A head, or what a program sends as it is, is one piece, and the kernel nearly always takes it without a wait.
            pieces = self._send_at_once(channel, pieces)
            return not pieces or self._send_views(channel, pieces, None, 0, False)
        # A call that blocks can neither watch nor be ended in time. The wait is in `_wait_to_send`.
        timeout = channel.time_left("send")
        if timeout is None and channel.sends_at_once:
            return self._send_views(channel, pieces, timeout, AT_ONCE, True)
        self.sock.settimeout(0)
        try:
            return self._send_views(channel, pieces, timeout, 0, True)
        finally:
            self.sock.settimeout(timeout)

    def send_file(self, number: int, start: int, end: int) -> tuple[int, bool]:
        """Send a part of a file as `send` does, without taking it into memory.

        Args:
            number: The file descriptor of a regular file.
            start: Where the part begins in the file, in bytes.
            end: Where it ends.

        Returns:
            Where sending ended, and whether that is because the response came first. It may also be that
            the file is shorter now, or of a kind that the kernel does not send.

        Raises:
            OSError: Sending failed, and no response came before.
        """
        channel = self._channel
        assert channel is not None
        timeout = channel.time_left("send")
        self.sock.settimeout(0)
        try:
            while start < end:
                try:
                    count = os.sendfile(self.sock.fileno(), number, start, min(end - start, _AT_MOST))
                except OSError as error:
                    if error.errno in _NOT_SENDABLE:
                        break
                    if self._goes_on(channel, error, timeout, watch=True):
                        continue
                    return start, True
                if not count:
                    break
                start += count
        finally:
            self.sock.settimeout(timeout)
        return start, False

    @property
    def sends_files(self) -> bool:
        """Whether `send_file` can be called: no tap wants to see the bytes, and TLS need not code them."""
        return self._channel is not None and self.reporter is None and not self._channel.is_tls

    def _send_at_once(self, channel: Channel, pieces: Sequence[BytesLike]) -> Sequence[BytesLike]:
        """Send what the kernel takes without a wait, before which no tap need look at its notes; give what is left."""
        sock, reporter = self.sock, self.reporter
        if not channel.sends_at_once or sock.timeout is not None:
            return pieces
        if reporter is not None:
            channel.started_ns = time.perf_counter_ns()
        try:
            count = sock.send(pieces[0], AT_ONCE)
        except BlockingIOError:
            return pieces
        except OSError as error:
            channel.fail("send", error)
        if reporter is not None:
            reporter.sent(count, channel.started_ns)
        return pieces[1:] if count == len(pieces[0]) else _behind(pieces, count)

    def _send_views(
        self, channel: Channel, views: Sequence[BytesLike], timeout: float | None, flags: int, watch: bool
    ) -> bool:
        while views:
            if self.reporter is not None:
                # What watches waits elsewhere.
                if not watch:
                    self.reporter.show()
                channel.started_ns = time.perf_counter_ns()
            try:
                if len(views) == 1 or not channel.sends_at_once:
                    # Sockets of the program's own may have another `send`, which knows of no flags.
                    count = self.sock.send(views[0], flags) if flags else self.sock.send(views[0])
                else:
                    count = self.sock.sendmsg(views, (), flags)
            except OSError as error:
                if self._goes_on(channel, error, timeout, watch):
                    continue
                return False
            if self.reporter is not None:
                self.reporter.sent(count, channel.started_ns)
            if count == len(views[0]) and len(views) == 1:
                break
            views = _behind(views, count)
        return True

    def _goes_on(self, channel: Channel, error: OSError, timeout: float | None, watch: bool) -> bool:
        """After an attempt to send: wait for the next one; False when the final response came first."""
        try:
            if isinstance(error, BlockingIOError | ssl.SSLWantWriteError | ssl.SSLWantReadError):
                return self._wait_to_send(channel, timeout)
            if watch and not channel.interrupted and self._final_response_came():
                return False
            channel.fail("send", error)
        finally:
            # Its traceback has this frame: the two would keep the connection alive.
            del error

    def _wait_to_send(self, channel: Channel, timeout: float | None) -> bool:
        """Wait until the socket takes more; False when the final response comes first."""
        assert self.receiver is not None
        if channel.limited:
            timeout = channel.time_left("send")
        # At the end of the stream a socket is always readable, and says nothing new.
        listening = 0 if self.receiver.ended else select.POLLIN
        ready = channel.wait(select.POLLOUT | listening, timeout)
        if not ready:
            channel.fail("send", TimeoutError("timed out"))
        if channel.interrupted:
            channel.fail("send", interruption())
        if not ready & select.POLLIN:
            return True
        if not channel.room_ahead():
            # What is there may not be received. Of a peer that says it and takes nothing more, nothing else will come.
            return bool(ready & select.POLLOUT)
        return not self._final_response_came()

    def _final_response_came(self) -> bool:
        """Receive what is there, and look whether it begins a final response."""
        assert self.receiver is not None
        self._receive_ahead()
        return begins_final_response(self.receiver.buffered)

    def _receive_ahead(self) -> None:
        """Receive what is there of the answer to a request that was not all sent, as far as the exchange may have it."""
        channel, receiver = self._channel, self.receiver
        assert channel is not None
        assert receiver is not None
        if room := channel.room_ahead():
            before = len(receiver.data) - receiver.position
            self.probe(room)
            channel.count_ahead(len(receiver.data) - receiver.position - before)

    def wait_for_continue(self, timeout: float) -> str:
        """Wait for the answer to `Expect: 100-continue` (RFC 9110 section 10.1.1).

        Args:
            timeout: In seconds, after which the body is sent anyway.

        Returns:
            `100`, `final response` or `timeout`.

        Raises:
            ConnectionAbortedError: The wait was interrupted.
            TimeoutError: The time of the exchange is over.
        """
        if self.receiver is None or self._channel is None:
            return "timeout"
        end = time.monotonic() + timeout
        while True:
            if holds_continue(self.receiver.buffered):
                return "100"
            if begins_final_response(self.receiver.buffered) or self.receiver.ended:
                return "final response"
            left = end - time.monotonic()
            # Who may receive no more need not wait for it.
            if left <= 0 or not self._channel.room_ahead():
                return "timeout"
            if self._channel.wait(select.POLLIN, self._channel.within_deadline(left, "receive")):
                self._channel.refuse_when_interrupted()
                self._receive_ahead()

    def _send_to_foreign(self, piece: BytesLike) -> None:
        if self.reporter is not None:
            self.reporter.show()
        started = time.perf_counter_ns()
        self.sock.sendall(piece)
        if self.reporter is not None:
            self.reporter.sent(memoryview(piece).nbytes, started)

    # --- ending --------------------------------------------------------------------------

    @property
    def interrupted(self) -> bool:
        """Whether `interrupt` was called."""
        return self._channel is not None and self._channel.interrupted

    def interrupt(self) -> None:
        """Make the blocked call fail. For another thread than the one that is blocked."""
        if self._channel is not None:
            self._channel.interrupt()

    def close(self, reason: str) -> None:
        """Give up the connection's own hold; a response may keep reading."""
        self.sock.close()
        self.hand_over(reason)

    def hand_over(self, reason: str) -> None:
        """Give the socket to somebody else; it stays open."""
        if self.receiver is None or self._channel is None:
            if self.reporter is not None:
                self.reporter.emit_read(events.ConnectionClosed, reason)
            return
        self._channel.close_reason = self._channel.close_reason or reason
        self.receiver.close()


def _behind(pieces: Sequence[BytesLike], count: int) -> Sequence[BytesLike]:
    """What is left of the pieces when so many bytes are gone."""
    for index, piece in enumerate(pieces):
        if count < len(piece):
            return [memoryview(piece)[count:], *pieces[index + 1 :]]
        count -= len(piece)
    return ()
