"""An open socket, as far as one receives from it and waits for it: with its time-outs, limits and interruption.

It is what a receiver holds, and knows nothing of the receiver: two objects that hold each other
would keep a connection that nobody closed open until the garbage collector comes by.
"""

import _socket
import errno
import os
import select
import socket
import ssl
import time
from collections.abc import Callable
from typing import NoReturn

from workbench.protocol import tap as events
from workbench.protocol.allowance import Allowance
from workbench.protocol.errors import HTTPException
from workbench.protocol.limits import LONGEST_POLL, RECEIVE_SIZE
from workbench.protocol.reporter import Reporter
from workbench.protocol.transport.interruption import interruption, shut_down

_LOOK_NS = 20_000
"""How long an answer is looked for before the thread sleeps until it comes. To fall asleep and be woken takes some
microseconds, and most of all where the answer comes in between: with a server nearby longer than the answer. Locks
that are held for moments only are waited for in the same way (`PTHREAD_MUTEX_ADAPTIVE_NP` of glibc)."""

_ENOUGH_IN_A_ROW = 2
"""So many answers in a row that are there at once make it likely that the next one is."""

AT_ONCE = int(socket.MSG_DONTWAIT)
"""Lets a call on a socket do what needs no wait. A number, because to look it up takes as long as to send."""


