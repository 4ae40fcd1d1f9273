"""Row R18 of the conformance table: `Expect: 100-continue` (RFC 9110 section 10.1.1), over real sockets."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, TIMEOUT_SECONDS, Peer, answers
from tests.protocol.rows import row
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection
from workbench.protocol import tap as events
from workbench.protocol.policy import STRICT, Policy

Calls = Callable[[Any], object]

EXPECT = {"Expect": "100-continue"}


def continue_then_ok(peer: Peer) -> None:
    peer.take_head()
    peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert peer.take(4) == b"body"
    peer.send(OK)
    peer.take_all()


def request_whole(connection: Any) -> None:
    connection.request("POST", "/", b"body", EXPECT)


def request_call_by_call(connection: Any) -> None:
    connection.putrequest("POST", "/")
    connection.putheader("Expect", "100-continue")
    connection.putheader("Content-Length", "4")
    connection.endheaders()
    connection.send(b"bo")
    connection.send(b"dy")


WAYS = pytest.mark.parametrize("calls", [request_whole, request_call_by_call])


@row("R18")
@WAYS
def test_strict_policy_waits_for_100_before_the_body(
    serve: Serve, watch: Watch, policy: Policy, calls: Calls
) -> None:
    connection = serve(continue_then_ok).connection(policy=policy, tap=watch)

    calls(connection)
    assert connection.getresponse().read() == b"ok"

    waits = [event.timeout_seconds for event in watch.of(events.ContinueAwaited)]
    assert waits == ([policy.expect_timeout] if policy is STRICT else [])
    assert [event.outcome for event in watch.of(events.ContinueResolved)] == ["100"] * len(waits)
    connection.close()
    watch.check()


@row("R18")
@WAYS
def test_expect_timeout_makes_every_policy_wait(
    serve: Serve, watch: Watch, policy: Policy, calls: Calls
) -> None:
    connection = serve(continue_then_ok).connection(policy=policy, tap=watch, expect_timeout=TIMEOUT_SECONDS)

    calls(connection)
    assert connection.getresponse().read() == b"ok"

    assert watch.one(events.ContinueResolved).outcome == "100"
    connection.close()


@row("R18")
@WAYS
def test_body_is_kept_back_from_a_server_that_fails_the_expectation(
    serve: Serve, watch: Watch, policy: Policy, calls: Calls
) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n")
        bodies.append(peer.take_all())

    bodies: list[bytes] = []
    server = serve(play, answers(OK))
    connection = server.connection(policy=policy, tap=watch, expect_timeout=TIMEOUT_SECONDS)

    calls(connection)
    response = connection.getresponse()
    response.read()

    assert response.status == 417
    assert watch.codes() == ["EARLY_RESPONSE", "EXPECTATION_FAILED"]
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    assert bodies == [b""]
    connection.close()
    watch.check()


def test_wait_of_the_strict_policy_is_bounded(serve: Serve, watch: Watch) -> None:
    """RFC 9110 section 10.1.1: no client should wait for ever."""

    def play(peer: Peer) -> None:
        peer.take_head()
        assert peer.take(4) == b"body"
        peer.send(OK)
        peer.take_all()

    impatient = replace(STRICT, expect_timeout=0.01)
    connection = serve(play).connection(policy=impatient, tap=watch)

    request_whole(connection)

    assert connection.getresponse().read() == b"ok"
    assert watch.one(events.ContinueResolved).outcome == "timeout"
    assert STRICT.expect_timeout == 1.0
    connection.close()


def test_strict_policy_waits_without_a_tap_too(serve: Serve) -> None:
    connection = serve(continue_then_ok).connection(policy=STRICT)

    request_whole(connection)

    assert connection.getresponse().read() == b"ok"
    connection.close()


def test_other_expectations_are_not_waited_for(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK)).connection(policy=STRICT, tap=watch)

    connection.request("POST", "/", b"body", {"Expect": "100-continued"})

    assert connection.getresponse().read() == b"ok"
    assert watch.of(events.ContinueAwaited) == []
    connection.close()


class AddsLine(HTTPConnection):
    """Adds a line as the head is sent."""

    def _send_output(self, message_body: Any = None, encode_chunked: bool = False) -> None:
        self._buffer.append(b"Expect: 100-continue")
        super()._send_output(message_body, encode_chunked=encode_chunked)


def test_expectation_is_found_where_a_program_adds_it_last(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK), answers(OK)).connection(
        AddsLine, tap=watch, expect_timeout=TIMEOUT_SECONDS
    )

    for _ in range(2):
        connection.request("POST", "/", b"body")
        assert connection.getresponse().read() == b"ok"

    assert len(watch.of(events.ContinueAwaited)) == 2
    connection.close()
