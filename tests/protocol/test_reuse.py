"""When a connection carries another exchange, when it must not, and what a failure leaves."""

import errno
import select
import socket
import threading
from typing import Any

import pytest

import workbench.protocol
from tests.ports import closed_port
from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, TIMEOUT_SECONDS, Peer, answers, answers_and_closes
from tests.protocol.rows import row
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection, IncompleteRead, RemoteDisconnected, UnsolicitedResponse, dropin
from workbench.protocol import tap as events
from workbench.protocol.policy import STRICT, Policy
from workbench.protocol.wire.state import State

EVIL = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"


class Between:
    """A play that does something between two requests, when it is told to, and says when it is done."""

    def __init__(self, data: bytes, close: bool = False) -> None:
        self._data = data
        self._close = close
        self._told = threading.Event()
        self._done = threading.Event()
        self.heads: list[bytes] = []

    def __call__(self, peer: Peer) -> None:
        self.heads.append(peer.take_head())
        peer.send(OK)
        assert self._told.wait(TIMEOUT_SECONDS)
        peer.send(self._data)
        if self._close:
            peer.half_close()
        self._done.set()
        self.heads.append(peer.take_head())
        peer.send(OK)
        peer.take_all()

    def happen(self) -> None:
        """Loopback delivers before `sendall` and `shutdown` return."""
        self._told.set()
        assert self._done.wait(TIMEOUT_SECONDS)


def test_connection_is_reused(serve: Serve, watch: Watch) -> None:
    server = serve(answers(OK, OK, OK))
    connection = server.connection(tap=watch)
    for _ in range(3):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"
    connection.close()

    assert len(watch.of(events.Connected)) == 1
    assert [event.exchange for event in watch.of(events.ConnectionReused)] == [1, 2]
    assert all(event.idle_ns > 0 for event in watch.of(events.ConnectionReused))
    watch.check()


@row("Q1")
def test_bytes_that_came_unasked_raise_before_the_next_request_is_sent(
    serve: Serve, watch: Watch, policy: Policy
) -> None:
    """http.client hands them out as the answer."""
    play = Between(EVIL)
    server = serve(play, answers(OK))
    connection = server.connection(tap=watch, policy=policy)
    connection.request("GET", "/1")
    assert connection.getresponse().read() == b"ok"
    play.happen()

    with pytest.raises(UnsolicitedResponse) as caught:
        connection.request("GET", "/2")

    assert caught.value.line == EVIL.decode()
    assert len(play.heads) == 1
    assert connection.state is State.IDLE
    assert connection.sock is None
    connection.request("GET", "/3")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    assert watch.one(events.ExcessReceived).leaves[0].kind == "excess"
    assert watch.codes() == ["UNSOLICITED_RESPONSE"]
    watch.check()


def test_bytes_behind_the_message_close_the_connection(serve: Serve, watch: Watch) -> None:
    """Row L11: they came in the same segment."""
    server = serve(answers(OK + EVIL), answers(OK))
    connection = server.connection(tap=watch)
    connection.request("GET", "/1")

    assert connection.getresponse().read() == b"ok"

    assert connection.sock is None
    assert watch.codes() == ["EXCESS_DATA"]
    connection.request("GET", "/2")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()


def test_strict_policy_raises_for_bytes_behind_the_message_on_next_use(serve: Serve) -> None:
    connection = serve(answers(OK + EVIL), answers(OK)).connection(policy=STRICT)
    connection.request("GET", "/1")
    assert connection.getresponse().read() == b"ok"

    with pytest.raises(UnsolicitedResponse):
        connection.request("GET", "/2")

    connection.request("GET", "/3")
    assert connection.getresponse().read() == b"ok"


def test_closing_forgets_the_bytes_behind_the_message(serve: Serve) -> None:
    connection = serve(answers(OK + EVIL), answers(OK)).connection(policy=STRICT)
    connection.request("GET", "/1")
    assert connection.getresponse().read() == b"ok"

    connection.close()

    connection.request("GET", "/2")
    assert connection.getresponse().read() == b"ok"


