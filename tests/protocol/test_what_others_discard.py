"""What http.client reads and throws away, and a client to inspect a protocol with has to keep."""

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import Peer, answers, answers_and_closes
from tests.protocol.watching import Watch
from workbench.protocol import TunnelError
from workbench.protocol import tap as events

HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nlink:\t</b> \r\n\r\n"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nx-a:  2 \r\n\r\n"
    b'2;a=b;c="d"\r\nok\r\n0;last\r\nDigest: x\r\nContent-Length: 9\r\n\r\n'
)


def test_every_interim_response_is_kept(serve: Serve) -> None:
    other = b"HTTP/1.1 199 Odd\r\n\r\n"
    connection = serve(answers(b"HTTP/1.1 100 Continue\r\n\r\n" + HINTS + other + CHUNKED)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()

    assert [(interim.status, interim.reason) for interim in response.informational] == [
        (100, "Continue"),
        (103, "Early Hints"),
        (199, "Odd"),
    ]
    assert response.informational[1].headers.get_all("Link") == ["</a>", "</b>"]
    assert [line.raw for line in response.informational[1].header_section.lines] == [
        b"Link: </a>\r\n",
        b"link:\t</b> \r\n",
    ]
    assert response.read() == b"ok"


def test_trailer_fields_are_kept_apart_from_the_header(serve: Serve) -> None:
    connection = serve(answers(CHUNKED)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()
    assert response.trailers is response.trailer_section is None

    response.read()

    assert response.trailers.items() == [("Digest", "x")]
    assert [line.raw for line in response.trailer_section.lines] == [
        b"Digest: x\r\n",
        b"Content-Length: 9\r\n",
    ]
    assert "Digest" not in response.headers


def test_chunk_extensions_are_told_to_the_tap(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(CHUNKED)).connection(tap=watch)
    connection.request("GET", "/")
    connection.getresponse().read()

    told = [(event.size, event.extension) for event in watch.of(events.ChunkHeaderParsed)]
    assert told == [(2, ';a=b;c="d"'), (0, ";last")]


def test_raw_bytes_of_every_field_line_are_kept(serve: Serve) -> None:
    connection = serve(answers(CHUNKED)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()

    section = response.header_section
    assert [line.raw for line in section.lines_named(b"x-a")] == [b"X-A: 1\r\n", b"x-a:  2 \r\n"]
    assert b"".join(line.raw for line in section.lines) == section.data
    for line in section.lines:
        at = line.start
        assert CHUNKED[at : line.end] == line.raw
    response.close()


def test_answer_of_a_proxy_that_refuses_can_be_read(serve: Serve) -> None:
    refusal = (
        b"HTTP/1.1 103 Early Hints\r\n\r\n"
        b"HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic\r\nContent-Length: 5\r\n\r\nlogin"
    )
    connection = serve(answers_and_closes(refusal)).connection()
    connection.set_tunnel("server.test", 443)

    with pytest.raises(TunnelError) as caught:
        connection.connect()

    response = caught.value.response
    assert (response.status, response.reason) == (407, "Who?")
    assert response.getheader("Proxy-Authenticate") == "Basic"
    assert [interim.status for interim in response.informational] == [103]
    assert response.read() == b"login"


RULES = [
    pytest.param("HEAD", b"200 OK\r\nContent-Length: 5\r\n", 1, "a response to HEAD has no content", id="1"),
    pytest.param("GET", b"304 X\r\n", 1, "status 304 has no content", id="1, by status"),
    pytest.param(
        "GET",
        b"200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        3,
        "chunked is the final transfer coding, and overrides Content-Length",
        id="3",
    ),
    pytest.param(
        "GET", b"200 OK\r\nTransfer-Encoding: chunked\r\n", 4, "chunked is the final transfer coding", id="4"
    ),
    pytest.param("GET", b"200 OK\r\nContent-Length: 5\r\n", 6, "Content-Length is 5", id="6"),
    pytest.param(
        "GET", b"200 OK\r\n", 8, "neither Transfer-Encoding nor Content-Length: until close", id="8"
    ),
]


@pytest.mark.parametrize(("method", "head", "rule", "reason"), RULES)
def test_rule_that_decided_the_length_of_the_body_is_told(
    serve: Serve, watch: Watch, method: str, head: bytes, rule: int, reason: str
) -> None:
    connection = serve(answers_and_closes(b"HTTP/1.1 " + head + b"\r\n")).connection(tap=watch)
    connection.request(method, "/")
    response = connection.getresponse()

    assert (response.framing.rule, response.framing.reason) == (rule, reason)
    decided = watch.one(events.FramingDecided)
    assert (decided.rule, decided.reason) == (rule, reason)
    response.close()


REASONS = [
    pytest.param(
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True, "HTTP/1.1 connections persist", id="1.1"
    ),
    pytest.param(
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: x, Close\r\n\r\n",
        False,
        "Connection: close",
        id="close",
    ),
    pytest.param(
        b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", False, "HTTP/1.0 connections close unless", id="1.0"
    ),
    pytest.param(
        b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n",
        True,
        "Connection: keep-alive in an HTTP/1.0 response",
        id="1.0 and keep-alive",
    ),
    pytest.param(
        b"HTTP/1.1 200 OK\r\n\r\n", False, "the body ends when the connection does", id="until close"
    ),
]


@pytest.mark.parametrize(("answer", "kept", "reason"), REASONS)
def test_reason_why_the_connection_is_kept_or_closed_is_told(
    serve: Serve, watch: Watch, answer: bytes, kept: bool, reason: str
) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(answer)
        peer.half_close()
        peer.take_all()

    connection = serve(play).connection(tap=watch)
    connection.request("GET", "/")
    response = connection.getresponse()
    response.read()

    assert response.persistence_reason.startswith(reason)
    assert response.will_close is not kept
    decided = watch.one(events.PersistenceDecided)
    assert (decided.persistent, decided.reason) == (kept, response.persistence_reason)
    assert (connection.sock is not None) is kept
