"""An exchange is bounded as a whole, in time and in bytes, whatever its single calls may do."""

import errno
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.protocol.conftest import LeapingClock, Serve
from tests.protocol.peer import OK, TIMEOUT_SECONDS, Peer, answers_and_closes
from tests.protocol.test_tap_of_notes import Notes
from tests.protocol.watching import Watch, received_by
from workbench.protocol import HTTPConnection, HTTPException, allowance
from workbench.protocol import tap as events
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

    with pytest.raises(TimeoutError, match="deadline of 10 seconds"):
        response.read()

    response.close()
    watch.check()


def test_silence_up_to_the_deadline_is_told_from_a_silence_that_the_timeout_ends(serve: Serve) -> None:
    server = serve(lambda peer: (peer.take_head(), peer.take_all()))

    for limits, words in [
        ({"deadline": 0.05}, "the exchange took longer than its deadline of 0.05 seconds"),
        ({"deadline": 0.05, "timeout": TIMEOUT_SECONDS}, "deadline of 0.05 seconds"),
        ({"deadline": TIMEOUT_SECONDS, "timeout": 0.05}, "^timed out$"),
    ]:
        connection = server.connection(**limits)
        connection.request("GET", "/")

        with pytest.raises(TimeoutError, match=words):
            connection.getresponse()
        connection.close()


@pytest.mark.parametrize("tap", [None, Watch()], ids=["no tap", "tap"])
def test_nothing_is_sent_after_the_deadline(tap: Watch | None) -> None:
    connection = HTTPConnection("h", tap=tap, deadline=0)
    connection.sock, peer = socket.socketpair()

    with peer:
        with pytest.raises(TimeoutError, match="deadline"):
            connection.request("GET", "/")
        connection.close()

        assert peer.recv(1) == b""


@pytest.mark.parametrize("tap", [None, Watch()], ids=["no tap", "tap"])
def test_deadline_ends_a_head_that_nobody_takes(tap: Watch | None, monkeypatch: pytest.MonkeyPatch) -> None:
    # However long it takes to make the head, all of the time is left when it is sent.
    monkeypatch.setattr(allowance, "time", SimpleNamespace(monotonic=lambda: 0.0))
    connection = HTTPConnection("h", tap=tap, deadline=0.05)
    connection.sock, peer = socket.socketpair()

    with peer:
        with pytest.raises(TimeoutError, match=r"deadline of 0\.05 seconds"):
            connection.request("GET", "/", headers={"A": "a" * 4_000_000})
        connection.close()


@pytest.mark.parametrize("body", [None, b"a body"], ids=["head", "body"])
def test_deadline_ends_a_request_that_is_taken_a_little_at_a_time(
    deadline_clock: LeapingClock, body: bytes | None
) -> None:
    connection = HTTPConnection("h", deadline=TIMEOUT_SECONDS)
    connection.sock, peer = socket.socketpair()

    def take() -> None:
        peer.recv(1)
        deadline_clock.leap(TIMEOUT_SECONDS)
        # The kernel takes more now, so the first wait has an end. The next one would have its whole time again.
        peer.recv(300_000)

    taker = threading.Thread(target=take)
    taker.start()
    with peer:
        with pytest.raises(TimeoutError, match="deadline of 10 seconds"):
            if body is None:
                connection.request("GET", "/", headers={"A": "a" * 8_000_000})
            else:
                connection.request("POST", "/", body * 1_000_000)
        connection.close()
        taker.join()


def refuses_a_head(peer: Peer) -> None:
    peer.take(1)
    peer.send(b"HTTP/1.1 431 Too Large\r\nContent-Length: 0\r\n\r\n")


def test_file_is_not_sent_behind_a_head_that_is_refused(serve: Serve, tmp_path: Path) -> None:
    connection = serve(refuses_a_head).connection(deadline=TIMEOUT_SECONDS)
    path = tmp_path / "body"
    path.write_bytes(b"a body")

    with path.open("rb") as body:
        connection.request("POST", "/", body, {"A": "a" * 50_000_000, "Content-Length": "6"})

        assert connection.getresponse().status == 431
        assert body.tell() == 0


