"""A tap that takes notes hears of the same events as any other, and in time."""

import gc
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, TIMEOUT_SECONDS, answers
from tests.protocol.test_tap_calls import Unwritable
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection, HTTPException, HTTPResponse
from workbench.protocol import tap as events
from workbench.protocol.notes import (
    SEVERAL,
    VALUES,
    Note,
    NotingTap,
    each,
    make_event,
    next_number,
    next_numbers,
)

FIELDS = b"HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nC: 3\r\nD: 4\r\n\r\n"
_ADDRESS = re.compile("0x[0-9a-f]+")
OTHER_EACH_TIME = {"seq", "time_ns", "connection", "elapsed_ns", "idle_ns", "local_port", "port"}


class Notes(Watch, NotingTap):
    """A tap that takes notes."""

    def __init__(self, fails_at: int = 1000) -> None:
        super().__init__()
        self.noted: list[Note] = []
        self.note = self.noted.append
        self.last: list[type[events.Event]] = []
        """The last event of each time that it was to look at its notes."""

        self._fails_at = fails_at

    def take(self) -> None:
        self.events += [make_event(note) for noted in self.noted for note in each(noted)]
        self.noted.clear()
        self.last.append(type(self.events[-1]))
        if len(self.last) == self._fails_at:
            raise ValueError("enough")


class Keeps(NotingTap):
    """A tap that looks at no note."""

    def __init__(self) -> None:
        self.noted: list[Note] = []
        self.note = self.noted.append


def exchanges(serve: Serve, response: bytes, tap: Any) -> None:
    connection = serve(answers(response, response)).connection(tap=tap)
    with suppress(HTTPException):
        for _ in range(2):
            connection.request("POST", "/", b"body", {"Host": "a"})
            connection.getresponse().read()
            if connection.sock is None:
                break
    connection.close()


def facts(found: list[events.Event]) -> list[tuple[Any, ...]]:
    """Give what events say, but for what no two exchanges share."""
    names = [[field.name for field in fields(event) if field.name not in OTHER_EACH_TIME] for event in found]
    values = [
        [_ADDRESS.sub("", str(getattr(event, name))) for name in of_event]
        for event, of_event in zip(found, names, strict=True)
    ]
    return [(type(event), *of_event) for event, of_event in zip(found, values, strict=True)]


@pytest.mark.parametrize(
    "response",
    [
        pytest.param(FIELDS, id="regular"),
        pytest.param(FIELDS.replace(b"A: 1", b"A : 1"), id="irregular"),
        pytest.param(FIELDS.replace(b"A: 1", b"A: 1\r\nno colon\r\nAge: 1\r\nAge: 2"), id="raises"),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", id="none"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nwhole", id="closed"),
    ],
)
def test_events_of_notes_are_those_of_any_tap(serve: Serve, watch: Watch, response: bytes) -> None:
    notes = Notes()

    for tap in (watch, notes):
        exchanges(serve, response, tap)

    assert facts(notes.events) == facts(watch.events)
    notes.check()


def test_call_that_could_not_begin_holds_no_later_notes_back(serve: Serve) -> None:
    notes = Notes()
    connection = serve(answers(OK)).connection(tap=notes)
    with pytest.raises(KeyboardInterrupt):
        connection.request("POST", "/", Unwritable(KeyboardInterrupt()))

    connection.putrequest("GET", "/")

    assert notes.last == [events.CallReturned]
    assert notes.noted == []


def test_call_that_raises_is_told_at_once(serve: Serve) -> None:
    notes = Notes()
    connection = serve(answers(b"HTTP/1.1 nonsense\r\n")).connection(tap=notes)
    connection.request("GET", "/")

    with pytest.raises(HTTPException, match="nonsense"):
        connection.getresponse()

    assert notes.last[-1] is events.CallRaised
    assert notes.noted == []


def test_two_connections_are_told_of_in_the_order_of_what_happens(serve: Serve) -> None:
    notes = Notes()
    inner = serve(answers(OK)).connection(tap=notes)
    outer = serve(answers(OK)).connection(tap=notes)

    def body() -> Iterator[bytes]:
        inner.request("GET", "/inner")
        yield inner.getresponse().read()

    outer.request("POST", "/", body())

    assert [event.seq for event in notes.events] == sorted(event.seq for event in notes.events)
    started = [
        event.arguments[:14] for event in notes.of(events.CallStarted) if event.name.endswith(".request")
    ]
    assert started == ["'POST', '/', <", "'GET', '/inner"]
    notes.check_bytes_and_calls()


