"""Asking a proxy for a tunnel with CONNECT (RFC 9110 section 9.3.6)."""

from collections.abc import Callable

from workbench.protocol import tap as events
from workbench.protocol.errors import TunnelError
from workbench.protocol.policy import Policy
from workbench.protocol.reporter import Reporter
from workbench.protocol.response import HTTPResponse
from workbench.protocol.transport import Transport
from workbench.protocol.wire.serializer import serialize_field_line, serialize_request_line


class ConnectRequest:
    """A CONNECT request.

    Args:
        authority: Host and port of the server, the host in brackets where it is an IPv6 address.
        field_lines: Of the caller, each without its CRLF.
        automatic_host: None of them is Host, so that one has to be added.
    """

    def __init__(self, authority: str, field_lines: list[bytes], automatic_host: bool) -> None:
        self.authority = authority
        self._automatic_host = automatic_host
        self._line = serialize_request_line(b"CONNECT", authority.encode("ascii"), b"HTTP/1.1")
        host = [serialize_field_line(b"Host", [authority.encode("ascii")])] if automatic_host else []
        self._field_lines = [*host, *field_lines]
        self.data = b"\r\n".join((self._line, *self._field_lines, b"", b""))

    def report(self, reporter: Reporter) -> None:
        """Tell of each line, as if it had been put like that of any other request."""
        reporter.exchange += 1
        reporter.queued_request_line("CONNECT", self.authority, "HTTP/1.1", self._line)
        for index, line in enumerate(self._field_lines):
            reporter.queued_field_line(line, self._automatic_host and not index)
        reporter.queued_section_end()


def ask_for_tunnel(
    proxy: Transport,
    request: ConnectRequest,
    send: Callable[[Transport, bytes], None],
    reporter: Reporter | None,
    debuglevel: int,
    policy: Policy,
) -> HTTPResponse:
    """Send the request and read the head of the answer.

    Args:
        proxy: Open to the proxy; it has a reporter of its own.
        request: What to send.
        send: Sends it: `Link._send_to_proxy`.
        reporter: Tells the tap of the connection that wants the tunnel.
        debuglevel: Above 0, the head of the answer is printed.
        policy: What to do about bytes that the RFCs forbid.

    Raises:
        TunnelError: The proxy refuses; its answer can still be read.
        HTTPException: Its answer cannot be read under the policy.
        OSError: Sending or receiving failed.
    """
    if reporter is not None:
        reporter.emit(events.TunnelStarted, request.authority)
    if proxy.reporter is not None:
        request.report(proxy.reporter)
    send(proxy, request.data)
    response = HTTPResponse(proxy, debuglevel, 1, "CONNECT", policy=policy)
    try:
        response.begin()
    except BaseException:
        response.close()
        raise
    if 200 <= response.status < 300:
        response.end_at_head()
        if reporter is not None:
            reporter.emit(events.TunnelEstablished, response.status)
        return response
    if reporter is not None:
        reporter.emit(events.TunnelRefused, response.status, response.reason)
    message = f"Tunnel connection failed: {response.status} {response.reason}".rstrip()
    raise TunnelError(message, response)
