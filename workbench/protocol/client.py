"""HTTPConnection and HTTPSConnection, under the names of http.client.

A connection queues a request line by line, sends it, and makes a response that reads what comes.
It knows three things: what the request is doing (`wire.state`), the response that has not been
read to its end, and the transport, which is one socket with its received bytes.
"""

import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any

from workbench.protocol import tap as events
from workbench.protocol.body import check_readable, content_length, pieces
from workbench.protocol.errors import (
    CannotSendHeader,
    CannotSendRequest,
    HTTPException,
    InvalidURL,
    NotConnected,
    ResponseNotReady,
    TunnelError,
    refusal_to_send,
)
from workbench.protocol.judge import Judge
from workbench.protocol.message import HTTPMessage
from workbench.protocol.policy import DEFAULT, LENIENT, Action, Policy
from workbench.protocol.reporter import Reporter, Tap, make_reporter, report_calls
from workbench.protocol.response import HTTPResponse
from workbench.protocol.status import HTTP_PORT, HTTPS_PORT
from workbench.protocol.transport import (
    GLOBAL_DEFAULT_TIMEOUT,
    Address,
    BytesLike,
    Dialer,
    TlsContext,
    Transport,
    create_tls_context,
    is_verified,
    load_client_certificate,
    set_no_delay,
    shake_hands,
    wrap_tls,
)
from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.serializer import (
    check_field_line,
    check_method,
    chunk_leaves,
    field_line_leaves,
    request_line_leaves,
    serialize_chunk,
    serialize_field_line,
)
from workbench.protocol.wire.span import tile
from workbench.protocol.wire.state import State, logical_state
from workbench.protocol.wire.target import UNSENDABLE, host_field, parse_host, split_absolute, target_form

_CALLS = (
    "request", "putrequest", "putheader", "endheaders", "send", "getresponse", "connect", "close", "set_tunnel",
)  # fmt: skip


