"""HTTPResponse: its attributes, its fields, and all the ways of reading it."""

import http.client
import io
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import workbench.protocol
from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, Peer, answers, answers_and_closes
from workbench.protocol import HTTPMessage, HTTPResponse, IncompleteRead, ResponseNotReady
from workbench.protocol.policy import LENIENT

HEAD = b"HTTP/1.1 200 Fine\r\nX-Two: a\r\nX-One: 1\r\nx-two: b\r\n"
LINES = b"first\nsecond\n\nthe last"
BODIES = {
    "length": b"Content-Length: %d\r\n\r\n%b" % (len(LINES), LINES),
    "chunked": b"Transfer-Encoding: chunked\r\n\r\n"
    + b"".join(
        b"%X\r\n%b\r\n" % (len(LINES[at : at + 4]), LINES[at : at + 4]) for at in range(0, len(LINES), 4)
    )
    + b"0\r\nX-Trailer: t\r\n\r\n",
    "close": b"\r\n" + LINES,
    "length and close": b"Connection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(LINES), LINES),
}


class FakeSocket:
    """What http.client's own tests give a response instead of a socket."""

    def __init__(self, data: bytes) -> None:
        self.file = io.BytesIO(data)

    def makefile(self, mode: str) -> io.BytesIO:
        assert mode == "rb"
        return self.file


Make = Callable[[bytes], HTTPResponse]


@pytest.fixture(params=["connection", "socket", "file"])
def make(request: pytest.FixtureRequest, serve: Serve) -> Iterator[Make]:
    """Make a response of bytes: from a connection, from a socket, from a file."""
    opened: list[Any] = []

    def make_response(data: bytes) -> HTTPResponse:
        if request.param == "connection":
            connection = serve(answers_and_closes(data)).connection()
            connection.request("GET", "/")
            opened.append(connection.getresponse())
        elif request.param == "socket":
            one, other = socket.socketpair()
            opened.extend((one, other))
            one.sendall(data)
            one.shutdown(socket.SHUT_WR)
            opened.append(HTTPResponse(other))
            opened[-1].begin()
        else:
            opened.append(HTTPResponse(FakeSocket(data)))
            opened[-1].begin()
        return opened[-1]

    yield make_response
    for item in opened:
        item.close()


def read_in_pieces(response: Any, size: int) -> bytes:
    return b"".join(iter(lambda: response.read(size), b""))


def readinto_in_pieces(response: Any, size: int) -> bytes:
    buffer = bytearray(size)
    return b"".join(iter(lambda: bytes(buffer[: response.readinto(buffer)]), b""))


def peek_and_read(response: Any) -> bytes:
    pieces = []
    while shown := response.peek():
        pieces.append(response.read(len(shown)))
        assert pieces[-1] == shown
    return b"".join(pieces)


