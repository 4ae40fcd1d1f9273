"""A time-out loses nothing: the same call can be made again."""

import gzip
import socket
import threading
import tracemalloc
from contextlib import suppress
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, TIMEOUT_SECONDS, Peer
from tests.protocol.watching import Watch
from tests.protocol.wire.scripted_socket import ScriptedSocket
from workbench.protocol import BadStatusLine, HTTPConnection
from workbench.protocol.wire.state import State

TIMEOUT = 0.02
HEAD = b"HTTP/1.1 200 OK\r\nX-First: 1\r\n"
LENGTH = HEAD + b"Content-Length: 10\r\n\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\nTrailer: X-Last\r\n\r\n"
GZIPPED = gzip.compress(b"1234", mtime=0)


class Halting:
    """A play that sends a response in two parts; the second one when it is told to."""

    def __init__(self, first: bytes, second: bytes) -> None:
        self._first, self._second = first, second
        self._sent = threading.Event()
        self.go_on = threading.Event()

    def wait_until_sent(self) -> None:
        """Wait until the first part is sent: the loopback interface has brought it to the client then."""
        assert self._sent.wait(TIMEOUT_SECONDS)

    def __call__(self, peer: Peer) -> None:
        peer.take_head()
        peer.send(self._first)
        self._sent.set()
        assert self.go_on.wait(TIMEOUT_SECONDS)
        peer.send(self._second)
        peer.take_all()


def cut(response: bytes, at: int) -> Halting:
    return Halting(response[:at], response[at:])


RESPONSE = b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + LENGTH + b"0123456789"


@pytest.mark.parametrize("at", [0, 1, 8, 15, 24, 26, 30, 35, 36, 37, 45, 55, 60, 87])
def test_getresponse_goes_on_where_it_timed_out(serve: Serve, watch: Watch, at: int) -> None:
    play = cut(RESPONSE, at)
    connection = serve(play).connection(tap=watch, timeout=TIMEOUT)
    connection.request("GET", "/")
    play.wait_until_sent()

    with pytest.raises(TimeoutError):
        connection.getresponse()
    assert connection.state is State.REQUEST_SENT
    connection.sock.settimeout(TIMEOUT_SECONDS)
    play.go_on.set()
    response = connection.getresponse()

    assert response.getheader("X-First") == "1"
    assert [interim.status for interim in response.informational] == [103]
    assert response.read() == b"0123456789"
    connection.close()
    watch.check()


def test_half_a_head_is_no_beginning_of_what_another_socket_brings(serve: Serve) -> None:
    send_half = Halting(b"HTTP/1.1 500 Half\r\nX: ", b"")

    def send_unasked(peer: Peer) -> None:
        peer.send(LENGTH + b"0123456789")
        peer.take_all()

    connection = serve(send_half, send_unasked).connection(timeout=TIMEOUT)
    connection.request("GET", "/")
    send_half.wait_until_sent()

    with pytest.raises(TimeoutError):
        connection.getresponse()
    send_half.go_on.set()
    connection.timeout = TIMEOUT_SECONDS
    connection.connect()

    assert connection.getresponse().status == 200


def read_all(response: Any) -> bytes:
    return response.read()


def read_so_many(response: Any) -> bytes:
    return response.read(10)


def read_lines(response: Any) -> bytes:
    return response.readline()


def read_into(response: Any) -> bytes:
    buffer = bytearray(10)
    count = response.readinto(buffer)
    return bytes(buffer[:count])


def read_into_a_large_buffer(response: Any) -> bytes:
    buffer = bytearray(200_000)
    count = response.readinto(buffer)
    return bytes(buffer[:count])


READS = [read_all, read_so_many, read_lines, read_into, read_into_a_large_buffer]
CHUNKS = CHUNKED + b"4\r\n0123\r\n6;ext\r\n456789\r\n0\r\nX-Last: 2\r\n\r\n"
PLACES = [
    pytest.param(cut(LENGTH + b"0123456789", len(LENGTH)), id="before the content"),
    pytest.param(cut(LENGTH + b"0123456789", len(LENGTH) + 4), id="in the content"),
    *(
        pytest.param(cut(CHUNKS, CHUNKS.index(mark, len(CHUNKED)) + more), id=f"in chunks, {words}")
        for mark, more, words in [
            (b"4\r\n", 0, "before the first size"),
            (b"4\r\n", 1, "in the first chunk header"),
            (b"0123", 0, "before the data"),
            (b"0123", 2, "in the data"),
            (b"0123", 4, "behind the data"),
            (b"0123", 5, "between CR and LF behind the data"),
            (b"6;ext", 2, "in an extension"),
            (b"456789", 3, "in the data of the second chunk"),
        ]
    ),
]


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("play", PLACES)
def test_reading_goes_on_where_it_timed_out(serve: Serve, watch: Watch, play: Halting, read: Any) -> None:
    play = Halting(play._first, play._second)
    connection = serve(play).connection(tap=watch, timeout=TIMEOUT)
    connection.request("GET", "/")
    play.wait_until_sent()
    response = connection.getresponse()

    with pytest.raises(TimeoutError):
        read(response)
    connection.sock.settimeout(TIMEOUT_SECONDS)
    play.go_on.set()

    assert read(response) == b"0123456789"
    assert response.read() == b""
    assert response.complete
    connection.close()
    watch.check()


