"""The exceptions, and which of them a diagnostic becomes.

The classes and their arguments are those of `http.client`. What we add stays inside the old
tree, so that code which catches the old classes goes on working.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workbench.protocol.wire.diagnostics import Code, Diagnostic, facts


class HTTPException(Exception):
    """Anything that goes wrong in HTTP rather than below it."""

    diagnostic: Diagnostic | None = None
    """The fault in the received bytes, where there is one."""


class NotConnected(HTTPException):
    """`send()` without a connection, on an object that may not open one (`auto_open = 0`)."""


class InvalidURL(HTTPException):
    """A host, a port or a request-target that cannot be sent."""


class UnknownProtocol(HTTPException):
    """The response is of a version that is not HTTP/1.x."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version


class UnknownTransferEncoding(HTTPException):
    """The response has a transfer coding that cannot be undone."""


class UnimplementedFileMode(HTTPException):
    """A file was given as a body that cannot be read."""


class IncompleteRead(HTTPException):
    """The connection ended before the body did.

    Attributes:
        partial: The content that was read before the end, of this call.
        expected: How many bytes were still missing, or None where nobody can know.
    """

    def __init__(self, partial: bytes, expected: int | None = None) -> None:
        super().__init__(partial)
        self.partial = partial
        self.expected = expected

    def __repr__(self) -> str:
        """Give the counts, not the bytes."""
        missing = "" if self.expected is None else f", {self.expected} more expected"
        return f"{type(self).__name__}({len(self.partial)} bytes read{missing})"

    __str__ = object.__str__


class IncompleteHead(IncompleteRead):
    """The connection ended inside the header section."""


class FramingError(HTTPException):
    """The fields that say where the message ends contradict each other or mean nothing."""


class ChunkError(IncompleteRead, FramingError):
    """The chunked coding is broken: where the next chunk begins is not known."""


class InvalidHeaderLine(HTTPException):
    """A field line that the policy does not accept."""


class UnexpectedUpgrade(HTTPException):
    """101 (Switching Protocols) that the request did not ask for."""


class ImproperConnectionState(HTTPException):
    """A call in a state that does not have it (`wire.state`). Only a base class."""


class CannotSendRequest(ImproperConnectionState):
    """`putrequest()` while another request is under way."""


class CannotSendHeader(ImproperConnectionState):
    """`putheader()` or `endheaders()` without a request that was begun."""


class ResponseNotReady(ImproperConnectionState):
    """`getresponse()` without a request sent, or before the last response was read."""


class BadStatusLine(HTTPException):
    """The response does not begin with a status-line that can be read.

    Attributes:
        line: The line, or its `repr()` where it is empty.
        truncated: The connection ended inside it.
    """

    def __init__(self, line: str, truncated: bool = False) -> None:
        line = line or repr(line)
        super().__init__(line)
        self.line = line
        self.truncated = truncated


class UnsolicitedResponse(BadStatusLine):
    """Bytes came from the server before the request that they would answer was sent."""


class LineTooLong(HTTPException):
    """A line is longer than the limit."""

    def __init__(self, line_type: str, limit: int = 65536, way_out: str = "") -> None:
        super().__init__(_beyond(f"{limit} bytes when reading {line_type}", way_out))


class RemoteDisconnected(ConnectionResetError, BadStatusLine):
    """The server closed the connection instead of answering."""

    def __init__(self, *args: object) -> None:
        BadStatusLine.__init__(self, "")
        ConnectionResetError.__init__(self, *args)


class TunnelError(OSError, HTTPException):
    """The proxy refused the tunnel.

    Attributes:
        response: Its response, which can be read like any other.
    """

    def __init__(self, message: str, response: Any = None) -> None:
        super().__init__(message)
        self.response = response


def too_much(what: str, way_out: str) -> HTTPException:
    """Build what is raised where a peer sends more than a limit allows.

    Args:
        what: The number and the thing, such as `100 headers`.
        way_out: How to allow more (`limits.Limits.way_out`).
    """
    return HTTPException(_beyond(what, way_out))


def _beyond(what: str, way_out: str) -> str:
    # Programs know how http.client's messages begin; how to allow more is ours.
    return f"got more than {what}; {way_out}" if way_out else f"got more than {what}"


error = HTTPException
"""The name that the class had in Python 2."""


def explain(diagnostic: Diagnostic) -> str:
    """Say what was expected or found, where, the bytes, and the rule."""
    rule = facts(diagnostic.code)
    what = rule.words.partition(";")[0]
    found = f": {_cut(diagnostic.found)}" if diagnostic.found else ""
    detail = f", {diagnostic.detail}" if diagnostic.detail else ""
    return f"{what[:1].upper()}{what[1:]} at byte {diagnostic.start}{found}{detail} ({rule.section})"


def _cut(data: bytes, limit: int = 80) -> str:
    return repr(data) if len(data) <= limit else f"{data[:limit]!r}..."


