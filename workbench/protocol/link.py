"""A connection as far as it is not about requests: opened, probed, interrupted, closed.

What the request for a tunnel needs is here too: field lines, the Host value, and what is done about faults in what is sent.
`client.HTTPConnection` is a `Link` on which requests are sent and responses read.
"""

import functools
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import FunctionType
from typing import Any
from weakref import ref

from workbench.protocol import tap as events
from workbench.protocol.body import BytesLike, encode_value
from workbench.protocol.errors import HTTPException, InvalidURL, TunnelError, refusal_to_send
from workbench.protocol.holding import HoldingReporter
from workbench.protocol.judge import Judge
from workbench.protocol.message import HTTPMessage, fill_message
from workbench.protocol.policy import Action, Policy
from workbench.protocol.receive import Receiver
from workbench.protocol.reporter import Tap
from workbench.protocol.status import HTTP_PORT
from workbench.protocol.tapped import make_reporter
from workbench.protocol.transport import Address, Dialer, Transport, set_no_delay
from workbench.protocol.tunnel import ConnectRequest, ask_for_tunnel
from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.serializer import (
    check_field_line,
    serialize_field_line,
    serialize_plain_field_line,
)
from workbench.protocol.wire.target import check_host, host_field, parse_host, to_ascii_host


class OutOfTheOrdinaryError(Exception):
    """A request that is held goes another way than nearly all do. No caller sees it."""


_MAX_REMEMBERED, _MAX_REMEMBERED_LENGTH = 32, 512
"""Field lines that a connection remembers, and the bytes of each."""