class HTTPConnection:
    """One connection to one server, opened when it is first needed and again after `close()`.

    Args:
        host: Name or address, with an optional `:port`; IPv6 addresses in brackets.
        port: Without one, that of the host, else 80.
        strict: True refuses a response without a status-line; else it is taken for HTTP/0.9.
        timeout: Seconds that connecting and each receive or send may block; None for ever.
        source_address: Host and port to connect from.
        blocksize: Bytes read from a body file at a time.
        max_response_headers: Field lines that a response may have; 100 without it.
        tap: Called with each event (`tap`).
        policy: What to do about bytes that the RFCs forbid.

    Raises:
        InvalidURL: Host or port cannot be one.
    """

    response_class: Any = HTTPResponse
    default_port = HTTP_PORT
    auto_open = 1
    debuglevel = 0

    _http_vsn = 11
    _http_vsn_str = "HTTP/1.1"

    def __init__(
        self,
        host: str,
        port: int | str | None = None,
        strict: int | None = None,
        timeout: float | None = GLOBAL_DEFAULT_TIMEOUT,
        source_address: Address | None = None,
        *,
        blocksize: int = 8192,
        max_response_headers: int | None = None,
        tap: Tap | None = None,
        policy: Policy = DEFAULT,
    ) -> None:
        self.strict = strict
        self.timeout = timeout
        self.source_address = source_address
        self.blocksize = blocksize
        self.max_response_headers = max_response_headers
        self.policy = policy
        self.host, self.port = self._get_hostport(host, port)

        self.sock: Any = None
        """The socket; None while there is no connection."""

        self.reporter = make_reporter(tap)
        """Tells the tap; None where there is none."""

        self._dialer = Dialer(self.reporter)
        self._create_connection: Any = self._dialer
        self._transport: Transport | None = None
        self._refusal: HTTPException | None = None
        self._buffer: list[bytes] = []
        self._head = b""
        self._automatic = False
        self._method: str | None = None
        self._tunnel_host: str | None = None
        self._tunnel_port: int | None = None
        self._tunnel_headers: dict[str, str] = {}
        self._proxy_response: HTTPResponse | None = None
        self.__response: Any = None
        self.__state = State.IDLE
        if self.reporter is not None:
            report_calls(self, _CALLS)

    def _get_hostport(self, host: str, port: int | str | None) -> tuple[str, int]:
        try:
            parsed = parse_host(host, port)
        except ValueError as error:
            raise InvalidURL(str(error)) from None
        return parsed.host, self.default_port if parsed.port is None else parsed.port

    # --- state ---------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """The logical state: what the request is doing, and whether a response is unread."""
        unread = self.__response is not None and not self.__response.isclosed()
        return logical_state(self.__state, unread)

    def _change_state(self, request: State, cause: str) -> None:
        before = self.state
        self.__state = request
        self._report_state(before, cause)

    def _report_state(self, before: State, cause: str) -> None:
        after = self.state
        if self.reporter is not None and before is not after:
            self.reporter.emit(events.StateChanged, before, after, cause)

    def set_debuglevel(self, level: int) -> None:
        """Print what is sent and the heads of what is received, where `level` is above 0."""
        self.debuglevel = level

    # --- opening and closing -------------------------------------------------------------

    def connect(self) -> None:
        """Open the connection, and the tunnel if there is one.

        Raises:
            OSError: The server or the proxy cannot be reached.
            TunnelError: The proxy refuses the tunnel.
        """
        sys.audit("http.client.connect", self, self.host, self.port)
        self.sock = self._create_connection((self.host, self.port), self.timeout, self.source_address)
        set_no_delay(self.sock)
        if self._tunnel_host:
            self._tunnel()

    def close(self) -> None:
        """Close the connection and give up the response that was not read to its end.

        What was queued and not sent is dropped. The object can be used again.
        """
        self._close("close() was called")

    def _close(self, reason: str) -> None:
        before = self.state
        response, self.__response = self.__response, None
        transport = self._transport_of_socket() if self.sock is not None else None
        self.sock = self._transport = None
        self._buffer.clear()
        self.__state = State.IDLE
        self._report_state(before, "close")
        try:
            if transport is not None:
                transport.close(reason)
        finally:
            if response is not None:
                response.close()
            if transport is not None:
                self._renew_reporter()

    def _renew_reporter(self) -> None:
        """The next connection is another pair of streams."""
        if self.reporter is not None:
            self.reporter = self._dialer.reporter = self.reporter.renew()

    def interrupt(self) -> None:
        """Make the call that is blocked on this connection raise ConnectionAbortedError.

        For another thread than the one that uses the connection. A name look-up cannot be
        interrupted.
        """
        self._dialer.interrupt()
        transport = self._transport
        if transport is not None:
            transport.interrupt()

    def _transport_of_socket(self) -> Transport:
        """The transport of `sock`, which a caller may have set."""
        transport = self._transport
        if transport is None or transport.sock is not self.sock:
            transport = self._transport = Transport(self.sock, self.reporter)
        return transport

    # --- the tunnel ----------------------------------------------------------------------

    def set_tunnel(
        self, host: str, port: int | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        """Reach a server through this connection's host, which is a proxy.

        Args:
            host: The server behind the proxy, with an optional `:port`.
            port: Its port.
            headers: Fields for the CONNECT request.

        Raises:
            RuntimeError: The connection is open already.
            InvalidURL: Host or port cannot be one.
        """
        if self.sock is not None:
            raise RuntimeError("Can't set up tunnel for established connection")
        self._tunnel_host, self._tunnel_port = self._get_hostport(host, port)
        self._tunnel_headers = dict(headers or {})

    def _tunnel(self) -> None:
        """Ask the proxy for the tunnel (RFC 9110 section 9.3.6)."""
        assert self._tunnel_host is not None
        reporter = self.reporter
        authority = host_field(_to_ascii_host(self._tunnel_host), self._tunnel_port, -1)
        lines = [b"CONNECT %s HTTP/1.1" % authority.encode("ascii")]
        headers = dict(self._tunnel_headers)
        if not any(name.lower() == "host" for name in headers):
            headers = {"Host": authority} | headers
        for name, value in headers.items():
            lines.append(self._make_field_line(name, (value,)))
        if reporter is not None:
            reporter.emit(events.TunnelStarted, authority)
        # The bytes of the request for the server may be queued already. So what goes to the
        # proxy itself is another pair of streams.
        proxy = Transport(self.sock, None if reporter is None else reporter.renew())
        self._ask_proxy(proxy, b"\r\n".join((*lines, b"", b"")), authority)
        status = self._proxy_response.status  # type: ignore[union-attr]
        if reporter is not None:
            reporter.emit(events.TunnelEstablished, status)

    def _ask_proxy(self, proxy: Transport, request: bytes, authority: str) -> None:
        if self.debuglevel > 0:
            print("send:", repr(request))
        if proxy.reporter is not None:
            proxy.reporter.exchange = 1
            _report_connect(proxy.reporter, request, authority)
        sys.audit("http.client.send", self, request)
        proxy.send([request])
        response = self._proxy_response = HTTPResponse(
            proxy, self.debuglevel, 1, "CONNECT", policy=self.policy
        )
        try:
            response.begin()
        except BaseException:
            self._close("the answer of the proxy cannot be read")
            raise
        if 200 <= response.status < 300:
            response.end_at_head()
            return
        if self.reporter is not None:
            self.reporter.emit(events.TunnelRefused, response.status, response.reason)
        self._close("the proxy refused the tunnel")
        message = f"Tunnel connection failed: {response.status} {response.reason}".rstrip()
        raise TunnelError(message, response)

    def get_proxy_response_headers(self) -> HTTPMessage | None:
        """Give the header fields of the proxy's answer to CONNECT; None where there is none."""
        return None if self._proxy_response is None else self._proxy_response.headers

    # --- the request, line by line -------------------------------------------------------

    def putrequest(
        self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False
    ) -> None:
        """Begin a request: queue the request-line, Host and Accept-Encoding.

        Args:
            method: Any token.
            url: The request-target; empty for `/`.
            skip_host: Leave Host to the caller.
            skip_accept_encoding: Leave Accept-Encoding to the caller.

        Raises:
            CannotSendRequest: Another request is under way.
            ValueError: The method is no token.
            InvalidURL: The target has a control character or a space.
            UnsolicitedResponse: Bytes came that no request had asked for.
        """
        if self.__response is not None and self.__response.isclosed():
            self.__response = None
        if self.__state is not State.IDLE:
            raise CannotSendRequest(self.__state)
        self._refuse_broken_connection()
        if self.reporter is not None:
            self.reporter.exchange += 1
        method_bytes = method.encode("ascii")
        self._settle_sent(check_method(method_bytes))
        url = url or "/"
        self._validate_path(url)
        url, authority = self._prepare_target(url)
        self._method = method
        self._queue_request_line(method_bytes, url)
        self._change_state(State.REQUEST_STARTED, "putrequest")
        if self._http_vsn >= 11:
            self._put_automatic_fields(authority, skip_host, skip_accept_encoding)

    def _validate_path(self, url: str) -> None:
        """Refuse what would split the request-line (CVE-2019-9740, CVE-2019-9947)."""
        if unsendable := UNSENDABLE.search(url):
            raise InvalidURL(
                f"Expected a request-target without control characters and spaces, got "
                f"{unsendable.group()!r} at character {unsendable.start()} of {url[:80]!r} (RFC 9112 section 3.2)"
            )

    def _prepare_target(self, url: str) -> tuple[str, str | None]:
        """Give the target as it is sent, and the authority that an absolute one names."""
        if "#" in url:
            at = url.index("#")
            found = url[at:].encode("utf-8", "replace")
            self._settle_sent([Diagnostic(Code.FRAGMENT, at, len(url), found, "request line")])
            if self.policy is not LENIENT:
                url = url[:at] or "/"
        absolute = split_absolute(url)
        if absolute is None:
            return url, None
        if absolute.has_userinfo:
            # The userinfo itself goes into no event and no message.
            self._settle_sent([Diagnostic(Code.USERINFO, 0, 0, b"", "request line")])
        return absolute.without_userinfo, absolute.authority

    def _encode_request(self, request: str) -> bytes:
        return request.encode("ascii")

    def _queue_request_line(self, method: bytes, url: str) -> None:
        version = self._http_vsn_str.encode("ascii")
        line = self._encode_request(f"{method.decode('ascii')} {url} {self._http_vsn_str}")
        if self.reporter is not None:
            target = line[len(method) + 1 : -len(version) - 1]
            span = self.reporter.queue(line + b"\r\n")
            self.reporter.emit(
                events.RequestLineBuffered,
                span,
                line + b"\r\n",
                request_line_leaves(span.start, method, target, version),
                method.decode("ascii"),
                url,
                target_form(method.decode("ascii"), url),
                self._http_vsn_str,
            )
        self._output(line)

    def _put_automatic_fields(
        self, authority: str | None, skip_host: bool, skip_accept_encoding: bool
    ) -> None:
        self._automatic = True
        try:
            if not skip_host:
                self.putheader("Host", authority or self._own_authority())
            if not skip_accept_encoding:
                # A coding would have to be undone, which no read() here does.
                self.putheader("Accept-Encoding", "identity")
        finally:
            self._automatic = False

    def _own_authority(self) -> str:
        if self._tunnel_host:
            return host_field(_to_ascii_host(self._tunnel_host), self._tunnel_port, self.default_port)
        return host_field(_to_ascii_host(self.host), self.port, self.default_port)

    def putheader(self, header: str | bytes, *values: str | bytes | int) -> None:
        """Queue a field line.

        Args:
            header: The field name, a token.
            values: The field value; several are sent as one that is folded over several lines.

        Raises:
            CannotSendHeader: No request was begun.
            ValueError: The name is no token, or a value has a CR, LF or NUL.
        """
        if self.__state is not State.REQUEST_STARTED:
            raise CannotSendHeader()
        line = self._make_field_line(header, values)
        if self.reporter is not None:
            span = self.reporter.queue(line + b"\r\n")
            name, _, value = line.decode("latin-1").partition(": ")
            leaves = field_line_leaves(span.start, line)
            self.reporter.emit(
                events.FieldLineBuffered, span, line + b"\r\n", leaves, name, value, self._automatic
            )
        self._output(line)

    def _make_field_line(self, header: str | bytes, values: Iterable[str | bytes | int]) -> bytes:
        name = header.encode("ascii") if isinstance(header, str) else header
        encoded = [_encode_value(value) for value in values]
        self._settle_sent(check_field_line(name, encoded))
        return serialize_field_line(name, encoded)

    def _output(self, line: bytes) -> None:
        self._buffer.append(line)

    def endheaders(self, message_body: Any = None, *, encode_chunked: bool = False) -> None:
        """End the header section and send what was queued, with the body if one is given.

        Args:
            message_body: Bytes-like, a file or an iterable of bytes-like.
            encode_chunked: Send the body in chunks.

        Raises:
            CannotSendHeader: No request was begun.
            UnimplementedFileMode: The body is a file that cannot be read.
            OSError: Sending failed.
        """
        if self.__state is not State.REQUEST_STARTED:
            raise CannotSendHeader()
        check_readable(message_body)
        self._change_state(State.REQUEST_SENT, "endheaders")
        self._send_output(message_body, encode_chunked=encode_chunked)

    def _send_output(self, message_body: Any = None, encode_chunked: bool = False) -> None:
        """Send the queued lines, then the body. Small bodies go with the lines in one call."""
        self._buffer.extend((b"", b""))
        head = self._head = b"\r\n".join(self._buffer)
        self._buffer.clear()
        if self.reporter is not None:
            span = self.reporter.queue(b"\r\n")
            leaves = tile(span.start, ("section_end", 2))
            self.reporter.emit(events.HeaderSectionBuffered, span, b"\r\n", leaves)
        if message_body is None:
            self._send_pieces([head])
        elif encode_chunked and self._http_vsn >= 11:
            self._send_chunked(head, message_body)
        else:
            self._send_plain(head, message_body)
        if self.reporter is not None:
            self.reporter.emit(events.RequestCompleted, True, "everything was handed to the kernel")

    def _send_plain(self, head: bytes, message_body: Any) -> None:
        waiting: list[BytesLike] = [head]
        for piece in pieces(message_body, self.blocksize):
            if len(piece):
                self._report_body(piece, "content")
                self._send_pieces([*waiting, piece])
                waiting = []
        if waiting:
            self._send_pieces(waiting)

    def _send_chunked(self, head: bytes, message_body: Any) -> None:
        waiting: list[BytesLike] = [head]
        for piece in pieces(message_body, self.blocksize):
            # An empty chunk would be the last one.
            if len(piece):
                self._send_pieces([*waiting, self._make_chunk(piece)])
                waiting = []
        self._send_pieces([*waiting, self._make_chunk(b"")])

    def _make_chunk(self, data: BytesLike) -> bytes:
        chunk = serialize_chunk(data)
        if self.reporter is not None:
            span = self.reporter.queue(chunk)
            self.reporter.emit(events.ContentBuffered, span, chunk, chunk_leaves(span.start, len(data)))
        return chunk

    def _report_body(self, data: BytesLike, kind: str) -> None:
        if self.reporter is not None:
            copy = bytes(data)
            span = self.reporter.queue(copy)
            self.reporter.emit(events.ContentBuffered, span, copy, tile(span.start, (kind, len(copy))))

    def send(self, data: Any) -> None:
        """Send bytes as they are, in any state.

        Args:
            data: Bytes-like, a file (a text file is sent as latin-1) or an iterable of bytes-like.

        Raises:
            NotConnected: There is no connection, and none may be opened.
            TypeError: It is none of these.
            OSError: Sending failed.
        """
        for piece in pieces(data, self.blocksize):
            self._report_body(piece, "raw")
            self._send_pieces([piece])

    def _send_pieces(self, data: list[BytesLike]) -> None:
        if self.sock is None:
            if not self.auto_open:
                raise NotConnected()
            self.connect()
        for piece in data:
            if self.debuglevel > 0:
                print("send:", repr(bytes(piece)))
            sys.audit("http.client.send", self, piece)
        transport = self._transport_of_socket()
        transport.used = True
        transport.send(data)

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Mapping[Any, Any] | None = None,
        *,
        encode_chunked: bool = False,
    ) -> None:
        """Send a whole request.

        Args:
            method: Any token.
            url: The request-target.
            body: `str` (sent as latin-1), bytes-like, a file or an iterable of bytes-like. Its
                length is sent as Content-Length where it is known; else it is sent in chunks.
            headers: Fields; Host and Accept-Encoding among them replace the automatic ones.
            encode_chunked: With a Transfer-Encoding of the caller's: send the body in chunks.

        Raises:
            CannotSendRequest: Another request is under way.
            UnimplementedFileMode: The body is a file that cannot be read.
            OSError: The server cannot be reached, or sending failed.
        """
        check_readable(body)
        headers = {} if headers is None else headers
        names = {(name if isinstance(name, str) else name.decode("latin-1")).lower() for name in headers}
        self.putrequest(
            method, url, skip_host="host" in names, skip_accept_encoding="accept-encoding" in names
        )
        if "content-length" in names:
            encode_chunked = False
        elif "transfer-encoding" not in names:
            encode_chunked = self._put_automatic_framing(body, method)
        for name, value in headers.items():
            self.putheader(name, value)
        self.endheaders(_encode_body(body), encode_chunked=encode_chunked)

    def _put_automatic_framing(self, body: Any, method: str) -> bool:
        """Queue the field that says where the body ends; True when it is to be chunked."""
        length = self._get_content_length(body, method)
        chunked = length is None and body is not None
        self._automatic = True
        try:
            if chunked:
                self.putheader("Transfer-Encoding", "chunked")
            elif length is not None:
                self.putheader("Content-Length", str(length))
        finally:
            self._automatic = False
        return chunked

    @staticmethod
    def _get_content_length(body: Any, method: str) -> int | None:
        return content_length(body, method, stat_files=True)

    def _settle_sent(self, diagnostics: list[Diagnostic]) -> None:
        """Accept the faults of an element that is about to be queued, or raise."""
        for diagnostic in diagnostics:
            raised = self.policy[diagnostic.code] is Action.RAISE
            if self.reporter is not None:
                at = self.reporter.queued_length
                moved = diagnostic._replace(start=at + diagnostic.start, end=at + diagnostic.end)
                self.reporter.diagnostic(moved, raised, "sent")
            if raised:
                raise refusal_to_send(diagnostic)

    # --- the response --------------------------------------------------------------------

    @property
    def upgrade_requested(self) -> bool:
        """Whether the last request asked for another protocol (RFC 9110 section 7.8)."""
        return b"\r\nupgrade:" in self._head.lower()

    def getresponse(self) -> Any:
        """Wait for the response to the request that was sent.

        Returns:
            The response, its head read. It must be read to its end, or closed, before the next.

        Raises:
            ResponseNotReady: No request was sent, or the last response was not read to its end.
            RemoteDisconnected: The server closed the connection instead.
            HTTPException: The head cannot be read under the policy; the connection is closed.
            OSError: Receiving failed. After a time-out the call can be made again.
        """
        if self.__response is not None and self.__response.isclosed():
            self.__response = None
        if self.__state is not State.REQUEST_SENT or self.__response is not None:
            raise ResponseNotReady(self.__state)
        response = self._make_response()
        try:
            response.begin()
        except (HTTPException, ConnectionError) as error:
            self._close(f"{type(error).__name__} while reading the head")
            response.close()
            raise
        except BaseException:
            response.close()
            raise
        before = self.state
        self.__state = State.IDLE
        if response.will_close:
            self._report_state(before, "getresponse")
            self._let_response_have_connection(response)
        else:
            self.__response = response
            self._report_state(before, "getresponse")
        return response

    def _make_response(self) -> Any:
        # A class of the caller's may know nothing of what http.client's does not have.
        more: dict[str, Any] = {}
        if self.policy is not DEFAULT:
            more["policy"] = self.policy
        if self.strict:
            more["strict"] = self.strict
        if self.debuglevel > 0:
            more["debuglevel"] = self.debuglevel
        transport = self._transport_of_socket()
        response = self.response_class(transport, method=self._method, **more)
        if isinstance(response, HTTPResponse):
            response.attach(self, self.max_response_headers)
        return response

    def _let_response_have_connection(self, response: Any) -> None:
        reason = getattr(response, "persistence_reason", "") or "the response ends the connection"
        self._close(reason)

    def response_ended(self, response: Any) -> None:
        """A response was read to its end, or closed. Called by the response."""
        if response is not self.__response:
            return
        self.__response = None
        transport = self._transport
        if transport is not None:
            transport.idle_since_ns = time.perf_counter_ns()
        self._report_state_after(response)
        if not response.complete:
            # What is left of the body would be taken for the next response.
            self._close("a response was closed before its end")
        elif self.__state is State.IDLE:
            self._look_for_excess(Code.EXCESS_DATA)

    def _report_state_after(self, response: Any) -> None:
        if self.reporter is not None:
            before = logical_state(self.__state, True)
            cause = "read" if response.complete else "close"
            self.reporter.emit(events.StateChanged, before, self.state, cause)

    def _look_for_excess(self, code: Code) -> None:
        """Close when there are bytes that no request asked for (RFC 9112 section 9.2)."""
        transport = self._transport
        receiver = None if transport is None else transport.receiver
        if receiver is None or not receiver.buffered.strip(b"\r\n"):
            return
        at, data = receiver.offset, receiver.buffered
        receiver.read(len(data))
        if self.reporter is not None:
            self.reporter.one_leaf(events.ExcessReceived, "excess", at, len(data))
        try:
            Judge(self.policy, False, self.reporter).settle(
                [Diagnostic(code, at, at + len(data), data, "connection")]
            )
        except HTTPException as error:
            self._refusal = error
        self._close("bytes came that no request asked for")

    def _refuse_broken_connection(self) -> None:
        """Before a request: look whether the connection that was kept is still good."""
        transport = self._transport
        if (
            transport is not None
            and transport.used
            and transport.sock is self.sock
            and self.__response is None
        ):
            if transport.probe():
                self._look_for_excess(Code.UNSOLICITED_RESPONSE)
            elif self.auto_open:
                self._close("the server closed the idle connection")
        refusal, self._refusal = self._refusal, None
        if refusal is not None:
            raise refusal
        if (
            transport is not None
            and transport is self._transport
            and transport.used
            and self.reporter is not None
        ):
            self.reporter.emit(events.ConnectionReused, time.perf_counter_ns() - transport.idle_since_ns)


