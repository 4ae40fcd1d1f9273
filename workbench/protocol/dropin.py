"""Stands in for `http.client` in programs that were written for it.

Put it in place before anything else is imported that might import http.client::

    import http, sys
    import workbench.protocol.dropin
    sys.modules["http.client"] = http.client = workbench.protocol.dropin

The classes are thin: they have the signatures of the running Python, and differ from the classes
of this package where the standard library's own tests want it. Names that begin with an
underscore are those that urllib, urllib3, requests, botocore and these tests use.
"""

import re
import sys
import warnings
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from workbench.protocol import client, https, response
from workbench.protocol.body import content_length
from workbench.protocol.content import Content, ContentOfLength, ContentUntilClose
from workbench.protocol.errors import (
    BadStatusLine,
    CannotSendHeader,
    CannotSendRequest,
    ChunkError,
    HTTPException,
    ImproperConnectionState,
    IncompleteRead,
    InvalidURL,
    LineTooLong,
    NotConnected,
    RemoteDisconnected,
    ResponseNotReady,
    TunnelError,
    UnimplementedFileMode,
    UnknownProtocol,
    UnknownTransferEncoding,
    error,
)
from workbench.protocol.head import Head
from workbench.protocol.limits import Limits
from workbench.protocol.message import HTTPMessage, parse_section, receive_section
from workbench.protocol.policy import DEFAULT, Action
from workbench.protocol.status import HTTP_PORT, HTTPS_PORT  # noqa: F401 - names of http.client
from workbench.protocol.transport import (
    GLOBAL_DEFAULT_TIMEOUT,
    Transport,
    create_default_https_context,
    load_client_certificate,
)
from workbench.protocol.wire.diagnostics import Code
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.state import State
from workbench.protocol.wire.target import UNSENDABLE, host_field, to_ascii_host

__all__ = [
    "BadStatusLine",
    "CannotSendHeader",
    "CannotSendRequest",
    "HTTPConnection",
    "HTTPException",
    "HTTPResponse",
    "HTTPSConnection",
    "ImproperConnectionState",
    "IncompleteRead",
    "InvalidURL",
    "LineTooLong",
    "NotConnected",
    "RemoteDisconnected",
    "ResponseNotReady",
    "UnimplementedFileMode",
    "UnknownProtocol",
    "UnknownTransferEncoding",
    "error",
    "responses",
]

# Not in __all__, as in http.client: neither the ports nor HTTPMessage nor parse_headers.
globals().update(HTTPStatus.__members__)

responses = {status: status.phrase for status in HTTPStatus.__members__.values()}

_UNKNOWN = "UNKNOWN"
_CS_IDLE = State.IDLE
_CS_REQ_STARTED = State.REQUEST_STARTED
_CS_REQ_SENT = State.REQUEST_SENT

# Read whenever they are needed, so that a program can assign others.
_MAXLINE = Limits.line
_MAXHEADERS = Limits.fields

_WAYS_OUT = {
    "fields": f"max_response_headers=... or {__name__}._MAXHEADERS = ... allows more",
    "max_response_headers": "max_response_headers=... allows more",
    **dict.fromkeys(("interim_responses", "trailers"), f"{__name__}._MAXHEADERS = ... allows more"),
    **dict.fromkeys(("line", "chunk_header"), f"{__name__}._MAXLINE = ... allows more"),
}


class _Limits(Limits):
    """The limits of a program that cannot give a policy: for some of them there is no way out."""

    def way_out(self, name: str) -> str:
        """Say which of the names of http.client allows more."""
        return _WAYS_OUT.get(name, "")


_POLICY = replace(
    DEFAULT,
    name="drop-in",
    limits=_Limits(),
    actions={
        **DEFAULT.actions,
        # Each is a test of CPython's test_httplib.
        Code.TRUNCATED_STATUS_LINE: Action.ACCEPT,  # test_early_eof
        Code.TRUNCATED_HEAD: Action.ACCEPT,  # test_epipe, test_headers_debuglevel
        Code.EMPTY_NAME: Action.ACCEPT,  # test_malformed_headers_coped_with
        Code.CL_SYNTAX: Action.ACCEPT,  # test_negative_content_length
        Code.BODY_TRUNCATED: Action.ACCEPT,  # test_partial_reads_incomplete_body; see `HTTPResponse.read`
        Code.SENT_NAME_TOKEN: Action.ACCEPT,  # test_putheader
        Code.SENT_RAW: Action.ACCEPT,  # test_send, test_send_iter, test_send_file
        # And of test_httpservers.
        Code.METHOD_TOKEN: Action.ACCEPT,  # test_send_blank; see `HTTPConnection._validate_method`
        Code.UNEXPECTED_UPGRADE: Action.ACCEPT,  # test_head_via_send_error
    },
)
"""The default policy, but for what the tests of the standard library insist on."""