class Link:
    """What connects an object of the API with a server, or with a proxy and a server behind it.

    Args:
        host: Name or address, with an optional `:port`.
        port: Without one, that of the host, else the default of the class.
        timeout: Seconds that connecting and each receive or send may block.
        source_address: Host and port to connect from.
        tap: Called with each event.
        policy: What to do about bytes that the RFCs forbid.
    """

    default_port = HTTP_PORT
    debuglevel = 0
    auto_open = 1

    # Slots are found fast by the interpreter, also where the object becomes one of another class, as it does to tell a
    # tap of its calls. What is seldom needed stands in the class, until it is another.
    __slots__ = (
        "__dict__", "__weakref__", "_create_connection", "_dialer", "_opened", "_plain_lines", "_refusal",
        "_transport", "_tunnel_headers", "_tunnel_host", "holder", "host", "policy", "port", "reporter", "sock",
        "timeout",
    )  # fmt: skip

    source_address: Address | None = None
    _tunnel_port: int | None = None

    _given_away: Transport | None = None
    """The last one that a response took with it, because it ends the connection."""

    _proxy_section: FieldSection | None = None
    """The field lines of the proxy's answer to CONNECT. Not the answer itself: a refusal that nobody
    reads must not keep the socket for as long as there is this object."""

    def __init__(
        self,
        host: str,
        port: int | str | None,
        timeout: float | None,
        source_address: Address | None,
        tap: Tap | None,
        policy: Policy,
    ) -> None:
        self.host, self.port = self._get_hostport(host, port)
        self.timeout = timeout
        if source_address is not None:
            self.source_address = source_address
        self.policy = policy

        self.sock: Any = None
        """The socket; None while there is no connection."""

        self.reporter = make_reporter(tap)
        """Tells the tap; None where there is none."""

        self.holder: HoldingReporter | None = None
        """What has held a request of this connection. While it does, and while it holds the read of a rest, the connection has no
        `reporter`, and tells nothing."""

        self._dialer = Dialer(self.reporter)
        self._create_connection: Any = self._dialer
        self._transport: Transport | None = None
        self._refusal: HTTPException | None = None
        """Why the next request is refused: bytes came that none had asked for."""

        self._plain_lines: dict[tuple[str, str], bytes] = {}
        """Field lines of which nothing can be reported, by name and value."""

        self._opened: ref[Any] | None = None
        """The socket that was opened last, and not given by the program."""

        self._tunnel_host: str | None = None
        self._tunnel_headers: dict[str, str] = {}

    def _get_hostport(self, host: str, port: int | str | None) -> tuple[str, int]:
        self._validate_host(host)
        try:
            parsed = parse_host(host, port)
        except ValueError as error:
            raise InvalidURL(str(error)) from None
        return parsed.host, self.default_port if parsed.port is None else parsed.port

    def _validate_host(self, host: str) -> None:
        """Refuse a host that cannot be sent; a subclass may want to send it."""
        try:
            check_host(host)
        except ValueError as error:
            raise InvalidURL(str(error)) from None

    def _transport_of_socket(self) -> Transport:
        """The transport of `sock`, which a caller may have set."""
        if self._transport is not None and self._transport.sock is not self.sock:
            self._give_up_transport("the program put another socket in its place")
        if self._transport is None:
            self._transport = Transport(self.sock, self.reporter, ref(self))
        return self._transport

    def _give_up_transport(self, reason: str) -> None:
        """Close the socket, if the program has not taken it away."""
        transport, self._transport = self._transport, None
        if transport is None:
            return
        if transport.sock is self.sock:
            transport.close(reason)
        else:
            transport.hand_over(reason)

    # --- opening -------------------------------------------------------------------------

    def connect(self) -> None:
        """Open the connection, and the tunnel if there is one.

        Raises:
            OSError: The server or the proxy cannot be reached.
            TunnelError: The proxy refuses the tunnel.
        """
        sys.audit("http.client.connect", self, self.host, self.port)
        # A response that is being read keeps its socket until it has ended.
        self._give_up_transport("connect() was called again")
        self.sock = self._create_connection((self.host, self.port), self.timeout, self.source_address)
        try:
            set_no_delay(self.sock)
            if self._tunnel_host:
                self._tunnel()
            self._remember_opened()
        except BaseException:
            # Also ctrl+c: what is sent next would go to the proxy, or out in the clear.
            self._close("the connection could not be opened")
            raise

    def __init_subclass__(cls, *, remembers: bool = False, **more: Any) -> None:
        """Remember also what a `connect` of the program's own opens; ours does it itself."""
        super().__init_subclass__(**more)
        connect = vars(cls).get("connect")
        if isinstance(connect, FunctionType) and not remembers:
            cls.connect = _remembering(connect)  # type: ignore[method-assign]

    def _remember_opened(self) -> None:
        """Remember the socket that connecting has left."""
        with suppress(TypeError):
            # Some things that only look like sockets cannot be remembered without being kept.
            self._opened = ref(self.sock)

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
            ValueError: A field cannot be sent.
        """
        if self.sock is not None:
            raise RuntimeError("Can't set up tunnel for established connection")
        headers = dict(headers or {})
        for name, value in headers.items():
            self._make_field_line(name, (value,))
        self._tunnel_host, self._tunnel_port = self._get_hostport(host, port)
        self._tunnel_headers = headers

    def _tunnel(self) -> None:
        """Ask the proxy for the tunnel."""
        assert self._tunnel_host is not None
        authority = host_field(to_ascii_host(self._tunnel_host), self._tunnel_port, -1)
        lines = [self._make_field_line(name, (value,)) for name, value in self._tunnel_headers.items()]
        automatic_host = not any(name.lower() == "host" for name in self._tunnel_headers)
        request = ConnectRequest(authority, lines, automatic_host)
        # The bytes of a request for the server may be queued already; so what goes to the proxy
        # itself is another pair of streams.
        proxy = Transport(self.sock, None if self.reporter is None else self.reporter.renew())
        self._transport = proxy
        try:
            response = ask_for_tunnel(
                proxy, request, self._send_to_proxy, self.reporter, self.debuglevel, self.policy
            )
        except TunnelError as error:
            self._proxy_section = error.response.header_section
            self._close("the proxy refused the tunnel")
            raise
        except BaseException:
            self._close("the answer of the proxy cannot be read")
            raise
        self._proxy_section = response.header_section
        proxy.hand_over("the tunnel took the connection over")
        self._transport = None

    def _send_to_proxy(self, proxy: Transport, data: bytes) -> None:
        """Send the CONNECT request."""
        self._announce([data])
        proxy.send([data])

    def get_proxy_response_headers(self) -> HTTPMessage | None:
        """Give the header fields of the proxy's answer to CONNECT; None where there is none."""
        section = self._proxy_section
        return None if section is None else fill_message(HTTPMessage(), section.pairs)

    # --- closing -------------------------------------------------------------------------

    def _close(self, reason: str) -> None:
        """Close the connection, and say why. The object can be used again."""
        taken = self.sock is None
        transport = self._transport if taken else self._transport_of_socket()
        self._transport = self.sock = self._refusal = None
        self._dialer.forgive()
        if transport is not None and taken:
            transport.hand_over("the program took the socket")
        elif transport is not None:
            transport.close(reason)
        # The next connection is another pair of streams.
        if self.reporter is not None and (transport is not None or self.reporter.queued_length):
            self.reporter = self._dialer.reporter = self.reporter.renew()

    def interrupt(self) -> None:
        """Make the call that is blocked on this connection raise ConnectionAbortedError.

        For another thread than the one that uses the connection. A name look-up cannot be
        interrupted.
        """
        self._dialer.interrupt()
        for transport in (self._transport, self._given_away):
            if transport is not None:
                transport.interrupt()

    # --- between exchanges ---------------------------------------------------------------

    def _settle_excess(self, receiver: Receiver, code: Code) -> None:
        """Close because of bytes that no request asked for (RFC 9112 section 9.2), if there are any."""
        at, data = receiver.offset, receiver.buffered
        receiver.read(len(data))
        # > [...] the client SHOULD close the connection, since message delimitation is now ambiguous,
        # > unless the data consists only of one or more CRLF (which can be discarded per Section 2.2).
        if not data.strip(b"\r\n"):
            if self.reporter is not None and data:
                self.reporter.one_leaf(events.BytesSkipped, "skipped", at, len(data), "empty line")
                stray = Diagnostic(Code.LEADING_CRLF, at, at + len(data), data, "connection")
                self.reporter.diagnostic(stray, raised=False)
            return
        if self.reporter is not None:
            self.reporter.one_leaf(events.ExcessReceived, "excess", at, len(data))
        refusal = None
        try:
            Judge(self.policy, False, self.reporter).settle(
                [Diagnostic(code, at, at + len(data), data, "connection")]
            )
        except HTTPException as error:
            # Without the frames that lead here, which have this object in them.
            refusal = error.with_traceback(None)
        self._close("bytes came that no request asked for")
        self._refusal = refusal

    def _refuse_broken_connection(self) -> None:
        """Before a request: look whether the connection that was kept is still good.

        Raises:
            UnsolicitedResponse: Bytes came that would be taken for the answer.
        """
        transport = self._transport
        if transport is not None and (not transport.used or transport.sock is not self.sock):
            # The first request on its socket has nothing to look for.
            transport = None
        if transport is not None and not transport.is_quiet():
            self._refuse_to_be_held()
            if transport.probe():
                assert transport.receiver is not None, "what only looks like a socket is always quiet"
                self._settle_excess(transport.receiver, Code.UNSOLICITED_RESPONSE)
            elif self.auto_open and self._opened is not None and self._opened() is self.sock:
                # Only this one leads where the next one will: another may be one of TLS, or of another server.
                self._close("the server closed the idle connection")
        if self._refusal is not None:
            self._refuse_to_be_held()
            try:
                raise self._refusal
            finally:
                self._refusal = None
        if self.reporter is not None and transport is not None and transport is self._transport:
            self.reporter.connection_reused()

    def _refuse_to_be_held(self) -> None:
        """Nothing that is out of the ordinary goes untold.

        Raises:
            OutOfTheOrdinaryError: The request is made again, and tells what it does.
        """
        if self.holder is not None and self.reporter is None:
            # What was queued before cannot be made again, but told.
            self.holder.let_go()
            if self.reporter is None:
                raise OutOfTheOrdinaryError

    # --- what is sent --------------------------------------------------------------------

    def set_debuglevel(self, level: int) -> None:
        """Print what is sent and the heads of what is received, where `level` is above 0."""
        self.debuglevel = level

    def _announce(self, pieces: Sequence[BytesLike]) -> None:
        """Say that bytes are about to be sent, to whoever debugs or audits the program."""
        for piece in pieces:
            if self.debuglevel > 0:
                print("send:", repr(bytes(piece)))
            sys.audit("http.client.send", self, piece)

    def _own_authority(self) -> str:
        """Host and port of the server that requests are for, as in the Host field."""
        if self._tunnel_host:
            return host_field(to_ascii_host(self._tunnel_host), self._tunnel_port, self.default_port)
        return host_field(to_ascii_host(self.host), self.port, self.default_port)

    def _make_field_line(self, header: str | bytes, values: tuple[str | bytes | int, ...]) -> bytes:
        # Most fields are the same in one request after the other.
        if len(values) == 1 and type(header) is type(values[0]) is str:
            field = header, values[0]
            if line := self._plain_lines.get(field):
                return line
            if line := serialize_plain_field_line(header, values[0]):
                if len(line) <= _MAX_REMEMBERED_LENGTH and len(self._plain_lines) < _MAX_REMEMBERED:
                    self._plain_lines[field] = line
                return line
        name = header.encode("ascii") if isinstance(header, str) else header
        encoded = list(map(encode_value, values))
        if diagnostics := check_field_line(name, encoded):
            self._settle_sent(diagnostics)
        return serialize_field_line(name, encoded)

    def _settle_sent(self, diagnostics: list[Diagnostic], queued: int = 0) -> None:
        """Accept the faults of an element that is about to be queued, or raise.

        Args:
            diagnostics: With offsets into the element.
            queued: The bytes of the element that are queued already.

        Raises:
            ValueError: The policy does not accept one.
            InvalidURL: The same, for a request-target.
        """
        if diagnostics:
            self._refuse_to_be_held()
        for diagnostic in diagnostics:
            action = self.policy[diagnostic.code]
            if action is Action.IGNORE:
                continue
            raised = action is Action.RAISE
            if self.reporter is not None:
                at = self.reporter.queued_length - queued
                moved = diagnostic._replace(start=at + diagnostic.start, end=at + diagnostic.end)
                self.reporter.diagnostic(moved, raised, "sent")
            if raised:
                raise refusal_to_send(diagnostic)


def _remembering(connect: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(connect)
    def connect_and_remember(self: Link, *args: Any, **kwargs: Any) -> Any:
        result = connect(self, *args, **kwargs)
        self._remember_opened()
        return result

    return connect_and_remember
