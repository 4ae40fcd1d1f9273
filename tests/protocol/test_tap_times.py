"""How long the network took is told apart from how long somebody held the tap."""

import time
from typing import Any

import pytest

from tests.ports import closed_port
from tests.protocol.conftest import Authority, Serve
from tests.protocol.peer import OK, Peer, answers, answers_and_closes
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection, HTTPSConnection, calls, create_tls_context, reporter
from workbench.protocol import tap as events

HELD_NS = 10**12
"""How long somebody thinks about each event: longer than any test runs."""


class Clock:
    """Goes as the real one, and takes a leap whenever somebody holds the tap."""

    def __init__(self) -> None:
        self._real = time.perf_counter_ns
        self._leap = 0

    def __call__(self) -> int:
        return self._real() + self._leap

    def hold(self, event: events.Event) -> None:
        self._leap += HELD_NS


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "perf_counter_ns", clock)
    for module in (calls, reporter):
        monkeypatch.setattr(module, "now_ns", clock)
    return clock


def times_of(watch: Watch) -> dict[type[events.Event], int]:
    return {
        type(event): event.elapsed_ns
        for event in watch.events
        if getattr(event, "elapsed_ns", None) is not None
    }


def held(watch: Watch, clock: Clock) -> Any:
    """A tap that somebody thinks at, after each event."""

    def tap(event: events.Event) -> None:
        watch(event)
        clock.hold(event)

    return tap


def test_time_at_the_tap_counts_for_no_call_on_the_network(serve: Serve, watch: Watch, clock: Clock) -> None:
    connection = serve(answers_and_closes(b"HTTP/1.1 200 OK\r\n\r\nok")).connection(tap=held(watch, clock))

    connection.request("GET", "/")
    connection.getresponse().read()

    times = times_of(watch)
    assert set(times) == {
        events.HostLookupFinished,
        events.Connected,
        events.BytesSent,
        events.BytesReceived,
        events.EndOfStreamReceived,
    }
    assert all(0 < elapsed < HELD_NS for elapsed in times.values())


def test_time_at_the_tap_counts_for_no_handshake(
    serve: Serve, watch: Watch, clock: Clock, authority: Authority
) -> None:
    server = serve(answers(OK), context=authority.server_context())
    context = create_tls_context(str(authority.cafile))

    server.secure_connection(tap=held(watch, clock), context=context).connect()

    assert 0 < times_of(watch)[events.TlsEstablished] < HELD_NS


def test_failed_handshake_says_how_long_it_took(
    serve: Serve, watch: Watch, clock: Clock, authority: Authority
) -> None:
    server = serve(answers(OK), context=authority.server_context())
    connection = server.connection(HTTPSConnection, "localhost", tap=held(watch, clock))

    with pytest.raises(OSError):
        connection.connect()

    assert 0 < times_of(watch)[events.TlsFailed] < HELD_NS


def test_refused_connection_says_how_long_it_took(watch: Watch, clock: Clock) -> None:
    with closed_port() as port, pytest.raises(ConnectionRefusedError):
        HTTPConnection("127.0.0.1", port, tap=held(watch, clock)).connect()

    assert 0 < times_of(watch)[events.ConnectFailed] < HELD_NS


def test_wait_that_ends_in_a_timeout_says_how_long_it_was(serve: Serve, watch: Watch, clock: Clock) -> None:
    def play(peer: Peer) -> None:
        peer.take_all()

    connection = serve(play).connection(tap=held(watch, clock), timeout=0.05)
    connection.request("GET", "/")

    with pytest.raises(TimeoutError):
        connection.getresponse()

    assert 50_000_000 <= times_of(watch)[events.TransportFailed] < HELD_NS
