"""Sockets and TLS: the only file of the package that imports them.

A `Transport` is one open socket with what is known about it: what was received and not parsed,
whether it was interrupted, and whom to tell. It takes whatever is given as `HTTPConnection.sock`,
also objects that have no more than `sendall` and `makefile`.
"""

import select
import socket
import ssl
import time
from collections.abc import Sequence
from typing import Any, NoReturn

from workbench.protocol import tap as events
from workbench.protocol.limits import RECEIVE_SIZE
from workbench.protocol.receive import SocketReceiver
from workbench.protocol.reporter import Reporter
from workbench.protocol.wire.interim import begins_final_response, holds_continue

GLOBAL_DEFAULT_TIMEOUT: Any = socket._GLOBAL_DEFAULT_TIMEOUT  # type: ignore[attr-defined]  # noqa: SLF001 - the one in every signature of the standard library
"""Says "as `socket.setdefaulttimeout()` has it", which None cannot say: None waits for ever."""

Address = tuple[str, int]
TlsContext = ssl.SSLContext
BytesLike = bytes | bytearray | memoryview


class Dialer:
    """Opens TCP connections like `socket.create_connection`, tells the tap, can be interrupted."""

    def __init__(self, reporter: Reporter | None) -> None:
        self.reporter = reporter
        self._socket: socket.socket | None = None
        self._interrupted = False

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
        raise failure

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
            return socket.getaddrinfo(*address, 0, socket.SOCK_STREAM)
        reporter.emit(events.HostLookupStarted, *address)
        try:
            found = socket.getaddrinfo(*address, 0, socket.SOCK_STREAM)
        except OSError as error:
            reporter.emit(events.HostLookupFinished, (), str(error))
            raise
        reporter.emit(events.HostLookupFinished, tuple(str(entry[4][0]) for entry in found))
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
        sock = self._socket = socket.socket(family, kind, protocol)
        try:
            if timeout is not GLOBAL_DEFAULT_TIMEOUT:
                sock.settimeout(timeout)
            if source:
                sock.bind(source)
            if not self._interrupted:
                sock.connect(target)
            if self._interrupted:
                raise _interruption()
        except OSError as error:
            sock.close()
            cause = _interruption() if self._interrupted else error
            if reporter is not None:
                reporter.emit(events.ConnectFailed, str(target[0]), target[1], str(cause))
            if cause is error:
                raise
            raise cause from error
        finally:
            self._socket = None
        if reporter is not None:
            local = sock.getsockname()
            reporter.emit(events.Connected, str(target[0]), target[1], str(local[0]), local[1])
        return sock


class Transport:
    """One socket, from the time it is opened until both sides of the API have let it go."""

    def __init__(self, sock: Any, reporter: Reporter | None) -> None:
        self.sock = sock
        self.reporter = reporter
        self.used = False
        """It has carried a request."""

        self.idle_since_ns = 0
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
        self._refuse_when_interrupted()
        try:
            data: bytes = self.sock.recv(size)
        except OSError as error:
            return b"" if self._is_truncation(error) else self._fail("receive", error)
        if not data:
            self._refuse_when_interrupted()
        return data

    def recv_into(self, view: memoryview) -> int:
        """Receive into a view; 0 at the end of the stream."""
        self._refuse_when_interrupted()
        try:
            count: int = self.sock.recv_into(view)
        except OSError as error:
            return 0 if self._is_truncation(error) else self._fail("receive", error)
        if not count:
            self._refuse_when_interrupted()
        return count

    def _refuse_when_interrupted(self) -> None:
        """An interruption shuts the socket down, which looks as if the peer had ended the stream."""
        if self.interrupted:
            self._fail("receive", _interruption())

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
        timeout = self.sock.gettimeout()
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
        while views:
            started = time.perf_counter_ns()
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
                self.reporter.sent(count, started)
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
            self._fail("send", _interruption())
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

    def hand_over(self) -> None:
        """Give the socket to another transport; it stays open."""
        self.close_reason = "the tunnel took the connection over"
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
        cause = _interruption() if self.interrupted else error
        if self.reporter is not None:
            self.reporter.emit(events.TransportFailed, operation, str(cause) or repr(cause))
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


