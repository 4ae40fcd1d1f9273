"""What is the caller's own mistake raises TypeError or ValueError, and leaves the object usable."""

import math
import socket
from decimal import Decimal
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, answers
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection, HTTPSConnection, NotConnected, dropin
from workbench.protocol.wire.state import State


class Index:
    """A whole number that is no int, as other libraries have them."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


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


REFUSED = [
    pytest.param({"host": None}, TypeError, "host to be a str, got None", id="no host"),
    pytest.param({"host": b"h"}, TypeError, "host to be a str, got b'h'", id="bytes for a host"),
    pytest.param({"port": 1.5}, TypeError, "port to be a number or its digits, got 1.5", id="half a port"),
    pytest.param(
        {"timeout": "5"}, TypeError, "timeout to be a number of seconds, got '5'", id="str for a time"
    ),
    pytest.param(
        {"timeout": -1}, ValueError, "timeout to be from 0 to 2147483 seconds, got -1", id="no time"
    ),
    pytest.param(
        {"source_address": "h"}, TypeError, "a tuple of host and port, got 'h'", id="half an address"
    ),
    pytest.param(
        {"blocksize": "8"}, TypeError, "blocksize to be a whole number, got '8'", id="str for a size"
    ),
    pytest.param({"blocksize": 0}, ValueError, "blocksize to be 1 or more, got 0", id="blocks of nothing"),
    pytest.param({"max_response_headers": -1}, ValueError, "to be 0 or more, got -1", id="no field lines"),
]
"""What http.client takes, and fails with when it is used."""

OWN_REFUSED = [
    pytest.param({"deadline": "x"}, TypeError, "deadline to be a number of seconds, got 'x'", id="str"),
    pytest.param({"deadline": Decimal(1)}, TypeError, r"got Decimal\('1'\)", id="what no socket takes"),
    pytest.param({"deadline": -0.1}, ValueError, "from 0 to 2147483 seconds, got -0.1", id="in the past"),
    pytest.param({"deadline": math.nan}, ValueError, "2147483 seconds, got nan", id="no number"),
    pytest.param({"deadline": math.inf}, ValueError, "2147483 seconds, got inf", id="never"),
    pytest.param({"expect_timeout": -1}, ValueError, "expect_timeout to be from 0", id="no wait"),
    pytest.param({"byte_budget": -1}, ValueError, "byte_budget to be 0 or more, got -1", id="less than none"),
    pytest.param({"byte_budget": 1.5}, TypeError, "byte_budget to be a whole number", id="half a byte"),
    pytest.param(
        {"policy": "strict"}, TypeError, "policy to be a Policy, such as STRICT, got 'strict'", id="name"
    ),
    pytest.param({"policy": ""}, TypeError, "policy to be a Policy", id="no name"),
    pytest.param({"tap": "x" * 90}, TypeError, r"can be called, got 'x{79}\.\.\.$", id="long"),
]


@pytest.mark.parametrize("kind", [HTTPConnection, HTTPSConnection])
@pytest.mark.parametrize(("given", "error", "words"), [*REFUSED, *OWN_REFUSED])
def test_connection_is_not_made_with_what_cannot_be_meant(
    kind: Any, given: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=f"^Expected .*{words}"):
        kind(**{"host": "h", **given})


def test_https_connection_is_not_made_with_what_is_no_context() -> None:
    with pytest.raises(TypeError, match=r"^Expected context to be an ssl\.SSLContext, got 'tls'"):
        HTTPSConnection("h", context="tls")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"port": None, "timeout": None, "source_address": None, "policy": None}, id="nothing"),
        pytest.param({"timeout": True, "deadline": 0, "byte_budget": 0}, id="next to nothing"),
        pytest.param({"timeout": Index(3), "blocksize": Index(3)}, id="numbers of other libraries"),
        pytest.param({"port": "81", "source_address": (), "max_response_headers": 0}, id="digits"),
    ],
)
def test_connection_is_made_with_what_can_be_meant(given: dict[str, Any]) -> None:
    connection = HTTPConnection("h", **given)

    assert connection.state is State.IDLE


@pytest.mark.parametrize(
    ("given", "error", "words"), [entry for entry in REFUSED if "host" not in entry.values[0]]
)
def test_dropin_takes_what_http_client_takes(given: dict[str, Any], error: Any, words: str) -> None:
    dropin.HTTPConnection("h", **given)


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
