"""What a tap may rely on: order, nesting, attachment; and what it costs where there is none."""

import gc
import io
import logging
import threading
from contextlib import nullcontext
from dataclasses import fields
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, answers
from tests.protocol.watching import KINDS, Watch, received_by, sent_by
from workbench.protocol import HTTPConnection, calls, reporter, tapped
from workbench.protocol import tap as events
from workbench.protocol.tap import Event


def exchange(connection: Any) -> None:
    connection.request("GET", "/")
    connection.getresponse().read()


def test_first_exchange_is_told_in_the_order_of_what_happens(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK)).connection(tap=watch)

    exchange(connection)
    connection.close()

    assert [type(event).__name__ for event in watch.events] == [
        *("CallStarted", "CallStarted", "RequestLineBuffered", "StateChanged"),
        *("CallStarted", "FieldLineBuffered", "CallReturned"),
        *("CallStarted", "FieldLineBuffered", "CallReturned", "CallReturned"),
        *("CallStarted", "StateChanged", "HeaderSectionBuffered"),
        *(
            "CallStarted",
            "HostLookupStarted",
            "HostLookupFinished",
            "ConnectStarted",
            "Connected",
            "CallReturned",
        ),
        *("BytesSent", "RequestCompleted", "CallReturned", "CallReturned"),
        *("CallStarted", "BytesReceived", "StatusLineParsed", "FieldLineParsed", "HeaderSectionParsed"),
        *("FramingDecided", "PersistenceDecided", "StateChanged", "CallReturned"),
        *("CallStarted", "ContentParsed", "MessageCompleted", "StateChanged", "CallReturned"),
        *("CallStarted", "ConnectionClosed", "CallReturned"),
    ]
    assert [event.name for event in watch.of(events.CallStarted)] == [
        *("HTTPConnection.request", "HTTPConnection.putrequest", "HTTPConnection.putheader"),
        *("HTTPConnection.putheader", "HTTPConnection.endheaders", "HTTPConnection.connect"),
        *("HTTPConnection.getresponse", "HTTPResponse.read", "HTTPConnection.close"),
    ]
    watch.check()


def test_streams_hold_what_went_over_the_wire(serve: Serve, watch: Watch) -> None:
    server = serve(answers(OK))
    connection = server.connection(tap=watch)

    exchange(connection)
    connection.close()
    server.wait()

    assert sent_by(watch.events) == bytes(server.peers[0].received)
    assert received_by(watch.events) == OK


def test_events_hold_plain_values_only(serve: Serve, watch: Watch) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n"
    connection = serve(answers(OK, chunked)).connection(tap=watch)
    exchange(connection)
    exchange(connection)
    connection.close()

    def assert_plain(value: Any) -> None:
        if isinstance(value, tuple):
            for item in value:
                assert_plain(item)
        elif isinstance(value, events.ErrorFact):
            assert_plain(tuple(getattr(value, name) for name in value.__slots__))
        else:
            assert value is None or isinstance(value, str | int | bytes), value

    for event in watch.events:
        for field in fields(event):
            assert_plain(getattr(event, field.name))


def test_numbers_of_exchanges_and_connections_grow(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK, OK), answers(OK)).connection(tap=watch)
    for _ in range(2):
        exchange(connection)
    connection.close()
    exchange(connection)
    connection.close()

    lines = watch.of(events.StatusLineParsed)
    first, second = lines[0].connection, lines[2].connection
    assert [(line.connection, line.exchange) for line in lines] == [(first, 1), (first, 2), (second, 1)]
    assert second > first
    watch.check()


def test_response_read_late_is_told_under_its_own_exchange(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK, OK)).connection(tap=watch)
    connection.request("GET", "/1")
    response = connection.getresponse()
    connection.request("GET", "/2")

    response.read()

    assert watch.one(events.ContentParsed).exchange == 1
    assert watch.one(events.MessageCompleted).exchange == 1
    assert watch.of(events.RequestLineBuffered)[-1].exchange == 2
    connection.getresponse().read()
    connection.close()
    watch.check()


# --- attaching ---------------------------------------------------------------------------------


def test_tapped_attaches_to_connections_made_inside(serve: Serve, watch: Watch) -> None:
    server = serve(answers(OK), answers(OK))
    outside = server.connection()
    with tapped(watch):
        inside = server.connection()

    exchange(outside)
    outside.close()
    assert watch.events == []
    exchange(inside)

    assert watch.of(events.MessageCompleted)


def test_tapped_attaches_to_connections_of_every_thread(serve: Serve, watch: Watch) -> None:
    server = serve(answers(OK))
    made: list[HTTPConnection] = []
    with tapped(watch):
        thread = threading.Thread(target=lambda: made.append(server.connection()))
        thread.start()
        thread.join()

    exchange(made[0])

    assert watch.of(events.MessageCompleted)


