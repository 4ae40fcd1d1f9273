"""The program may use the socket beside us: close it, read from it, let no call on it block."""

import errno
import ssl

import pytest

from tests.protocol.conftest import Authority, Serve
from tests.protocol.peer import OK, Peer
from workbench.protocol import HTTPConnection, UnknownProtocol, UnsolicitedResponse, create_tls_context
from workbench.protocol.response import HTTPResponse


def test_interruption_finds_a_socket_that_the_program_has_closed(serve: Serve) -> None:
    server = serve(lambda peer: peer.answer(OK))
    connection = server.connection()
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.sock.close()

    connection.interrupt()
    connection.close()

    assert connection.sock is None


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
