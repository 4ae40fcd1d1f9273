"""HTTPResponse: its attributes and its fields, and where it has no content."""

import http.client
from collections.abc import Callable
from typing import Any

import pytest

import workbench.protocol
from tests.protocol.conftest import MakeResponse, Serve
from tests.protocol.peer import OK, Peer, answers
from tests.protocol.response_bytes import BODIES, HEAD, LINES, FakeSocket
from workbench.protocol import HTTPMessage, HTTPResponse, ResponseNotReady
from workbench.protocol.policy import LENIENT


@pytest.mark.parametrize("module", [http.client, workbench.protocol], ids=["http.client", "ours"])
def test_attributes_before_begin_are_unknown(module: Any) -> None:
    response = module.HTTPResponse(FakeSocket(OK), method="GET", url="http://example.test/")

    for name in ("version", "status", "reason", "chunked", "chunk_left", "length", "will_close"):
        assert getattr(response, name) == "UNKNOWN", name
    assert response.msg is None
    assert response.headers is None
    assert response.debuglevel == 0
    assert response.fp is not None
    assert not response.isclosed()
    response.close()


def test_address_is_that_of_the_argument() -> None:
    response = HTTPResponse(FakeSocket(OK), url="http://example.test/")

    assert response.geturl() == "http://example.test/"
    response.close()


@pytest.mark.parametrize("module", [http.client, workbench.protocol], ids=["http.client", "ours"])
def test_attributes_after_begin_are_those_of_the_response(module: Any) -> None:
    response = module.HTTPResponse(FakeSocket(HEAD + BODIES["length"]))

    response.begin()
    response.begin()

    assert (response.version, response.status, response.reason) == (11, 200, "Fine")
    assert (response.chunked, response.chunk_left, response.length) == (False, "UNKNOWN", len(LINES))
    assert not response.will_close
    assert response.msg is response.headers
    assert (response.getcode(), response.code) == (200, 200)
    assert response.info() is response.headers
    response.read(5)
    assert response.length == len(LINES) - 5
    response.close()


@pytest.mark.parametrize("module", [http.client, workbench.protocol], ids=["http.client", "ours"])
def test_attributes_of_a_chunked_response(module: Any) -> None:
    response = module.HTTPResponse(FakeSocket(HEAD + BODIES["chunked"]))
    response.begin()

    assert (response.chunked, response.chunk_left, response.length) == (True, None, None)
    assert response.read(3) == b"fir"
    assert response.chunk_left == 1
    response.close()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"HTTP/1.1 200 OK", (11, 200, "OK")),
        (b"HTTP/1.0 404 Not Found", (10, 404, "Not Found")),
        (b"HTTP/1.1 599 ", (11, 599, "")),
        (b"HTTP/1.2 200 OK", (11, 200, "OK")),
        (b"HTTP/1.1 200 caf\xe9", (11, 200, "caf\xe9")),
    ],
)
def test_status_line_is_taken_apart_as_in_http_client(line: bytes, expected: tuple[Any, ...]) -> None:
    for module in (http.client, workbench.protocol):
        response = module.HTTPResponse(FakeSocket(line + b"\r\n\r\n"))
        response.begin()
        assert (response.version, response.status, response.reason) == expected
        response.close()


def test_response_without_a_status_line_is_http_0_9(make_response: MakeResponse) -> None:
    """The documentation of 3.1; row S16."""
    response = make_response(b"<TITLE>Simple response</TITLE>\n")

    assert (response.version, response.status, response.reason) == (9, 200, "")
    assert response.will_close
    assert response.getheaders() == []
    assert response.read() == b"<TITLE>Simple response</TITLE>\n"


# --- fields ----------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [http.client, workbench.protocol], ids=["http.client", "ours"])
def test_fields_are_given_as_in_http_client(module: Any) -> None:
    response = module.HTTPResponse(FakeSocket(HEAD + b"\r\n"))
    response.begin()

    assert response.getheader("x-TWO") == "a, b"
    assert response.getheader("X-One", "default") == "1"
    assert response.getheader("Absent") is None
    assert response.getheader("Absent", "default") == "default"
    assert response.getheader("Absent", 5) == 5
    assert response.getheader("Absent", ["c", "d"]) == "c, d"
    assert response.getheader("Absent", ()) == ""
    assert response.getheaders() == [("X-Two", "a"), ("X-One", "1"), ("x-two", "b")]
    response.close()