def test_end_of_a_response_that_is_collected_is_told_though_no_call_ends(serve: Serve) -> None:
    notes = Notes()
    connection = serve(answers(b"HTTP/1.1 200 OK\r\n\r\nuntil close")).connection(tap=notes)
    connection.request("GET", "/")
    response = connection.getresponse()
    notes.last.clear()

    del response
    gc.collect()

    assert notes.of(events.ConnectionClosed)
    assert notes.noted == []


def test_end_of_a_response_is_told_though_it_is_collected_with_its_connection(serve: Serve) -> None:
    notes = Notes()
    connection = serve(answers(b"HTTP/1.1 200 OK\r\n\r\nuntil close")).connection(tap=notes)
    connection.request("GET", "/")
    response: Any = connection.getresponse()
    response.itself, connection.itself = response, connection
    notes.last.clear()

    del response, connection
    gc.collect()

    assert notes.of(events.MessageCompleted)
    assert notes.noted == []


CHUNKED = b"HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n2;e\r\nok\r\n2\r\nok\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "body", [pytest.param(b"body", id="whole"), pytest.param([b"bo", b"dy"], id="in chunks")]
)
def test_garbage_collector_leaves_the_notes_of_an_exchange_alone(serve: Serve, body: Any) -> None:
    """It would go through all of them again and again, which takes longer than the exchanges."""
    notes = Keeps()
    connection = serve(answers(CHUNKED, CHUNKED)).connection(tap=notes)
    connection.request("GET", "/")
    connection.getresponse().read()
    notes.noted.clear()

    connection.request("POST", "/", headers={"A": "b"}, body=body)
    response = connection.getresponse()
    while response.read(1):
        pass
    # A tuple is left alone after what is in it.
    for _ in range(3):
        gc.collect()

    assert len(notes.noted) > 15
    assert [note[0] for note in notes.noted if gc.is_tracked(note)] == []


@pytest.mark.parametrize("reads", [False, True], ids=["unread", "read"])
@pytest.mark.parametrize("result", [None, 5, ("a", "tuple"), LookupError("own")], ids=repr)
def test_getresponse_of_a_program_may_do_and_give_anything(
    serve: Serve, watch: Watch, result: Any, reads: bool
) -> None:
    class Own(HTTPConnection):
        def getresponse(self) -> Any:
            self.last = super().getresponse()
            if reads:
                self.last.read()
            if isinstance(result, Exception):
                raise result
            return result

    notes, server = Notes(), serve(answers(OK), answers(OK))
    for tap in (watch, notes):
        connection = server.connection(Own, tap=tap)
        connection.request("GET", "/")
        with suppress(LookupError):
            assert connection.getresponse() is result
        connection.close()

    assert facts(notes.events) == facts(watch.events)


