"""What an object of the API keeps where the interpreter finds it fast."""

import socket
from typing import Any

import pytest

from tests.protocol.peer import OK
from workbench.protocol import HTTPConnection, HTTPSConnection, dropin

FAST = 30
"""Attributes for which CPython has room in the object itself (SHARED_KEYS_MAX_SIZE). With one more, it makes a
dictionary for each object, and each attribute takes longer to find."""


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

    assert len(vars(connection)) <= FAST
