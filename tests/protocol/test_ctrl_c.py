"""Ctrl+c comes at any place of a call: what was told holds together, and the connection can be used again."""

import sys
from collections.abc import Callable
from dis import opmap
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any, Self

import pytest

import workbench.protocol
from tests.protocol.call_programs import PairedSocket
from tests.protocol.test_tap_of_notes import Notes
from tests.protocol.watching import (
    Watch,
    assert_calls_nest,
    assert_in_order,
    assert_sent_bytes_have_one_leaf_each,
    assert_states_join,
    sent_by,
)
from workbench.protocol import CannotSendRequest, HTTPConnection, HTTPException, HTTPResponse
from workbench.protocol import tap as events
from workbench.protocol.tap import Event
from workbench.protocol.transport.channel import Channel

ROOT = str(Path(workbench.protocol.__file__).parent)
PLAIN = b"HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 5\r\n\r\nwhole"
LINES = b"HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 12\r\n\r\none\ntwo\nfour"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nA: 1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\nB: 2\r\n\r\n"
)
MALFORMED = b"HTTP/1.1 200 OK\r\nA : 1\r\nContent-Length: 5\r\nContent-Length: 4\r\n\r\nwhole"
_MAY_STOP = "call", "c_return", "return"
_FINALIZERS = HTTPResponse.__del__.__code__, Channel.__del__.__code__


class Stop(KeyboardInterrupt):
    """Not one of somebody who sits before the tests."""


class Stopper:
    """Raises at the n-th of the places in the client at which the interpreter looks for signals.

    These are where a function begins, where one of C has returned, and where any has that was given its arguments as
    `*args`. (It looks at backward jumps too, of which a profiler is not told.)
    """

    def __init__(self, number: int) -> None:
        self._left = number
        self.place = ""

    def __enter__(self) -> Self:
        sys.setprofile(self._look)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _look(self, frame: FrameType, event: str, _: object) -> None:
        if event not in _MAY_STOP or not frame.f_code.co_filename.startswith(ROOT) or _is_finalizing(frame):
            return
        if event == "return":
            caller = frame.f_back
            if caller is None or caller.f_code.co_code[caller.f_lasti] != opmap["CALL_FUNCTION_EX"]:
                return
        self._left -= 1
        if not self._left:
            sys.setprofile(None)
            self.place = f"{frame.f_code.co_qualname}, line {frame.f_lineno}, {event}"
            raise Stop


def _is_finalizing(frame: FrameType | None) -> bool:
    """Whether the interpreter runs a finalizer, which swallows what is raised in it."""
    while frame is not None:
        if frame.f_code in _FINALIZERS:
            return True
        frame = frame.f_back
    return False


class SlowSocket(PairedSocket):
    """May wait when it sends, so a request that is held is let go before."""

    def send(self, data: Any, flags: int = 0) -> int:
        return super().send(data, flags)


class Client:
    """A connection whose peer answers each request in the same way."""

    kind = PairedSocket

    def __init__(self, tap: Any, response: bytes) -> None:
        self.connection: Any = HTTPConnection("a.test", tap=tap)
        self.connection._create_connection = self._connect
        self._response = response
        self._sockets: list[PairedSocket] = []

    def _connect(self, *_: Any) -> PairedSocket:
        self._sockets.append(self.kind())
        self._sockets[-1].settimeout(None)
        return self._sockets[-1]

    def get(self) -> bytes:
        return self._exchange("GET", "/a")

    def get_slowly(self) -> bytes:
        self.kind = SlowSocket
        return self.get()

    def post(self) -> bytes:
        return self._exchange("POST", "/a", b"body", {"X": "y"})

    def raises(self) -> bytes:
        with pytest.raises(HTTPException):
            self._exchange("GET", "/a")
        return b""

    def refuses(self) -> bytes:
        self.get()
        with pytest.raises(ValueError, match="field"):
            self.connection.request("GET", "/a", headers={"A": "b", "C": "d\r\ne: f"})
        self.connection.close()
        return b""

    def pieces(self) -> bytes:
        self._ask("GET", "/a")
        response = self.connection.getresponse()
        found: list[bytes] = [response.readline(), response.read(1), response.read1(2), response.read(100)]
        return b"".join(found)

    def closes(self) -> bytes:
        self._ask("GET", "/a")
        with self.connection.getresponse() as response:
            found: bytes = response.read(3)
        return found

    def _exchange(self, *args: Any) -> bytes:
        self._ask(*args)
        content: bytes = self.connection.getresponse().read()
        return content

    def _ask(self, *args: Any) -> None:
        self.connection.request(*args)
        self._sockets[-1].script = [self._response]

    def end(self) -> None:
        self.connection.close()
        for sock in self._sockets:
            sock.close()


