"""The rows of the conformance table about connections that have no test elsewhere, over real sockets."""

import threading

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, TIMEOUT_SECONDS, Peer, answers
from tests.protocol.rows import row
from tests.protocol.watching import Watch
from workbench.protocol import BadStatusLine, ResponseNotReady
from workbench.protocol import tap as events
from workbench.protocol.policy import Policy
from workbench.protocol.wire.state import State


@row("P1", "P2")
@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nConnection: disclose\r\n", id="disclose is not close"),
        pytest.param(b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n", id="HTTP/1.0 with keep-alive"),
    ],
)
def test_connection_carries_the_next_exchange(
    serve: Serve, watch: Watch, policy: Policy, head: bytes
) -> None:
    """Connection is a list of tokens (RFC 9110 section 7.6.1; RFC 9112 section 9.3)."""
    first = head + b"Content-Length: 3\r\n\r\none"
    connection = serve(answers(first, OK)).connection(tap=watch, policy=policy)
    connection.request("GET", "/1")
    response = connection.getresponse()

    assert (response.will_close, response.read()) == (False, b"one")
    connection.request("GET", "/2")
    assert connection.getresponse().read() == b"ok"
    assert len(watch.of(events.Connected)) == 1
    connection.close()
    watch.check()


@row("P3")
def test_multipart_without_a_length_is_read_until_close(serve: Serve, policy: Policy) -> None:
    """It has not ended itself since RFC 7230 (RFC 9112 section 6.3)."""
    parts = b"--x\r\nContent-Range: bytes 0-0/2\r\n\r\na\r\n--x--\r\n"

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=x\r\n\r\n")
        peer.send(parts, b"behind the last boundary")

    connection = serve(play).connection(policy=policy)
    connection.request("GET", "/")
    response = connection.getresponse()

    assert response.will_close
    assert response.read() == parts + b"behind the last boundary"


@row("Q2")
def test_final_response_that_comes_late_answers_its_own_request(
    serve: Serve, watch: Watch, policy: Policy
) -> None:
    """http.client takes 103 (Early Hints) for the response, and the final one for the next."""
    hints_are_out, go_on = threading.Event(), threading.Event()

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        hints_are_out.set()
        assert go_on.wait(TIMEOUT_SECONDS)
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst")
        peer.answer(OK)

    def answer_once_waited_for(event: events.Event) -> None:
        watch(event)
        if isinstance(event, events.InterimResponseParsed):
            go_on.set()

    connection = serve(play).connection(tap=answer_once_waited_for, policy=policy)
    connection.request("GET", "/1")
    assert hints_are_out.wait(TIMEOUT_SECONDS)
    response = connection.getresponse()

    assert (response.status, response.read()) == (200, b"first")
    assert [(interim.status, interim.headers["Link"]) for interim in response.informational] == [
        (103, "</a>")
    ]
    connection.request("GET", "/2")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()


@row("Q7")
def test_head_that_cannot_be_read_closes_the_connection(serve: Serve, watch: Watch, policy: Policy) -> None:
    connection = serve(answers(b"HTTP/1.1 2x0 OK\r\n\r\n"), answers(OK)).connection(tap=watch, policy=policy)
    connection.request("GET", "/")

    with pytest.raises(BadStatusLine):
        connection.getresponse()

    assert (connection.state, connection.sock) == (State.IDLE, None)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()


@row("Q8")
def test_second_request_may_be_sent_but_its_response_waits_its_turn(serve: Serve, policy: Policy) -> None:
    connection = serve(answers(OK, OK)).connection(policy=policy)
    connection.request("GET", "/1")
    first = connection.getresponse()
    connection.request("GET", "/2")

    with pytest.raises(ResponseNotReady) as caught:
        connection.getresponse()

    assert caught.value.args == ("Request-sent",)
    assert first.read() == b"ok"
    assert connection.getresponse().read() == b"ok"


@row("R10")
def test_zone_of_an_address_is_for_this_machine_only(serve: Serve, watch: Watch, policy: Policy) -> None:
    """It decides where to connect, and is left out of Host (RFC 9110 section 4.2)."""
    heads: list[bytes] = []

    def play(peer: Peer) -> None:
        heads.append(peer.take_head())
        peer.send(OK)
        peer.take_all()

    server = serve(play, host="::1")
    connection = server.connection(host="::1%1", tap=watch, policy=policy)
    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert connection.host == "::1%1"
    assert f"\r\nHost: [::1]:{server.port}\r\n".encode() in heads[0]
    connection.close()
    watch.check()
