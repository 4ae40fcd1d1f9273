"""Ctrl+c comes at any place of `connect`: no socket is left that the next request would go over in the clear, or to a proxy."""

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from tests.protocol.call_programs import PairedSocket
from tests.protocol.peer import TIMEOUT_SECONDS
from tests.protocol.test_ctrl_c import Stop, Stopper
from workbench.protocol import HTTPConnection, HTTPSConnection, https

TUNNEL = b"HTTP/1.1 200 OK\r\n\r\n"


def plain() -> HTTPConnection:
    return HTTPConnection("a.test")


def through_a_tunnel() -> HTTPConnection:
    connection = HTTPConnection("proxy.test")
    connection.set_tunnel("a.test", 80)
    return connection


def with_tls() -> HTTPConnection:
    return HTTPSConnection("a.test")


def with_tls_through_a_tunnel() -> HTTPConnection:
    connection = HTTPSConnection("proxy.test")
    connection.set_tunnel("a.test", 443)
    return connection


def stop(number: int, make: Callable[[], Any]) -> str:
    """Stop `connect` at a place, and give it; empty where there are not so many."""
    opened: list[PairedSocket] = []

    def connect(*_: object) -> PairedSocket:
        opened.append(PairedSocket())
        opened[-1].play(TUNNEL)
        return opened[-1]

    connection, stopper = make(), Stopper(number)
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
@pytest.mark.parametrize("make", [plain, through_a_tunnel, with_tls, with_tls_through_a_tunnel])
def test_connection_that_is_interrupted_while_it_opens_is_closed(
    make: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The peer knows nothing of it.
    monkeypatch.setattr(https, "shake_hands", lambda *_: None)
    number, place = 0, "the first one"
    while place:
        number += 1
        place = stop(number, make)
    assert number > 5