@row("Q3")
@pytest.mark.parametrize("stray", [b"\r\n", b"\n", b"\r\n\r\n"])
def test_stray_line_end_between_responses_is_skipped(
    serve: Serve, watch: Watch, policy: Policy, stray: bytes
) -> None:
    """RFC 9112 section 9.2."""
    play = Between(stray)
    connection = serve(play).connection(tap=watch, policy=policy)
    connection.request("GET", "/1")
    assert connection.getresponse().read() == b"ok"
    play.happen()

    connection.request("GET", "/2")
    assert connection.getresponse().read() == b"ok"

    assert watch.codes() == ["LEADING_CRLF"]
    assert len(watch.of(events.Connected)) == 1
    connection.close()
    watch.check()


def test_stray_line_end_is_skipped_without_a_tap(serve: Serve) -> None:
    connection = serve(answers(OK + b"\r\n", OK)).connection(policy=STRICT)

    for _ in range(2):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"


def test_server_that_closed_the_idle_connection_is_connected_to_again(serve: Serve, watch: Watch) -> None:
    play = Between(b"", close=True)
    server = serve(play, answers(OK))
    connection = server.connection(tap=watch)
    connection.request("GET", "/1")
    assert connection.getresponse().read() == b"ok"
    play.happen()

    connection.request("GET", "/2")

    assert connection.getresponse().read() == b"ok"
    assert len(watch.of(events.Connected)) == 2
    reasons = [event.reason for event in watch.of(events.ConnectionClosed)]
    assert reasons == ["the server closed the idle connection"]
    connection.close()
    watch.check()


CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nThis is all."


@pytest.mark.parametrize(
    ("closes", "reason"),
    [
        pytest.param(True, "the server closed before the end of the response", id="the server"),
        pytest.param(False, "the response was not read to its end", id="the program"),
    ],
)
def test_reason_of_a_close_in_a_response_says_who_ended_it(
    serve: Serve, watch: Watch, closes: bool, reason: str
) -> None:
    connection = serve(answers_and_closes(CUT) if closes else answers(CUT)).connection(tap=watch)
    connection.request("GET", "/")
    response = connection.getresponse()
    if closes:
        with pytest.raises(IncompleteRead):
            response.read()
    else:
        response.close()

    assert [event.reason for event in watch.of(events.ConnectionClosed)] == [reason]
    watch.check()


def test_server_that_reset_the_idle_connection_is_connected_to_again(serve: Serve, watch: Watch) -> None:
    told, done = threading.Event(), threading.Event()

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(OK)
        assert told.wait(TIMEOUT_SECONDS)
        peer.reset()
        done.set()

    connection = serve(play, answers(OK)).connection(tap=watch)
    connection.request("GET", "/1")
    assert connection.getresponse().read() == b"ok"
    told.set()
    assert done.wait(TIMEOUT_SECONDS)

    connection.request("GET", "/2")

    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()


def test_server_that_closed_is_noticed_by_getresponse_when_nothing_may_be_opened(serve: Serve) -> None:
    play = Between(b"", close=True)
    connection = serve(play).connection()
    connection.request("GET", "/1")
    assert connection.getresponse().read() == b"ok"
    connection.auto_open = 0
    play.happen()
    connection.request("GET", "/2")

    with pytest.raises(RemoteDisconnected):
        connection.getresponse()

    assert connection.state is State.IDLE


def test_server_that_closes_instead_of_answering_is_a_reset_and_a_bad_status_line(serve: Serve) -> None:
    connection = serve(answers_and_closes(b""), answers(OK)).connection()
    connection.request("GET", "/")

    with pytest.raises(RemoteDisconnected) as caught:
        connection.getresponse()

    assert isinstance(caught.value, ConnectionResetError)
    assert caught.value.line == "''"
    assert str(caught.value) == "Remote end closed connection without response"


