"""What is the caller's own mistake raises TypeError or ValueError, and leaves the object usable."""

from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, answers
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
