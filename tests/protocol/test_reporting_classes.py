"""The class of an object whose calls are told: programs see none but their own."""

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest

from tests.protocol.call_programs import PairedSocket
from tests.protocol.peer import OK
from tests.protocol.test_tap_of_notes import Notes
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection, HTTPResponse
from workbench.protocol import tap as events

TAPS = {"none": lambda: None, "events": Watch, "notes": Notes}
with_any_tap = pytest.mark.parametrize("tap", [pytest.param(make(), id=kind) for kind, make in TAPS.items()])


Ask = Callable[[Any], Any]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Make a request, and give its response."""
    opened: list[PairedSocket] = []
    asked: list[weakref.ref[Any]] = []

    def get_response(connection: Any) -> Any:
        if connection.sock is None:
            connection.sock = PairedSocket()
            opened.append(connection.sock)
            asked.append(weakref.ref(connection))
        connection.sock.script.append(OK)
        connection.request("GET", "/")
        return connection.getresponse()

    yield get_response
    for find in asked:
        if (connection := find()) is not None:
            connection.close()
    for sock in opened:
        sock.close()


def calls_of(tap: Watch) -> list[str]:
    return [event.name for event in tap.of(events.CallStarted)]


@with_any_tap
def test_method_of_another_in_the_class_is_called_for_as_long_as_it_is_there(
    ask: Ask, tap: Watch | None
) -> None:
    class Own(HTTPConnection):
        pass

    for _ in range(2):
        with mock.patch.object(Own, "getresponse", autospec=True, return_value="another's"):
            assert ask(Own("a", tap=tap)) == "another's"

        assert ask(Own("a", tap=tap)).read() == b"ok"


@with_any_tap
def test_step_of_another_in_the_class_is_taken_once_by_each_request(ask: Ask, tap: Watch | None) -> None:
    class Own(HTTPConnection):
        pass

    ask(Own("a", tap=tap)).read()
    with mock.patch.object(Own, "putrequest", autospec=True, side_effect=HTTPConnection.putrequest) as step:
        connection = Own("a", tap=tap)
        for _ in range(3):
            ask(connection).read()

    assert step.call_count == 3


@with_any_tap
@pytest.mark.parametrize("tap_of_other", TAPS)
def test_program_may_make_another_one_like_this(ask: Ask, tap: Watch | None, tap_of_other: str) -> None:
    other_tap: Any = TAPS[tap_of_other]()
    connection = HTTPConnection("a", tap=tap)

    other = type(connection)("b", tap=other_tap)

    assert ask(other).read() == b"ok"
    if other_tap is not None:
        assert [name for name in calls_of(other_tap) if "putheader" not in name] == [
            *("HTTPConnection.request", "HTTPConnection.putrequest", "HTTPConnection.endheaders"),
            *("HTTPConnection.getresponse", "HTTPResponse.read"),
        ]


@with_any_tap
def test_program_may_derive_from_the_class_of_an_object(ask: Ask, tap: Watch | None) -> None:
    class Own(type(HTTPConnection("a", tap=tap))):  # type: ignore[misc]
        pass

    connection = Own("b", tap=tap)

    assert ask(connection).read() == b"ok"
    assert isinstance(connection, Own)


@with_any_tap
def test_response_like_another_is_one_of_its_own(ask: Ask, tap: Watch | None) -> None:
    connection = HTTPConnection("a", tap=tap)
    kind = type(ask(connection))
    sock = PairedSocket()
    sock.play(OK)

    response = kind(sock)
    response.begin()

    assert type(response) is HTTPResponse
    assert response.read() == b"ok"
    connection.close()
    sock.close()


@with_any_tap
def test_program_hears_of_no_class_that_it_did_not_make(ask: Ask, tap: Watch | None) -> None:
    heard: list[str] = []

    class Registered(HTTPConnection):
        def __init_subclass__(cls, *, name: str, **more: Any) -> None:
            super().__init_subclass__(**more)
            heard.append(name)

    class Own(Registered, name="own"):
        pass

    assert ask(Own("a", tap=tap)).read() == b"ok"
    assert heard == ["own"]


@with_any_tap
def test_copy_of_a_class_has_objects_of_its_own(ask: Ask, tap: Watch | None) -> None:
    class First(HTTPConnection):
        pass

    ask(First("a", tap=tap)).read()
    kept = {name: value for name, value in vars(First).items() if name not in ("__dict__", "__weakref__")}
    second: Any = type("Second", First.__bases__, kept)

    connection = second("b", tap=tap)

    assert ask(connection).read() == b"ok"
    assert isinstance(connection, second)


class TakesNoAttribute(type):
    """The type of a class that cannot be changed."""

    def __setattr__(cls, name: str, value: object) -> None:
        raise AttributeError(f"{name} cannot be set")


@with_any_tap
def test_class_may_take_no_attribute(ask: Ask, tap: Watch | None) -> None:
    class Fixed(HTTPConnection, metaclass=TakesNoAttribute):
        pass

    for _ in range(2):
        assert ask(Fixed("a", tap=tap)).read() == b"ok"


@with_any_tap
def test_class_that_nobody_needs_is_let_go(ask: Ask, tap: Watch | None) -> None:
    def use() -> weakref.ref[type]:
        class Own(HTTPConnection):
            pass

        connection = Own("a", tap=tap)
        ask(connection).read()
        connection.close()
        return weakref.ref(Own)

    kind = use()
    gc.collect()

    assert kind() is None


PROGRAM = """
import socket
from collections import deque
from workbench.protocol import HTTPConnection
from workbench.protocol.notes import NotingTap, each, make_event

class Notes(NotingTap):
    def __init__(self):
        self.noted = deque()
        self.note = self.noted.append

    def take(self):
        while self.noted:
            for note in each(self.noted.popleft()):
                make_event(note)

connection = HTTPConnection("a", tap={tap})
connection.sock, peer = socket.socketpair()
connection.request("GET", "/")
peer.send(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
response = connection.getresponse()
{rest}
"""


@pytest.mark.parametrize("tap", ["Notes()", "repr"])
@pytest.mark.parametrize("rest", ["response.read()", "connection.itself = connection", ""])
def test_nothing_is_wrong_when_the_interpreter_ends(tap: str, rest: str) -> None:
    command = [sys.executable, "-c", PROGRAM.format(tap=tap, rest=rest)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)

    assert (done.stdout, done.stderr) == ("", "")
