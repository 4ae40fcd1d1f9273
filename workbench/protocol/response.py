"""HTTPResponse: reading one response, under the names of http.client.

What the documentation calls the body is the content of RFC 9110: the transfer coding is taken
off. How the content is cut out of the received bytes is the matter of `content`, what `read` and its kin promise that of
`reading`, and the fields are that of `response_fields`; here is what is taken at once, and the end of the message.
"""

import io
from dataclasses import replace
from operator import index
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import ref

from workbench.protocol.calls import report_calls
from workbench.protocol.chunks import ChunkedContent
from workbench.protocol.codings import decode_codings
from workbench.protocol.content import Content, ContentOfLength, ContentUntilClose, NoContent
from workbench.protocol.errors import HTTPException
from workbench.protocol.head import Head, HeadReader
from workbench.protocol.limits import RECEIVE_SIZE
from workbench.protocol.policy import DEFAULT, Policy
from workbench.protocol.receive import not_writable
from workbench.protocol.response_fields import FieldsOfResponse
from workbench.protocol.transport import Transport
from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.framing import Framing
from workbench.protocol.wire.state import State

if TYPE_CHECKING:
    from workbench.protocol.client import HTTPConnection

_Result = TypeVar("_Result")

_UNKNOWN: Any = "UNKNOWN"
"""What the documented attributes hold before `begin()`."""

_REPORTED_CALLS = ("read", "read1", "readinto", "readline", "peek", "getheader", "getheaders", "close")