def test_response_that_comes_before_the_end_of_a_head_is_taken(serve: Serve, watch: Watch) -> None:
    connection = serve(refuses_a_head).connection(tap=watch, deadline=TIMEOUT_SECONDS)
    connection.request("GET", "/", headers={"A": "a" * 50_000_000})

    response = connection.getresponse()

    assert (response.status, response.will_close) == (431, True)
    assert [event.complete for event in watch.of(events.RequestCompleted)] == [False]
    connection.close()
    watch.check()


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

    assert watch.one(events.MessageCompleted).content_length < 50_000
    # The byte that was one too many is told of, and given to nobody.
    assert len(received_by(watch.events)) == 50_001
    response.close()
    watch.check()


def test_response_that_is_one_byte_larger_than_the_byte_budget_is_refused(serve: Serve, watch: Watch) -> None:
    whole = HEAD + b"0123456789"
    connection = serve(lambda peer: peer.answer(whole)).connection(tap=watch, byte_budget=len(whole) - 1)
    connection.request("GET", "/")
    response = connection.getresponse()

    with pytest.raises(HTTPException, match=f"got more than {len(whole) - 1} bytes in one exchange"):
        response.read()

    assert received_by(watch.events) == whole
    left = watch.one(events.BytesLeft)
    assert (left.span.start, left.span.end) == (len(whole) - 1, len(whole))
    response.close()
    watch.check()


@pytest.mark.parametrize("budget", [0, 10, len(HEAD) - 1], ids=["none", "ten bytes", "nearly a head"])
def test_bytes_that_are_refused_are_told_to_a_tap_that_takes_notes(serve: Serve, budget: int) -> None:
    notes = Notes()
    connection = serve(lambda peer: peer.answer(HEAD + b"0123456789")).connection(
        tap=notes, byte_budget=budget
    )
    connection.request("GET", "/")

    with pytest.raises(HTTPException, match=f"got more than {budget} bytes"):
        connection.getresponse()

    connection.close()
    assert received_by(notes.events) == HEAD[: budget + 1]
    notes.check()