def test_nested_taps_are_told_each_and_the_own_one_first(serve: Serve) -> None:
    told: list[str] = []
    with tapped(lambda _: told.append("outer")), tapped(lambda _: told.append("inner")):
        connection = serve().connection(tap=lambda _: told.append("own"))
    connection.close()

    assert told[:3] == ["own", "outer", "inner"]
    assert told == ["own", "outer", "inner"] * (len(told) // 3)


def test_tap_is_detached_from_new_connections_when_the_block_raises(watch: Watch) -> None:
    with pytest.raises(KeyError), tapped(watch):
        raise KeyError

    assert HTTPConnection("example.test").reporter is None


def test_same_tap_can_be_attached_twice_in_blocks_that_end_in_any_order(watch: Watch) -> None:
    one, other = tapped(watch), tapped(watch)
    one.__enter__()
    other.__enter__()
    one.__exit__(None, None, None)
    other.__exit__(None, None, None)

    assert HTTPConnection("example.test").reporter is None


@pytest.mark.parametrize(
    "kind",
    [
        Event,
        events.RequestLineBuffered,
        events.FieldLineBuffered,
        events.HeaderSectionBuffered,
        events.BytesSent,
        events.CallReturned,
        events.StatusLineParsed,
        events.FieldLineParsed,
        events.HeaderSectionParsed,
        events.FramingDecided,
        events.ContentParsed,
    ],
)
@pytest.mark.parametrize("alone", [True, False])
def test_tap_that_raises_is_detached_and_logged_and_the_exchange_goes_on(
    serve: Serve, watch: Watch, caplog: pytest.LogCaptureFixture, kind: type[Event], alone: bool
) -> None:
    calls: list[Event] = []

    def broken(event: Event) -> None:
        if isinstance(event, kind):
            calls.append(event)
            raise ZeroDivisionError("a mistake in the tap")

    with nullcontext() if alone else tapped(watch):
        connection = serve(answers(OK)).connection(tap=broken)
    with caplog.at_level(logging.ERROR):
        connection.request("GET", "/")
        response = connection.getresponse()

    assert response.read() == b"ok"
    assert len(calls) == 1
    assert "a tap raised and was detached" in caplog.text
    assert "ZeroDivisionError: a mistake in the tap" in caplog.text
    connection.close()
    watch.check()


def test_tap_may_raise_at_any_event(serve: Serve, watch: Watch) -> None:
    irregular = b"HTTP/1.1 200 OK\r\nA: b\r\n : no name\r\nContent-Length: 2\r\n\r\nok"

    def exchanges(tap: Any) -> None:
        connection = serve(answers(irregular, OK)).connection(tap=tap)
        for _ in range(2):
            connection.request("GET", "/")
            assert connection.getresponse().read() == b"ok"
        connection.close()

    exchanges(watch)
    for number in range(len(watch.events)):
        told: list[Event] = []

        def tap(event: Event, told: list[Event] = told, number: int = number) -> None:
            told.append(event)
            if len(told) > number:
                raise ZeroDivisionError("a mistake in the tap")

        exchanges(tap)

        assert [type(event) for event in told] == [type(event) for event in watch.events[: number + 1]]


def test_tap_that_blocks_stops_the_exchange(serve: Serve) -> None:
    """This is how stepping works: the request is not sent before the tap returns."""
    server = serve(answers(OK))
    at_the_gate = threading.Event()
    gate = threading.Event()

    def tap(event: Event) -> None:
        if isinstance(event, events.HeaderSectionBuffered):
            at_the_gate.set()
            assert gate.wait(10)

    connection = server.connection(tap=tap)
    thread = threading.Thread(target=exchange, args=(connection,))
    thread.start()
    assert at_the_gate.wait(10)
    assert connection.sock is None
    gate.set()
    thread.join(10)

    assert server.peers[0].received.startswith(b"GET / HTTP/1.1\r\n")


def test_interruption_of_a_blocked_tap_goes_through(serve: Serve) -> None:
    """Only `Exception` counts as a mistake of the tap: an abort is none."""

    class Abort(BaseException):
        pass

    def tap(event: Event) -> None:
        if isinstance(event, events.HeaderSectionBuffered):
            raise Abort

    connection = serve().connection(tap=tap)

    with pytest.raises(Abort):
        connection.request("GET", "/")


# --- the cost of no tap ------------------------------------------------------------------------


def test_nothing_is_built_where_nobody_listens(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[type] = []
    connection = serve(answers(OK)).connection()

    def note(self: Any, *args: Any, **kwargs: Any) -> None:
        built.append(type(self))

    for cls in KINDS:
        monkeypatch.setattr(cls, "__init__", note)
    for module in (calls, reporter):
        monkeypatch.setattr(module, "now_ns", lambda: built.append(int))
    connection.request("POST", "/", io.BytesIO(b"body"))
    connection.getresponse()
    connection.close()

    assert built == []
    assert connection.reporter is None
    assert type(connection) is HTTPConnection


def test_tap_does_not_keep_a_connection_alive(watch: Watch) -> None:
    connection = HTTPConnection("example.test", tap=watch)
    number = id(connection)
    del connection
    gc.collect()

    assert number not in {id(item) for item in gc.get_objects() if isinstance(item, HTTPConnection)}