def shut_down(sock: socket.socket) -> None:
    """Wake whoever is blocked on the socket. It may be closed, or not connected yet."""
    try:
        # Not the method: that of SSLSocket takes the TLS layer away from the blocked thread.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        # Nobody is blocked on a socket that is not there.
        return


def _interruption() -> ConnectionAbortedError:
    return ConnectionAbortedError("interrupted")


def set_no_delay(sock: Any) -> None:
    """Send small segments at once; a family without TCP has nothing to delay."""
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        if error.errno != _ENOPROTOOPT:
            raise


_ENOPROTOOPT = 92


# --- TLS ---------------------------------------------------------------------------------


def create_tls_context(
    cafile: str | None = None, capath: str | None = None, cadata: str | bytes | None = None
) -> ssl.SSLContext:
    """Make a context that checks certificates and host names, and offers HTTP/1.1.

    Args:
        cafile: A PEM file of the authorities to trust. Without any of the three, the system's.
        capath: A directory of such files.
        cadata: Such certificates themselves, PEM as `str` or DER as `bytes`.
    """
    context = ssl.create_default_context(cafile=cafile, capath=capath, cadata=cadata)
    context.set_alpn_protocols(["http/1.1"])
    # Python sets this option for the sake of old programs. It hides that a stream was cut.
    context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    if context.post_handshake_auth is not None:
        context.post_handshake_auth = True
    return context


def load_client_certificate(context: ssl.SSLContext, cert_file: str | None, key_file: str | None) -> None:
    """Let the context show a certificate when it is asked for one.

    Args:
        context: Changed in place.
        cert_file: PEM, the chain of the client; may hold the key too.
        key_file: PEM, its private key.
    """
    if cert_file is None:
        raise ValueError("Expected cert_file together with key_file")
    context.load_cert_chain(cert_file, key_file)


def is_verified(context: ssl.SSLContext) -> bool:
    """Whether a context checks who answers."""
    return context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname


def wrap_tls(sock: Any, context: ssl.SSLContext, server_name: str) -> Any:
    """Put TLS over an open socket; the handshake is still to come.

    Args:
        sock: Given up: the result takes its place.
        context: What to trust, and what to show.
        server_name: Whom the certificate has to name.
    """
    return context.wrap_socket(
        sock, server_hostname=server_name, do_handshake_on_connect=False, suppress_ragged_eofs=False
    )


def shake_hands(tls: Any, context: ssl.SSLContext, server_name: str, reporter: Reporter | None) -> None:
    """Do the TLS handshake.

    Raises:
        ssl.SSLError: It failed, for example because the certificate does not verify.
    """
    if reporter is None:
        tls.do_handshake()
        return
    reporter.emit(events.TlsStarted, server_name)
    try:
        tls.do_handshake()
    except OSError as error:
        reporter.emit(events.TlsFailed, str(error))
        raise
    _report_session(tls, context, reporter)


def _report_session(tls: ssl.SSLSocket, context: ssl.SSLContext, reporter: Reporter) -> None:
    names: dict[str, Any] = tls.getpeercert() or {}
    cipher = tls.cipher()
    reporter.emit(
        events.TlsEstablished,
        tls.version() or "",
        cipher[0] if cipher else "",
        tls.selected_alpn_protocol(),
        is_verified(context),
        tls.getpeercert(binary_form=True) or b"",
        _join_names(names.get("subject", ())),
        _join_names(names.get("issuer", ())),
        names.get("notAfter", ""),
    )


def _join_names(names: Sequence[Sequence[tuple[str, str]]]) -> str:
    return ", ".join(f"{key}={value}" for group in names for key, value in group)
