"""The names of http.client, and the signatures of its documentation."""

import email.message
import http.client
import inspect
import io
import socket
from http import HTTPStatus
from typing import Any

import pytest

import workbench.protocol as ours
from workbench.protocol import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection

GLOBAL_DEFAULT = socket._GLOBAL_DEFAULT_TIMEOUT
REQUIRED = inspect.Parameter.empty
KEYWORD = "*"


def parameters(function: Any) -> list[tuple[Any, ...]]:
    """Name and default of each parameter but `self`; a `*` before the keyword-only ones."""
    found: list[tuple[Any, ...]] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and (KEYWORD,) not in found:
            found.append((KEYWORD,))
        if parameter.kind is parameter.VAR_POSITIONAL:
            found.append((f"*{parameter.name}",))
        elif parameter.name != "self":
            found.append((parameter.name, parameter.default))
    return found


MORE = [
    (KEYWORD,),
    ("blocksize", 8192),
    ("max_response_headers", None),
    ("tap", None),
    ("policy", None),
    ("expect_timeout", None),
    ("deadline", None),
    ("byte_budget", None),
]

SIGNATURES = [
    pytest.param(
        HTTPConnection,
        [
            ("host", REQUIRED),
            ("port", None),
            ("strict", None),
            ("timeout", GLOBAL_DEFAULT),
            ("source_address", None),
            *MORE,
        ],
        id="HTTPConnection",
    ),
    pytest.param(
        HTTPSConnection,
        [
            ("host", REQUIRED),
            ("port", None),
            ("key_file", None),
            ("cert_file", None),
            ("strict", None),
            ("timeout", GLOBAL_DEFAULT),
            ("source_address", None),
            (KEYWORD,),
            ("context", None),
            *MORE[1:],
        ],
        id="HTTPSConnection",
    ),
    pytest.param(
        HTTPResponse,
        [
            ("sock", REQUIRED),
            ("debuglevel", 0),
            ("strict", 0),
            ("method", None),
            ("url", None),
            (KEYWORD,),
            ("policy", None),
        ],
        id="HTTPResponse",
    ),
    pytest.param(
        HTTPConnection.request,
        [
            ("method", REQUIRED),
            ("url", REQUIRED),
            ("body", None),
            ("headers", None),
            (KEYWORD,),
            ("encode_chunked", False),
        ],
        id="request",
    ),
    pytest.param(
        HTTPConnection.putrequest,
        [("method", REQUIRED), ("url", REQUIRED), ("skip_host", False), ("skip_accept_encoding", False)],
        id="putrequest",
    ),
    pytest.param(HTTPConnection.putheader, [("header", REQUIRED), ("*values",)], id="putheader"),
    pytest.param(
        HTTPConnection.endheaders,
        [("message_body", None), (KEYWORD,), ("encode_chunked", False)],
        id="endheaders",
    ),
    pytest.param(HTTPConnection.send, [("data", REQUIRED)], id="send"),
    pytest.param(HTTPConnection.getresponse, [], id="getresponse"),
    pytest.param(HTTPConnection.connect, [], id="connect"),
    pytest.param(HTTPConnection.close, [], id="close"),
    pytest.param(HTTPConnection.set_debuglevel, [("level", REQUIRED)], id="set_debuglevel"),
    pytest.param(
        HTTPConnection.set_tunnel, [("host", REQUIRED), ("port", None), ("headers", None)], id="set_tunnel"
    ),
    pytest.param(HTTPConnection.get_proxy_response_headers, [], id="get_proxy_response_headers"),
    pytest.param(HTTPResponse.read, [("amt", None)], id="read"),
    pytest.param(HTTPResponse.read1, [("n", -1)], id="read1"),
    pytest.param(HTTPResponse.readinto, [("buffer", REQUIRED)], id="readinto"),
    pytest.param(HTTPResponse.readline, [("limit", -1)], id="readline"),
    pytest.param(HTTPResponse.peek, [("n", -1)], id="peek"),
    pytest.param(HTTPResponse.getheader, [("name", REQUIRED), ("default", None)], id="getheader"),
    pytest.param(HTTPResponse.getheaders, [], id="getheaders"),
    pytest.param(HTTPResponse.fileno, [], id="fileno"),
    pytest.param(HTTPResponse.isclosed, [], id="isclosed"),
    pytest.param(HTTPResponse.close, [], id="response close"),
    pytest.param(ours.parse_headers, [("fp", REQUIRED), ("_class", HTTPMessage)], id="parse_headers"),
]


@pytest.mark.parametrize(("function", "expected"), SIGNATURES)
def test_signature_is_that_of_the_documentation(function: Any, expected: list[tuple[Any, ...]]) -> None:
    assert parameters(function) == expected


@pytest.mark.parametrize(
    "name", [*http.client.__all__, "HTTPMessage", "parse_headers", "HTTP_PORT", "HTTPS_PORT"]
)
def test_public_name_of_http_client_is_here(name: str) -> None:
    theirs, here = getattr(http.client, name), getattr(ours, name)

    assert callable(here) == callable(theirs)
    assert inspect.isclass(here) == inspect.isclass(theirs)


@pytest.mark.parametrize("cls", [HTTPConnection, HTTPSConnection, HTTPResponse, HTTPMessage])
def test_public_member_of_http_client_is_here(cls: type) -> None:
    theirs = vars(getattr(http.client, cls.__name__))

    missing = [name for name in theirs if not name.startswith("_") and not hasattr(cls, name)]

    assert missing == []