def _bad_status_line(diagnostic: Diagnostic) -> HTTPException:
    truncated = diagnostic.code is Code.TRUNCATED_STATUS_LINE
    return BadStatusLine(diagnostic.found.decode("latin-1"), truncated)


_BY_CODE: dict[Code, Callable[[Diagnostic], HTTPException]] = {
    Code.VERSION_UNKNOWN: lambda d: UnknownProtocol(d.found.decode("latin-1")),
    Code.HTTP09_LINE: lambda d: UnknownProtocol(d.found.decode("latin-1")),
    Code.WS_BEFORE_COLON_FRAMING: lambda d: FramingError(explain(d)),
    Code.TRUNCATED_HEAD: lambda d: IncompleteHead(d.found),
    Code.CHUNKED_NOT_FINAL: lambda d: UnknownTransferEncoding(explain(d)),
    Code.TE_IDENTITY: lambda d: UnknownTransferEncoding(explain(d)),
    Code.TE_UNKNOWN: lambda d: UnknownTransferEncoding(explain(d)),
    Code.TE_SYNTAX: lambda d: UnknownTransferEncoding(explain(d)),
    Code.TE_CORRUPT: lambda d: UnknownTransferEncoding(explain(d)),
    Code.UNEXPECTED_UPGRADE: lambda d: UnexpectedUpgrade(explain(d)),
    Code.TRAILER_UNTERMINATED: lambda _: IncompleteRead(b""),
    Code.UNSOLICITED_RESPONSE: lambda d: UnsolicitedResponse(d.found.decode("latin-1")),
    Code.EXCESS_DATA: lambda d: UnsolicitedResponse(d.found.decode("latin-1")),
}
"""Codes that raise the same wherever they are found."""

_BY_CONTEXT: dict[str, Callable[[Diagnostic], HTTPException]] = {
    "status line": _bad_status_line,
    "field line": lambda d: InvalidHeaderLine(explain(d)),
    "trailer": lambda d: InvalidHeaderLine(explain(d)),
    "framing": lambda d: FramingError(explain(d)),
    "chunk": lambda _: ChunkError(b""),
    "body": lambda _: IncompleteRead(b""),
}
"""What every other code raises, by the element in which it was found."""


def exception_for(diagnostic: Diagnostic) -> HTTPException:
    """Build the exception that a diagnostic raises where the policy does not accept it."""
    build = _BY_CODE.get(diagnostic.code) or _BY_CONTEXT[diagnostic.context]
    exception = build(diagnostic)
    exception.diagnostic = diagnostic
    return exception


_REFUSALS = {
    Code.SENT_NAME: "Invalid header name",
    Code.SENT_NAME_TOKEN: "Invalid header name",
    Code.SENT_VALUE: "Invalid header value",
}
"""How http.client begins these messages, which programs look for."""


def refusal_to_send(diagnostic: Diagnostic) -> Exception:
    """Build what is raised for an element that must not be sent: the caller's own mistake."""
    if diagnostic.code in (Code.FRAGMENT, Code.USERINFO):
        return InvalidURL(explain(diagnostic))
    prefix = _REFUSALS.get(diagnostic.code)
    return ValueError(f"{prefix}: {explain(diagnostic)}" if prefix else explain(diagnostic))


@dataclass(slots=True)
class ErrorFact:
    """An exception, as plain values."""

    class_name: str
    lineage: tuple[str, ...]
    """The class names from the class itself to `Exception`, in method resolution order."""

    message: str
    attributes: tuple[tuple[str, str], ...] = ()
    """The public attributes that the class documents, each with its `repr()`, cut at 200."""

    partial: bytes | None = None
    """What was read before the failure, for `IncompleteRead`."""

    offset: int | None = None
    """Where in the `received` stream the fault lies, where the exception knows it."""


_DOCUMENTED = ("line", "truncated", "version", "partial", "expected", "errno", "strerror", "filename")


def describe_error(exception: BaseException) -> ErrorFact:
    """Turn an exception into plain values, for an event.

    Args:
        exception: Any; one of ours has attributes and a diagnostic to tell of.

    The message of an exception that stands for a diagnostic is the diagnostic's sentence:
    what `str()` gives for it is fixed by http.client, and says less.
    """
    diagnostic = getattr(exception, "diagnostic", None)
    message = explain(diagnostic) if diagnostic else str(exception) or repr(exception)
    attributes = tuple(
        (name, repr(value)[:200])
        for name in _DOCUMENTED
        if (value := getattr(exception, name, None)) is not None
    )
    partial = exception.partial if isinstance(exception, IncompleteRead) else None
    lineage = tuple(cls.__name__ for cls in type(exception).__mro__ if issubclass(cls, Exception))
    offset = diagnostic.start if diagnostic else None
    return ErrorFact(type(exception).__name__, lineage, message, attributes, partial, offset)
