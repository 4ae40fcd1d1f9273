"""The program may use the socket beside us: close it, read from it, let no call on it block."""

import errno
import io
import select
import socket
import ssl
import threading
from types import SimpleNamespace

import pytest

from tests.protocol.conftest import Authority, Serve
from tests.protocol.peer import OK, TIMEOUT_SECONDS, Peer, answers
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection, UnknownProtocol, UnsolicitedResponse, create_tls_context
from workbench.protocol import tap as events
from workbench.protocol.response import HTTPResponse
from workbench.protocol.transport import channel
from workbench.protocol.transport.channel import _LOOK_NS, Channel


def test_socket_that_was_detached_is_replaced(serve: Serve) -> None:
    """The program takes the descriptor, and leaves a socket that has none."""
    connection = serve(answers(OK), answers(OK)).connection()
    connection.request("GET", "/")
    connection.getresponse().read()
    socket.socket(fileno=connection.sock.detach()).close()

    connection.interrupt()
    connection.close()
    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"


def test_socket_that_was_detached_between_requests_counts_as_closed(serve: Serve) -> None:
    connection = serve(answers(OK), answers(OK)).connection()
    connection.request("GET", "/")
    connection.getresponse().read()
    socket.socket(fileno=connection.sock.detach()).close()

    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"


def test_socket_that_was_detached_before_its_first_answer_gives_an_error(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK)).connection(tap=watch)
    connection.request("GET", "/")
    socket.socket(fileno=connection.sock.detach()).close()

    with pytest.raises(OSError, match="Bad file descriptor"):
        connection.getresponse()

    assert watch.one(events.TransportFailed).operation == "receive"


def test_socket_that_was_detached_before_its_first_request_ended_is_replaced(serve: Serve) -> None:
    connection = serve(lambda peer: peer.take_all(), answers(OK)).connection()
    connection.connect()
    connection.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    socket.socket(fileno=connection.sock.detach()).close()

    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"


class _Foreign:
    """As little of a socket as programs get away with."""

    def __init__(self) -> None:
        self.sent = b""

    def sendall(self, data: bytes) -> None:
        self.sent += data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(OK)

    def close(self) -> None:
        """There is nothing to close."""


def test_answer_is_looked_for_once_more_where_a_look_takes_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the `poll` of gevent others have their turn, and where threads compute, each look waits for them."""
    now, looks = [0], []

    def look(_: int) -> list[tuple[int, int]]:
        now[0] += _LOOK_NS
        looks.append(now[0])
        return []

    monkeypatch.setattr(channel, "time", SimpleNamespace(perf_counter_ns=lambda: now[0]))
    one, other = socket.socketpair()
    with one, other:
        opened = Channel(one, None)
        opened.polled, opened.poll_input = one.fileno(), look

        assert opened.recv_answer(1) is None
        del opened

    assert len(looks) == 2


def test_what_only_looks_like_a_socket_is_neither_probed_nor_interrupted() -> None:
    connection = HTTPConnection("example.test")
    connection.sock = foreign = _Foreign()
    for _ in range(2):
        connection.request("GET", "/")
        connection.interrupt()
        assert connection.getresponse().read() == b"ok"

    assert connection.sock is foreign
    assert foreign.sent.count(b"GET / HTTP/1.1\r\n") == 2


def test_body_waits_until_the_socket_takes_more(serve: Serve) -> None:
    body = bytes(range(256)) * 65536
    came = []

    def play(peer: Peer) -> None:
        peer.take_head()
        came.append(peer.take(len(body)))
        peer.send(OK)
        peer.take_all()

    server = serve(play)
    connection = server.connection()

    connection.request("POST", "/", body)

    assert connection.getresponse().read() == b"ok"
    assert came == [body]


def test_answer_that_came_before_a_reset_is_found_when_sending_fails(serve: Serve) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(OK)
        peer.reset()

    server = serve(play)
    connection = server.connection()
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", "4")
    connection.endheaders()
    server.wait()
    broken = select.poll()
    broken.register(connection.sock, 0)
    assert broken.poll(TIMEOUT_SECONDS * 1000)

    connection.send(b"body")

    assert connection.getresponse().read() == b"ok"


def test_time_out_of_zero_seconds_does_not_wait_for_the_connection(serve: Serve) -> None:
    """As with http.client: the connection is under way, and that is an error."""
    server = serve(Peer.take_all)
    connection = HTTPConnection("127.0.0.1", server.port, timeout=0)

    with pytest.raises(BlockingIOError) as raised:
        connection.connect()

    assert raised.value.errno == errno.EINPROGRESS
    assert connection.sock is None


def test_bytes_that_tls_holds_back_are_noticed_before_the_next_request(
    serve: Serve, authority: Authority, server_context: ssl.SSLContext
) -> None:
    """The program has read a part of a record that nobody asked for; the rest is not in the kernel."""

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(OK)
        peer.take(1)
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.take_all()

    server = serve(play, context=server_context)
    connection = server.secure_connection(context=create_tls_context(str(authority.cafile)))
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.sock.sendall(b"?")
    assert connection.sock.recv(4) == b"HTTP"

    with pytest.raises(UnsolicitedResponse) as raised:
        connection.request("GET", "/")

    assert raised.value.line.startswith("/1.1 200 OK")
    assert connection.sock is None


def test_part_of_a_tls_record_is_no_answer_to_wait_for(
    serve: Serve, authority: Authority, server_context: ssl.SSLContext
) -> None:
    sent = threading.Event()
    heads = []

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(OK)
        # The header of a record, past the TLS layer; its body never comes.
        socket.socket.send(peer.sock, b"\x17\x03\x03\x00\x20")
        sent.set()
        heads.append(peer.take_head())

    server = serve(play, context=server_context)
    connection = server.secure_connection(context=create_tls_context(str(authority.cafile)))
    connection.request("GET", "/1")
    connection.getresponse().read()
    assert sent.wait(TIMEOUT_SECONDS)

    connection.request("GET", "/2")
    server.wait()

    assert heads[0].startswith(b"GET /2 ")


def test_excess_in_the_last_tls_record_of_content_is_found(
    serve: Serve, authority: Authority, server_context: ssl.SSLContext
) -> None:
    """The TLS layer has it, and the socket has nothing more."""

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n")
        peer.send(bytes(70_000) + b"excess")
        peer.take_all()

    server = serve(play, context=server_context)
    connection = server.secure_connection(context=create_tls_context(str(authority.cafile)))
    connection.request("GET", "/1")
    assert connection.getresponse().readinto(bytearray(70_000)) == 70_000
    assert connection.sock.pending() == len(b"excess")

    with pytest.raises(UnsolicitedResponse):
        connection.request("GET", "/2")


class _OfAnotherVersion(HTTPResponse):
    def _read_status(self) -> tuple[str, int, str]:
        super()._read_status()
        return "HTTP/2", 200, "OK"


def test_version_of_an_overridden_reader_has_to_be_one_that_we_know(serve: Serve) -> None:
    """Programs override `_read_status`, as http.client's own subclasses do."""
    server = serve(lambda peer: peer.answer(OK))
    connection = server.connection()
    connection.response_class = _OfAnotherVersion
    connection.request("GET", "/")

    with pytest.raises(UnknownProtocol, match="HTTP/2"):
        connection.getresponse()

    assert connection.sock is None
