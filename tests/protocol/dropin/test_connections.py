"""Where a connection of the drop-in does what http.client of today does."""

import gzip
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.dropin.source import CHUNKED, Source, connected
from tests.protocol.peer import OK, Peer
from tests.protocol.watching import Watch
from workbench.protocol import dropin, tapped
from workbench.protocol.dropin import (
    HTTPConnection,
    HTTPResponse,
    HTTPSConnection,
    InvalidURL,
    RemoteDisconnected,
)


@pytest.mark.parametrize("method", ["GET\r\nX: y", "GET\n", "G\0T"])
def test_method_with_control_characters_is_refused(method: str) -> None:
    with pytest.raises(ValueError, match="method can't contain control characters"):
        connected().putrequest(method, "/")


def test_method_that_is_no_token_is_sent() -> None:
    connection = connected()

    connection.request("a b", "/")

    assert connection.sock.sent.startswith(b"a b / HTTP/1.1\r\n")


def test_target_and_host_are_refused_in_the_words_of_today() -> None:
    for call in (
        lambda: connected().putrequest("GET", "/a b"),
        lambda: HTTPConnection("example.test\r\nX: y"),
        lambda: HTTPSConnection("example test"),
    ):
        with pytest.raises(InvalidURL, match=r"URL can't contain control characters.*\(found at least '"):
            call()


def test_subclass_may_send_what_is_refused() -> None:
    class Unsafe(HTTPConnection):
        def _validate_host(self, host: str) -> None:
            """Anything goes."""

        def _validate_path(self, url: str) -> None:
            """Anything goes."""

    connection = Unsafe("example test")
    connection.sock = Source(b"")
    connection.request("GET", "/a b")

    assert connection.sock.sent.startswith(b"GET /a b HTTP/1.1\r\nHost: example test\r\n")


def test_fragment_is_sent() -> None:
    connection = connected()

    connection.request("GET", "/a#b")

    assert connection.sock.sent.startswith(b"GET /a#b HTTP/1.1\r\n")


def test_field_name_that_is_no_token_is_sent_unless_it_would_be_another_line() -> None:
    connection = connected()
    connection.putrequest("GET", "/")
    connection.putheader("a b", "c")

    for name in ("a:b", " a", "a\r\nb", ""):
        with pytest.raises(ValueError, match="Invalid header name"):
            connection.putheader(name, "c")

    assert connection._buffer[-1] == b"a b: c"