@pytest.mark.parametrize(
    "behind", [b"0", b"0\r\n", b"0\r\nX-La", b"0\r\nX-Last: 2\r\n", b"0\r\nX-Last: 2\r\n\r"]
)
def test_trailers_are_not_lost_by_a_time_out(serve: Serve, watch: Watch, behind: bytes) -> None:
    whole = CHUNKED + b"3\r\nabc\r\n0\r\nX-Last: 2\r\n\r\n"
    play = cut(whole, whole.rindex(b"0\r\nX-Last") + len(behind))
    connection = serve(play).connection(tap=watch, timeout=TIMEOUT)
    connection.request("GET", "/")
    play.wait_until_sent()
    response = connection.getresponse()

    with pytest.raises(TimeoutError):
        response.read()
    connection.sock.settimeout(TIMEOUT_SECONDS)
    play.go_on.set()

    assert response.read() == b"abc"
    assert response.trailers["X-Last"] == "2"
    assert response.complete
    assert connection.sock is not None
    connection.close()
    watch.check()


@pytest.mark.parametrize("at", [3, 12, len(GZIPPED) - 2])
def test_decoding_goes_on_where_it_timed_out(serve: Serve, watch: Watch, at: int) -> None:
    head = HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n%X\r\n" % len(GZIPPED)
    play = cut(head + GZIPPED + b"\r\n0\r\n\r\n", len(head) + at)
    connection = serve(play).connection(tap=watch, timeout=TIMEOUT)
    connection.request("GET", "/")
    play.wait_until_sent()
    response = connection.getresponse()

    with pytest.raises(TimeoutError):
        response.read()
    connection.sock.settimeout(TIMEOUT_SECONDS)
    play.go_on.set()

    assert response.read() == b"1234"
    connection.close()
    watch.check()


def test_time_out_of_connecting_is_that_of_the_argument(serve: Serve) -> None:
    connection = serve().connection(timeout=TIMEOUT)

    connection.connect()

    assert connection.sock.gettimeout() == TIMEOUT


def test_length_counts_what_is_still_to_be_handed_out(serve: Serve) -> None:
    play = cut(LENGTH + b"0123456789", len(LENGTH) + 4)
    connection = serve(play).connection(timeout=TIMEOUT)
    connection.request("GET", "/")
    play.wait_until_sent()
    response = connection.getresponse()
    assert response.length == 10

    with pytest.raises(TimeoutError):
        response.read()

    assert response.length == 10
    assert not response.isclosed()
    play.go_on.set()


def test_what_was_laid_by_is_given_without_a_copy_of_the_rest() -> None:
    size = 8_000_000
    connection = HTTPConnection("h")
    connection.sock = ScriptedSocket(
        [HEAD + b"Content-Length: %d\r\n\r\n" % (size + 1), bytes(size)], ends=False
    )
    connection.request("GET", "/")
    response = connection.getresponse()
    with pytest.raises(TimeoutError):
        response.read()
    assert response.length == size + 1

    tracemalloc.start()
    lengths = [len(response.read(1000)), len(response.readline(500)), len(response.read1(300))]
    shown = response.peek(200)
    lengths.append(response.readinto(bytearray(1000)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert lengths == [1000, 500, 300, 1000]
    assert shown == bytes(200)
    assert response.length == size + 1 - sum(lengths)
    assert peak < size / 10
    connection.close()
    response.close()


@pytest.mark.parametrize("interim", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"], ids=["first", "behind 100"])
def test_empty_lines_are_counted_however_they_come(interim: bytes) -> None:
    connection = HTTPConnection("h")
    connection.sock, peer = socket.socketpair()
    connection.sock.setblocking(False)
    connection.request("GET", "/")

    with peer, pytest.raises(BadStatusLine):
        for piece in (interim, *[b"\r\n"] * 5, OK):
            peer.send(piece)
            with suppress(BlockingIOError):
                connection.getresponse()

    connection.close()
