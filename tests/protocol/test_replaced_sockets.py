"""A connection whose socket is followed by another: the old one is told of as closed, with what it held."""

import socket
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, Peer, answers
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection
from workbench.protocol import tap as events

TWO = OK + OK


def test_connecting_again_lets_the_first_connection_go(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(TWO), answers(OK)).connection(tap=watch)
    connection.request("GET", "/")
    response = connection.getresponse()

    connection.connect()

    assert response.read() == b"ok"
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    reasons = [event.reason for event in watch.of(events.ConnectionClosed)]
    assert reasons == ["connect() was called again", "close() was called"]
    assert watch.one(events.BytesLeft)
    watch.check()


def test_socket_that_the_program_replaces_is_let_go(serve: Serve, watch: Watch) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 200")
        peer.take_all()

    server = serve(play, answers(OK))
    donor = server.connection()
    connection = server.connection(tap=watch, timeout=0.05)
    connection.request("GET", "/")
    donor.connect()
    first, connection.sock = connection.sock, donor.sock
    first.close()

    connection.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert connection.getresponse().read() == b"ok"

    donor.sock = None
    connection.close()
    reasons = [event.reason for event in watch.of(events.ConnectionClosed)]
    assert reasons[0] == "the program put another socket in its place"
    watch.check()


def test_socket_in_the_place_of_one_that_was_used_is_no_used_one(serve: Serve, watch: Watch) -> None:
    server = serve(answers(OK), answers(OK, OK))
    donor = server.connection()
    connection = server.connection(tap=watch)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    donor.connect()
    connection.sock.close()
    connection.sock = donor.sock

    for _ in range(2):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"

    donor.sock = None
    connection.close()
    kinds = events.ConnectionReused, events.ConnectionClosed, events.RequestLineBuffered
    assert [type(event).__name__ for event in watch.of(*kinds)] == [
        *("RequestLineBuffered", "RequestLineBuffered", "ConnectionClosed"),
        *("ConnectionReused", "RequestLineBuffered", "ConnectionClosed"),
    ]
    watch.check()


def test_socket_that_the_program_takes_stays_open(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(TWO), answers(OK)).connection(tap=watch)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.request("GET", "/")
    taken, connection.sock = connection.sock, None

    connection.close()

    assert taken.fileno() >= 0
    taken.close()
    assert watch.of(events.ConnectionClosed)
    watch.check()


def test_connecting_leaves_a_socket_open_that_the_program_took(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK), answers(OK)).connection(tap=watch)
    connection.connect()
    connection.request("GET", "/")
    taken, connection.sock = connection.sock, None

    connection.connect()

    assert taken.fileno() >= 0
    taken.close()
    connection.close()
    watch.check()


@pytest.mark.parametrize("tap", [None, Watch()], ids=["no tap", "tap"])
def test_socket_of_the_programs_own_class_sends_in_its_own_way(tap: Watch | None) -> None:
    class Upper(socket.socket):
        def send(self, data: Any, flags: int = 0) -> int:
            return super().send(bytes(data).upper(), flags)

    connection = HTTPConnection("h", tap=tap)
    one, other = socket.socketpair()
    connection.sock = Upper(fileno=one.detach())

    with other:
        connection.request("GET", "/path")
        connection.close()

        assert other.recv(1000).startswith(b"GET /PATH ")


@pytest.mark.parametrize("tap", [None, Watch()], ids=["no tap", "tap"])
@pytest.mark.parametrize("options", [{}, {"deadline": 10.0}], ids=["no limit", "deadline"])
def test_send_of_the_programs_own_need_not_know_of_flags(tap: Watch | None, options: dict[str, Any]) -> None:
    class Counting(socket.socket):
        count = 0

        def send(self, data: Any) -> int:  # type: ignore[override]
            Counting.count += len(data)
            return super().send(data)

    connection = HTTPConnection("h", tap=tap, **options)
    one, other = socket.socketpair()
    connection.sock = Counting(fileno=one.detach())

    with other:
        connection.request("POST", "/", [b"a" * 20_000, b"b"])
        other.send(OK)
        assert connection.getresponse().read() == b"ok"
        connection.close()

        received = other.recv(100_000)
        assert len(received) == Counting.count > 20_000