def test_byte_budget_holds_in_memory_of_the_caller_and_the_refused_byte_is_told(
    serve: Serve, watch: Watch
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n"
    connection = serve(lambda peer: peer.answer(head + bytes(200_000))).connection(
        tap=watch, byte_budget=100_000
    )
    connection.request("GET", "/")
    response = connection.getresponse()

    with pytest.raises(HTTPException, match="got more than 100000 bytes"):
        response.readinto(bytearray(200_000))

    response.close()
    assert len(received_by(watch.events)) == 100_001
    watch.check()


@pytest.mark.parametrize("tap", [None, Watch()], ids=["no tap", "tap"])
def test_what_comes_while_100_is_waited_for_counts(serve: Serve, tap: Watch | None) -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(interim)
        peer.take(1)
        peer.send(HEAD + b"0123456789")
        peer.take_all()

    for budget in (len(interim) + len(HEAD) + 10, len(interim) + len(HEAD) - 1, len(interim) - 1):
        connection = serve(play).connection(tap=tap, byte_budget=budget, expect_timeout=TIMEOUT_SECONDS)
        connection.request("POST", "/", b"x", {"Expect": "100-continue"})
        if budget > len(interim) + len(HEAD):
            assert connection.getresponse().read() == b"0123456789"
        else:
            with pytest.raises(HTTPException, match=f"got more than {budget} bytes in one exchange"):
                connection.getresponse()
        connection.close()


def test_what_comes_while_a_body_is_sent_counts(serve: Serve, watch: Watch) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        # No final response, so the body goes on as far as it is taken.
        peer.send(b"HTTP/1.1 102 Processing\r\n\r\n" * 100)
        peer.take_all()

    connection = serve(play).connection(tap=watch, byte_budget=50)
    connection.request("POST", "/", bytes(20_000_000))

    assert len(received_by(watch.events)) <= 50
    with pytest.raises(HTTPException, match="got more than 50 bytes in one exchange"):
        connection.getresponse()
    assert len(received_by(watch.events)) == 51
    watch.check()


def test_body_is_not_sent_on_where_what_came_may_not_be_received_and_nobody_takes_it(serve: Serve) -> None:
    asked = threading.Event()

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
        asked.wait(TIMEOUT_SECONDS)

    connection = serve(play).connection(byte_budget=5)
    connection.request("POST", "/", bytes(20_000_000))

    with pytest.raises(HTTPException, match="got more than 5 bytes in one exchange"):
        connection.getresponse()
    asked.set()


def test_body_that_nobody_takes_is_an_error_where_no_more_may_be_received() -> None:
    """What may not be received is not looked at to find out why, and is not taken for the end of the stream."""
    connection = HTTPConnection("h", byte_budget=10, expect_timeout=TIMEOUT_SECONDS)
    connection.sock, peer = socket.socketpair()
    peer.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")

    def body() -> Iterator[bytes]:
        peer.close()
        yield b"x"

    with pytest.raises(BrokenPipeError):
        connection.request("POST", "/", body(), {"Expect": "100-continue", "Content-Length": "1"})

    connection.close()


def test_deadline_ends_the_wait_for_100(serve: Serve) -> None:
    server = serve(lambda peer: (peer.take_head(), peer.take_all()))
    connection = server.connection(deadline=0.05, expect_timeout=TIMEOUT_SECONDS)
    started = time.monotonic()

    with pytest.raises(TimeoutError, match=r"deadline of 0\.05 seconds"):
        connection.request("POST", "/", b"x", {"Expect": "100-continue"})

    assert time.monotonic() - started < TIMEOUT_SECONDS
    connection.close()


def test_wait_for_100_ends_before_the_deadline(serve: Serve, watch: Watch) -> None:
    server = serve(lambda peer: (peer.take_head(), peer.take(1), peer.send(OK), peer.take_all()))
    connection = server.connection(tap=watch, deadline=TIMEOUT_SECONDS, expect_timeout=0.01)

    connection.request("POST", "/", b"x", {"Expect": "100-continue"})

    assert watch.one(events.ContinueResolved).outcome == "timeout"
    assert connection.getresponse().read() == b"ok"


def test_deadline_that_is_over_is_a_failure_of_what_was_to_be_done_and_took_no_time(watch: Watch) -> None:
    connection = HTTPConnection("h", tap=watch, deadline=0)
    connection.sock, peer = socket.socketpair()

    with peer, pytest.raises(TimeoutError, match="deadline"):
        connection.request("GET", "/")

    failure = watch.one(events.TransportFailed)
    assert failure.operation == "send"
    assert failure.elapsed_ns < 10**9
    connection.close()


def test_connection_that_the_kernel_gives_up_is_not_called_a_deadline() -> None:
    bounded = Allowance(100.0, None)
    bounded.timeout(None)
    gone = TimeoutError(errno.ETIMEDOUT, "Connection timed out")

    assert bounded.cause_of(gone) is gone
    assert "deadline" in str(bounded.cause_of(TimeoutError("timed out")))


def test_byte_budget_is_enough_for_a_response_that_ends_with_the_connection(serve: Serve) -> None:
    whole = b"HTTP/1.1 200 OK\r\n\r\n0123456789"
    connection = serve(answers_and_closes(whole)).connection(byte_budget=len(whole))
    connection.request("GET", "/")

    assert connection.getresponse().read() == b"0123456789"


def test_byte_budget_is_for_each_exchange(serve: Serve) -> None:
    whole = HEAD + b"0123456789"
    connection = serve(lambda peer: peer.answer(whole, whole)).connection(byte_budget=len(whole))

    for _ in range(2):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"0123456789"

    connection.close()


def test_allowance_without_bounds_changes_nothing() -> None:
    unbounded = Allowance(None, None)
    unbounded.spend(10**9)

    assert unbounded.timeout(3.0) == 3.0
    assert unbounded.room(100) == 100


def test_allowance_shortens_the_wait_of_the_socket() -> None:
    bounded = Allowance(100.0, None)

    assert bounded.timeout(3.0) == 3.0
    assert 99 < (bounded.timeout(None) or 0) <= 100


def test_deadline_that_is_taken_away_does_not_hold_for_the_next_exchange(
    deadline_clock: LeapingClock,
) -> None:
    connection = HTTPConnection("h", deadline=TIMEOUT_SECONDS)
    connection.sock, peer = socket.socketpair()
    connection.sock.settimeout(2 * TIMEOUT_SECONDS)

    with peer:
        for deadline in (TIMEOUT_SECONDS, None, None):
            connection.deadline = deadline
            connection.request("GET", "/")
            peer.sendall(HEAD + b"0123456789")
            assert connection.getresponse().read() == b"0123456789"
            deadline_clock.leap(TIMEOUT_SECONDS)

        assert connection.sock.gettimeout() == 2 * TIMEOUT_SECONDS
        connection.close()