WAYS = [
    pytest.param(lambda response: response.read(), id="read"),
    pytest.param(lambda response: response.read(None), id="read None"),
    pytest.param(lambda response: response.read(-1), id="read -1"),
    pytest.param(lambda response: response.read(10_000), id="read more than there is"),
    pytest.param(lambda response: read_in_pieces(response, 1), id="read byte by byte"),
    pytest.param(lambda response: read_in_pieces(response, 7), id="read by sevens"),
    pytest.param(lambda response: b"".join(iter(response.read1, b"")), id="read1"),
    pytest.param(lambda response: b"".join(iter(lambda: response.read1(3), b"")), id="read1 by threes"),
    pytest.param(lambda response: b"".join(iter(lambda: response.read1(None), b"")), id="read1 None"),
    pytest.param(lambda response: readinto_in_pieces(response, 5), id="readinto by fives"),
    pytest.param(lambda response: readinto_in_pieces(response, 100_000), id="readinto"),
    pytest.param(b"".join, id="iteration"),
    pytest.param(lambda response: b"".join(response.readlines()), id="readlines"),
    pytest.param(lambda response: b"".join(iter(lambda: response.readline(4), b"")), id="readline by fours"),
    pytest.param(lambda response: b"".join(iter(lambda: response.readline(None), b"")), id="readline None"),
    pytest.param(peek_and_read, id="peek"),
    pytest.param(lambda response: io.BufferedReader(response).read(), id="BufferedReader"),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("framing", BODIES)
def test_every_way_of_reading_gives_the_content(
    make: Make, framing: str, way: Callable[[Any], bytes]
) -> None:
    response = make(HEAD + BODIES[framing])

    assert way(response) == LINES
    assert response.read() == b""
    assert response.read(5) == b""
    assert response.read1() == b""
    assert response.readinto(bytearray(5)) == 0
    assert response.readline() == b""
    assert response.peek() == b""
    assert response.isclosed()
    assert response.complete


@pytest.mark.parametrize("framing", BODIES)
def test_lines_are_those_of_the_content(make: Make, framing: str) -> None:
    response = make(HEAD + BODIES[framing])

    assert list(response) == [b"first\n", b"second\n", b"\n", b"the last"]


@pytest.mark.parametrize("framing", BODIES)
def test_ways_of_reading_can_be_mixed(make: Make, framing: str) -> None:
    response = make(HEAD + BODIES[framing])

    assert response.read(2) == b"fi"
    assert response.readline() == b"rst\n"
    assert response.read(0) == b""
    assert response.read1(0) == b""
    assert b"second\n".startswith(response.peek(3))
    buffer = bytearray(3)
    assert response.readinto(buffer) == 3
    assert bytes(buffer) == b"sec"
    assert response.readline(2) == b"on"
    assert response.read() == b"d\n\nthe last"


def test_peek_shows_no_more_than_it_is_asked_for(make: Make) -> None:
    response = make(HEAD + BODIES["length"])

    assert response.peek(3) == b"fir"
    assert response.peek(0) == b""
    assert response.read(5) == b"first"


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_response_closes_itself_at_a_known_end(make: Make, framing: str) -> None:
    response = make(HEAD + BODIES[framing])
    assert not response.isclosed()

    response.read()

    assert response.isclosed()
    assert not response.closed
    response.close()
    assert response.closed


def test_response_closes_itself_with_the_last_byte_of_a_length(make: Make) -> None:
    response = make(HEAD + BODIES["length"])

    response.read(len(LINES))

    assert response.isclosed()


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


def test_response_without_a_status_line_is_http_0_9(make: Make) -> None:
    """The documentation of 3.1; row S16."""
    response = make(b"<TITLE>Simple response</TITLE>\n")

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


def test_fields_are_there_after_the_end(make: Make) -> None:
    response = make(HEAD + BODIES["length"])
    response.read()
    response.close()

    assert response.getheader("X-One") == "1"
    assert response.status == 200
    assert isinstance(response.headers, HTTPMessage)


def test_headers_can_be_replaced(make: Make) -> None:
    response = make(HEAD + b"\r\n")
    message = HTTPMessage()
    message["X-New"] = "n"

    response.headers = message

    assert response.msg is message
    assert response.getheader("X-New") == "n"


def test_code_is_another_name_of_status(make: Make) -> None:
    response = make(HEAD + b"\r\n")

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


def test_trailers_are_there_after_the_end(make: Make) -> None:
    response = make(HEAD + BODIES["chunked"])
    assert response.trailers is None

    response.read()

    assert response.trailers["X-Trailer"] == "t"
    assert response.getheader("X-Trailer") is None


def test_interim_responses_are_kept(make: Make) -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"

    response = make(interim + OK)

    assert [(one.status, one.reason) for one in response.informational] == [
        (100, "Continue"),
        (103, "Early Hints"),
    ]
    assert response.informational[1].headers["Link"] == "a"
    assert response.read() == b"ok"


# --- without content --------------------------------------------------------------------------


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


# --- as a file --------------------------------------------------------------------------------


def test_context_manager_closes(make: Make) -> None:
    with make(HEAD + BODIES["length"]) as response:
        assert response.readable()
        assert not response.writable()
        assert not response.seekable()

    assert response.closed
    assert response.isclosed()


def test_closed_response_gives_nothing(make: Make) -> None:
    response = make(HEAD + BODIES["length"])
    response.close()
    response.close()

    assert response.read() == b""
    assert response.readinto(bytearray(3)) == 0


def test_flush_does_nothing_and_fails_when_closed(make: Make) -> None:
    response = make(HEAD + BODIES["length"])
    response.flush()
    response.read()
    response.flush()
    response.close()

    with pytest.raises(ValueError, match="closed"):
        response.flush()


def test_number_is_that_of_the_socket(serve: Serve) -> None:
    connection = serve(answers(OK)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()

    assert response.fileno() == connection.sock.fileno()


def test_text_can_be_read_through_a_wrapper(make: Make) -> None:
    response = make(HEAD + b"Content-Length: 9\r\n\r\ncaf\xc3\xa9\nyes")

    assert list(io.TextIOWrapper(response, encoding="utf-8")) == ["caf\xe9\n", "yes"]


def test_reading_into_a_buffer_of_another_type(make: Make) -> None:
    response = make(HEAD + BODIES["length"])
    buffer = memoryview(bytearray(8)).cast("H")

    assert response.readinto(buffer) == 8
    assert bytes(buffer) == b"first\nse"


def test_file_is_left_at_the_end_of_the_response() -> None:
    """Whoever made the file goes on reading where the response ended."""
    fake = FakeSocket(HEAD + BODIES["chunked"] + b"behind it")
    at: list[int] = []
    fake.file.close = lambda: at.append(fake.file.tell())
    response = HTTPResponse(fake)
    response.begin()

    response.read()

    assert at == [len(HEAD + BODIES["chunked"])]


def test_reading_before_begin_gives_nothing_or_is_not_ready() -> None:
    response = HTTPResponse(FakeSocket(OK))

    assert response.read() == b""
    assert response.readinto(bytearray(2)) == 0
    response.close()


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
    with pytest.raises(workbench.protocol.HTTPException, match="got more than 3 headers"):
        connection.getresponse()
    connection = server.connection(max_response_headers=4)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b""


# --- short and huge ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda response: response.read(), id="read"),
        pytest.param(lambda response: response.read(100), id="read so many"),
        pytest.param(lambda response: response.readinto(bytearray(100)), id="readinto"),
        pytest.param(lambda response: response.readinto(bytearray(100_000)), id="readinto much"),
        pytest.param(lambda response: response.readline(), id="readline"),
    ],
)
def test_every_reader_says_that_content_is_missing(make: Make, read: Callable[[Any], object]) -> None:
    """http.client says it in read() alone (gh-115997)."""
    response = make(HEAD + b"Content-Length: 10\r\n\r\nabc")

    with pytest.raises(IncompleteRead) as caught:
        read(response)

    assert (caught.value.partial, caught.value.expected) == (b"abc", 7)


def test_read1_says_that_content_is_missing_at_its_end(make: Make) -> None:
    response = make(HEAD + b"Content-Length: 10\r\n\r\nabc")
    got = b""

    with pytest.raises(IncompleteRead) as caught:
        while True:
            got += response.read1()

    assert got == b"abc"
    assert caught.value.expected == 7


def test_peek_says_nothing_of_what_is_missing(make: Make) -> None:
    response = make(HEAD + b"Content-Length: 10\r\n\r\nabc")
    response.read(3)

    with pytest.raises(IncompleteRead):
        response.read(1)


def test_lenient_policy_takes_what_came(make: Make, serve: Serve) -> None:
    connection = serve(answers_and_closes(HEAD + b"Content-Length: 10\r\n\r\nabc")).connection(policy=LENIENT)
    connection.request("GET", "/")
    response = connection.getresponse()

    assert response.read() == b"abc"
    assert not response.complete
    assert connection.sock is None


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