@pytest.mark.parametrize("status", list(HTTPStatus), ids=lambda status: str(status.value))
def test_status_constant_is_that_of_the_running_python(status: HTTPStatus) -> None:
    assert getattr(ours, status.name) is status
    assert getattr(http.client, status.name) is getattr(ours, status.name)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("CONTENT_TOO_LARGE", 413),
        ("REQUEST_ENTITY_TOO_LARGE", 413),
        ("URI_TOO_LONG", 414),
        ("REQUEST_URI_TOO_LONG", 414),
        ("RANGE_NOT_SATISFIABLE", 416),
        ("REQUESTED_RANGE_NOT_SATISFIABLE", 416),
        ("UNPROCESSABLE_CONTENT", 422),
        ("UNPROCESSABLE_ENTITY", 422),
    ],
)
def test_name_from_before_and_after_rfc_9110_is_here(name: str, code: int) -> None:
    assert getattr(ours, name) == code


def test_responses_are_those_of_the_running_python_and_306() -> None:
    assert ours.responses == http.client.responses | {306: "(Unused)"}


def test_ports_are_those_of_the_schemes() -> None:
    assert (ours.HTTP_PORT, ours.HTTPS_PORT) == (80, 443)
    assert (HTTPConnection.default_port, HTTPSConnection.default_port) == (80, 443)


EXCEPTIONS = [name for name in http.client.__all__ if inspect.isclass(getattr(http.client, name))]
EXCEPTIONS = [name for name in EXCEPTIONS if issubclass(getattr(http.client, name), Exception)]


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_exception_has_the_lineage_of_http_client(name: str) -> None:
    theirs, here = getattr(http.client, name), getattr(ours, name)

    lineage = [cls.__name__ for cls in here.__mro__]

    assert lineage == [cls.__name__ for cls in theirs.__mro__]
    assert here.__name__ == theirs.__name__


@pytest.mark.parametrize(
    ("name", "bases"),
    [
        ("FramingError", [HTTPException]),
        ("InvalidHeaderLine", [HTTPException]),
        ("ChunkError", [ours.IncompleteRead, ours.FramingError]),
        ("IncompleteHead", [ours.IncompleteRead]),
        ("UnexpectedUpgrade", [HTTPException]),
        ("UnsolicitedResponse", [ours.BadStatusLine]),
        ("TunnelError", [OSError, HTTPException]),
    ],
)
def test_exception_of_ours_stays_inside_the_old_tree(name: str, bases: list[type]) -> None:
    cls = getattr(ours, name)

    assert all(issubclass(cls, base) for base in bases)
    assert name in ours.__all__


def test_error_is_the_old_name_of_the_base_class() -> None:
    assert ours.error is ours.HTTPException


CONSTRUCTED = [
    pytest.param("HTTPException", ("a message",), id="HTTPException"),
    pytest.param("UnknownProtocol", ("HTTP/3",), id="UnknownProtocol"),
    pytest.param("BadStatusLine", ("HTTP/1.1 x",), id="BadStatusLine"),
    pytest.param("BadStatusLine", ("",), id="BadStatusLine without a line"),
    pytest.param("LineTooLong", ("header line",), id="LineTooLong"),
    pytest.param("RemoteDisconnected", ("closed",), id="RemoteDisconnected"),
    pytest.param("IncompleteRead", (b"abc",), id="IncompleteRead"),
    pytest.param("IncompleteRead", (b"abc", 7), id="IncompleteRead with a count"),
    pytest.param("CannotSendRequest", ("Request-sent",), id="CannotSendRequest"),
]


@pytest.mark.parametrize(("name", "args"), CONSTRUCTED)
def test_exception_is_built_and_printed_as_in_http_client(name: str, args: tuple[Any, ...]) -> None:
    theirs, here = getattr(http.client, name)(*args), getattr(ours, name)(*args)

    assert here.args == theirs.args
    assert repr(here) == repr(theirs)
    for attribute in ("line", "version", "partial", "expected"):
        assert getattr(here, attribute, None) == getattr(theirs, attribute, None)


def test_class_attributes_are_those_that_programs_set() -> None:
    for name in ("default_port", "auto_open", "debuglevel", "_http_vsn", "_http_vsn_str"):
        assert getattr(HTTPConnection, name) == getattr(http.client.HTTPConnection, name)
    assert HTTPConnection.response_class is HTTPResponse


def test_instance_attributes_are_those_of_the_arguments() -> None:
    connection = HTTPConnection("example.test:81", None, 1, 2.5, ("127.0.0.1", 0), blocksize=7)

    assert (connection.host, connection.port) == ("example.test", 81)
    assert connection.strict == 1
    assert connection.timeout == 2.5
    assert connection.source_address == ("127.0.0.1", 0)
    assert connection.blocksize == 7
    assert connection.max_response_headers is None
    assert connection.sock is None


def test_secure_connection_takes_the_documented_order() -> None:
    connection = HTTPSConnection("example.test", None, None, None, 1, 2.5, ("127.0.0.1", 0))

    assert (connection.port, connection.strict, connection.timeout) == (443, 1, 2.5)
    assert connection.source_address == ("127.0.0.1", 0)


def test_message_is_an_email_message_and_response_a_file() -> None:
    assert issubclass(HTTPMessage, email.message.Message)
    assert issubclass(HTTPResponse, io.BufferedIOBase)


def test_all_names_exist_and_are_sorted_out() -> None:
    assert len(set(ours.__all__)) == len(ours.__all__)
    for name in ours.__all__:
        assert hasattr(ours, name), name
