"""What nobody refers to any more is gone at once, and its socket with it, without the garbage collector."""

import contextlib
import gc
import io
import sys
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, ByteServer, Peer, answers
from tests.protocol.watching import Watch
from workbench.protocol import STRICT, HTTPConnection, HTTPResponse, TunnelError, UnsolicitedResponse
from workbench.protocol import tap as events

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok"
BELOW_GZIP = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n\x1f\x8b"
UNTIL_CLOSE = b"HTTP/1.0 200 OK\r\n\r\nok"


@pytest.fixture(autouse=True)
def no_garbage_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def says_when_the_client_is_gone(response: bytes) -> Any:
    """A play that ends only when the client's socket is closed."""

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(response)
        peer.take_all()

    return play


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize("with_tap", [False, True], ids=["without a tap", "with a tap"])
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(None, id="not read"),
        pytest.param(LENGTH, id="of a length"),
        pytest.param(CHUNKED, id="chunked"),
        pytest.param(BELOW_GZIP, id="chunked below another coding"),
        pytest.param(UNTIL_CLOSE, id="until close"),
    ],
)
def test_connection_that_is_dropped_closes_its_socket(
    serve: Serve, answer: bytes | None, with_tap: bool
) -> None:
    server = serve(says_when_the_client_is_gone(answer or LENGTH))
    watch = Watch()
    connection: Any = HTTPConnection("127.0.0.1", server.port, timeout=10, tap=watch if with_tap else None)
    connection.request("GET", "/")
    response = connection.getresponse() if answer else None
    traces = [weakref.ref(thing) for thing in (connection, connection.sock, response) if thing is not None]

    del connection, response

    assert [trace() for trace in traces] == [None] * len(traces)
    server.wait()
    if with_tap:
        assert watch.of(events.ConnectionClosed)


def test_socket_that_the_program_closed_is_open_for_as_long_as_somebody_reads(serve: Serve) -> None:
    connection: Any = _connection_to(serve(says_when_the_client_is_gone(LENGTH)))
    connection.request("GET", "/")
    response, sock = connection.getresponse(), connection.sock

    sock.close()

    assert sock.fileno() >= 0
    del connection, response
    assert sock.fileno() < 0


def _connection_to(server: ByteServer, timeout: float = 10, **arguments: Any) -> HTTPConnection:
    """One that the server object does not keep."""
    return HTTPConnection("127.0.0.1", server.port, timeout=timeout, **arguments)


def _time_out(serve: Serve) -> Any:
    connection = _connection_to(serve(says_when_the_client_is_gone(b"HTTP/1.1 200")), timeout=0.01)
    connection.request("GET", "/")
    with contextlib.suppress(TimeoutError):
        connection.getresponse()
    return connection


def _interrupt(serve: Serve) -> Any:
    connection = _connection_to(serve(says_when_the_client_is_gone(b"")))
    connection.request("GET", "/")
    connection.interrupt()
    with contextlib.suppress(ConnectionAbortedError):
        connection.getresponse()
    return connection


def _reach_nobody(serve: Serve) -> Any:
    server = serve()
    server.wait()
    connection = _connection_to(server)
    with contextlib.suppress(ConnectionRefusedError):
        connection.connect()
    return connection


def _refuse_excess(serve: Serve) -> Any:
    connection = _connection_to(serve(answers(OK + b"excess")), policy=STRICT)
    connection.request("GET", "/")
    connection.getresponse().read()
    return connection


def _raise_for_excess(serve: Serve) -> Any:
    connection = _refuse_excess(serve)
    with contextlib.suppress(UnsolicitedResponse):
        connection.request("GET", "/")
    return connection


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize(
    "trip",
    [_time_out, _interrupt, _reach_nobody, _refuse_excess, _raise_for_excess],
    ids=lambda trip: trip.__name__,
)
def test_exception_does_not_keep_the_connection(serve: Serve, trip: Any) -> None:
    """Neither does its traceback, whose frames have the connection in their variables."""
    connection = trip(serve)
    trace = weakref.ref(connection)

    del connection

    assert trace() is None


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_refused_tunnel_is_closed_when_its_exception_is_dropped(serve: Serve) -> None:
    """Although there still is the connection, which knows the field lines of the answer."""
    watch = Watch()
    server = serve(says_when_the_client_is_gone(b"HTTP/1.1 403 No\r\nA: b\r\nContent-Length: 4\r\n\r\nno"))
    connection = _connection_to(server, tap=watch)
    connection.set_tunnel("example.test", 443)
    with contextlib.suppress(TunnelError):
        connection.request("GET", "/")

    server.wait()

    assert watch.of(events.ConnectionClosed)
    assert connection.get_proxy_response_headers()["A"] == "b"


def test_response_that_has_ended_has_no_socket_number(serve: Serve) -> None:
    connection = serve(answers(OK)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()
    assert response.fileno() == connection.sock.fileno()
    response.read()

    with pytest.raises(io.UnsupportedOperation):
        response.fileno()


def test_response_whose_constructor_failed_is_collected_in_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ignored: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)

    with pytest.raises(AttributeError):
        HTTPResponse(None)

    assert ignored == []
