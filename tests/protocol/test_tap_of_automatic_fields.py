"""The tap hears of the fields that nobody has to put as of any others, though their lines are made once."""

from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, answers
from tests.protocol.test_tap_of_notes import Notes
from tests.protocol.watching import Watch
from workbench.protocol import CannotSendHeader, HTTPConnection
from workbench.protocol import tap as events
from workbench.protocol.tap import Event


@pytest.fixture(params=[Watch, Notes], ids=["called at once", "takes notes"])
def watch(request: pytest.FixtureRequest) -> Any:
    return request.param()


def told_of_fields(watch: Watch) -> list[list[Any]]:
    """Give all that the tap heard while the fields of a request were put, but for numbers and times."""
    found: list[list[Any]] = [[]]
    for event in watch.events:
        if isinstance(event, events.CallStarted) and event.name.endswith(".putrequest"):
            found.append([])
        elif isinstance(event, events.CallStarted | events.CallReturned) and "putheader" in event.name:
            found[-1].append((type(event), event.name, getattr(event, "arguments", "")))
        elif isinstance(event, events.FieldLineBuffered):
            found[-1].append((type(event), event.data, event.name, event.value, event.automatic))
    return found[1:]


def test_every_request_tells_as_much_as_the_first(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK, OK, OK)).connection(tap=watch)
    host = f"127.0.0.1:{connection.port}"

    for _ in range(3):
        connection.request("GET", "/")
        connection.getresponse().read()

    call = "HTTPConnection.putheader"
    assert told_of_fields(watch) == 3 * [
        [
            (events.CallStarted, call, f"'Host', '{host}'"),
            (events.FieldLineBuffered, f"Host: {host}\r\n".encode(), "Host", host, True),
            (events.CallReturned, call, ""),
            (events.CallStarted, call, "'Accept-Encoding', 'identity'"),
            (events.FieldLineBuffered, b"Accept-Encoding: identity\r\n", "Accept-Encoding", "identity", True),
            (events.CallReturned, call, ""),
        ]
    ]
    watch.check()


def test_what_is_wrong_with_a_host_is_told_each_time_it_is_put(watch: Watch) -> None:
    class Careless(HTTPConnection):
        def _validate_host(self, host: str) -> None:
            """It is the caller's."""

    connection = Careless("a\r\n b", 80, tap=watch)

    for _ in range(2):
        connection.putrequest("GET", "/")
        connection.close()

    assert watch.codes() == 2 * ["SENT_OBS_FOLD"]
    assert [fields[0][2] for fields in told_of_fields(watch)] == 2 * [r"'Host', 'a\r\n b'"]


def test_putheader_of_a_subclass_puts_the_automatic_fields_too(watch: Watch) -> None:
    class Loud(HTTPConnection):
        def putheader(self, header: Any, *values: Any) -> None:
            super().putheader(header, *(value.upper() for value in values))

    connection = Loud("h", tap=watch)

    connection.putrequest("GET", "/")

    assert len(watch.of(events.CallStarted)) == 3

    assert [event.data for event in watch.of(events.FieldLineBuffered)] == [
        b"Host: H\r\n",
        b"Accept-Encoding: IDENTITY\r\n",
    ]


def test_putheader_of_a_program_puts_the_automatic_fields_too(watch: Watch) -> None:
    connection = HTTPConnection("h", tap=watch)
    put: list[Any] = []
    connection.putheader = lambda *field: put.append(field)  # type: ignore[method-assign]

    connection.putrequest("GET", "/")

    assert put == [("Host", "h"), ("Accept-Encoding", "identity")]
    assert watch.of(events.FieldLineBuffered) == []


def test_field_is_refused_after_a_tap_has_closed_the_connection() -> None:
    watch = Watch()

    def tap(event: Event) -> None:
        watch(event)
        if isinstance(event, events.StateChanged) and event.cause == "putrequest":
            connection.close()

    connection = HTTPConnection("h", tap=tap)

    with pytest.raises(CannotSendHeader):
        connection.putrequest("GET", "/")

    assert [event.name for event in watch.of(events.CallRaised)] == [
        "HTTPConnection.putheader",
        "HTTPConnection.putrequest",
    ]
    assert connection._buffer == []