class HTTPResponse(FieldsOfResponse):
    """A response, from its status-line to the end of its content.

    Args:
        sock: Anything with `makefile("rb")`; what comes out of it is read no further than the
            response goes.
        debuglevel: Above 0, the head is printed.
        strict: True refuses a response without a status-line; else it is HTTP/0.9.
        method: That of the request; the length of the content depends on it.
        url: The address of the request, for `geturl()`.
        policy: What to do about bytes that the RFCs forbid; `policy.DEFAULT` without it.
    """

    _takes_upgraded_stream = True
    """What follows 101 (Switching Protocols) is read from the response, not from the socket."""

    __slots__ = (
        "_connection", "_expected_content", "_expected_framing", "chunked", "framing", "persistence_reason", "reason",
        "status", "url", "version", "will_close",
    )  # fmt: skip

    def __init__(
        self,
        sock: Any,
        debuglevel: int = 0,
        strict: int | None = 0,
        method: str | None = None,
        url: str | None = None,
        *,
        policy: Policy | None = None,
    ) -> None:
        # `super()` takes as long as half of this.
        HeadReader.__init__(self, sock.makefile("rb"), debuglevel, strict, method, policy or DEFAULT)
        self.url = url
        self.version: Any = _UNKNOWN
        """11 for HTTP/1.1, 10 for HTTP/1.0, 9 for HTTP/0.9."""

        self.status: Any = _UNKNOWN
        self.reason: Any = _UNKNOWN
        self.will_close: Any = _UNKNOWN
        """The connection ends with this response."""

        self.chunked: Any = _UNKNOWN
        self.framing: Framing | None = None
        """How the end of the content is found: the rule of RFC 9112 section 6.3, and why."""

        self.persistence_reason = ""
        """Why the connection is kept, or not."""

        self._final: Head | None = None
        self._section: FieldSection | None = None
        self._expected_framing: Framing | None = None
        self._expected_content: Content | None = None
        """That of a response with the expected framing."""

        self._connection: ref[HTTPConnection] | None = None
        self._content: Content | None = None
        if isinstance(sock, Transport):
            self._connection = sock.connection
            reporter = sock.reporter
            if reporter is not None:
                self.reporter = reporter
                # As `report_calls` does it, without a call: there is one for each answer.
                reporting = reporter.classes.get(type(self))
                if reporting is None:
                    report_calls(self, _REPORTED_CALLS)
                else:
                    self.__class__ = reporting

    def __del__(self) -> None:
        """Close what is collected while it is read, as files do."""
        try:
            file = self.fp
        except AttributeError:
            # The constructor failed: there is nothing to close.
            return
        # io's own finalizer would close also what has ended, at the price of several calls.
        if file is not None:
            self._close_collected()

    own_del = __del__

    def _close_collected(self) -> None:
        reporter = self.reporter
        # No call of the program's closes it.
        self.__class__ = getattr(type(self), "unreported_class", type(self))
        self.close()
        if reporter is not None:
            # What ended with it was noted, and no call is there to end.
            reporter.show()

    # --- the head ------------------------------------------------------------------------

    def begin(self, *, _max_headers: int | None = None) -> None:
        """Read the head: interim responses, status-line, header section.

        Does nothing when it has been read. A connection calls it; a response made from a socket
        needs it before anything else.

        Args:
            _max_headers: Field lines that the header section may have.

        Raises:
            HTTPException: The head cannot be read under the policy.
            OSError: Receiving failed. After a time-out the call can be made again.
        """
        if self._final is not None:
            return
        if not self._begun:
            self._prepare(_max_headers)
            self._expect_answer()
        try:
            head = self._final_head()
        except HTTPException:
            self._close_conn()
            raise
        self._begin_content(head)

    @property
    def code(self) -> Any:
        """The status code, under the name that urllib uses."""
        return self.status

    @code.setter
    def code(self, value: Any) -> None:
        self.status = value

    def _settle_upgrade(self) -> None:
        connection = self._connection() if self._connection else None
        # A response that was made from a socket cannot know what was asked.
        if connection is not None and not connection.upgrade_requested:
            at = self._receiver.offset
            self._judge.settle([Diagnostic(Code.UNEXPECTED_UPGRADE, at, at, b"", "status line")])
        if self._takes_upgraded_stream:
            why = "the connection speaks another protocol now"
            self._boundary = replace(self._boundary, persistent=False, persistence_reason=why)

    def _expect_answer(self) -> None:
        """While the server works, make what its answer needs if it is like the one before."""
        head = self._expected_head = self._receiver.last_head
        boundary = self._expected_boundary = None if head is None else head.boundary(self._method)
        if boundary is not None and boundary.framing.kind == "length":
            self._expected_framing = boundary.framing
            self._expected_content = self._make_content(boundary.framing)

    def _begin_content(self, head: Head) -> None:
        self._final = head
        self.version, self.status, self.reason = head.version, head.status_code, head.reason_phrase
        boundary = self._boundary
        framing = self.framing = boundary.framing
        if self.debuglevel > 0:
            for name, value in head.section(self._start).pairs:
                print("header:", name.decode("latin-1") + ":", value.decode("latin-1"))
        self.chunked = framing.kind == "chunked"
        self.will_close = not boundary.persistent
        self.persistence_reason = boundary.persistence_reason
        expected = framing is self._expected_framing
        self._content = self._expected_content if expected else self._make_content(framing)
        if self.reporter is not None and self.reporter.answer is not self:
            self.reporter.content_expected(boundary.facts)

    def _make_content(self, framing: Framing) -> Content:
        receiver, settle = self._receiver, self._judge.settle
        kind = framing.kind
        content: Content
        if kind == "length" and framing.length is not None:
            content = ContentOfLength(receiver, settle, framing.length)
        elif kind == "chunked":
            content = ChunkedContent(receiver, settle, self._limits)
        elif kind == "none" and not (self.status == 101 and self._takes_upgraded_stream):
            return NoContent(receiver, settle)
        else:
            content = ContentUntilClose(receiver, settle)
        if not framing.codings:
            return content
        return decode_codings(content, framing.codings, receiver, settle, self._limits)

    def end_at_head(self) -> None:
        """Give the bytes that follow to somebody else: they are a tunnel's."""
        self._content = NoContent(self._receiver, self._judge.settle)
        self._close_conn()

    # --- attributes ----------------------------------------------------------------------

    @property
    def length(self) -> Any:
        """The bytes that are still to be read, where that is known; else None."""
        if self._content is None:
            return _UNKNOWN
        remaining = self._content.remaining
        return None if remaining is None else remaining + sum(map(len, self._content.laid_by))

    @property
    def chunk_left(self) -> Any:
        """What is left of the chunk that is being read, or None between chunks."""
        content = self._content
        if isinstance(content, ChunkedContent):
            return content.chunk_left
        return None if self.chunked is True else _UNKNOWN

    @property
    def complete(self) -> bool:
        """Whether all of the content was read, and nothing was missing."""
        return self._is_complete()

    def _is_complete(self) -> bool:
        content = self._content
        return content is not None and content.ended and not content.failed

    def geturl(self) -> str | None:
        """Give the address of the request, where whoever sent it has set it."""
        return self.url

    def getcode(self) -> Any:
        """Give the status code."""
        return self.status

    # --- reading -------------------------------------------------------------------------

    # Each way of reading first takes what is there, which is the same in fewer steps, and cannot fail.

    def __iter__(self) -> "HTTPResponse":
        """Go through the lines, of which a response that was closed has none: it is no error."""
        return self

    def readable(self) -> bool:
        """Yes, always."""
        return True

    def read(self, amt: int | None = None) -> bytes:
        """Read content.

        Args:
            amt: Bytes to read; None or a negative number reads to the end.

        Returns:
            `amt` bytes, fewer only at the end.

        Raises:
            IncompleteRead: The connection ended before the content; `partial` is what this call
                had read.
            OSError: Receiving failed. What this call had read comes with the next one.
        """
        content = self._content
        if content is None or self.fp is None:
            return b""
        if amt is None or amt < 0:
            amt = None
            data = content.take_rest()
        else:
            data = content.take(amt) if amt else b""
        if data:
            if content.ended:
                self._close_conn()
            return data
        return self._reading(b"", "read", amt if amt is None else index(amt))

    own_read = read

    @property
    def _completion(self) -> tuple[bool, str, int]:
        """What is told at its end: whether it is complete, why, and the bytes of content."""
        complete = self._is_complete()
        taken = 0 if self._content is None else self._content.taken
        return (
            complete,
            self.framing.reason if complete and self.framing else "the end was not reached",
            taken,
        )

    @property
    def is_awaited(self) -> bool:
        """Whether its connection waits for its end."""
        connection = None if self._connection is None else self._connection()
        # By the name that it has in http.client.
        return connection is not None and connection._HTTPConnection__response is self  # type: ignore[attr-defined]  # noqa: SLF001

    def tell_rest(self) -> None:
        """Tell the tap of what `read` has done, which began without telling it."""
        content, reporter = self._content, self.reporter
        assert content is not None
        assert reporter is not None
        content.report()
        if self.fp is None:
            reporter.message_completed(*self._completion)
            reporter.state_changed(State.UNREAD_RESPONSE, State.IDLE, "read")

    def read1(self, n: int | None = -1) -> bytes:
        """Read what is there, waiting once at most. Raises what `read` raises.

        Args:
            n: The most bytes to read; negative for what one receive call gives.
        """
        if n == 0:
            return b""
        limit = RECEIVE_SIZE if n is None or n < 0 else n
        content = self._content
        if content is not None and self.fp is not None:
            data = content.take_some(limit)
            if data:
                if content.ended:
                    self._close_conn()
                return data
        return self._reading(b"", "read1", index(limit))

    def readinto(self, buffer: Any, /) -> int:
        """Read content into memory of the caller. Raises what `read` raises.

        Args:
            buffer: Anything writable that has the buffer protocol.

        Returns:
            The number of bytes: as many as there is room for, fewer only at the end.

        Raises:
            TypeError: The memory cannot be written to. Nothing was read.
        """
        # As `writable_view` does it, which as a call would take a fifteenth of all that is done here. A bytearray
        # can be written to, byte by byte: to ask would take a fifth.
        view = memoryview(buffer)
        if type(buffer) is not bytearray:
            view = view.cast("B")
            if view.readonly:
                raise not_writable(buffer)
        size = len(view)
        content = self._content
        # More than that is hardly ever there already.
        if content is not None and self.fp is not None and 0 < size < RECEIVE_SIZE:
            data = content.take(size)
            if data:
                count = len(data)
                view[:count] = data
                if content.ended:
                    self._close_conn()
                return count
        return self._reading(0, "readinto", view)

    def readline(self, limit: int | None = -1) -> bytes:
        """Read a line of content, up to and including the next LF. Raises what `read` raises.

        Args:
            limit: The most bytes to read; negative for no limit.
        """
        most = None if limit is None or limit < 0 else limit
        content = self._content
        if content is not None and self.fp is not None:
            line = content.take_line(most)
            if line:
                if content.ended:
                    self._close_conn()
                return line
        return self._reading(b"", "readline", most if most is None else index(most))

    def peek(self, n: int = -1) -> bytes:
        """Show content that is there, waiting once where there is none. Raises what `read` raises.

        Args:
            n: At most so many bytes; negative for all that is there.
        """
        shown = self._reading(b"", "peek", None)
        return shown[:n] if n >= 0 else shown

    def _reading(self, nothing: _Result, way: str, argument: Any) -> _Result:
        """Read content in one way, and close where that came to its end.

        Args:
            nothing: What is given when the end was reached before.
            way: The name of a method of the content.
            argument: What it takes.
        """
        content = self._content
        if self.fp is None or content is None:
            return nothing
        try:
            result: _Result = getattr(content, way)(argument)
        except HTTPException:
            self._close_conn()
            raise
        if content.ended and not content.laid_by:
            self._close_conn()
        return result

    # --- ending --------------------------------------------------------------------------

    def isclosed(self) -> bool:
        """Whether the content was read to its end, or the response was closed."""
        # Not the same as `closed`, which says that `close()` was called.
        return self.fp is None

    def close(self) -> None:
        """Give the response up. What is left of its content cannot be read any more."""
        try:
            super().close()
        finally:
            if self.fp is not None:
                self._close_conn()

    def flush(self) -> None:
        """Nothing is written, so nothing is flushed."""
        super().flush()
        # When a cycle is collected, the file may be closed before its response.
        if self.fp is not None and not self.fp.closed:
            self.fp.flush()

    def fileno(self) -> int:
        """The number of the socket.

        Raises:
            io.UnsupportedOperation: The response has ended and has no socket any more.
        """
        if self.fp is None:
            raise io.UnsupportedOperation("fileno")
        return self.fp.fileno()  # type: ignore[no-any-return]

    def _close_conn(self) -> None:
        """Let go of the source of bytes, at the end of the content or before it."""
        file, self.fp = self.fp, None
        if file is None:
            # Somebody else has: another thread, or the tap that was told of the last byte.
            return
        complete = self._is_complete()
        if self.reporter is not None:
            self.reporter.message_completed(*self._completion)
        find_connection = self._connection
        if find_connection is not None and (connection := find_connection()) is not None:
            connection.response_ended(self, complete)
        file.close()
