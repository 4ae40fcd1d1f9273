"""`interrupt()`: whatever call is blocked raises ConnectionAbortedError, soon."""

import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.protocol.conftest import Authority, Serve
from tests.protocol.peer import OK, TIMEOUT_SECONDS, Peer, answers
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection, HTTPSConnection, create_tls_context
from workbench.protocol import tap as events
from workbench.protocol.wire.state import State

SYN_SENT = "02"
"""How the kernel's table of connections says that one is being opened."""


class Blocked:
    """A call in a thread of its own, and what came of it."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.error: BaseException | None = None
        self._call = call
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._call()
        except Exception as error:  # noqa: BLE001 - which one is what the tests ask
            self.error = error

    def assert_aborted_by(self, connection: HTTPConnection) -> None:
        connection.interrupt()
        self._thread.join(TIMEOUT_SECONDS)

        assert not self._thread.is_alive()
        assert type(self.error) is ConnectionAbortedError, repr(self.error)
        assert str(self.error) == "interrupted"


class Silence:
    """A play that says when it is time to interrupt, and answers nothing."""

    def __init__(self, before: Callable[[Peer], object]) -> None:
        self.reached = threading.Event()
        self._before = before

    def __call__(self, peer: Peer) -> None:
        self._before(peer)
        self.reached.set()
        peer.take_all()

    def wait(self) -> None:
        assert self.reached.wait(TIMEOUT_SECONDS)


def head(peer: Peer) -> None:
    peer.take_head()


def half_of_a_head(peer: Peer) -> None:
    peer.take_head()
    peer.send(OK[:20])


def half_of_the_content(peer: Peer) -> None:
    peer.take_head()
    peer.send(OK[:-1])


def half_of_a_chunk(peer: Peer) -> None:
    peer.take_head()
    peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc")


def content_until_close(peer: Peer) -> None:
    peer.take_head()
    peer.send(b"HTTP/1.1 200 OK\r\n\r\nabc")


@pytest.mark.parametrize("before", [head, half_of_a_head])
def test_getresponse_is_interrupted(serve: Serve, watch: Watch, before: Callable[[Peer], object]) -> None:
    play = Silence(before)
    connection = serve(play, answers(OK)).connection(tap=watch, timeout=None)
    connection.request("GET", "/")
    blocked = Blocked(connection.getresponse)
    play.wait()

    blocked.assert_aborted_by(connection)

    assert watch.one(events.TransportFailed).operation == "receive"
    assert_usable_again(connection)
    watch.check()


@pytest.mark.parametrize("before", [half_of_the_content, half_of_a_chunk])
@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda response: response.read(), id="read"),
        pytest.param(lambda response: response.read(100), id="read so many"),
        pytest.param(lambda response: response.readinto(bytearray(100)), id="readinto"),
        pytest.param(lambda response: response.readinto(bytearray(100_000)), id="readinto much"),
        pytest.param(lambda response: response.readline(), id="readline"),
        pytest.param(list, id="iteration"),
    ],
)
def test_reading_is_interrupted(
    serve: Serve, watch: Watch, before: Callable[[Peer], object], read: Callable[[Any], object]
) -> None:
    play = Silence(before)
    connection = serve(play, answers(OK)).connection(tap=watch, timeout=None)
    connection.request("GET", "/")
    response = connection.getresponse()
    blocked = Blocked(lambda: read(response))
    play.wait()

    blocked.assert_aborted_by(connection)

    assert_usable_again(connection)
    watch.check()


def test_content_until_close_is_not_taken_for_complete_when_it_is_interrupted(serve: Serve) -> None:
    play = Silence(content_until_close)
    server = serve(play)
    connection = server.connection(timeout=None)
    connection.request("GET", "/")
    response = server.closing(connection.getresponse())
    blocked = Blocked(response.read)
    play.wait()

    blocked.assert_aborted_by(connection)

    assert not response.complete


def test_sending_is_interrupted(serve: Serve, watch: Watch) -> None:
    """The peer reads nothing, so that its window and our buffer fill up."""
    taken = threading.Event()
    over = threading.Event()

    def play(peer: Peer) -> None:
        peer.take_head()
        taken.set()
        over.wait(TIMEOUT_SECONDS)

    connection = serve(play, answers(OK)).connection(tap=watch, timeout=None)
    blocked = Blocked(lambda: connection.request("POST", "/", (bytes(1_000_000) for _ in range(1000))))
    assert taken.wait(TIMEOUT_SECONDS)
    wait_until_nothing_can_be_sent(connection.sock, over)

    try:
        blocked.assert_aborted_by(connection)
    finally:
        over.set()

    assert watch.one(events.TransportFailed).operation == "send"
    assert_usable_again(connection)
    watch.check()


def wait_until_nothing_can_be_sent(sock: socket.socket, never: threading.Event) -> None:
    """Until the buffers are full and stay so: the sender then waits, and does not just pause."""
    writable = select.poll()
    writable.register(sock, select.POLLOUT)
    full = 0
    end = time.monotonic() + TIMEOUT_SECONDS
    while full < 5 and time.monotonic() < end:
        full = 0 if writable.poll(0) else full + 1
        never.wait(0.01)


@pytest.fixture
def full_listener() -> Iterator[tuple[str, int]]:
    """The address of a server that has no room for one more connection: connecting blocks."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    address = listener.getsockname()
    fillers = []
    for _ in range(4):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(address)
        fillers.append(filler)
    yield address
    for filler in fillers:
        filler.close()
    listener.close()


