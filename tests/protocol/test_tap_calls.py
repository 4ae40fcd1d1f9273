"""What a tap hears of the calls of the API, and whose they are."""

import gc
import http.client
from collections.abc import Iterator
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import NO_CONTENT, OK, Peer, answers
from tests.protocol.watching import Watch, received_by
from workbench.protocol import HTTPConnection, HTTPResponse, IncompleteRead
from workbench.protocol import tap as events


def test_arguments_and_results_are_told_as_written_and_cut(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK)).connection(tap=watch)
    connection.request("POST", "/", b"x" * 5000, headers={"A": "b"})
    connection.getresponse().getheader("Absent", "default")

    started = watch.of(events.CallStarted)
    returned = {event.name: event.result for event in watch.of(events.CallReturned)}
    assert started[0].arguments == f"'POST', '/', {b'x' * 200!r}..., headers={{'A': 'b'}}"
    assert started[-1].arguments == "'Absent', 'default'"
    assert returned["HTTPConnection.request"] == "None"
    assert returned["HTTPResponse.getheader"] == "'default'"
    assert returned["HTTPConnection.getresponse"].startswith("<workbench.protocol.response.HTTPResponse")


def test_call_that_raises_is_told_with_its_error(serve: Serve, watch: Watch) -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(cut)

    connection = serve(play).connection(tap=watch)
    connection.request("GET", "/")
    with pytest.raises(IncompleteRead):
        connection.getresponse().read()
    connection.close()

    raised = watch.one(events.CallRaised)
    assert raised.name == "HTTPResponse.read"
    assert raised.error.class_name == "IncompleteRead"
    assert raised.error.lineage == ("IncompleteRead", "HTTPException", "Exception")
    assert raised.error.partial == b"abc"
    assert raised.error.offset == len(cut)
    assert "RFC 9112 section 8" in raised.error.message
    assert ("expected", "2") in raised.error.attributes
    watch.check()


def test_call_that_closes_its_connection_ends_on_the_one_it_began_on(serve: Serve, watch: Watch) -> None:
    server = serve(answers(OK))
    connection = server.connection(tap=watch)
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.close()
    server.stop()

    with pytest.raises(ConnectionRefusedError):
        connection.request("GET", "/")

    failed = [(event.name, event.connection, event.exchange) for event in watch.of(events.CallRaised)]
    second = watch.of(events.RequestLineBuffered)[-1].connection
    assert failed == [
        ("HTTPConnection.connect", second, 1),
        ("HTTPConnection.endheaders", second, 1),
        ("HTTPConnection.request", second, 1),
    ]
    assert second > watch.events[0].connection
    watch.check()


class Unwritable:
    """A body of which nobody can write down what it is."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __iter__(self) -> Iterator[bytes]:
        yield b"body"

    def __repr__(self) -> str:
        raise self._error


def test_call_whose_argument_cannot_be_written_is_made_and_told(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK)).connection(tap=watch)

    connection.request("POST", "/", Unwritable(ValueError("no words")))
    content = connection.getresponse().read(10**5000)

    assert content == b"ok"
    of_request, of_read = watch.of(events.CallStarted)[0], watch.of(events.CallStarted)[-1]
    assert "'POST', '/', <tests.protocol.test_tap_calls.Unwritable object at 0x" in of_request.arguments
    assert of_read.arguments.startswith("<int object at 0x")


def test_subclass_is_reported_under_its_own_name(serve: Serve, watch: Watch) -> None:
    class Polite(HTTPConnection):
        def putrequest(self, *args: Any, **kwargs: Any) -> None:
            super().putrequest(*args, **kwargs)
            self.putheader("Please", "1")

    connection = serve(answers(OK)).connection(Polite, tap=watch)
    connection.request("GET", "/")
    connection.getresponse().read()

    assert isinstance(connection, Polite)
    assert watch.events[0].name == "Polite.request"
    assert [field.name for field in watch.of(events.FieldLineBuffered)] == [
        "Host",
        "Accept-Encoding",
        "Please",
    ]
    connection.close()
    watch.check()


def test_response_class_of_the_caller_is_reported(serve: Serve, watch: Watch) -> None:
    class Loud(HTTPResponse):
        def read(self, amt: int | None = None) -> bytes:
            return super().read(amt).upper()

    connection = serve(answers(OK)).connection(tap=watch)
    connection.response_class = Loud
    connection.request("GET", "/")
    response = connection.getresponse()

    assert response.read() == b"OK"
    assert isinstance(response, Loud)
    assert [event.name for event in watch.of(events.CallStarted)][-1] == "Loud.read"
    connection.close()
    watch.check()


def test_response_class_that_knows_nothing_of_ours_works(serve: Serve, watch: Watch) -> None:
    class Bare:
        """What http.client asks of a response class, and no more."""

        will_close = False

        def __init__(self, sock: Any, debuglevel: int = 0, method: str | None = None) -> None:
            self.file = sock.makefile("rb")
            self.method = method
            self.over = False

        def begin(self) -> None:
            self.status = int(self.file.readline().split()[1])
            self.file.readline()

        def isclosed(self) -> bool:
            return self.over

        def close(self) -> None:
            self.over = True
            self.file.close()

    connection = serve(answers(NO_CONTENT, NO_CONTENT, NO_CONTENT)).connection(tap=watch)
    connection.response_class = Bare
    connection.request("GET", "/1")

    first = connection.getresponse()

    assert (first.status, first.method) == (204, "GET")
    first.close()
    connection.request("GET", "/2")
    second = connection.getresponse()
    connection.request("GET", "/3")
    second.close()
    assert connection.getresponse().status == 204
    connection.close()


def test_response_class_of_http_client_works(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK, OK)).connection(tap=watch)
    connection.response_class = http.client.HTTPResponse
    for _ in range(2):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"
    connection.close()

    assert received_by(watch.events) == OK + OK
    assert len(watch.of(events.Connected)) == 1
    assert [event.exchange for event in watch.of(events.BytesReceived)] == [1, 2]


def test_interpreter_sees_the_class_that_was_asked_for(watch: Watch) -> None:
    connection = HTTPConnection("example.test", tap=watch)

    assert isinstance(connection, HTTPConnection)
    assert type(connection).__name__ == "HTTPConnection"
    assert type(connection).__module__ == HTTPConnection.__module__
    assert HTTPConnection.request.__doc__ == type(connection).request.__doc__


def test_response_that_is_collected_was_closed_by_no_call(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK)).connection(tap=watch)
    connection.request("GET", "/")
    response = connection.getresponse()
    response.read()
    started = len(watch.events)

    del response
    gc.collect()

    assert watch.events[started:] == []


def test_response_that_owns_the_connection_closes_it_when_it_is_collected(serve: Serve, watch: Watch) -> None:
    server = serve(answers(b"HTTP/1.1 200 OK\r\n\r\nuntil close"))
    connection = server.connection(tap=watch)
    connection.request("GET", "/")
    response = connection.getresponse()
    started = len(watch.events)

    del response
    gc.collect()
    server.wait()

    told = [type(event).__name__ for event in watch.events[started:]]
    assert told == ["MessageCompleted", "BytesLeft", "ConnectionClosed"]
    watch.check()