def test_fields_are_there_after_the_end(make_response: MakeResponse) -> None:
    response = make_response(HEAD + BODIES["length"])
    response.read()
    response.close()

    assert response.getheader("X-One") == "1"
    assert response.status == 200
    assert isinstance(response.headers, HTTPMessage)


def test_headers_can_be_replaced(make_response: MakeResponse) -> None:
    response = make_response(HEAD + b"\r\n")
    message = HTTPMessage()
    message["X-New"] = "n"

    response.headers = message

    assert response.msg is message
    assert response.getheader("X-New") == "n"


def test_code_is_another_name_of_status(make_response: MakeResponse) -> None:
    response = make_response(HEAD + b"\r\n")

    response.code = 299

    assert (response.status, response.getcode()) == (299, 299)


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda response: response.getheader("X"), id="getheader"),
        pytest.param(lambda response: response.getheaders(), id="getheaders"),
    ],
)
@pytest.mark.parametrize("module", [http.client, workbench.protocol], ids=["http.client", "ours"])
def test_fields_are_not_ready_before_begin(module: Any, call: Callable[[Any], object]) -> None:
    response = module.HTTPResponse(FakeSocket(OK))

    with pytest.raises(module.ResponseNotReady):
        call(response)
    response.close()


def test_trailers_are_there_after_the_end(make_response: MakeResponse) -> None:
    response = make_response(HEAD + BODIES["chunked"])
    assert response.trailers is None

    response.read()

    assert response.trailers["X-Trailer"] == "t"
    assert response.getheader("X-Trailer") is None


def test_interim_responses_are_kept(make_response: MakeResponse) -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"

    response = make_response(interim + OK)

    assert [(one.status, one.reason) for one in response.informational] == [
        (100, "Continue"),
        (103, "Early Hints"),
    ]
    assert response.informational[1].headers["Link"] == "a"
    assert response.read() == b"ok"


# --- without content -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", id="204, chunked"),
        pytest.param(b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", id="304, chunked"),
        pytest.param(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", id="304, length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", id="length 0"),
    ],
)
def test_response_without_content_does_not_wait_for_any(serve: Serve, head: bytes) -> None:
    connection = serve(answers(head, OK)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()

    assert response.read() == b""
    assert response.length == 0
    assert response.isclosed()
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"


@pytest.mark.parametrize("framing", [b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b""])
def test_response_to_head_has_no_content(serve: Serve, framing: bytes) -> None:
    connection = serve(answers(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n", OK)).connection()
    connection.request("HEAD", "/")
    response = connection.getresponse()

    assert response.read() == b""
    assert response.isclosed()
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"


# --- what else is asked for ------------------------------------------------------------------


def test_policy_is_that_of_the_argument() -> None:
    bad = b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n"
    lenient = HTTPResponse(FakeSocket(bad), policy=LENIENT)
    lenient.begin()
    assert lenient.getheaders() == []
    lenient.close()

    with pytest.raises(workbench.protocol.InvalidHeaderLine):
        HTTPResponse(FakeSocket(bad)).begin()


def test_number_of_fields_can_be_limited(serve: Serve) -> None:
    response = b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 3 + b"Content-Length: 0\r\n\r\n"
    server = serve(answers(response), answers(response))

    connection = server.connection(max_response_headers=3)
    connection.request("GET", "/")
    words = r"^got more than 3 headers; max_response_headers=\.\.\. allows more$"
    with pytest.raises(workbench.protocol.HTTPException, match=words):
        connection.getresponse()
    connection = server.connection(max_response_headers=4)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b""


def test_no_field_at_all_can_be_allowed(serve: Serve) -> None:
    connection = serve(answers(OK)).connection(max_response_headers=0)
    connection.request("GET", "/")

    with pytest.raises(workbench.protocol.HTTPException, match="got more than 0 headers"):
        connection.getresponse()


def test_upgrade_that_was_asked_for_gives_the_raw_stream(serve: Serve) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nraw bytes")

    connection = serve(play).connection()
    connection.request("GET", "/", headers={"Upgrade": "x", "Connection": "upgrade"})
    response = connection.getresponse()

    assert response.status == 101
    assert response.read() == b"raw bytes"


def test_response_not_ready_is_a_matter_of_state() -> None:
    assert issubclass(ResponseNotReady, workbench.protocol.ImproperConnectionState)