def test_body_from_a_file_is_sent_in_chunks(tmp_path: Any) -> None:
    path = tmp_path / "body"
    path.write_bytes(b"abc")
    connection = connected()

    with path.open("rb") as body:
        connection.request("POST", "/", body)

    assert connection.sock.sent.endswith(b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")


def test_every_byte_goes_through_send() -> None:
    class Watching(HTTPConnection):
        def send(self, data: Any) -> None:
            seen.append(data)
            super().send(data)

    seen: list[bytes] = []
    connection = Watching("example.test")
    connection.sock = Source(b"")
    connection.request("POST", "/", b"body")
    connection.send(b"more")

    assert [type(data) for data in seen] == [bytes] * 3
    assert b"".join(seen) == connection.sock.sent
    assert seen[1:] == [b"body", b"more"]


def test_every_request_goes_through_the_method_that_subclasses_know() -> None:
    class Own(HTTPConnection):
        def _send_request(self, method: str, url: str, body: Any, headers: Any, encode_chunked: bool) -> None:
            super()._send_request(method, url + "/own", body, {**headers, "A": "b"}, encode_chunked)

    connection = Own("example.test")
    connection.sock = Source(b"")
    connection.request("GET", "/a")

    assert connection.sock.sent.startswith(b"GET /a/own HTTP/1.1\r\n")
    assert b"\r\nA: b\r\n" in connection.sock.sent


def test_socket_is_reached_through_the_file_of_a_response(serve: Serve) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n")
        assert peer.take(4) == b"ping"
        peer.send(b"pong")

    connection = HTTPConnection("127.0.0.1", serve(play).port)
    connection.request("POST", "/", headers={"Upgrade": "tcp", "Connection": "Upgrade"})
    response = connection.getresponse()

    # As docker's client does it.
    raw = response.fp.raw
    raw._sock.sendall(b"ping")

    assert raw.read(4) == b"pong"
    raw.close()
    response.close()
    connection.close()


def test_tap_is_told_once_of_each_byte_that_goes_through_send(serve: Serve, watch: Watch) -> None:
    def proxy(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        peer.take_head()
        peer.take(8)
        peer.send(OK)
        peer.take_all()

    server = serve(proxy)
    with tapped(watch):
        connection = server.connection(HTTPConnection)
    connection.set_tunnel("example.test", 80)
    connection.request("POST", "/", iter([b"body"]), {"Content-Length": "8"})
    connection.send(b"more")

    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()


def test_response_class_is_given_what_http_client_gives(capsys: pytest.CaptureFixture[str]) -> None:
    class Response(HTTPResponse):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            given.append((len(args), kwargs))
            super().__init__(*args, **kwargs)

    given: list[Any] = []
    for level in (0, 1):
        connection = connected(OK)
        connection.response_class = Response
        connection.set_debuglevel(level)
        connection.request("GET", "/")
        connection.getresponse().read()

    assert given == [(1, {"method": "GET"}), (1, {"method": "GET", "debuglevel": 1})]
    assert "reply: 'HTTP/1.1 200 OK\\r\\n'" in capsys.readouterr().out


# --- the connection ---------------------------------------------------------------------------


def test_head_that_cannot_be_read_leaves_the_connection_to_the_caller() -> None:
    connection = connected(b"nonsense\r\n\r\n")
    connection.request("GET", "/")

    with pytest.raises(dropin.BadStatusLine):
        connection.getresponse()

    assert connection.sock is not None


def test_close_is_called_wherever_http_client_calls_it(serve: Serve) -> None:
    class Closing(HTTPConnection):
        def close(self) -> None:
            calls.append(self.sock)
            super().close()

    calls: list[Any] = []
    ending = OK.replace(b"Content-Length", b"Connection: close\r\nContent-Length")
    server = serve(lambda peer: (peer.take_head(), peer.send(ending)), lambda peer: peer.take_head())
    connection = server.connection(Closing)
    connection.request("GET", "/")
    connection.getresponse().read()
    after_the_last_response = len(calls)
    connection.request("GET", "/")
    with pytest.raises(RemoteDisconnected):
        connection.getresponse()

    assert after_the_last_response == 1
    assert len(calls) == 2
    assert connection.sock is None


def test_socket_that_is_taken_away_is_open_until_the_response_has_ended(serve: Serve) -> None:
    """What urllib does: it closes the socket and takes it away, and reads on."""
    server = serve(lambda peer: (peer.take_head(), peer.send(OK), peer.take_all()))
    connection = server.connection(HTTPConnection)
    connection.request("GET", "/")
    response = connection.getresponse()
    sock = connection.sock
    sock.close()
    connection.sock = None

    assert sock.fileno() >= 0
    assert response.read() == b"ok"
    assert sock.fileno() == -1


def test_coded_content_that_is_read_from_the_file_leaves_the_connection_open(serve: Serve) -> None:
    coded = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    server = serve(lambda peer: peer.answer(coded))
    connection = server.connection(HTTPConnection)
    connection.request("GET", "/")
    response = connection.getresponse()
    for _ in range(4):
        response.fp.readline()
    response.close()

    assert connection.sock is not None


def test_chunks_below_a_coding_that_are_read_from_the_file_are_all_there_is(serve: Serve) -> None:
    coded = gzip.compress(b"2\r\nok\r\n0\r\n\r\n")
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n"
    server = serve(lambda peer: (peer.take_head(), peer.send(head + coded)))
    connection = server.connection(HTTPConnection)
    connection.request("GET", "/")

    with connection.getresponse() as response:
        assert response.fp.read() == coded
        assert response.complete


def test_chunks_that_are_read_from_the_file_leave_the_connection_open(serve: Serve) -> None:
    """What urllib3 does: it has a parser of its own, and closes the response behind the last chunk."""
    chunked = CHUNKED + b"2\r\nok\r\n0\r\n\r\n"
    server = serve(lambda peer: peer.answer(chunked, OK))
    connection = server.connection(HTTPConnection)
    connection.request("GET", "/")
    response = connection.getresponse()
    lines = [response.fp.readline() for _ in range(4)]
    response.close()
    kept = connection.sock
    connection.request("GET", "/")

    assert lines == [b"2\r\n", b"ok\r\n", b"0\r\n", b"\r\n"]
    assert kept is not None
    assert connection.sock is kept
    assert connection.getresponse().read() == b"ok"
    connection.close()


def test_response_that_was_begun_and_closed_closes_the_connection(serve: Serve) -> None:
    server = serve(lambda peer: (peer.take_head(), peer.send(CHUNKED + b"2\r\nok\r\n"), peer.take_all()))
    connection = server.connection(HTTPConnection)
    connection.request("GET", "/")
    response = connection.getresponse()
    response.read(1)
    response.close()

    assert connection.sock is None


@pytest.mark.parametrize("timeout", [31_536_000, 1e9], ids=["a year", "a billion seconds"])
def test_time_that_is_longer_than_a_poll_can_wait_is_waited_for(serve: Serve, timeout: float) -> None:
    connection = serve(lambda peer: peer.answer(OK)).connection(HTTPConnection, timeout=timeout)

    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    connection.close()
