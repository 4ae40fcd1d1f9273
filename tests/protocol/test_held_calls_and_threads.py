"""What other threads, and the garbage collector, do in the middle of calls of a connection with a tap that takes notes."""

import gc
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.protocol.call_programs import PairedSocket
from tests.protocol.peer import OK, TIMEOUT_SECONDS
from tests.protocol.test_held_calls import by_connection
from tests.protocol.test_tap_of_notes import Keeps, Notes, facts
from tests.protocol.watching import (
    Watch,
    assert_calls_nest,
    assert_received_bytes_have_one_leaf_each,
    assert_sent_bytes_have_one_leaf_each,
    assert_states_join,
    sent_by,
)
from workbench.protocol import HTTPConnection
from workbench.protocol import tap as events
from workbench.protocol.notes import each, make_event

LONG = b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n"


def in_another_thread(do: Callable[[], object]) -> None:
    """Do something in another thread, and wait for its end."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            do()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread of the test
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(TIMEOUT_SECONDS)
    assert not thread.is_alive()
    assert raised == []


class HookedSocket(PairedSocket):
    """Something is done before one of its methods does what it is for; once."""

    hooks: dict[str, Callable[[], object]]

    def _do(self, name: str) -> None:
        if hook := self.hooks.pop(name, None):
            hook()

    def send(self, *args: Any) -> int:
        self._do("send")
        return super().send(*args)

    def recv(self, *args: Any) -> bytes:
        self._do("recv")
        return super().recv(*args)

    def fileno(self) -> int:
        self._do("fileno")
        return super().fileno()


class Case:
    """A connection with one exchange behind it, in whose next one something happens."""

    def __init__(self, tap: Any) -> None:
        self.connection: Any = HTTPConnection("a.test", tap=tap)
        self.connection._create_connection = self._connect
        self.number = 0 if tap is None else self.connection.reporter.connection
        self.sockets: list[HookedSocket] = []
        self.hooks: dict[str, Callable[[], object]] = {}

    def _connect(self, *_: Any) -> HookedSocket:
        sock = HookedSocket()
        sock.hooks = self.hooks
        sock.settimeout(None)
        sock.script = [OK, LONG + bytes(1000), bytes(2000), OK]
        self.sockets.append(sock)
        return sock

    def exchange(self, target: str) -> None:
        """Get a small response."""
        self.connection.request("GET", target)
        self.sockets[-1].script[:] = [OK]
        assert self.connection.getresponse().read() == b"ok"

    def end(self) -> None:
        """Close everything."""
        self.connection.close()
        for sock in self.sockets:
            sock.close()

    def close_in_between(self, receiver: Any, close: Callable[[], object]) -> None:
        """Have another thread close something before a response lets its receiver go."""
        own_close = receiver.close

        def close_both() -> None:
            del receiver.close
            in_another_thread(close)
            own_close()

        receiver.close = close_both

    def outcome(self, where: str, what: str) -> list[str]:
        """Do exchanges in whose second one the connection is closed, or interrupted, and say what each call gave."""
        connection, found = self.connection, []
        calls: dict[str, Callable[[], Any]] = {
            "request": lambda: connection.request("GET", "/second", headers={"A": "b"}),
            "getresponse": lambda: setattr(self, "response", connection.getresponse()),
            "read": lambda: len(self.response.read(10)),
            "rest": lambda: len(self.response.read()),
        }
        connection.request("GET", "/first")
        connection.getresponse().read()
        call, hook = where.split(": ")
        for name, do in calls.items():
            if name == call:
                self.hooks[hook] = partial(in_another_thread, getattr(connection, what))
            try:
                found.append(f"{name}: {do()}")
            except Exception as error:  # noqa: BLE001 - it is what is asked for
                found.append(f"{name}: {error!r}")
        assert self.hooks == {}
        connection.close()
        connection.request("GET", "/third")
        found.append(f"third: {connection.getresponse().read()!r}")
        self.end()
        return [*found, *(bytes(sock.received).decode() for sock in self.sockets)]


def check_each_connection(notes: Notes) -> None:
    """Assert that nothing waits to be looked at, and what holds for the events of each connection."""
    assert notes.noted == []
    assert_calls_nest(notes.events)
    assert_states_join(notes.events)
    for number in {event.connection for event in notes.events}:
        of_connection = [event for event in notes.events if event.connection == number]
        assert_received_bytes_have_one_leaf_each(of_connection)
        assert_sent_bytes_have_one_leaf_each(of_connection)


@pytest.mark.parametrize("what", ["close", "interrupt"])
@pytest.mark.parametrize("where", ["request: fileno", "request: send", "getresponse: recv", "rest: recv"])
def test_connection_may_be_ended_by_another_thread_in_any_call(where: str, what: str) -> None:
    watch, notes = Watch(), Notes(fails_at=-1)

    without = Case(None).outcome(where, what)
    of_watch = Case(watch).outcome(where, what)
    of_notes = Case(notes).outcome(where, what)

    assert of_watch == without
    assert of_notes == without
    if where != "request: fileno":
        # How far a request has come that is held, nobody knows there.
        assert by_connection(notes.events) == by_connection(watch.events)
    assert notes.noted == []
    last = [event for event in notes.events if event.connection == notes.events[-1].connection]
    assert b"/third" in sent_by(last)
    assert b"/second" not in sent_by(last) or where == "request: fileno"


@pytest.mark.parametrize("closed", ["connection", "response"])
def test_read_of_all_that_is_left_may_end_after_another_thread_has_closed(closed: str) -> None:
    watch, notes = Watch(), Notes(fails_at=-1)

    for tap in (watch, notes):
        case = Case(tap)
        case.exchange("/first")
        case.connection.request("GET", "/second")
        case.sockets[0].script[:] = [OK]
        response = case.connection.getresponse()
        case.close_in_between(
            response.fp, {"connection": case.connection, "response": response}[closed].close
        )
        assert response.read() == b"ok"
        case.end()

    assert by_connection(notes.events) == by_connection(watch.events)
    assert notes.noted == []


@pytest.mark.parametrize("where", ["fileno", "send", "recv"])
def test_response_that_is_collected_in_the_middle_of_a_call_is_told_of(where: str) -> None:
    notes = Notes(fails_at=-1)
    other, case = Case(notes), Case(notes)
    other.connection.request("GET", "/other")
    other.sockets[0].script[:] = [LONG]
    response = other.connection.getresponse()
    response.itself = response
    del response
    case.exchange("/first")

    case.hooks[where] = gc.collect
    case.exchange("/second")
    case.end()
    other.end()

    of_other = [event for event in notes.events if event.connection == other.number]
    assert [event.complete for event in of_other if isinstance(event, events.MessageCompleted)] == [False]
    check_each_connection(notes)


def test_threads_with_a_connection_each_may_share_a_tap() -> None:
    watch, notes = Watch(), Keeps()
    alone, *cases = Case(watch), Case(notes), Case(notes)

    def do_exchanges(case: Case) -> None:
        for at in range(50):
            case.exchange(f"/{at}")
        case.end()

    do_exchanges(alone)
    threads = [threading.Thread(target=do_exchanges, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT_SECONDS)

    told = [make_event(note) for noted in notes.noted for note in each(noted)]
    for case in cases:
        assert facts([event for event in told if event.connection == case.number]) == facts(watch.events)
