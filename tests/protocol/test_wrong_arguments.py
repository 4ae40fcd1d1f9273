"""What is the caller's own mistake raises TypeError or ValueError, and leaves the object usable."""

import socket
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, answers
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection, NotConnected
from workbench.protocol.wire.state import State


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param((None, "/"), id="no method"),
        pytest.param((5, "/"), id="a number for a method"),
        pytest.param((b"GET", "/"), id="bytes for a method"),
        pytest.param(("GET", 7), id="a number for a target"),
        pytest.param(("GET", b"/"), id="bytes for a target"),
        pytest.param(("GET", "/", None, {5: "x"}), id="a number for a field name"),
        pytest.param(("GET", "/", None, {None: "x"}), id="no field name"),
        pytest.param(("GET", "/", None, "no mapping"), id="a string for headers"),
    ],
)
def test_argument_of_a_wrong_type_is_a_type_error(arguments: Any) -> None:
    connection = HTTPConnection("127.0.0.1")

    with pytest.raises(TypeError, match="Expected "):
        connection.request(*arguments)

    assert connection.state is State.IDLE


def test_response_cannot_be_waited_for_when_the_socket_was_taken_away(serve: Serve) -> None:
    connection = serve(answers(OK), answers(OK)).connection()
    connection.request("GET", "/")
    taken, connection.sock = connection.sock, None

    with pytest.raises(NotConnected):
        connection.getresponse()

    taken.close()
    assert connection.state is State.IDLE
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"


def test_memory_that_cannot_be_written_to_loses_no_content(serve: Serve) -> None:
    connection = serve(answers(OK)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()

    with pytest.raises(TypeError, match="Expected memory"):
        response.readinto(b"read-only")

    assert response.read() == b"ok"


@pytest.mark.parametrize("tap", [None, Watch()], ids=["no tap", "tap"])
@pytest.mark.parametrize("way", ["read", "read1", "readline"])
@pytest.mark.parametrize("later", [b"", b"k", b"o"], ids=["all is there", "half of it", "nothing"])
@pytest.mark.parametrize(
    "response",
    [
        pytest.param(OK, id="length"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n", id="chunks"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok", id="until close"),
    ],
)
def test_part_of_a_byte_cannot_be_read_and_loses_no_content(
    response: bytes, later: bytes, way: str, tap: Watch | None
) -> None:
    connection = HTTPConnection("h", tap=tap)
    connection.sock, peer = socket.socketpair()
    at = response.index(later, response.index(b"\r\n\r\n") + 4) if later else len(response)
    peer.sendall(response[:at])
    connection.request("GET", "/")
    peer.recv(1000)
    found = connection.getresponse()
    for _ in range(2):
        with pytest.raises(TypeError, match="integer"):
            getattr(found, way)(1.5)
    peer.sendall(response[at:])
    peer.close()

    assert found.read() == b"ok"
    assert found.complete
    connection.close()
