"""Where answers are there when they are first looked for, the next one is received in one call. Nobody may notice."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.protocol.peer import OK, TIMEOUT_SECONDS
from tests.protocol.test_tap_of_notes import Notes
from workbench.protocol import HTTPConnection, RemoteDisconnected
from workbench.protocol import tap as events
from workbench.protocol.transport.channel import _ENOUGH_IN_A_ROW

ENOUGH = _ENOUGH_IN_A_ROW + 2
"""Answers after which the next one is taken for an early one."""


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two sockets that are connected with each other."""
    one, other = socket.socketpair()
    with one, other:
        yield one, other


@pytest.fixture
def peer(pair: tuple[socket.socket, socket.socket]) -> socket.socket:
    """What answers."""
    return pair[1]


class Hears(Notes):
    """A tap that takes notes, and says when it has looked at them."""

    def __init__(self) -> None:
        super().__init__()
        self.looked = threading.Event()

    def take(self) -> None:
        super().take()
        self.looked.set()


@pytest.fixture
def notes() -> Hears:
    """A tap that takes notes."""
    return Hears()


@pytest.fixture(params=["without a tap", "with notes"])
def connection(
    pair: tuple[socket.socket, socket.socket], notes: Hears, request: pytest.FixtureRequest
) -> HTTPConnection:
    """A connection on which answers were early, and a request was sent."""
    connection = HTTPConnection("example.test", tap=notes if request.param == "with notes" else None)
    connection.sock, peer = pair
    for _ in range(ENOUGH):
        connection.request("GET", "/")
        peer.sendall(OK)
        assert connection.getresponse().read() == b"ok"
    connection.request("GET", "/")
    peer.recv(65536)
    return connection


def test_answer_that_is_late_is_waited_for(connection: HTTPConnection, peer: socket.socket) -> None:
    timer = threading.Timer(0.05, peer.sendall, [OK])
    timer.start()

    assert connection.getresponse().read() == b"ok"
    timer.join()

    connection.request("GET", "/")
    peer.sendall(OK)
    assert connection.getresponse().read() == b"ok"


def test_peer_that_has_closed_is_noticed(connection: HTTPConnection, peer: socket.socket) -> None:
    peer.close()

    with pytest.raises(RemoteDisconnected):
        connection.getresponse()


def test_peer_that_has_reset_the_connection_is_noticed(connection: HTTPConnection) -> None:
    ours = socket.create_server(("127.0.0.1", 0))
    with ours:
        connection.close()
        connection.sock = socket.create_connection(ours.getsockname())
        theirs, _ = ours.accept()
        with theirs:
            for _ in range(ENOUGH):
                connection.request("GET", "/")
                theirs.sendall(OK)
                assert connection.getresponse().read() == b"ok"
            connection.request("GET", "/")
        # What was sent to it was not received.
        with pytest.raises(ConnectionResetError):
            connection.getresponse()
    assert connection.sock is None


def test_interruption_is_noticed(connection: HTTPConnection) -> None:
    connection.interrupt()

    with pytest.raises(ConnectionAbortedError, match="interrupted"):
        connection.getresponse()


def test_time_out_that_was_set_meanwhile_counts(connection: HTTPConnection, peer: socket.socket) -> None:
    connection.sock.settimeout(0.01)

    with pytest.raises(TimeoutError):
        connection.getresponse()

    peer.sendall(OK)
    assert connection.getresponse().read() == b"ok"


@pytest.mark.parametrize("connection", ["with notes"], indirect=True)
def test_notes_are_looked_at_before_an_answer_that_is_late(
    connection: HTTPConnection, peer: socket.socket, notes: Hears
) -> None:
    def answer() -> None:
        notes.looked.wait(TIMEOUT_SECONDS)
        peer.sendall(OK)

    notes.last = []
    notes.looked.clear()
    answering = threading.Thread(target=answer)
    answering.start()

    connection.getresponse()
    answering.join()

    assert notes.last[0] is events.CallStarted


def test_socket_with_a_recv_of_its_own_gets_nothing_but_a_size() -> None:
    class Own(socket.socket):
        def recv(self, size: int) -> bytes:  # type: ignore[override]
            return super().recv(size)

    one, peer = socket.socketpair()
    connection = HTTPConnection("example.test")
    connection.sock = Own(fileno=one.detach())

    with peer, connection.sock:
        for _ in range(ENOUGH):
            connection.request("GET", "/")
            peer.sendall(OK)
            assert connection.getresponse().read() == b"ok"
        connection.close()