class HTTPSConnection(HTTPConnection):
    """The same over TLS. The server's certificate is checked, unless `context` says otherwise.

    Args:
        host: As in `HTTPConnection`.
        port: As there, else 443.
        key_file: PEM file with the client's private key.
        cert_file: PEM file with the client's certificate chain.
        strict: As in `HTTPConnection`, and so are the others.
        timeout: Seconds.
        source_address: Host and port.
        context: An `ssl.SSLContext`; it decides what is trusted.
        blocksize: Bytes.
        max_response_headers: Field lines.
        tap: Called with each event.
        policy: What to do about bytes that the RFCs forbid.
    """

    default_port = HTTPS_PORT

    def __init__(
        self,
        host: str,
        port: int | str | None = None,
        key_file: str | None = None,
        cert_file: str | None = None,
        strict: int | None = None,
        timeout: float | None = GLOBAL_DEFAULT_TIMEOUT,
        source_address: Address | None = None,
        *,
        context: TlsContext | None = None,
        blocksize: int = 8192,
        max_response_headers: int | None = None,
        tap: Tap | None = None,
        policy: Policy = DEFAULT,
    ) -> None:
        super().__init__(
            host,
            port,
            strict,
            timeout,
            source_address,
            blocksize=blocksize,
            max_response_headers=max_response_headers,
            tap=tap,
            policy=policy,
        )
        self.key_file = key_file
        self.cert_file = cert_file
        self._context = create_tls_context() if context is None else context
        if key_file or cert_file:
            load_client_certificate(self._context, cert_file, key_file)

    def connect(self) -> None:
        """Open the connection, the tunnel if there is one, and TLS over it.

        Raises:
            OSError: The server or the proxy cannot be reached.
            ssl.SSLError: The handshake failed; `ssl.SSLCertVerificationError` says why a
                certificate is not accepted.
        """
        super().connect()
        server_name = self._tunnel_host or self.host
        self.sock = wrap_tls(self.sock, self._context, server_name)
        transport = self._transport_of_socket()
        try:
            if self.reporter is not None and not is_verified(self._context):
                unverified = Diagnostic(Code.TLS_UNVERIFIED, 0, 0, b"", "connection")
                self.reporter.diagnostic(unverified, raised=False)
            shake_hands(self.sock, self._context, server_name, self.reporter)
        except OSError as error:
            self._close("the TLS handshake failed")
            if transport.interrupted:
                raise ConnectionAbortedError("interrupted") from error
            raise