def test_reset_connection_raises_and_can_be_used_again(serve: Serve, watch: Watch) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.reset()

    connection = serve(play, answers(OK)).connection(tap=watch)
    connection.request("GET", "/")

    with pytest.raises(ConnectionResetError) as caught:
        connection.getresponse()

    assert caught.value.errno == errno.ECONNRESET
    assert connection.state is State.IDLE
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()


def test_reset_in_the_content_keeps_what_came(serve: Serve, watch: Watch) -> None:
    sent = threading.Event()
    seen = threading.Event()

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(OK[:-1])
        sent.set()
        seen.wait(TIMEOUT_SECONDS)
        peer.reset()

    connection = serve(play).connection(tap=watch)
    connection.request("GET", "/")
    response = connection.getresponse()
    assert response.peek() == b"o"
    seen.set()

    with pytest.raises(ConnectionResetError):
        response.read()

    assert response.read1() == b"o"
    connection.close()
    watch.check()


def test_response_that_came_before_the_upload_was_over_is_not_lost(serve: Serve, watch: Watch) -> None:
    """The server answers and closes while the body is being sent (RFC 9112 section 9.5)."""
    early = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno."

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(early)
        peer.sock.shutdown(2)

    connection = serve(play, answers(OK)).connection(tap=watch)
    connection.request("POST", "/", (bytes(100_000) for _ in range(10_000)))

    response = connection.getresponse()

    assert watch.one(events.RequestCompleted).complete is False
    assert (response.status, response.read()) == (413, b"no.")
    connection.close()
    watch.check()


def test_broken_pipe_leaves_a_connection_that_can_be_closed_and_used(serve: Serve, watch: Watch) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.reset()

    connection = serve(play, answers(OK)).connection(tap=watch)
    with pytest.raises(ConnectionError):
        connection.request("POST", "/", (bytes(100_000) for _ in range(10_000)))

    connection.close()

    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    assert watch.of(events.TransportFailed)
    watch.check()


def test_refused_connection_leaves_an_idle_object(watch: Watch) -> None:
    with closed_port() as port:
        connection = HTTPConnection("127.0.0.1", port, tap=watch)

        with pytest.raises(ConnectionRefusedError):
            connection.request("GET", "/")

    assert connection.state is State.IDLE
    assert watch.one(events.ConnectFailed).error
    connection.close()
    watch.check()


def test_socket_of_the_caller_is_used(serve: Serve) -> None:
    server = serve(answers(OK))
    donor = server.connection()
    donor.connect()
    connection = server.connection()
    connection.sock = donor.sock

    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    connection.close()
    assert connection.sock is None
    donor.sock = None


@pytest.mark.parametrize("module", [workbench.protocol, dropin], ids=["protocol", "drop-in"])
def test_no_other_socket_takes_the_place_of_one_that_the_program_gave(serve: Serve, module: Any) -> None:
    server = serve(answers(OK))
    connection = module.HTTPConnection("127.0.0.1", server.port)
    connection.sock, peer = socket.socketpair()
    connection.request("GET", "/")
    peer.send(OK)
    assert connection.getresponse().read() == b"ok"
    given = connection.sock
    peer.close()

    with pytest.raises(ConnectionError):
        connection.request("POST", "/", "secret")
        connection.getresponse()

    assert connection.sock in (given, None)
    connection.close()
    # Who closes it asks for another one.
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.close()


@pytest.mark.parametrize("asks_for_it", [False, True], ids=["when needed", "asked for"])
@pytest.mark.parametrize("base", [workbench.protocol.HTTPConnection, dropin.HTTPConnection])
def test_connection_that_connects_in_its_own_way_is_connected_to_again(
    serve: Serve, base: Any, asks_for_it: bool
) -> None:
    class Own(base):  # type: ignore[misc]
        def connect(self) -> None:
            self.sock = socket.create_connection((self.host, self.port))

    connection = Own("127.0.0.1", serve(answers_and_closes(OK), answers_and_closes(OK)).port)
    if asks_for_it:
        connection.connect()

    for _ in range(2):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"
        select.select([connection.sock], [], [], TIMEOUT_SECONDS)

    connection.close()