def _limits() -> Limits:
    """The limits as they are now: programs and tests set the two names of this module."""
    line, fields = _MAXLINE, _MAXHEADERS
    if (line, fields) == (Limits.line, Limits.fields):
        return _POLICY.limits
    return _Limits(line=line, fields=fields, interim_responses=fields, trailers=fields, chunk_header=line)


def parse_headers(fp: Any, _class: Any = HTTPMessage) -> Any:
    """Read a header section from a binary file that stands behind the start-line.

    Args:
        fp: Has `readline`. It is read up to and including the empty line, or to its end.
        _class: The class of the message.

    Raises:
        LineTooLong: A line has more than `_MAXLINE` bytes.
        HTTPException: There are more than `_MAXHEADERS` field lines, or one cannot be read.
    """
    lines, _, _ = receive_section(fp, _limits())
    return parse_section(lines, _class, _POLICY)


def _read_headers(fp: Any) -> list[bytes]:
    """Read the lines of a header section, the empty one included."""
    lines, end, _ = receive_section(fp, _limits())
    return [line + b"\n" for line in lines.split(b"\n")[:-1]] + [end]


def _create_https_context(http_version: int) -> Any:  # noqa: ARG001 - the signature of http.client
    """Make the TLS context of a connection that was given none."""
    return create_default_https_context()


_CONTROL = re.compile("[\0-\x1f]")


def _refuse_unsendable(part: str) -> None:
    if found := UNSENDABLE.search(part):
        raise InvalidURL(f"URL can't contain control characters. {part!r} (found at least {found.group()!r})")


def _raw_lines(section: FieldSection | None) -> list[bytes] | None:
    return None if section is None else [*(line.raw for line in section.lines), b"\r\n"]


