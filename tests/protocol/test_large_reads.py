"""What is received straight into memory of the caller, and sections that are large and allowed."""

import threading

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import TIMEOUT_SECONDS, Peer
from tests.protocol.watching import Watch
from workbench.protocol import tap as events
from workbench.protocol.limits import RECEIVE_SIZE

CONTENT = bytes(range(256)) * 512
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(CONTENT)


def test_tap_is_told_of_bytes_that_go_into_memory_of_the_caller(serve: Serve, watch: Watch) -> None:
    server = serve(lambda peer: peer.answer(HEAD + CONTENT))
    connection = server.connection(tap=watch)
    connection.request("GET", "/")
    response = connection.getresponse()
    buffer = bytearray(len(CONTENT))

    assert response.readinto(buffer) == len(CONTENT)
    assert buffer == CONTENT
    assert b"".join(event.data for event in watch.of(events.BytesReceived)) == HEAD + CONTENT
    connection.close()
    watch.check()


def test_time_out_while_filling_memory_of_the_caller_loses_nothing(serve: Serve) -> None:
    more = threading.Event()

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(HEAD, CONTENT[:RECEIVE_SIZE])
        more.wait(TIMEOUT_SECONDS)
        peer.send(CONTENT[RECEIVE_SIZE:])
        peer.take_all()

    server = serve(play)
    connection = server.connection()
    connection.request("GET", "/")
    response = connection.getresponse()
    buffer = bytearray(len(CONTENT))
    connection.sock.settimeout(0.2)
    with pytest.raises(TimeoutError):
        response.readinto(buffer)
    more.set()
    connection.sock.settimeout(TIMEOUT_SECONDS)

    assert response.readinto(buffer) == len(CONTENT)
    assert buffer == CONTENT
    connection.close()


def test_section_may_be_larger_than_one_line_may_be(serve: Serve) -> None:
    lines = [b"X-%d: " % number + b"a" * 40_000 + b"\r\n" for number in range(3)]
    answer = b"HTTP/1.1 200 OK\r\n" + b"".join(lines) + b"Content-Length: 0\r\n\r\n"
    server = serve(lambda peer: peer.answer(answer))
    connection = server.connection()
    connection.request("GET", "/")
    response = connection.getresponse()

    assert [len(value) for name, value in response.getheaders() if name.startswith("X-")] == [40_000] * 3
    connection.close()
