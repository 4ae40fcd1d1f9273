"""Every call in every state does what the table of `wire.state` says."""

from collections.abc import Callable
from typing import Any

import pytest

import workbench.protocol
from tests.protocol.conftest import Serve
from tests.protocol.peer import NO_CONTENT, OK, Peer, answers, answers_and_closes
from tests.protocol.watching import Watch
from workbench.protocol import CannotSendRequest, HTTPConnection, ImproperConnectionState, ResponseNotReady
from workbench.protocol import tap as events
from workbench.protocol.wire.state import TRANSITIONS, State, error_for, legal_calls, state_after

CALLS: dict[str, Callable[[Any], object]] = {
    "putrequest": lambda connection: connection.putrequest("GET", "/"),
    "putheader": lambda connection: connection.putheader("X", "y"),
    "endheaders": lambda connection: connection.endheaders(),
    "send": lambda connection: connection.send(b""),
    "request": lambda connection: connection.request("GET", "/"),
    "getresponse": lambda connection: connection.getresponse(),
    "close": lambda connection: connection.close(),
}
"""Every call of the table but `read`, which is one of the response."""


class Driver:
    """A connection and its responses, brought to a state by legal calls."""

    def __init__(self, connection: HTTPConnection) -> None:
        self.connection = connection
        self.response: Any = None

    def call(self, name: str) -> None:
        if name == "read":
            self.response.read()
            return
        result = CALLS[name](self.connection)
        if name == "getresponse":
            self.response = result

    def reach(self, state: State) -> None:
        """Make the calls of the shortest way from `IDLE`."""
        ways: dict[State, list[str]] = {State.IDLE: []}
        waiting = [State.IDLE]
        for before in waiting:
            for row in TRANSITIONS:
                if row.before is before and row.after not in ways:
                    ways[row.after] = [*ways[before], row.call]
                    waiting.append(row.after)
        for name in ways[state]:
            self.call(name)
        assert self.connection.state is state


@pytest.fixture
def driver(serve: Serve, watch: Watch) -> Driver:
    server = serve(*[answers(OK, OK, OK)] * 3)
    return Driver(server.connection(tap=watch))


EVERY_CALL = [(state, name) for state in State for name in CALLS]


@pytest.mark.parametrize(("state", "name"), EVERY_CALL, ids=str)
def test_call_does_what_the_table_says(driver: Driver, watch: Watch, state: State, name: str) -> None:
    driver.reach(state)
    error = error_for(state, name)

    if error is None:
        driver.call(name)
        assert driver.connection.state is (state_after(state, name) or state)
    else:
        with pytest.raises(ImproperConnectionState) as caught:
            driver.call(name)
        assert type(caught.value) is getattr(workbench.protocol, error)
        assert driver.connection.state is state

    driver.connection.close()
    watch.check()


@pytest.mark.parametrize("state", list(State))
def test_reading_the_response_does_what_the_table_says(driver: Driver, watch: Watch, state: State) -> None:
    if "read" not in legal_calls(state):
        pytest.skip("no response is attached in this state")
    driver.reach(state)

    assert driver.response.read() == b"ok"

    assert driver.connection.state is state_after(state, "read")
    driver.connection.close()
    watch.check()


@pytest.mark.parametrize("state", list(State))
def test_events_follow_the_state_of_the_object(serve: Serve, state: State) -> None:
    """Whoever asks the connection, at the time of the event, is told the same."""
    told: list[tuple[str, State]] = []

    def tap(event: events.Event) -> None:
        if isinstance(event, events.StateChanged):
            told.append((event.after, driver.connection.state))

    driver = Driver(serve(answers(OK, OK)).connection(tap=tap))
    driver.reach(state)
    driver.connection.close()

    assert told or state is State.IDLE
    assert all(after == asked for after, asked in told)


@pytest.mark.parametrize("state", list(State))
def test_closed_connection_can_be_used_again_from_any_state(driver: Driver, state: State) -> None:
    driver.reach(state)

    driver.connection.close()
    driver.connection.close()

    assert driver.connection.state is State.IDLE
    assert driver.connection.sock is None
    driver.connection.request("GET", "/again")
    assert driver.connection.getresponse().read() == b"ok"


@pytest.mark.parametrize("state", [state for state in State if "UNREAD" in state])
def test_closing_the_connection_gives_up_the_unread_response(driver: Driver, state: State) -> None:
    driver.reach(state)

    driver.connection.close()

    assert driver.response.isclosed()
    assert driver.response.closed
    assert driver.response.read() == b""


def test_queued_lines_are_dropped_by_close(serve: Serve) -> None:
    heads: list[bytes] = []

    def play(peer: Peer) -> None:
        heads.append(peer.take_head())
        peer.send(OK)
        peer.take_all()

    connection = serve(play).connection()
    connection.putrequest("GET", "/dropped")
    connection.close()

    connection.request("GET", "/kept")
    connection.getresponse().read()

    assert heads[0].startswith(b"GET /kept HTTP/1.1\r\n")


def test_second_request_may_be_sent_before_the_response_is_read(serve: Serve, watch: Watch) -> None:
    first = OK.replace(b"ok", b"1.")
    connection = serve(answers(first, OK)).connection(tap=watch)
    connection.request("GET", "/1")
    response = connection.getresponse()

    connection.request("GET", "/2")
    with pytest.raises(ResponseNotReady) as caught:
        connection.getresponse()

    assert caught.value.args == ("Request-sent",)
    assert response.read() == b"1."
    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()


