"""What an object of the API keeps where the interpreter finds it fast."""

import socket
from typing import Any

import pytest

from tests.protocol.peer import OK
from workbench.protocol import HTTPConnection, HTTPSConnection, dropin

NOT_IN_SLOTS = {"_context", "_sends_queued", "_sock", "_transport"}
"""What HTTPS needs to connect, and what the drop-in has in the place of slots. CPython finds slots fast, whatever class a
tap makes of the object; what stands in its dictionary it has to look for."""


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(HTTPConnection, id="HTTPConnection"),
        pytest.param(HTTPSConnection, id="HTTPSConnection"),
        pytest.param(dropin.HTTPConnection, id="HTTPConnection of the drop-in"),
        pytest.param(dropin.HTTPSConnection, id="HTTPSConnection of the drop-in"),
    ],
)
def test_connection_has_room_in_itself_for_what_an_exchange_needs(kind: Any) -> None:
    connection = kind("example.test")
    connection.sock, peer = socket.socketpair()
    with peer:
        peer.sendall(OK)
        connection.request("POST", "/", b"body", {"A": "b"})
        assert connection.getresponse().read() == b"ok"
    connection.close()

    assert vars(connection).keys() <= NOT_IN_SLOTS