def _report_connect(reporter: Reporter, request: bytes, authority: str) -> None:
    """Tell of the lines of a CONNECT request."""
    first, *fields = request.removesuffix(b"\r\n").splitlines(keepends=True)
    span = reporter.queue(first)
    method, target, version = first.rstrip().split(b" ")
    leaves = request_line_leaves(span.start, method, target, version)
    reporter.emit(
        events.RequestLineBuffered, span, first, leaves, "CONNECT", authority, "authority-form", "HTTP/1.1"
    )
    for line in fields:
        span = reporter.queue(line)
        name, _, value = line[:-2].decode("latin-1").partition(": ")
        leaves = field_line_leaves(span.start, line[:-2])
        reporter.emit(events.FieldLineBuffered, span, line, leaves, name, value, name.lower() == "host")
    span = reporter.queue(b"\r\n")
    reporter.emit(events.HeaderSectionBuffered, span, b"\r\n", tile(span.start, ("section_end", 2)))


def _encode_value(value: str | bytes | int) -> bytes:
    if isinstance(value, str):
        return value.encode("latin-1")
    if isinstance(value, int):
        return str(value).encode("ascii")
    if isinstance(value, bytes):
        return value
    raise TypeError(f"Expected a field value of str, bytes or int, got {type(value)!r}")


def _encode_body(body: Any) -> Any:
    """Turn a `str` into bytes, as the documentation has it."""
    if not isinstance(body, str):
        return body
    try:
        return body.encode("latin-1")
    except UnicodeEncodeError as error:
        raise UnicodeEncodeError(
            error.encoding, error.object, error.start, error.end,
            f"body ({body[error.start : error.end]!r}) is not valid Latin-1. "
            "Use body.encode('utf-8') if you want to send it encoded in UTF-8.",
        ) from None  # fmt: skip


def _to_ascii_host(host: str) -> str:
    """A name with other letters than ASCII's is sent in its IDNA form."""
    return host if host.isascii() else host.encode("idna").decode("ascii")
