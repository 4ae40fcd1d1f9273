"""Opening TCP connections."""

import errno
import functools
import os
import select
import socket
import time
from typing import Any

from workbench.protocol import tap as events
from workbench.protocol.limits import LONGEST_POLL
from workbench.protocol.reporter import Reporter
from workbench.protocol.transport.interruption import interruption, shut_down

GLOBAL_DEFAULT_TIMEOUT: Any = socket._GLOBAL_DEFAULT_TIMEOUT  # type: ignore[attr-defined]  # noqa: SLF001 - the one in every signature of the standard library
"""Says "as `socket.setdefaulttimeout()` has it", which None cannot say: None waits for ever."""

Address = tuple[str, int]

_NON_BLOCKING: int = getattr(socket, "SOCK_NONBLOCK", 0)
"""Makes a socket one that does not block, in the call that opens it; 0 where that takes another call."""


class Dialer:
    """Opens TCP connections like `socket.create_connection`, tells the tap, can be interrupted."""

    _socket: socket.socket | None = None
    _interrupted = False
    """Somebody has called `interrupt`. An `Event` would cost more than all the rest, and nobody waits for it."""

    def __init__(self, reporter: Reporter | None) -> None:
        self.reporter = reporter

    def __call__(
        self,
        address: Address,
        timeout: float | None = GLOBAL_DEFAULT_TIMEOUT,
        source_address: Address | None = None,
    ) -> socket.socket:
        """Try the addresses of a host, one after another.

        Args:
            address: Host and port.
            timeout: Seconds for each attempt.
            source_address: Where to connect from.

        Raises:
            OSError: No address answered; the error is that of the last one.
        """
        failure: OSError | None = None
        for family, kind, protocol, _, target in self._look_up(address):
            try:
                return self._connect(family, kind, protocol, target, timeout, source_address)
            except OSError as error:
                failure = error
                if self._interrupted:
                    break
        self._interrupted = False
        assert failure is not None, "getaddrinfo gives an address or raises"
        try:
            raise failure
        finally:
            # Its traceback has this frame: the two would keep the connection alive.
            del failure

    def interrupt(self) -> None:
        """Make the attempt under way fail, or else the next one. For another thread.

        The thread that connects may stand just before its first attempt.
        """
        self._interrupted = True
        if self._socket is not None:
            shut_down(self._socket)

    def forgive(self) -> None:
        """Forget an interruption that met nobody: the connection begins anew."""
        self._interrupted = False

    def _look_up(self, address: Address) -> list[Any]:
        reporter = self.reporter
        if reporter is None:
            return _find(address)
        reporter.emit(events.HostLookupStarted, *address)
        started = time.perf_counter_ns()
        try:
            found = _find(address)
        except OSError as error:
            reporter.emit(events.HostLookupFinished, (), str(error), time.perf_counter_ns() - started)
            raise
        elapsed = time.perf_counter_ns() - started
        reporter.emit(events.HostLookupFinished, tuple(str(entry[4][0]) for entry in found), None, elapsed)
        return found

    def _connect(
        self,
        family: int,
        kind: int,
        protocol: int,
        target: Any,
        timeout: float | None,
        source: Address | None,
    ) -> socket.socket:
        reporter = self.reporter
        if reporter is not None:
            reporter.emit(events.ConnectStarted, str(target[0]), target[1])
        started = time.perf_counter_ns()
        sock = self._socket = socket.socket(family, kind | _NON_BLOCKING, protocol)
        try:
            self._reach(sock, target, timeout, source, started)
            if reporter is not None:
                elapsed = time.perf_counter_ns() - started
                local = sock.getsockname()
                reporter.emit(events.Connected, str(target[0]), target[1], str(local[0]), local[1], elapsed)
        except BaseException:
            # Also ctrl+c, while the peer is waited for or the tap is told.
            sock.close()
            raise
        return sock

    def _reach(
        self, sock: socket.socket, target: Any, timeout: float | None, source: Address | None, started: int
    ) -> None:
        """Connect a socket to a peer, and tell the tap where that fails."""
        if timeout is GLOBAL_DEFAULT_TIMEOUT:
            timeout = socket.getdefaulttimeout()
        try:
            if timeout is not None or not _NON_BLOCKING:
                # What is no time-out is refused before anybody is called.
                sock.settimeout(timeout)
                sock.settimeout(0)
            if source:
                sock.bind(source)
            self._wait_for_peer(sock, target, timeout)
            sock.settimeout(timeout)
        except OSError as error:
            # Before the tap hears of it, which may hold the thread.
            sock.close()
            interrupted = self._interrupted
            if self.reporter is not None:
                elapsed = time.perf_counter_ns() - started
                cause = str(interruption() if interrupted else error)
                self.reporter.emit(events.ConnectFailed, str(target[0]), target[1], cause, elapsed)
            if interrupted:
                raise interruption() from error
            raise
        finally:
            self._socket = None

    def _wait_for_peer(self, sock: socket.socket, target: Any, timeout: float | None) -> None:
        """Connect a socket that does not block, within so many seconds.

        Not with one that blocks: an interruption between the last look at the flag and the call would
        find nobody to wake. Once the kernel has begun to connect, it finds somebody.
        """
        if self._interrupted:
            # While the name was looked up, which cannot be cut short: nobody is to be called now.
            raise interruption()
        code = sock.connect_ex(target)
        if code == errno.EINPROGRESS and timeout != 0:
            poll = select.poll()
            poll.register(sock, select.POLLOUT)
            if self._interrupted:
                raise interruption()
            ready = poll.poll(None if timeout is None else min(timeout * 1000, LONGEST_POLL))
            if not ready:
                raise TimeoutError("timed out")
            # What has gone wrong is an event too.
            code = 0 if ready[0][1] == select.POLLOUT else sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if self._interrupted:
            raise interruption()
        if code:
            raise OSError(code, os.strerror(code))


def _find(address: Address) -> list[Any]:
    """Look a host up, whose addresses are in what is found."""
    # Programs put another in its place, which may have something to say of any host.
    if socket.getaddrinfo is _GETADDRINFO and (found := _find_literal(*address)):
        return found
    return socket.getaddrinfo(*address, 0, socket.SOCK_STREAM)


_GETADDRINFO = socket.getaddrinfo


@functools.lru_cache(maxsize=64)
def _find_literal(host: str, port: int) -> list[Any] | None:
    """Find what is always the same: a host that is an IPv4 address; None for any other."""
    try:
        socket.inet_pton(socket.AF_INET, host)
    except OSError:
        return None
    return _GETADDRINFO(host, port, 0, socket.SOCK_STREAM)


def set_no_delay(sock: Any) -> None:
    """Send small segments at once; a family without TCP has nothing to delay."""
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        if error.errno != errno.ENOPROTOOPT:
            raise
