"""What a response needs is made before it comes, as the one before has needed it. Nobody may notice."""

import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, TIMEOUT_SECONDS
from workbench.protocol import HTTPConnection, HTTPResponse, dropin

# Everything up to the content, and the content.
ANSWERS = [
    (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"ok"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: another head\r\n\r\n", b"ok"),
    (b"HTTP/1.0 200 Old\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\n", b"old"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"2\r\nok\r\n0\r\nT: t\r\n\r\n"),
    (b"HTTP/1.1 204 Nothing\r\n\r\n", b""),
    (b"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\n", b"lost"),
    (b"HTTP/1.1 200 Irregular\nContent-Length: 2\n\n", b"ok"),
]

Step = tuple[tuple[bytes, bytes], str]


def exchange(connection: Any, peer: socket.socket, step: Step) -> dict[str, object]:
    """Do one exchange, and give all that its response says."""
    (head, content), method = step
    connection.request(method, "/")
    while not peer.recv(65536).endswith(b"\r\n\r\n"):
        pass
    peer.sendall(head if method == "HEAD" else head + content)
    response = connection.getresponse()
    length = response.length
    return {
        "content": response.read(),
        "complete": response.complete,
        "fields": response.getheaders(),
        "length": length,
        "trailers": response.trailers and response.trailers.items(),
        "interim": [interim.status for interim in response.informational],
    } | {
        name: getattr(response, name)
        for name in ("version", "status", "reason", "chunked", "framing", "will_close", "persistence_reason")
    }


def on_new_connection(kind: Any, *steps: Step) -> list[dict[str, object]]:
    """Do exchanges one after another that nothing came before."""
    connection = kind("example.test")
    connection.sock, peer = socket.socketpair()
    connection.sock.settimeout(TIMEOUT_SECONDS)
    with peer:
        outcomes = [exchange(connection, peer, step) for step in steps]
    connection.close()
    return outcomes


_steps = st.tuples(st.sampled_from(ANSWERS), st.sampled_from(["GET", "POST", "HEAD"]))


@given(st.sampled_from([HTTPConnection, dropin.HTTPConnection]), st.lists(_steps, min_size=2, max_size=6))
def test_response_is_the_same_whatever_came_before(kind: Any, steps: list[Step]) -> None:
    expected = [outcome for step in steps for outcome in on_new_connection(kind, step)]

    assert on_new_connection(kind, *steps) == expected


def test_response_says_nothing_before_its_head_has_come(serve: Serve) -> None:
    def play(peer: Any) -> None:
        peer.answer(OK, OK[:20])
        peer.take_all()

    connection = serve(play).connection()
    made: list[HTTPResponse] = []

    def make(*arguments: Any, **named: Any) -> HTTPResponse:
        made.append(HTTPResponse(*arguments, **named))
        return made[-1]

    connection.response_class = make
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.request("GET", "/")
    connection.sock.settimeout(0.05)
    with pytest.raises(TimeoutError):
        connection.getresponse()
    response = made[1]
    said = (response.status, response.chunked, response.length, response.header_section, response.headers)
    connection.close()

    assert said == ("UNKNOWN", "UNKNOWN", "UNKNOWN", None, None)