def test_pipelined_response_that_is_here_already_is_not_taken_for_excess(serve: Serve, watch: Watch) -> None:
    """Both responses come in one segment, behind the second request."""

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(OK[:-1])
        peer.take_head()
        peer.send(OK[-1:] + OK)
        peer.take_all()

    connection = serve(play).connection(tap=watch)
    connection.request("GET", "/1")
    response = connection.getresponse()
    connection.request("GET", "/2")

    assert response.read() == b"ok"
    assert connection.getresponse().read() == b"ok"
    assert watch.codes() == []
    connection.close()
    watch.check()


def test_third_request_waits_for_the_second_response(serve: Serve) -> None:
    connection = serve(answers(OK, OK)).connection()
    connection.request("GET", "/1")
    connection.getresponse()
    connection.request("GET", "/2")

    with pytest.raises(CannotSendRequest) as caught:
        connection.request("GET", "/3")

    assert caught.value.args == ("Request-sent",)


def test_state_is_idle_again_without_content(serve: Serve) -> None:
    connection = serve(answers(NO_CONTENT, OK)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()

    assert (response.status, response.length) == (204, 0)
    assert response.read() == b""
    assert connection.state is State.IDLE
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"


def test_response_that_ends_the_connection_owns_it(serve: Serve, watch: Watch) -> None:
    """The connection can be used at once, while the response is still being read."""
    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nlast words"
    connection = serve(answers_and_closes(closing), answers(OK)).connection(tap=watch)
    connection.request("GET", "/1")

    response = connection.getresponse()

    assert response.will_close
    assert connection.sock is None
    assert connection.state is State.IDLE
    assert response.read() == b"last words"
    connection.request("GET", "/2")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()


def test_closing_an_unread_response_closes_the_connection(serve: Serve, watch: Watch) -> None:
    """What is left of its content would be taken for the next response."""
    connection = serve(answers(OK), answers(OK)).connection(tap=watch)
    connection.request("GET", "/1")

    connection.getresponse().close()

    assert connection.state is State.IDLE
    assert connection.sock is None
    connection.request("GET", "/2")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()


FAILING = [
    pytest.param(b"garbage that is no status line\r\n\r\n", {"strict": 1}, id="BadStatusLine"),
    pytest.param(b"HTTP/2.0 200 OK\r\n\r\n", {}, id="UnknownProtocol"),
    pytest.param(b"", {}, id="RemoteDisconnected"),
    pytest.param(b"HTTP/1.1 200 OK\r\nContent-", {}, id="IncompleteHead"),
    pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", {}, id="FramingError"),
    pytest.param(b"HTTP/1.1 200 OK\r\nX Y: z\r\n\r\n", {}, id="InvalidHeaderLine"),
    pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 65536 + b"\r\n\r\n", {}, id="LineTooLong"),
    pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 101 + b"\r\n", {}, id="HTTPException"),
    pytest.param(b"HTTP/1.1 101 Switching Protocols\r\n\r\n", {}, id="UnexpectedUpgrade"),
    pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\n", {}, id="UnknownTransferEncoding"),
]


@pytest.mark.parametrize(("response", "arguments"), FAILING)
def test_head_that_cannot_be_read_leaves_a_clean_object(
    serve: Serve, watch: Watch, request: pytest.FixtureRequest, response: bytes, arguments: dict[str, Any]
) -> None:
    server = serve(answers_and_closes(response), answers(OK))
    connection = server.connection(tap=watch, **arguments)
    connection.request("GET", "/1")

    with pytest.raises(workbench.protocol.HTTPException) as caught:
        connection.getresponse()

    assert type(caught.value).__name__ == request.node.callspec.id
    assert connection.state is State.IDLE
    assert connection.sock is None
    connection.request("GET", "/2")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()


FAILING_BODIES = [
    pytest.param(b"Content-Length: 5\r\n\r\nabc", b"abc", 2, id="IncompleteRead"),
    pytest.param(b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc", b"abc", 2, id="IncompleteRead in a chunk"),
    pytest.param(
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc", b"abc", None, id="IncompleteRead behind a chunk"
    ),
    pytest.param(
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", b"abc", None, id="IncompleteRead before a chunk"
    ),
    pytest.param(b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n", b"abc", None, id="ChunkError"),
    pytest.param(
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcde\r\n", b"abc", None, id="ChunkError behind a chunk"
    ),
]


@pytest.mark.parametrize(("response", "partial", "expected"), FAILING_BODIES)
def test_content_that_is_cut_short_leaves_a_clean_object(
    serve: Serve,
    watch: Watch,
    request: pytest.FixtureRequest,
    response: bytes,
    partial: bytes,
    expected: int | None,
) -> None:
    server = serve(answers_and_closes(b"HTTP/1.1 200 OK\r\n" + response), answers(OK))
    connection = server.connection(tap=watch)
    connection.request("GET", "/1")
    incomplete = connection.getresponse()

    with pytest.raises(workbench.protocol.IncompleteRead) as caught:
        incomplete.read()

    assert type(caught.value).__name__ == request.node.callspec.id.split()[0]
    assert (caught.value.partial, caught.value.expected) == (partial, expected)
    assert caught.value.args == (partial,)
    assert incomplete.isclosed()
    assert incomplete.read() == b""
    assert connection.state is State.IDLE
    connection.request("GET", "/2")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()
