"""The client side of HTTP/1.1: the documented API of `http.client`, and a tap.

Two sorts of names live here. Those of `http.client`, spelled as there: connections, responses,
messages, exceptions, ports, status codes and `responses`. And ours: `tap=` and `tapped` to watch
a connection, `policy=` to say what is done about bytes that the RFCs forbid, and the classes of
exceptions that tell more than the old ones, inside the old tree.

Example:
    >>> from workbench.protocol import HTTPConnection
    >>> seen = []
    >>> connection = HTTPConnection("localhost", 8000, tap=seen.append)
    >>> connection.request("GET", "/")
    >>> connection.getresponse().read().decode().strip()
    'Hello, world'
    >>> connection.close()
    >>> [event.status_code for event in seen if type(event).__name__ == "StatusLineParsed"]
    [200]
"""

from workbench.protocol.client import HTTPConnection
from workbench.protocol.errors import (
    BadStatusLine,
    CannotSendHeader,
    CannotSendRequest,
    ChunkError,
    FramingError,
    HTTPException,
    ImproperConnectionState,
    IncompleteHead,
    IncompleteRead,
    InvalidHeaderLine,
    InvalidURL,
    LineTooLong,
    NotConnected,
    RemoteDisconnected,
    ResponseNotReady,
    TunnelError,
    UnexpectedUpgrade,
    UnimplementedFileMode,
    UnknownProtocol,
    UnknownTransferEncoding,
    UnsolicitedResponse,
    describe_error,
    error,
)
from workbench.protocol.head import InterimResponse
from workbench.protocol.https import HTTPSConnection
from workbench.protocol.message import HTTPMessage, parse_headers
from workbench.protocol.policy import DEFAULT, LENIENT, STRICT
from workbench.protocol.response import HTTPResponse
from workbench.protocol.status import HTTP_PORT, HTTPS_PORT, STATUS_CONSTANTS, responses
from workbench.protocol.tapped import tapped
from workbench.protocol.transport import create_tls_context

# OK, NOT_FOUND and all the others, as http.client has them at module level.
globals().update(STATUS_CONSTANTS)

__all__ = [
    "DEFAULT",
    "HTTPS_PORT",
    "HTTP_PORT",
    "LENIENT",
    "STRICT",
    "BadStatusLine",
    "CannotSendHeader",
    "CannotSendRequest",
    "ChunkError",
    "FramingError",
    "HTTPConnection",
    "HTTPException",
    "HTTPMessage",
    "HTTPResponse",
    "HTTPSConnection",
    "ImproperConnectionState",
    "IncompleteHead",
    "IncompleteRead",
    "InterimResponse",
    "InvalidHeaderLine",
    "InvalidURL",
    "LineTooLong",
    "NotConnected",
    "RemoteDisconnected",
    "ResponseNotReady",
    "TunnelError",
    "UnexpectedUpgrade",
    "UnimplementedFileMode",
    "UnknownProtocol",
    "UnknownTransferEncoding",
    "UnsolicitedResponse",
    "create_tls_context",
    "describe_error",
    "error",
    "parse_headers",
    "responses",
    "tapped",
]
