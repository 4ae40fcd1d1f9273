"""An exchange is bounded as a whole, in time and in bytes, whatever its single calls may do."""

import socket

import pytest

from tests.protocol.conftest import LeapingClock, Serve
from tests.protocol.peer import TIMEOUT_SECONDS, Peer
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection, HTTPException
from workbench.protocol.allowance import Allowance

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"


def trickle(peer: Peer) -> None:
    """Send a byte now and then, for ever: no single wait is long."""
    peer.take_head()
    peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
    peer.sock.settimeout(0.002)
    while True:
        try:
            if not peer.sock.recv(1):
                return
        except TimeoutError:
            peer.send(b"x")
        except OSError:
            return


def endless(peer: Peer) -> None:
    peer.take_head()
    peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
    try:
        while True:
            peer.send(bytes(10_000))
    except OSError:
        return


def test_deadline_ends_an_exchange_that_trickles(
    serve: Serve, watch: Watch, deadline_clock: LeapingClock
) -> None:
    connection = serve(trickle).connection(tap=watch, deadline=TIMEOUT_SECONDS, timeout=None)
    connection.request("GET", "/")
    response = connection.getresponse()
    deadline_clock.leap(TIMEOUT_SECONDS - 0.05)

    with pytest.raises(TimeoutError, match=r"deadline of 10 seconds|timed out"):
        response.read()

    response.close()
    watch.check()


@pytest.mark.parametrize("tap", [None, Watch()], ids=["no tap", "tap"])
def test_nothing_is_sent_after_the_deadline(tap: Watch | None) -> None:
    connection = HTTPConnection("h", tap=tap, deadline=0)
    connection.sock, peer = socket.socketpair()

    with peer:
        with pytest.raises(TimeoutError, match="deadline"):
            connection.request("GET", "/")
        connection.close()

        assert peer.recv(1) == b""


def test_deadline_leaves_a_short_exchange_alone(serve: Serve) -> None:
    connection = serve(lambda peer: peer.answer(HEAD + b"0123456789")).connection(deadline=TIMEOUT_SECONDS)
    connection.request("GET", "/")

    assert connection.getresponse().read() == b"0123456789"

    connection.close()


def test_byte_budget_holds_for_what_goes_into_memory_of_the_caller(serve: Serve) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n"
    connection = serve(lambda peer: peer.answer(head + bytes(200_000))).connection(byte_budget=100_000)
    connection.request("GET", "/")
    response = connection.getresponse()

    with pytest.raises(HTTPException, match="got more than 100000 bytes in one exchange"):
        response.readinto(bytearray(200_000))

    response.close()


def test_byte_budget_ends_a_response_without_an_end(serve: Serve, watch: Watch) -> None:
    connection = serve(endless).connection(tap=watch, byte_budget=50_000)
    connection.request("GET", "/")
    response = connection.getresponse()

    with pytest.raises(HTTPException, match="got more than 50000 bytes in one exchange"):
        response.read()

    response.close()
    watch.check()


def test_byte_budget_is_for_each_exchange(serve: Serve) -> None:
    whole = HEAD + b"0123456789"
    connection = serve(lambda peer: peer.answer(whole, whole)).connection(byte_budget=len(whole))

    for _ in range(2):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"0123456789"

    connection.close()


def test_allowance_without_bounds_changes_nothing() -> None:
    allowance = Allowance(None, None)
    allowance.spend(10**9)

    assert allowance.timeout(3.0) == 3.0
    assert allowance.room(100) == 100


def test_allowance_shortens_the_wait_of_the_socket() -> None:
    allowance = Allowance(100.0, None)

    assert allowance.timeout(3.0) == 3.0
    assert 99 < (allowance.timeout(None) or 0) <= 100