def connecting_to(port: int) -> int:
    """Count the sockets of this machine that wait for a server on this port to answer."""
    table = Path("/proc/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in table]
    return sum(row[2].endswith(f":{port:04X}") and row[3] == SYN_SENT for row in rows)


def test_connecting_is_interrupted(full_listener: tuple[str, int], watch: Watch) -> None:
    if not Path("/proc/net/tcp").exists():
        pytest.skip("this system does not say which connections are being opened")
    before = connecting_to(full_listener[1])
    connection = HTTPConnection(*full_listener, timeout=None, tap=watch)
    blocked = Blocked(connection.connect)
    turn = threading.Event()
    for _ in range(1000):
        if connecting_to(full_listener[1]) > before:
            break
        turn.wait(0.001)
    assert connecting_to(full_listener[1]) == before + 1

    blocked.assert_aborted_by(connection)

    assert connection.sock is None
    assert connection.state is State.IDLE
    assert watch.one(events.ConnectFailed).error == "interrupted"
    connection.close()
    watch.check()


def test_interruption_just_before_connecting_is_noticed(full_listener: tuple[str, int]) -> None:
    def tap(event: events.Event) -> None:
        if isinstance(event, events.ConnectStarted):
            connection.interrupt()

    connection = HTTPConnection(*full_listener, timeout=None, tap=tap)

    with pytest.raises(ConnectionAbortedError):
        connection.connect()


def test_interruption_that_comes_before_the_wait_is_noticed(
    full_listener: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel has begun to connect, and nobody waits for it yet."""
    make_poll = select.poll

    def interrupt_first() -> select.poll:
        connection.interrupt()
        return make_poll()

    connection = HTTPConnection(*full_listener, timeout=None)
    monkeypatch.setattr(select, "poll", interrupt_first)

    with pytest.raises(ConnectionAbortedError):
        connection.connect()


def test_connecting_times_out(full_listener: tuple[str, int], watch: Watch) -> None:
    connection = HTTPConnection(*full_listener, timeout=0.02, tap=watch)

    with pytest.raises(TimeoutError, match="timed out"):
        connection.connect()

    assert watch.one(events.ConnectFailed).error == "timed out"


def test_tls_handshake_is_interrupted(serve: Serve, watch: Watch) -> None:
    play = Silence(lambda peer: peer.take(1))
    server = serve(play)
    connection = server.closing(
        HTTPSConnection("localhost", server.port, context=create_tls_context(), tap=watch)
    )
    blocked = Blocked(connection.connect)
    play.wait()

    blocked.assert_aborted_by(connection)

    assert watch.of(events.TlsFailed)
    assert connection.sock is None
    watch.check()


def test_reading_over_tls_is_interrupted(
    serve: Serve, watch: Watch, authority: Authority, server_context: ssl.SSLContext
) -> None:
    play = Silence(half_of_the_content)
    server = serve(play, answers(OK), context=server_context)
    context = create_tls_context(str(authority.cafile))
    connection = server.secure_connection(context=context, tap=watch, timeout=None)
    connection.request("GET", "/")
    response = connection.getresponse()
    blocked = Blocked(response.read)
    play.wait()

    blocked.assert_aborted_by(connection)

    assert_usable_again(connection)
    watch.check()


def test_waiting_for_the_proxy_is_interrupted(serve: Serve, watch: Watch) -> None:
    play = Silence(head)
    connection = serve(play).connection(timeout=None, tap=watch)
    connection.set_tunnel("example.test", 80)
    blocked = Blocked(lambda: connection.request("GET", "/"))
    play.wait()

    blocked.assert_aborted_by(connection)

    assert connection.sock is None
    watch.check()


def test_waiting_for_100_continue_is_interrupted(serve: Serve, watch: Watch) -> None:
    play = Silence(head)
    connection = serve(play, answers(OK)).connection(timeout=None, tap=watch, expect_timeout=60)
    fields = {"Expect": "100-continue"}
    blocked = Blocked(lambda: connection.request("POST", "/", b"body", fields))
    play.wait()

    blocked.assert_aborted_by(connection)

    assert_usable_again(connection)
    watch.check()


def test_connection_that_nobody_waits_on_takes_no_harm() -> None:
    connection = HTTPConnection("example.test")

    connection.interrupt()

    assert connection.state is State.IDLE


def test_connection_that_was_interrupted_between_calls_fails_at_the_next_one(serve: Serve) -> None:
    connection = serve(answers(OK), answers(OK)).connection()
    connection.request("GET", "/")
    connection.interrupt()

    with pytest.raises(ConnectionAbortedError):
        connection.getresponse()

    assert_usable_again(connection)


def assert_usable_again(connection: HTTPConnection) -> None:
    connection.close()
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.close()