class HTTPResponse(response.HTTPResponse):
    """A response with the constructor of today, which raises what is raised today."""

    def __init__(
        self, sock: Any, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        # HTTP/0.9 has been refused since 3.4.
        super().__init__(sock, debuglevel, True, method, url, policy=_POLICY)
        self._own_chunk_left: Any = _UNKNOWN
        self._cut_was_told = False
        """The program knows that content ended too early: something was raised, or nothing more was given."""

        self._content_start = 0
        """Where the content begins in the received stream."""

    # After 101 programs go on with the connection's socket.
    _takes_upgraded_stream = False

    def _final_head(self) -> Head:
        try:
            return super()._final_head()
        except RemoteDisconnected:
            # Of the interim responses http.client knows 100 only, and servers that stop behind
            # another are tested against it (test_httpservers, test_send_error).
            last = self.last_interim
            if last is None or last.status_code == HTTPStatus.CONTINUE:
                raise
            self.informational.pop()
            return last

    def _begin_content(self, head: Head) -> None:
        super()._begin_content(head)
        self._content_start = self._receiver.offset

    def _make_limits(self) -> Limits:
        return _limits()

    @property
    def length(self) -> Any:
        """The bytes that are still to be read; a number that is assigned is where the content ends."""
        return super().length

    @length.setter
    def length(self, value: int | None) -> None:
        content: Content
        if value is None:
            content = ContentUntilClose(self._receiver, self._judge.settle)
        else:
            content = ContentOfLength(self._receiver, self._judge.settle, value)
        self._content, self._content_start = content, self._receiver.offset

    @property
    def chunk_left(self) -> Any:
        """What is left of the chunk that is being read."""
        return super().chunk_left if self._own_chunk_left is _UNKNOWN else self._own_chunk_left

    @chunk_left.setter
    def chunk_left(self, value: int | None) -> None:
        # For clients that read the chunks themselves, and count here.
        self._own_chunk_left = value

    def _is_complete(self) -> bool:
        # urllib3 reads chunks from `fp` and closes the response behind the last one. Whether it
        # stopped early is seen by what is there when the connection is used again.
        return super()._is_complete() or (
            self._content is not None and self._content.bypassed(self._content_start)
        )

    def read(self, amt: int | None = None) -> bytes:
        """Read content. Content that ends too early is reported when all of it was asked for."""
        was_told = self._cut_was_told
        data = super().read(amt)
        if self._content is not None and self._content.failed and not (was_told or self.closed):
            if amt is None or amt < 0:
                self._cut_was_told = True
                raise IncompleteRead(data, self.length or None)
            self._cut_was_told = not data and amt > 0
        return data

    def _reading(self, nothing: Any, way: str, argument: Any) -> Any:
        try:
            result = super()._reading(nothing, way, argument)
        except ChunkError as broken:
            # Programs and tests look for the name, which is part of the message.
            raise IncompleteRead(broken.partial, broken.expected) from broken
        wants_some = len(argument) if way == "readinto" else argument != 0
        if wants_some and not result and self._content is not None and self._content.failed:
            self._cut_was_told = True
        return result

    def _safe_read(self, amt: int) -> bytes:
        """Read raw bytes of the body, framing included.

        Raises:
            IncompleteRead: There are fewer.
        """
        data: bytes = self.fp.read(amt)
        if len(data) < amt:
            raise IncompleteRead(data, amt - len(data))
        return data


class HTTPConnection(client.HTTPConnection):
    """A connection with the constructor of today, whose parts subclasses may replace."""

    response_class = HTTPResponse

    # http.client takes anything, which shows when it is used; never, where the program gives a socket of its own.
    _checks_arguments = False

    # The state stays as it is when a head cannot be read, and whoever catches that closes.
    _head_errors = (ConnectionError,)

    _sock: Any = None
    _transport: Transport | None = None
    _raw_proxy_headers: list[bytes] | None = None
    _sends_queued = False
    _sends_files = False

    _shows_tunnel_host = sys.version_info >= (3, 12)
    """Whether the Host of CONNECT stands among the fields of the caller (test_set_tunnel_host_port_headers)."""

    def __init__(
        self,
        host: str,
        port: int | str | None = None,
        timeout: float | None = GLOBAL_DEFAULT_TIMEOUT,
        source_address: tuple[str, int] | None = None,
        blocksize: int = 8192,
        *,
        max_response_headers: int | None = None,
    ) -> None:
        super().__init__(
            host,
            port,
            timeout=timeout,
            source_address=source_address,
            blocksize=blocksize,
            max_response_headers=max_response_headers,
            policy=_POLICY,
        )

    @property
    def sock(self) -> Any:
        """The socket; None while there is no connection."""
        return self._sock

    @sock.setter
    def sock(self, sock: Any) -> None:
        self._sock = sock
        # urllib takes the socket away while the response is being read. The response then is the
        # only one that holds it open.
        if sock is None and self._transport is not None:
            transport, self._transport = self._transport, None
            transport.hand_over("the program took the socket")

    @staticmethod
    def _get_content_length(body: Any, method: str) -> int | None:
        return content_length(body, method, stat_files=False)

    # --- the request ---------------------------------------------------------------------

    # The words are those of http.client: programs and tests look for them.

    def _validate_method(self, method: str) -> None:
        if found := _CONTROL.search(method):
            raise ValueError(
                f"method can't contain control characters. {method!r} (found at least {found.group()!r})"
            )
        super()._validate_method(method)

    def _validate_path(self, url: str) -> None:
        _refuse_unsendable(url)

    def _validate_host(self, host: str) -> None:
        _refuse_unsendable(host)

    def _sends_fragment(self) -> bool:
        # As xmlrpc's tests have it since 3.11 (test_path_fragment).
        return True

    def _options_for_response(self) -> dict[str, Any]:
        return {"debuglevel": self.debuglevel} if self.debuglevel > 0 else {}

    # Every request goes through `_send_request`, which programs override too.

    def request(
        self, method: str, url: str, body: Any = None, headers: Any = None, *, encode_chunked: bool = False
    ) -> None:
        """Send a whole request."""
        self._send_request(method, url, body, {} if headers is None else headers, encode_chunked)

    def _send_request(self, method: str, url: str, body: Any, headers: Any, encode_chunked: bool) -> None:
        super().request(method, url, body, headers, encode_chunked=encode_chunked)

    # Every byte goes through `send`: programs override it to see, count or redirect what is sent.

    def _send_queued(self, data: list[Any], watch: bool = False) -> bool:  # noqa: ARG002 - `send` decides
        before, self._sends_queued = self._sends_queued, True
        try:
            for piece in data:
                self.send(piece)
        finally:
            # Sending may open the connection, and with it a tunnel, which is asked for here too.
            self._sends_queued = before
        return not self._stopped_sending

    def _settle_unqueued(self, data: Any, in_body: bool) -> None:
        if not self._sends_queued:
            super()._settle_unqueued(data, in_body)

    def _send_to_proxy(self, proxy: Transport, data: bytes) -> None:  # noqa: ARG002 - `send` knows it
        self._send_queued([data])

    # --- closing -------------------------------------------------------------------------

    # The connection is closed in these places anyway. Programs override `close`, and count on it
    # being called: urllib3 learns so that a proxy refused.

    def getresponse(self) -> Any:
        """Wait for the response to the request that was sent."""
        try:
            return super().getresponse()
        except ConnectionError:
            self.close()
            raise

    def _let_response_have_connection(self, response: Any) -> None:
        super()._let_response_have_connection(response)
        self.close()

    # --- the tunnel ----------------------------------------------------------------------

    def set_tunnel(self, host: str, port: int | None = None, headers: Any = None) -> None:
        """Reach a server through this connection's host, which is a proxy."""
        super().set_tunnel(host, port, headers)
        assert self._tunnel_host is not None
        named = any(name.lower() == "host" for name in self._tunnel_headers)
        if self._shows_tunnel_host and not named:
            authority = host_field(to_ascii_host(self._tunnel_host), self._tunnel_port, -1)
            self._tunnel_headers["Host"] = authority

    def _tunnel(self) -> None:
        policy = self.policy
        # Where a program gave a policy after all, that has limits of its own.
        limits = _limits() if policy.limits == _POLICY.limits else policy.limits
        if self.max_response_headers is not None:
            limits = replace(limits, fields=self.max_response_headers)
        if limits != policy.limits:
            self.policy = replace(policy, limits=limits)
        try:
            super()._tunnel()
        except TunnelError as refusal:
            # Who keeps the exception must not keep the socket (test_tunnel_leak).
            refusal.response.close()
            self.close()
            raise
        finally:
            self.policy = policy
            self._raw_proxy_headers = _raw_lines(self._proxy_section)

    def get_proxy_response_headers(self) -> Any:
        """Give the header fields of the proxy's answer to CONNECT; None where there is none."""
        if self._raw_proxy_headers is None:
            return None
        return parse_section(b"".join(self._raw_proxy_headers[:-1]), HTTPMessage, _POLICY)

    def _wrap_ipv6(self, ip: bytes) -> bytes:
        return b"[" + ip + b"]" if b":" in ip and not ip.startswith(b"[") else ip


class _HTTPSConnection(HTTPConnection, https.HTTPSConnection):
    """The same over TLS, whatever the constructor."""

    def _set_up(
        self,
        host: str,
        port: int | str | None,
        timeout: float | None,
        source_address: tuple[str, int] | None,
        context: Any,
        blocksize: int,
        max_response_headers: int | None,
    ) -> None:
        # Not our own HTTPConnection, which has no context.
        https.HTTPSConnection.__init__(
            self,
            host,
            port,
            timeout=timeout,
            source_address=source_address,
            context=_create_https_context(self._http_vsn) if context is None else context,
            blocksize=blocksize,
            max_response_headers=max_response_headers,
            policy=_POLICY,
        )


if sys.version_info >= (3, 12):  # pragma: no cover - one of the two is

    class HTTPSConnection(_HTTPSConnection):
        """A connection over TLS with the constructor of today."""

        def __init__(
            self,
            host: str,
            port: int | str | None = None,
            *,
            timeout: float | None = GLOBAL_DEFAULT_TIMEOUT,
            source_address: tuple[str, int] | None = None,
            context: Any = None,
            blocksize: int = 8192,
            max_response_headers: int | None = None,
        ) -> None:
            self._set_up(host, port, timeout, source_address, context, blocksize, max_response_headers)

else:  # pragma: no cover - one of the two is

    class HTTPSConnection(_HTTPSConnection):
        """A connection over TLS with the constructor of Python 3.11."""

        def __init__(
            self,
            host: str,
            port: int | str | None = None,
            key_file: str | None = None,
            cert_file: str | None = None,
            timeout: float | None = GLOBAL_DEFAULT_TIMEOUT,
            source_address: tuple[str, int] | None = None,
            *,
            context: Any = None,
            check_hostname: bool | None = None,
            blocksize: int = 8192,
            max_response_headers: int | None = None,
        ) -> None:
            self._set_up(host, port, timeout, source_address, context, blocksize, max_response_headers)
            if (key_file, cert_file, check_hostname) != (None, None, None):
                warnings.warn(
                    "key_file, cert_file and check_hostname are deprecated, use a custom context instead.",
                    DeprecationWarning,
                    stacklevel=2,
                )
            if key_file or cert_file:
                self.key_file, self.cert_file = key_file, cert_file
                load_client_certificate(self._context, cert_file, key_file)
                if self._context.post_handshake_auth is not None:
                    self._context.post_handshake_auth = True
            if check_hostname is not None:
                self._context.check_hostname = check_hostname