def test_tap_that_raises_over_its_notes_is_detached_and_logged(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    notes = Notes(fails_at=3)

    exchanges(serve, OK, notes)

    assert len(notes.last) == 3
    assert notes.noted == []
    assert [record.exc_info[1].args for record in caplog.records if record.exc_info] == [("enough",)]


def test_program_goes_on_over_other_sockets_when_its_tap_has_raised(serve: Serve) -> None:
    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
    notes = Notes(fails_at=2)
    connection = serve(*[answers(closing)] * 3).connection(tap=notes)

    for _ in range(3):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"

    assert len(notes.last) == 2
    assert notes.noted == []


def test_numbers_are_given_once_also_to_threads() -> None:
    taken: list[list[int]] = [[] for _ in range(4)]

    def take(numbers: list[int]) -> None:
        for count in range(2000):
            first = next_numbers(count % 7)
            numbers += range(first, first + count % 7)
            numbers.append(next_number())

    threads = [threading.Thread(target=take, args=(numbers,)) for numbers in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT_SECONDS)

    given = [number for numbers in taken for number in numbers]
    assert len(set(given)) == len(given) > 4 * 2000
    assert all(numbers == sorted(numbers) for numbers in taken)


def test_values_that_are_declared_are_of_notes_that_stand_for_several_events() -> None:
    assert VALUES.keys() < SEVERAL.keys()


class Interrupts(Notes):
    """Ctrl+c comes when it looks for so many times."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._at = at

    def take(self) -> None:
        super().take()
        if len(self.last) == self._at:
            raise KeyboardInterrupt


def read_in_every_way(connection: HTTPConnection) -> list[bytes]:
    """A tap looks eighteen times at least, and once more where an answer is waited for."""
    found = []
    for _ in range(2):
        connection.request("GET", "/")
        found.append(connection.getresponse().read())
        connection.request("POST", "/", bytes(300))
        response = connection.getresponse()
        found += [response.read(1), response.read()]
    return found


class FailsAtEnd(Notes):
    """Raises when the end of a call is the last that it sees."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def take(self) -> None:
        super().take()
        last = self.events[-1]
        if isinstance(last, events.CallReturned) and last.name == self._name:
            raise ValueError("enough")


@pytest.mark.parametrize(
    "name", ["HTTPConnection.request", "HTTPConnection.getresponse", "HTTPResponse.read"]
)
@pytest.mark.parametrize("amount", [None, 1])
def test_call_ends_though_the_tap_raises_when_it_looks_at_its_end(
    serve: Serve, name: str, amount: int | None
) -> None:
    notes = Notes()
    connection = serve(answers(OK, OK)).connection(tap=notes)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    fails = FailsAtEnd(name)
    reporter: Any = connection.reporter
    reporter.take, reporter.keep, reporter.note = fails.take, fails.note, fails.note

    connection.request("GET", "/")
    response = connection.getresponse()
    found = response.read() if amount is None else response.read(amount)

    connection.close()
    assert found == b"ok"[:amount]
    assert fails.events[-1].name == name  # type: ignore[attr-defined]


@pytest.mark.parametrize("looks", range(1, 18))
def test_exchange_goes_on_whenever_a_tap_raises_over_its_notes(
    serve: Serve, caplog: pytest.LogCaptureFixture, looks: int
) -> None:
    notes = Notes(fails_at=looks)
    connection = serve(answers(OK, OK, OK, OK)).connection(tap=notes)

    assert read_in_every_way(connection) == [b"ok", b"o", b"k"] * 2

    connection.close()
    assert [record.exc_info[1].args for record in caplog.records if record.exc_info] == [("enough",)]
    assert len(notes.last) == looks


CONNECTED = 4
"""The look before which the connection is open."""


@pytest.mark.parametrize("looks", range(CONNECTED + 1, 18))
def test_ctrl_c_in_a_look_goes_to_the_program(serve: Serve, looks: int) -> None:
    notes = Interrupts(looks)
    connection = serve(answers(OK, OK, OK, OK)).connection(tap=notes)

    with pytest.raises(KeyboardInterrupt):
        read_in_every_way(connection)
    connection.close()

    notes.check_bytes_and_calls()


def test_call_that_cannot_be_made_is_told_as_to_any_tap(serve: Serve, watch: Watch) -> None:
    notes, server = Notes(), serve(answers(OK), answers(OK))
    for tap in (watch, notes):
        connection = server.connection(tap=tap)
        connection.request("GET", "/")
        with pytest.raises(TypeError):
            connection.getresponse(1)  # type: ignore[call-arg]
        connection.close()

    assert facts(notes.events) == facts(watch.events)


LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + bytes(900)


def test_what_is_too_long_to_be_told_is_cut_as_for_any_tap(serve: Serve, watch: Watch) -> None:
    notes, server = Notes(), serve(answers(LARGE, LARGE), answers(LARGE, LARGE))
    for tap in (watch, notes):
        connection = server.connection(tap=tap)
        for _ in range(2):
            connection.request("POST", "/" + "a" * 300, bytes(300))
            response = connection.getresponse()
            assert response.read(300) + response.read() == bytes(900)
        connection.close()

    assert facts(notes.events) == facts(watch.events)


def test_response_class_with_an_end_of_its_own_is_told_of_when_it_is_collected(
    serve: Serve, watch: Watch
) -> None:
    ended = []

    class Own(HTTPResponse):
        def __del__(self) -> None:
            ended.append(self.status)
            super().__del__()

    notes, server = Notes(), serve(answers(OK), answers(OK))
    for tap in (watch, notes):
        connection = server.connection(tap=tap)
        connection.response_class = Own
        connection.request("GET", "/")
        connection.getresponse()
        gc.collect()
        connection.close()

    assert ended == [200, 200]
    assert facts(notes.events) == facts(watch.events)
