"""What the lines of a request are made of: its request-line, and the fields that nobody has to put.

The states, and the calls that send what was queued, are in `client`.
"""

import functools
from typing import Any

from workbench.protocol.body import METHODS_EXPECTING_BODY, content_length, pieces
from workbench.protocol.errors import InvalidURL
from workbench.protocol.sender import Sender
from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.framing import CONTEXT
from workbench.protocol.wire.serializer import check_method, serialize_plain_field_line
from workbench.protocol.wire.target import UNSENDABLE_IN_TARGET, split_absolute

METHODS_WITHOUT_BODY = frozenset(("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "TRACE"))
_METHODS = METHODS_WITHOUT_BODY | METHODS_EXPECTING_BODY
"""Methods of RFC 9110 section 9 and RFC 5789, so tokens."""


@functools.lru_cache(maxsize=64)
def _plain_host_line(authority: str) -> bytes | None:
    """Make the field line that most requests to a server have; None where something can be wrong with it."""
    return serialize_plain_field_line("Host", authority)


class RequestLines(Sender):
    """Checks and makes the lines of requests. For its arguments see `Link`.

    `_validate_method`, `_validate_path`, `_encode_request`, `_output` and `_get_content_length` are private
    names of http.client that programs override.
    """

    __slots__ = ("_buffer", "_usual_lines")

    _http_vsn = 11
    _http_vsn_str = "HTTP/1.1"
    """What is sent. Programs set both, to 10 and `HTTP/1.0`, to send as a client of that time."""

    _buffer: list[bytes]
    """The lines that were put and not sent yet, each without its CRLF."""

    _automatic = False
    """The field line that is being put is ours, not the caller's."""

    _usual_lines: tuple[tuple[Any, ...], bytes, bytes]
    """The peer that automatic field lines were made for, and they."""

    putheader: Any
    """Queues a field line: `HTTPConnection.putheader`, or what somebody has put in its place."""

    _own_putheader: Any

    def _output(self, line: bytes) -> None:
        self._buffer.append(line)

    def _validate_method(self, method: str) -> None:
        """Refuse what would split the request-line (CVE-2020-26116)."""
        if not isinstance(method, str):
            raise TypeError(f"Expected a method of str, got {type(method)!r}")
        if method not in _METHODS and (diagnostics := check_method(method.encode("ascii"))):
            self._settle_sent(diagnostics)

    def _validate_path(self, url: str) -> None:
        """Refuse what would split the request-line (CVE-2019-9740, CVE-2019-9947)."""
        if not isinstance(url, str):
            raise TypeError(f"Expected a request-target of str, got {type(url)!r}")
        # Of ASCII, space and all that is visible is printable. To ask for that takes a third of a search.
        if url.isascii() and url.isprintable() and " " not in url:
            return
        unsendable = UNSENDABLE_IN_TARGET.search(url)
        assert unsendable is not None
        raise InvalidURL(
            f"Expected a request-target of visible ASCII characters, got "
            f"{unsendable.group()!r} at index {unsendable.start()} of {url[:80]!r} (RFC 9112 section 3.2)"
        )

    def _prepare_target(self, url: str) -> tuple[str, str | None]:
        """Give the target as it is sent, and the authority that an absolute one names."""
        if "#" in url:
            at = url.index("#")
            found = url[at:].encode("utf-8", "replace")
            self._settle_sent([Diagnostic(Code.FRAGMENT, at, len(url), found, "request line")])
            if not self._sends_fragment():
                url = url[:at] or "/"
        absolute = split_absolute(url)
        if absolute is None:
            return url, None
        if absolute.has_userinfo:
            # The userinfo itself goes into no event and no message.
            self._settle_sent([Diagnostic(Code.USERINFO, 0, 0, b"", "request line")])
        return absolute.without_userinfo, absolute.authority

    def _sends_fragment(self) -> bool:
        return not self.policy.mends_requests

    def _encode_request(self, request: str) -> bytes:
        return request.encode("ascii")

    def _put_automatic_fields(
        self, authority: str | None, skip_host: bool, skip_accept_encoding: bool
    ) -> None:
        usual = not (authority or skip_host or skip_accept_encoding)
        if usual and self.putheader == self._own_putheader:
            # They stay the same while the peer does.
            peer = (self.host, self.port, self._tunnel_host, self._tunnel_port)
            if peer == self._usual_lines[0] or self._make_usual_lines(peer):
                _, host, accept_encoding = self._usual_lines
                self._output(host)
                self._output(accept_encoding)
                if self.reporter is not None:
                    self.reporter.queued_automatic_fields(type(self).__name__, host, accept_encoding)
                return
        if not skip_host:
            self._put_automatic_field("Host", authority or self._own_authority())
        if not skip_accept_encoding:
            # A coding would have to be undone, which no read() here does.
            self._put_automatic_field("Accept-Encoding", "identity")

    def _make_usual_lines(self, peer: tuple[Any, ...]) -> bool:
        host = _plain_host_line(self._own_authority())
        if host is None:
            # Whoever puts it has to say what is wrong with it, each time.
            return False
        self._usual_lines = peer, host, b"Accept-Encoding: identity"
        return True

    def _put_automatic_field(self, name: str, value: str) -> None:
        if self.reporter is None:
            self.putheader(name, value)
            return
        self._automatic = True
        try:
            self.putheader(name, value)
        finally:
            self._automatic = False

    def _put_automatic_framing(self, body: Any, method: str) -> tuple[Any, bool]:
        """Queue the field that says where the body ends.

        Returns:
            The body to send, and whether it is to be chunked.
        """
        length = self._get_content_length(body, method)
        chunked = length is None and body is not None
        if chunked and self._http_vsn < 11 and self.policy.mends_requests:
            self._settle_sent([Diagnostic(Code.SENT_TE_HTTP10, 0, 0, b"", CONTEXT)])
            body, chunked = b"".join(pieces(body, self.blocksize, self.reporter)), False
            length = len(body)
        if chunked:
            self._put_automatic_field("Transfer-Encoding", "chunked")
        elif length is not None:
            self._put_automatic_field("Content-Length", str(length))
        return body, chunked

    @staticmethod
    def _get_content_length(body: Any, method: str) -> int | None:
        return content_length(body, method, stat_files=True)
