"""Opening a connection: addresses, time-outs, sockets of other families, and what is refused."""

import errno
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.ports import closed_port
from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, TIMEOUT_SECONDS, Peer, answers
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection, HTTPSConnection
from workbench.protocol import tap as events
from workbench.protocol.wire.state import State


@pytest.fixture(name="closed_port")
def closed_port_of_the_test() -> Iterator[int]:
    """A port that nobody listens on."""
    with closed_port() as port:
        yield port


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: tuple[str, int]) -> None:
    """Let every name have these addresses."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args: found)


def test_next_address_is_tried_when_one_refuses(
    serve: Serve, watch: Watch, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(answers(OK))
    resolve_to(monkeypatch, ("127.0.0.1", closed_port), ("127.0.0.1", server.port))
    connection = server.closing(HTTPConnection("two-addresses.test", tap=watch))

    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert watch.one(events.HostLookupFinished).addresses == ("127.0.0.1", "127.0.0.1")
    assert watch.one(events.ConnectFailed).port == closed_port
    assert watch.one(events.Connected).port == server.port


def test_error_is_that_of_the_last_address(closed_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, ("127.0.0.1", closed_port), ("127.0.0.1", closed_port))

    with pytest.raises(ConnectionRefusedError) as caught:
        HTTPConnection("two-addresses.test").connect()

    assert caught.value.errno == errno.ECONNREFUSED


@pytest.mark.parametrize("tapped", [False, True])
def test_name_that_is_not_known_is_an_error(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, tapped: bool
) -> None:
    def fail(*args: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    connection = HTTPConnection("nowhere.test", tap=watch if tapped else None)

    with pytest.raises(socket.gaierror):
        connection.request("GET", "/")

    assert connection.state is State.IDLE
    if tapped:
        assert watch.one(events.HostLookupStarted).host == "nowhere.test"
        assert "Name or service not known" in watch.one(events.HostLookupFinished).error
    connection.close()
    watch.check()


def test_name_server_that_a_program_puts_in_place_is_asked_for_addresses_too(
    serve: Serve, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(answers(OK))
    resolve_to(monkeypatch, (server.host, server.port))
    connection = server.closing(HTTPConnection("192.0.2.1", 9, tap=watch))

    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert watch.one(events.HostLookupStarted).host == "192.0.2.1"
    assert watch.one(events.HostLookupFinished).addresses == (server.host,)


def test_addresses_are_found_as_ever_the_second_time(serve: Serve, watch: Watch) -> None:
    """What is found for an address is kept: it cannot change."""
    server = serve(answers(OK), answers(OK))
    connection = server.connection(tap=watch)
    for _ in range(2):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"
        connection.close()

    first, second = watch.of(events.HostLookupFinished)
    assert first.addresses == second.addresses == (server.host,)


def test_source_address_is_where_the_server_is_connected_from(serve: Serve, watch: Watch) -> None:
    # Clients and servers have ports of 127.0.0.1: of another address this one stays free.
    with socket.socket() as taken:
        taken.bind(("127.0.0.2", 0))
        free: tuple[str, int] = taken.getsockname()
    seen: list[Any] = []

    def play(peer: Peer) -> None:
        seen.append(peer.sock.getpeername())
        peer.answer(OK)

    connection = serve(play).connection(source_address=free, tap=watch)
    connection.request("GET", "/")
    connection.getresponse().read()

    assert seen == [free]
    assert watch.one(events.Connected).local_port == free[1]


def test_source_address_that_is_taken_is_an_error(serve: Serve) -> None:
    server = serve()
    connection = server.connection(source_address=("127.0.0.1", server.port))

    with pytest.raises(OSError, match="in use") as caught:
        connection.connect()

    assert caught.value.errno == errno.EADDRINUSE


@pytest.mark.parametrize("seconds", [None, 7.5])
def test_default_time_out_is_that_of_the_socket_module(serve: Serve, seconds: float | None) -> None:
    server = serve()
    connection = server.closing(HTTPConnection(server.host, server.port))
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        connection.connect()
    finally:
        socket.setdefaulttimeout(before)

    assert connection.sock.gettimeout() == seconds


@pytest.mark.parametrize("seconds", [None, 7.5])
def test_time_out_of_the_argument_is_that_of_the_socket(serve: Serve, seconds: float | None) -> None:
    connection = serve().connection(timeout=seconds)

    connection.connect()

    assert connection.sock.gettimeout() == seconds


def test_small_segments_are_sent_at_once(serve: Serve) -> None:
    connection = serve().connection()

    connection.connect()

    assert connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


class WithoutOption:
    """A socket of a family that has no such option."""

    def __init__(self, code: int) -> None:
        self._code = code

    def setsockopt(self, *option: int) -> None:
        raise OSError(self._code, "no such option")

    def close(self) -> None:
        pass


def test_family_without_the_option_is_none_the_worse() -> None:
    connection = HTTPConnection("example.test")
    connection._create_connection = lambda *args: WithoutOption(errno.ENOPROTOOPT)

    connection.connect()

    assert isinstance(connection.sock, WithoutOption)
    connection.close()


def test_other_failure_of_the_option_is_an_error() -> None:
    connection = HTTPConnection("example.test")
    connection._create_connection = lambda *args: WithoutOption(errno.EBADF)

    with pytest.raises(OSError, match="no such option"):
        connection.connect()
    connection.close()


def test_ipv6_server_is_reached(serve: Serve, watch: Watch) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback address")
    heads: list[bytes] = []

    def play(peer: Peer) -> None:
        heads.append(peer.take_head())
        peer.send(OK)
        peer.take_all()

    server = serve(play, host="::1")
    connection = server.closing(HTTPConnection(f"[::1]:{server.port}", tap=watch))
    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert f"Host: [::1]:{server.port}\r\n".encode() in heads[0]
    assert watch.one(events.Connected).address == "::1"


def test_send_opens_the_connection(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK)).connection(tap=watch)

    connection.send(b"GET / HTTP/1.1\r\n\r\n")

    assert connection.sock is not None
    assert connection.state is State.IDLE
    assert watch.one(events.ContentBuffered).leaves[0].kind == "raw"
    connection.close()
    watch.check()


def test_upload_that_nobody_takes_times_out(serve: Serve, watch: Watch) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        connection_is_over.wait(10)

    connection_is_over = threading.Event()
    connection = serve(play, answers(OK)).connection(tap=watch, timeout=0.05)

    with pytest.raises(TimeoutError):
        connection.request("POST", "/", (bytes(1_000_000) for _ in range(1000)))

    connection_is_over.set()
    assert watch.one(events.TransportFailed).operation == "send"
    connection.close()
    connection.timeout = TIMEOUT_SECONDS
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()


def test_upload_call_by_call_stops_at_an_early_response(serve: Serve, watch: Watch) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno.")
        peer.close()

    connection = serve(play).connection(tap=watch)
    connection.putrequest("POST", "/")
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders()

    connection.send(bytes(100_000) for _ in range(10_000))

    response = connection.getresponse()
    assert (response.status, response.read()) == (413, b"no.")
    assert connection.sock is None
    assert "EARLY_RESPONSE" in watch.codes()
    connection.close()
    watch.check()


def test_interrupted_program_leaves_a_connection_that_can_be_closed(serve: Serve, watch: Watch) -> None:
    """KeyboardInterrupt in the middle of the head, as Ctrl+C gives it."""

    def tap(event: events.Event) -> None:
        watch(event)
        if isinstance(event, events.StatusLineParsed) and not interrupted:
            interrupted.append(event)
            raise KeyboardInterrupt

    interrupted: list[events.Event] = []
    connection = serve(answers(OK), answers(OK)).connection(tap=tap)
    connection.request("GET", "/")

    with pytest.raises(KeyboardInterrupt):
        connection.getresponse()

    connection.close()
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.close()


@pytest.mark.parametrize("moment", [events.Connected, events.TlsStarted])
def test_program_that_is_interrupted_while_it_connects_leaves_no_socket_open(
    watch: Watch, moment: type[events.Event]
) -> None:
    def tap(event: events.Event) -> None:
        watch(event)
        if isinstance(event, moment):
            raise KeyboardInterrupt

    client = HTTPSConnection if moment is events.TlsStarted else HTTPConnection
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = client(*listener.getsockname(), tap=tap)

        with pytest.raises(KeyboardInterrupt) as caught:
            connection.connect()

        accepted, _ = listener.accept()
        with accepted:
            accepted.settimeout(TIMEOUT_SECONDS)
            assert accepted.recv(1) == b""
    assert connection.sock is None
    # It holds the frames that knew the socket: nobody has closed it by forgetting it.
    assert caught.tb is not None