def stop(number: int, tap: Watch, response: bytes, do: Callable[[Client], bytes]) -> str:
    """Stop an exchange at a place, go on with the same connection, and give the place; empty where there are not so many."""
    client = Client(tap, response)
    expected = do(client)
    stopper, raised = Stopper(number), False
    try:
        with stopper:
            do(client)
    except Stop:
        raised = True
    assert raised == bool(stopper.place), "it was swallowed"
    client.connection.close()

    assert do(client) == expected
    client.end()
    return stopper.place


def check_streams(found: list[Event]) -> None:
    """Assert that all sent bytes have one leaf, and no received ones have two.

    Some may have none, with any tap: those of an element that was taken, and of which ctrl+c let nobody tell.
    """
    for number in {event.connection for event in found}:
        of_connection = [event for event in found if event.connection == number]
        assert_sent_bytes_have_one_leaf_each(of_connection)
        assert_completed_requests_were_sent(of_connection)
        leaves = sorted(
            (leaf.start, leaf.end)
            for event in of_connection
            for leaf in getattr(event, "leaves", ())
            if event.span.stream == "received"
        )
        assert all(one[1] <= other[0] for one, other in pairwise(leaves))


def assert_completed_requests_were_sent(found: list[Event]) -> None:
    """Where a request is told to be complete, all that was queued was sent."""
    for index, event in enumerate(found):
        if isinstance(event, events.RequestCompleted):
            sent = [other for other in found[:index] if isinstance(other, events.BytesSent)]
            assert sent[-1].span.end == len(sent_by(found[:index]))


@pytest.mark.parametrize(
    ("response", "do"),
    [
        pytest.param(PLAIN, Client.get, id="get"),
        pytest.param(PLAIN, Client.get_slowly, id="get slowly"),
        pytest.param(PLAIN, Client.post, id="post"),
        pytest.param(LINES, Client.pieces, id="pieces"),
        pytest.param(CHUNKED, Client.get, id="chunked"),
    ],
)
def test_ctrl_c_at_any_place_of_calls_that_are_held_leaves_all_whole(
    response: bytes, do: Callable[[Client], bytes]
) -> None:
    number, place = 0, "the first one"
    while place:
        number, notes = number + 1, Notes(fails_at=-1)
        place = stop(number, notes, response, do)

        assert_in_order(notes.events)
        assert_calls_nest(notes.events)
        assert_states_join(notes.events)
        check_streams(notes.events)
    assert number > 100


@pytest.mark.parametrize(
    ("response", "do"),
    [
        pytest.param(MALFORMED, Client.raises, id="raises"),
        pytest.param(PLAIN, Client.refuses, id="refuses"),
        pytest.param(PLAIN, Client.closes, id="closes"),
    ],
)
def test_connection_can_be_used_again_after_ctrl_c_at_any_place(
    response: bytes, do: Callable[[Client], bytes]
) -> None:
    """What calls tell one by one may lack its end, with any tap: ctrl+c comes between what is done and what is told."""
    number, place = 0, "the first one"
    while place:
        number, notes = number + 3, Notes(fails_at=-1)
        place = stop(number, notes, response, do)

        assert_in_order(notes.events)
        check_streams(notes.events)
    assert number > 100


@pytest.mark.parametrize("kind", [events.RequestLineBuffered, events.StateChanged])
def test_request_that_was_interrupted_as_it_began_is_not_sent_with_the_next_one(
    kind: type[events.Event],
) -> None:
    came: list[events.Event] = []

    def interrupt(event: events.Event) -> None:
        if type(event) is kind and not came:
            came.append(event)
            raise KeyboardInterrupt

    connection = HTTPConnection("a.test", tap=interrupt)
    connection.sock = PairedSocket()
    with pytest.raises(KeyboardInterrupt):
        connection.request("GET", "/first")

    with pytest.raises(CannotSendRequest):
        connection.request("GET", "/second")

    connection.close()
