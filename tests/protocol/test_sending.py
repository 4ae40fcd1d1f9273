"""What the server says while a body is being sent (RFC 9112 section 9.5, RFC 9110 section 10.1.1)."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.protocol.conftest import Authority, Serve
from tests.protocol.peer import OK, TIMEOUT_SECONDS, Peer, answers
from tests.protocol.rows import row
from tests.protocol.watching import Watch
from tests.protocol.wire.scripted_socket import ScriptedSocket
from workbench.protocol import HTTPConnection, create_tls_context
from workbench.protocol import tap as events
from workbench.protocol.policy import Policy
from workbench.protocol.wire.diagnostics import Code
from workbench.protocol.wire.interim import begins_final_response, holds_continue
from workbench.protocol.wire.state import State

TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
PIECE = bytes(1_000_000)


def endless_body() -> Iterator[bytes]:
    """More than any pair of socket buffers takes."""
    return (PIECE for _ in range(10_000))


def refuse_and_reset(peer: Peer) -> None:
    peer.take_head()
    peer.send(TOO_LARGE)
    peer.take(len(PIECE))
    peer.reset()


class RefuseAndStopReading:
    """Answers at once, and then neither reads nor closes."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def __call__(self, peer: Peer) -> None:
        peer.take_head()
        peer.send(TOO_LARGE)
        assert self.over.wait(TIMEOUT_SECONDS)


@row("Q5")
@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "length"])
def test_early_response_before_a_reset_is_delivered(
    serve: Serve, watch: Watch, policy: Policy, chunked: bool
) -> None:
    connection = serve(refuse_and_reset).connection(tap=watch, policy=policy)
    headers = {} if chunked else {"Content-Length": str(len(PIECE) * 10_000)}

    connection.request("POST", "/", endless_body(), headers)
    response = connection.getresponse()

    assert response.status == 413
    assert response.will_close
    assert not watch.one(events.RequestCompleted).complete
    assert Code.EARLY_RESPONSE in watch.codes()
    response.close()
    connection.close()


@row("Q6")
def test_early_response_of_a_server_that_stops_reading_is_delivered(serve: Serve, policy: Policy) -> None:
    play = RefuseAndStopReading()
    connection = serve(play).connection(timeout=TIMEOUT_SECONDS, policy=policy)

    connection.request("POST", "/", endless_body())
    response = connection.getresponse()
    play.over.set()

    assert response.status == 413
    response.close()
    assert connection.state is State.IDLE


def test_early_response_over_tls_is_delivered(serve: Serve, authority: Authority) -> None:
    play = RefuseAndStopReading()
    server = serve(play, context=authority.server_context())
    connection = server.secure_connection(context=create_tls_context(str(authority.cafile)))

    connection.request("POST", "/", endless_body())
    response = connection.getresponse()
    play.over.set()

    assert response.status == 413
    response.close()
    connection.close()


def continue_then(answer: bytes, *, length: int) -> object:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        peer.take(length)
        peer.send(answer)
        peer.take_all()

    return play


EXPECT = {"Expect": "100-continue"}


def test_body_waits_for_100_continue(serve: Serve, watch: Watch) -> None:
    connection = serve(continue_then(OK, length=4)).connection(tap=watch, expect_timeout=TIMEOUT_SECONDS)

    connection.request("POST", "/", b"body", EXPECT)
    response = connection.getresponse()

    assert response.read() == b"ok"
    assert [interim.status for interim in response.informational] == [100]
    assert watch.one(events.ContinueResolved).outcome == "100"
    connection.close()
    watch.check()


def test_body_is_not_sent_after_a_final_response(serve: Serve, watch: Watch) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n")
        assert peer.take_all() == b""

    connection = serve(play).connection(tap=watch, expect_timeout=TIMEOUT_SECONDS)

    connection.request("POST", "/", b"body", EXPECT)
    response = connection.getresponse()

    assert response.status == 417
    assert watch.one(events.ContinueResolved).outcome == "final response"
    response.read()
    connection.close()


def test_body_is_sent_when_the_wait_is_over(serve: Serve, watch: Watch) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        assert peer.take(4) == b"body"
        peer.send(OK)
        peer.take_all()

    connection = serve(play).connection(tap=watch, expect_timeout=0.01)

    connection.request("POST", "/", b"body", EXPECT)

    assert connection.getresponse().read() == b"ok"
    assert watch.one(events.ContinueResolved).outcome == "timeout"
    connection.close()


def test_body_does_not_wait_unless_asked_to(serve: Serve, watch: Watch) -> None:
    connection = serve(continue_then(OK, length=4)).connection(tap=watch)

    connection.request("POST", "/", b"body", EXPECT)

    assert connection.getresponse().read() == b"ok"
    assert watch.of(events.ContinueAwaited) == []
    connection.close()


INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"


@pytest.mark.parametrize(
    ("received", "final"),
    [
        pytest.param(b"", False, id="nothing"),
        pytest.param(b"HTTP/1.1 1", False, id="may be interim"),
        pytest.param(b"HTTP", False, id="may be either"),
        pytest.param(b"HTTP/1.0 1", False, id="may be interim of an old version"),
        pytest.param(INTERIM, False, id="interim"),
        pytest.param(INTERIM[:-1], False, id="interim cut short"),
        pytest.param(INTERIM + b"HTTP/1.1 2", True, id="final behind interim"),
        pytest.param(b"\r\nHTTP/1.1 404 Not Found\r\n", True, id="final behind an empty line"),
        pytest.param(b"garbage", True, id="no response at all"),
    ],
)
def test_final_response_is_told_from_interim_ones(received: bytes, final: bool) -> None:
    assert begins_final_response(received) is final


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n", True, id="whole"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n", False, id="cut short"),
        pytest.param(INTERIM, False, id="another one"),
        pytest.param(INTERIM + b"HTTP/1.1 100 Continue\r\n\r\n", True, id="behind another one"),
    ],
)
def test_continue_is_told_from_other_responses(received: bytes, expected: bool) -> None:
    assert holds_continue(received) is expected


def test_body_goes_on_when_the_socket_takes_more() -> None:
    class Busy(ScriptedSocket):
        calls = 0

        def send(self, data: Any, *args: Any) -> int:
            self.calls += 1
            if self.calls == 1:
                raise BlockingIOError
            return super().send(data, *args)

    connection = HTTPConnection("127.0.0.1")
    connection.sock = sock = Busy([], ends=True)
    connection.request("POST", "/", b"body")
    connection.close()

    assert sock.calls == 2


@pytest.mark.parametrize("tap", [None, Watch()], ids=["no tap", "tap"])
def test_request_whose_connection_is_closed_meanwhile_goes_on_over_no_other(
    serve: Serve, tap: Watch | None
) -> None:
    """As another thread may close it."""

    class Closing(HTTPConnection):
        def _send_output(self, *args: Any, **kwargs: Any) -> None:
            self.close()
            super()._send_output(*args, **kwargs)

    def body() -> Iterator[bytes]:
        yield b"one"
        connection.close()
        yield b"two"

    server = serve(answers(OK))
    for connection, content in (
        (server.connection(Closing, tap=tap), None),
        (server.connection(tap=tap), body()),
    ):
        with pytest.raises(ConnectionAbortedError, match="closed"):
            connection.request("POST", "/first", content)

        assert connection.sock is None
        assert connection.state is State.IDLE
