"""HTTPConnection, under the names of http.client; with TLS it is in `https`.

A connection queues a request line by line, sends it, and makes a response that reads what comes.
It knows three things: what the request is doing (`wire.state`), the response that has not been
read to its end, and the transport, which is one socket with its received bytes.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from workbench.protocol.arguments import check_old_arguments, check_own_arguments
from workbench.protocol.body import FRAMING_FIELDS, check_readable, encode_body, field_names, pieces
from workbench.protocol.calls import report_calls
from workbench.protocol.errors import (
    CannotSendHeader,
    CannotSendRequest,
    HTTPException,
    NotConnected,
    ResponseNotReady,
)
from workbench.protocol.ordinary import STEPS
from workbench.protocol.policy import DEFAULT, Policy
from workbench.protocol.reporter import Tap, now_ns
from workbench.protocol.request_lines import METHODS_WITHOUT_BODY, RequestLines
from workbench.protocol.response import HTTPResponse
from workbench.protocol.transport import GLOBAL_DEFAULT_TIMEOUT, Address
from workbench.protocol.wire.diagnostics import Code
from workbench.protocol.wire.state import State, logical_state, title

_CALLS = (
    "request", "putrequest", "putheader", "endheaders", "send", "getresponse", "connect", "close", "set_tunnel",
)  # fmt: skip

_NO_NAMES: frozenset[str] = frozenset()

# To look a member up in its class costs more than what is done with it here.
_EXCESS = Code.EXCESS_DATA
_IDLE, _STARTED, _SENT = State.IDLE, State.REQUEST_STARTED, State.REQUEST_SENT
_UNREAD = State.UNREAD_RESPONSE


class HTTPConnection(RequestLines):
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
        policy: What to do about bytes that the RFCs forbid; `policy.DEFAULT` without it.
        expect_timeout: Seconds that a body waits for an expected 100 (Continue); without it the policy decides.
        deadline: Seconds that an exchange may take in all, from sending the request to the end
            of the response; without it only `timeout` limits each wait.
        byte_budget: Bytes that may be received in one exchange.

    Raises:
        InvalidURL: Host or port cannot be one.
        TypeError: An argument is of a wrong type.
        ValueError: A time or a number is out of range.
    """

    __slots__ = ("__half_read", "__response", "__state", "_method", "last_head")

    own_steps: ClassVar[dict[str, Any]]
    """What makes a request (`ordinary.STEPS`), as it is here."""

    response_class: Any = HTTPResponse
    """What `getresponse()` makes; programs put a class of their own here."""

    strict: int | None = None
    max_response_headers: int | None = None

    _checks_arguments = True
    """Those that http.client takes whatever they are."""

    _head_errors: tuple[type[Exception], ...] = (HTTPException, ConnectionError)
    """What closes the connection when it is raised while a head is read: nobody knows any more
    where the next response begins."""

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
        policy: Policy | None = None,
        expect_timeout: float | None = None,
        deadline: float | None = None,
        byte_budget: int | None = None,
    ) -> None:
        if self._checks_arguments:
            check_old_arguments(host, port, timeout, source_address, blocksize, max_response_headers)
        check_own_arguments(tap, policy, expect_timeout, deadline, byte_budget)
        super().__init__(host, port, timeout, source_address, tap, policy or DEFAULT)
        if blocksize != self.blocksize:
            self.blocksize = blocksize
        if strict is not None:
            self.strict = strict
        if max_response_headers is not None:
            self.max_response_headers = max_response_headers
        if expect_timeout is not None:
            self.expect_timeout = expect_timeout
        if deadline is not None:
            self.deadline = deadline
        if byte_budget is not None:
            self.byte_budget = byte_budget
        self._buffer = []
        self.last_head = b""
        """The last request-line and header section that were sent."""

        self._method: str | None = None
        """That of the last request, which the length of its response depends on."""

        self._usual_lines = ((), b"", b"")
        self.__state = _IDLE
        """What the request is doing: one of the three states without a response."""

        self.__response: Any = None
        """The response that has not been read to its end, as far as is known here."""

        self.__half_read: Any = None
        """The response whose head has come in part when receiving failed."""

        if self.reporter is not None:
            report_calls(self, _CALLS)

    # --- state ---------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """The logical state: what the request is doing, and whether a response is unread."""
        unread = self.__response is not None and not self.__response.isclosed()
        return logical_state(self.__state, unread)

    def _tell_change(self, before: State, cause: str) -> None:
        """Have the tap hear of another state of the request."""
        assert self.reporter is not None
        after = self.__state
        if self.__response is not None and not self.__response.isclosed():
            before, after = logical_state(before, True), logical_state(after, True)
        self.reporter.state_changed(before, after, cause)

    # --- opening and closing -------------------------------------------------------------

    def close(self) -> None:
        """Close the connection and give up the response that was not read to its end.

        What was queued and not sent is dropped. The object can be used again.
        """
        self._close("close() was called")

    def _close(self, reason: str) -> None:
        if self.holder is not None:
            self.holder.let_go_of_all()
        reporter, before = self.reporter, self.state
        response, self.__response = self.__response or self.__half_read, None
        self.__half_read = None
        self._buffer.clear()
        self._stopped_sending = False
        self._body_left = None
        self.__state = _IDLE
        if reporter is not None and before is not _IDLE:
            reporter.state_changed(before, _IDLE, "close")
        try:
            super()._close(reason)
        finally:
            if response is not None:
                response.close()

    def _open_for_request(self) -> None:
        if self.__state is not _SENT:
            # Another thread has: on another socket its answer would be taken for that of the next request.
            raise ConnectionAbortedError(
                "Expected the connection to stay open until the request was sent, but it was closed"
            )
        super()._open_for_request()

    def _give_up_transport(self, reason: str) -> None:
        # What came of a head on the old socket is no beginning of what comes on a new one.
        half_read, self.__half_read = self.__half_read, None
        super()._give_up_transport(reason)
        if half_read is not None:
            half_read.close()

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
            InvalidURL: The target has a control character, a space or a letter not of ASCII.
            UnsolicitedResponse: Bytes came that no request had asked for.
        """
        if self.__response is not None and self.__response.isclosed():
            self.__response = None
        if self.__state is not _IDLE:
            raise CannotSendRequest(title(self.__state))
        if self.__response is None:
            self._refuse_broken_connection()
        if self.reporter is not None:
            self.reporter.exchange += 1
        self._validate_method(method)
        url = url or "/"
        self._validate_path(url)
        authority = None
        if url[0] != "/" or "#" in url:
            url, authority = self._prepare_target(url)
        self._method = method
        line = self._encode_request(f"{method} {url} {self._http_vsn_str}")
        # First: should ctrl+c come, nobody puts another request behind this line.
        self.__state = _STARTED
        if self.reporter is not None:
            self.reporter.queued_request_line(method, url, self._http_vsn_str, line)
        self._output(line)
        if self.reporter is not None:
            self._tell_change(_IDLE, "putrequest")
        if self._http_vsn >= 11:
            self._put_automatic_fields(authority, skip_host, skip_accept_encoding)

    def putheader(self, header: str | bytes, *values: str | bytes | int) -> None:
        """Queue a field line.

        Args:
            header: The field name, a token.
            values: The field value; several are sent as one that is folded over several lines.

        Raises:
            CannotSendHeader: No request was begun.
            ValueError: The name is no token, or a value has a CR, LF or NUL.
        """
        if self.__state is not _STARTED:
            raise CannotSendHeader
        line = self._make_field_line(header, values)
        if self.reporter is not None:
            self.reporter.queued_field_line(line, self._automatic)
        self._output(line)

    # As it is here: programs put another in its place.
    _own_putheader = putheader

    def endheaders(self, message_body: Any = None, *, encode_chunked: bool = False) -> None:
        """End the header section and send what was queued, with the body if one is given.

        Args:
            message_body: Bytes-like, a file or an iterable of bytes-like.
            encode_chunked: Send the body in chunks.

        Raises:
            CannotSendHeader: No request was begun.
            UnimplementedFileMode: The body is a file that cannot be read.
            ValueError: The fields do not fit the body, and the policy does not accept that.
            OSError: Sending failed.
        """
        if self.__state is not _STARTED:
            raise CannotSendHeader
        if message_body is not None and type(message_body) is not bytes:
            check_readable(message_body)
        chunked = encode_chunked and self._http_vsn >= 11
        if self._settle_framing(self._buffer, self._http_vsn, message_body, chunked):
            self._put_automatic_field("Transfer-Encoding", "chunked")
        self.__state = _SENT
        if self.reporter is not None:
            self._tell_change(_STARTED, "endheaders")
        self._send_output(message_body, encode_chunked=encode_chunked)

    def _send_output(self, message_body: Any = None, encode_chunked: bool = False) -> None:
        """Send the queued lines, then the body. Small bodies go with the lines in one call."""
        head = self.last_head = b"\r\n".join(self._buffer) + b"\r\n\r\n"
        self._buffer.clear()
        if self.reporter is not None:
            self.reporter.queued_section_end()
        chunked = encode_chunked and self._http_vsn >= 11
        self._send_whole(head, message_body, chunked)

    def send(self, data: Any) -> None:
        """Send bytes as they are, in any state: more of the body, or else a whole request.

        Args:
            data: Bytes-like, a file (a text file is sent as latin-1) or an iterable of bytes-like.

        Raises:
            NotConnected: There is no connection, and none may be opened.
            TypeError: It is none of these.
            UnimplementedFileMode: It is a file that cannot be read.
            ValueError: The policy does not accept it: it is no whole request, or more body than
                was declared.
            OSError: Sending failed.
        """
        check_readable(data)
        if self.sock is None:
            self._open_for_sending()
        # After the header section it is body, which the server may not want.
        in_body = self.__state is _SENT
        if in_body and not self._body_is_wanted():
            return
        for piece in pieces(data, self.blocksize, self.reporter):
            self._settle_unqueued(piece, in_body)
            if not self._send_pieces([piece], watch=in_body):
                return

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
        if body is not None and type(body) is not bytes:
            check_readable(body)
        names = _NO_NAMES if headers is None else field_names(headers)
        if names:
            own_host, own_coding = "host" in names, "accept-encoding" in names
            self.putrequest(method, url, skip_host=own_host, skip_accept_encoding=own_coding)
        else:
            self.putrequest(method, url)
        if not names or names.isdisjoint(FRAMING_FIELDS):
            encode_chunked = False
            if body is not None or method not in METHODS_WITHOUT_BODY:
                body, encode_chunked = self._put_automatic_framing(body, method)
        elif "content-length" in names:
            encode_chunked = False
        if headers:
            for name, value in headers.items():
                self.putheader(name, value)
        if isinstance(body, str):
            body = encode_body(body)
        self.endheaders(body, encode_chunked=encode_chunked)

    # --- requests that go as nearly all do -----------------------------------------------

    def is_kept_and_idle(self, reporter: Any) -> bool:
        """Say whether a request may go an ordinary way, as far as the connection is concerned.

        Args:
            reporter: The `HoldingReporter` that may hold it.
        """
        transport, own = self._transport, self.__dict__
        return (
            self.__state is _IDLE
            and self.__response is None
            and transport is not None
            and transport.used
            and transport.sock is self.sock
            and self._http_vsn == 11
            # A head may have been queued and never sent, because its body could not be.
            and reporter.queued_length == reporter.sent_length
            and (not own or STEPS.isdisjoint(own))
        )

    def undo_request(self) -> None:
        """Undo what a request has queued; nothing of it was sent."""
        self._buffer.clear()
        self.__state = _IDLE

    # --- the response --------------------------------------------------------------------

    @property
    def upgrade_requested(self) -> bool:
        """Whether the last request asked for another protocol (RFC 9110 section 7.8)."""
        return b"\r\nupgrade:" in self.last_head.lower()

    def getresponse(self) -> Any:
        """Wait for the response to the request that was sent.

        Returns:
            The response, its head read. It must be read to its end, or closed, before the next.

        Raises:
            ResponseNotReady: No request was sent, or the last response was not read to its end.
            NotConnected: The socket was taken away after the request was sent.
            RemoteDisconnected: The server closed the connection instead.
            HTTPException: The head cannot be read under the policy; the connection is closed.
            ValueError: The body was not sent whole, and the policy does not accept that.
            OSError: Receiving failed. After a time-out the call can be made again.
        """
        if self.__state is not _SENT or self.__response is not None or self.sock is None or self._body_left:
            self._refuse_early_getresponse()
        response, self.__half_read = self.__half_read or self._make_response(), None
        try:
            if self.max_response_headers is None:
                response.begin()
            else:
                response.begin(_max_headers=self.max_response_headers)
        except self._head_errors as error:
            self._close(f"{type(error).__name__} while reading the head")
            response.close()
            raise
        except OSError:
            # A time-out: the next call goes on in the middle of the head.
            self.__half_read = response
            raise
        except BaseException:
            response.close()
            raise
        if self._stopped_sending or self._body_left:
            self._end_connection_with(response)
        # No response was unread, so this is the logical state too.
        before, self.__state = self.__state, _IDLE
        if not response.will_close:
            self.__response = response
        if self.reporter is not None:
            after = _IDLE if response.will_close or response.isclosed() else _UNREAD
            self.reporter.state_changed(before, after, "getresponse")
        if response.will_close:
            self._let_response_have_connection(response)
        return response

    def _refuse_early_getresponse(self) -> None:
        if self.__response is not None and self.__response.isclosed():
            self.__response = None
        if self.__state is not _SENT or self.__response is not None:
            raise ResponseNotReady(title(self.__state))
        if self.sock is None and self.__half_read is None:
            self._close("the program took the socket")
            raise NotConnected("Expected the connection on which the request was sent, got none")
        if self._body_left and not self._stopped_sending:
            self._settle_missing()

    def _end_connection_with(self, response: Any) -> None:
        """What the server reads next on this connection is not where the next request begins."""
        response.will_close = True
        whole = "not sent whole" if self._stopped_sending else "not as long as declared"
        response.persistence_reason = f"the request was {whole}"

    def _options_for_response(self) -> dict[str, Any]:
        more: dict[str, Any] = {}
        if self.policy is not DEFAULT:
            more["policy"] = self.policy
        if self.strict:
            more["strict"] = self.strict
        if self.debuglevel > 0:
            more["debuglevel"] = self.debuglevel
        return more

    def _make_response(self) -> Any:
        transport = self._transport
        if transport is None or transport.sock is not self.sock:
            transport = self._transport_of_socket()
        if self.policy is DEFAULT and not self.strict and self.debuglevel <= 0:
            # A class of the caller's may know nothing of what http.client's does not have.
            return self.response_class(transport, method=self._method)
        return self.response_class(transport, method=self._method, **self._options_for_response())

    def _let_response_have_connection(self, response: Any) -> None:
        reason = getattr(response, "persistence_reason", "") or "the response ends the connection"
        self._given_away = self._transport
        self._close(reason)

    def response_ended(self, response: Any, complete: bool) -> None:
        """Go on after a response that was read to its end, or closed.

        Args:
            response: Calls this itself, once.
            complete: It was read to its end, and nothing was missing.
        """
        if response is not self.__response:
            return
        self.__response = None
        if self.reporter is not None:
            self.reporter.idle_since_ns = now_ns()
            before = logical_state(self.__state, True)
            self.reporter.state_changed(before, self.__state, "read" if complete else "close")
        if not complete:
            # What is left of the body would be taken for the next response.
            receiver = None if self._transport is None else self._transport.receiver
            by_server = receiver is not None and receiver.ended
            self._close(
                "the server closed before the end of the response"
                if by_server
                else "the response was not read to its end"
            )
        elif self.__state is _IDLE and self._transport is not None and response.status != 101:
            # Behind a 101 comes the other protocol, whose program has the socket (only the drop-in leaves it here).
            receiver = self._transport.receiver
            if receiver is not None and receiver.position < len(receiver.data):
                self._settle_excess(receiver, _EXCESS)


HTTPConnection.own_steps = {name: getattr(HTTPConnection, name) for name in STEPS}
