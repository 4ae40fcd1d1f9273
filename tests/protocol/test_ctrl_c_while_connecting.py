"""Ctrl+c comes at any place of `connect`: no socket is left that the next request would go over in the clear, or to a proxy."""

import socket
from contextlib import suppress
from typing import Any

import pytest

from tests.protocol.call_programs import PairedSocket
from tests.protocol.peer import TIMEOUT_SECONDS
from tests.protocol.test_ctrl_c import Stop, Stopper
from workbench.protocol import HTTPConnection, HTTPSConnection, https

TUNNEL = b"HTTP/1.1 200 OK\r\n\r\n"


def stop(number: int, connection: Any) -> str:
    """Stop `connect` at a place, and give it; empty where there are not so many."""
    opened: list[PairedSocket] = []

    def connect(*_: object) -> PairedSocket:
        opened.append(PairedSocket())
        opened[-1].play(TUNNEL)
        return opened[-1]

    stopper = Stopper(number)
    connection._create_connection = connect
    with suppress(Stop), stopper:
        connection.connect()
    if stopper.place:
        assert connection.sock is None
        assert all(is_closed_by_the_other_side(sock.peer) for sock in opened)
    connection.close()
    for sock in opened:
        sock.close()
    return stopper.place


def is_closed_by_the_other_side(peer: socket.socket) -> bool:
    """Whether nothing more comes."""
    # A `PairedSocket` that is closed closes its peer too. One that gave its number away to TLS does not.
    if peer.fileno() >= 0:
        peer.settimeout(TIMEOUT_SECONDS)
        with suppress(ConnectionResetError):
            while peer.recv(65536):
                pass
    return True


# Where ctrl+c comes between the call that makes a socket and the one that keeps it, the interpreter closes it, and says so.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("tunnel", [False, True], ids=["straight", "through a tunnel"])
@pytest.mark.parametrize("cls", [HTTPConnection, HTTPSConnection])
def test_connection_that_is_interrupted_while_it_opens_is_closed(
    cls: type[HTTPConnection], tunnel: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The peer knows nothing of it.
    monkeypatch.setattr(https, "shake_hands", lambda *_: None)
    number, place = 0, "the first one"
    while place:
        number += 1
        connection = cls("proxy.test" if tunnel else "a.test")
        if tunnel:
            connection.set_tunnel("a.test")
        place = stop(number, connection)
    assert number > 5