class Channel:
    """One socket with its time-outs, its interruption and its end."""

    tls_truncated = False
    """TLS ended without close_notify."""

    close_reason = ""

    _holds = False
    """It keeps the socket open."""

    started_ns = 0
    """When the call on the socket began that is going on, or went last: for the reporter alone."""

    polled: int | None = None
    """The number of the socket that `poll_input` is for; that of one that is closed is -1."""

    poll_input: Callable[[int], list[tuple[int, int]]]
    """Gives something where there is something to receive: bytes, the end of the stream, or an error. Takes the
    milliseconds to wait for it. Kept, because it is asked before each request and each answer."""

    _refused_length = 0
    """Bytes that came and were given to nobody: they were more than the exchange may have."""

    _allowance: Allowance | None = None
    _timeout: float | None = None

    def __init__(self, sock: socket.socket, reporter: Reporter | None) -> None:
        self.sock = sock
        self.reporter = reporter
        # Sockets of TLS, of gevent and of the program's own have calls of their own, which may wait all the same, or
        # take no flags. gevent puts its own in the place of all names of `socket`.
        kind = type(sock)
        self.sends_at_once = kind.send is _socket.socket.send
        """No call of `send` with `AT_ONCE` waits, where there is no time-out."""

        self._receives_at_once = kind is socket.socket and kind.recv is _socket.socket.recv
        """Likewise of `recv`."""

        self.is_tls = isinstance(sock, ssl.SSLSocket)
        self._found_at_once = 0
        """How many answers in a row were there when they were first looked for; no more than make a rule."""

        self._watched = False
        """The exchange has a deadline or a byte budget, or was interrupted."""

        self.interrupted = self.limited = False
        """`limited`: the exchange has a deadline or a byte budget."""

        # The socket stays open for a response that outlives the connection's own reference. A file of `makefile`
        # counts itself in the same way, and to make one takes longer than all the rest here.
        sock._io_refs += 1  # type: ignore[attr-defined]  # noqa: SLF001 - as socket.makefile does
        self._holds = True

    # --- receiving -----------------------------------------------------------------------

    def recv(self, size: int) -> bytes:
        """Receive at most `size` bytes; empty at the end of the stream."""
        if self._watched:
            size = self._prepare_to_receive(size)
        try:
            data: bytes = self.sock.recv(size)
        except OSError as error:
            return b"" if self._is_truncation(error) else self.fail("receive", error)
        if self._watched or not data:
            self._count_received(data)
        return data

    def recv_answer(self, size: int) -> bytes | None:
        """Receive an answer that is there, or comes while it is looked for (`_LOOK_NS`).

        Returns:
            Empty at the end of the stream; None where to receive may have to wait.
        """
        if (
            self._found_at_once == _ENOUGH_IN_A_ROW
            and self._receives_at_once
            and self.sock.timeout is None
            and not self._watched
        ):
            # It is there, as the last ones were: then this is the only call.
            try:
                data: bytes = self.sock.recv(size, AT_ONCE)
            except BlockingIOError:
                self._found_at_once = 0
            except OSError as error:
                self.fail("receive", error)
            else:
                if not data:
                    self._count_received(data)
                return data
        return self.recv(size) if self._look_for_answer() else None

    def recv_into(self, view: memoryview) -> int:
        """Receive into a view; 0 at the end of the stream."""
        if self._watched:
            view = view[: self._prepare_to_receive(len(view))]
        try:
            # MSG_WAITALL would fill the view in one call, in no less time. But a signal ends that call when part
            # of the view is filled, and where its handler raises, nobody learns of how much.
            count: int = self.sock.recv_into(view)
        except OSError as error:
            return 0 if self._is_truncation(error) else self.fail("receive", error)
        if self._watched or not count:
            self._count_received(view[:count])
        return count

    def recv_at_once(self, size: int) -> bytes | None:
        """Receive at most `size` bytes of what is there, without waiting.

        Returns:
            Empty at the end of the stream; None where nothing is there.

        Raises:
            OSError: The connection is broken.
        """
        timeout = self.sock.gettimeout()
        self.sock.settimeout(0)
        try:
            return self.sock.recv(size)
        except (BlockingIOError, ssl.SSLWantReadError):
            # TLS had something of its own to say, such as a session ticket.
            return None
        finally:
            self.sock.settimeout(timeout)

    def _prepare_to_receive(self, size: int) -> int:
        self.refuse_when_interrupted()
        assert self._allowance is not None, "what is watched is limited, or was interrupted"
        self.sock.settimeout(self.time_left())
        return self._allowance.room(size)

    def room_ahead(self) -> int:
        """The bytes that may be received before the answer is waited for; 0 where the exchange has had all that it may have."""
        return RECEIVE_SIZE if self._allowance is None else self._allowance.room_ahead(RECEIVE_SIZE)

    def count_ahead(self, count: int) -> None:
        """Count bytes that were received before the answer was waited for, and had room."""
        if self._allowance is not None:
            self._allowance.spend(count)

    def _count_received(self, data: bytes | memoryview) -> None:
        if not data:
            self.refuse_when_interrupted()
        if self._allowance is None:
            return
        try:
            self._allowance.spend(len(data))
        except HTTPException:
            # Nobody gets them, but who debugs has to see each byte that came.
            self._refused_length += len(data)
            if self.reporter is not None:
                self.reporter.received(bytes(data), self.started_ns)
            raise

    def _is_truncation(self, error: OSError) -> bool:
        """Whether TLS ended without close_notify (RFC 9112 section 9.8)."""
        if isinstance(error, ssl.SSLEOFError) and not self.interrupted:
            self.tls_truncated = True
            return True
        return False

    # --- waiting -------------------------------------------------------------------------

    def begin_polling(self) -> None:
        """Make `poll_input` for the socket as it is now.

        Raises:
            OSError: The socket was closed.
        """
        self.poll_input = self._make_poll(select.POLLIN).poll
        self.polled = self.sock.fileno()

    def _look_for_answer(self) -> bool:
        """Wait for an answer that comes almost at once, and say whether to receive it takes no further wait."""
        if self.polled is None:
            if self.sock.fileno() < 0:
                # To receive from it says what is wrong.
                return False
            self.begin_polling()
        poll = self.poll_input
        found = poll(0)
        if not found:
            self._found_at_once = 0
            end = time.perf_counter_ns() + _LOOK_NS
            while not found and time.perf_counter_ns() < end:
                found = poll(0)
        elif self._found_at_once < _ENOUGH_IN_A_ROW:
            self._found_at_once += 1
        # TLS may have something of its own to say, such as a session ticket, and wait on.
        return bool(found) and not self.is_tls

    def wait(self, wanted: int, seconds: float | None) -> int:
        """Wait until the socket is ready.

        Args:
            wanted: Events of `select.poll`.
            seconds: None for ever.

        Returns:
            Those that came, or 0.

        Raises:
            OSError: The socket was closed by somebody else.
        """
        if self.reporter is not None:
            self.reporter.show()
        ready = self._make_poll(wanted).poll(None if seconds is None else min(seconds * 1000, LONGEST_POLL))
        return ready[0][1] if ready else 0

    def _make_poll(self, wanted: int) -> select.poll:
        """Give what waits for the socket.

        Raises:
            OSError: The socket was closed.
        """
        number = self.sock.fileno()
        if number < 0:
            # What poll says of such a number is a ValueError.
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        poll = select.poll()
        poll.register(number, wanted)
        return poll

    def limit(self, allowance: Allowance | None) -> None:
        """Begin an exchange that may take so much time and so many bytes in all; None for any number."""
        if self._allowance is None:
            self._timeout = self.sock.gettimeout()
        else:
            # The last call of the exchange before has left what time there was.
            self.sock.settimeout(self._timeout)
        self._allowance = allowance
        self.limited = allowance is not None
        self._watched = self.limited or self.interrupted

    def time_left(self, operation: str = "receive") -> float | None:
        """The seconds that the next call on the socket may block.

        Args:
            operation: What it is for: `receive` or `send`.

        Raises:
            TimeoutError: The time of the exchange is over.
        """
        if self._allowance is None:
            return self.sock.gettimeout()
        return self.within_deadline(self._timeout, operation)

    def within_deadline(self, seconds: float | None, operation: str) -> float | None:
        """Shorten a wait to what is left of the time of the exchange.

        Raises:
            TimeoutError: Nothing is.
        """
        if self._allowance is None:
            return seconds
        try:
            return self._allowance.timeout(seconds)
        except TimeoutError as error:
            # Nothing was waited for.
            self.started_ns = time.perf_counter_ns()
            self.fail(operation, error)

    # --- ending --------------------------------------------------------------------------

    def interrupt(self) -> None:
        """Make the blocked call fail. For another thread than the one that is blocked."""
        self.interrupted = self._watched = True
        shut_down(self.sock)

    def refuse_when_interrupted(self) -> None:
        """An interruption shuts the socket down, which looks as if the peer had ended the stream."""
        if self.interrupted:
            self.fail("receive", interruption())

    def fileno(self) -> int:
        """The number of the socket."""
        return self.sock.fileno()

    def release(self, offset: int, left: int) -> None:
        """Nobody receives any more: let the socket go.

        Args:
            offset: Where the bytes lie that were received and not parsed.
            left: Their number.
        """
        self._let_go()
        if self.reporter is not None:
            self.reporter.one_leaf(events.BytesLeft, "unparsed", offset, left + self._refused_length)
            self.reporter.emit_read(events.ConnectionClosed, self.close_reason)

    def _let_go(self) -> None:
        if self._holds:
            self._holds = False
            self.sock._decref_socketios()  # type: ignore[attr-defined]  # noqa: SLF001 - as socket.SocketIO does

    __del__ = _let_go

    def fail(self, operation: str, error: OSError) -> NoReturn:
        """Raise an error of the socket, or the deadline or interruption that is behind it.

        Args:
            operation: `receive` or `send`.
            error: What the socket raised.
        """
        if self._allowance is not None:
            error = self._allowance.cause_of(error)
        cause = interruption() if self.interrupted else error
        if self.reporter is not None:
            elapsed = time.perf_counter_ns() - self.started_ns
            self.reporter.emit(events.TransportFailed, operation, str(cause) or repr(cause), elapsed)
        try:
            if cause is error:
                raise error
            raise cause from error
        finally:
            # The traceback has this frame: the two would keep the connection alive until the
            # garbage collector comes by.
            del cause, error
