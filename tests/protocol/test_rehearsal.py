"""A rehearsal sends nothing, opens nothing, and leaves the connection as it was."""

import socket
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, answers
from tests.protocol.watching import Watch
from workbench.protocol import CannotSendHeader, HTTPConnection, HTTPSConnection, InvalidURL, NotConnected
from workbench.protocol.rehearsal import rehearse
from workbench.protocol.wire.state import State


def test_queued_and_sent_bytes_are_those_of_the_call() -> None:
    connection = HTTPConnection("example.test")
    connection.putrequest("GET", "/x")

    rehearsal = rehearse(connection)
    rehearsal.connection.putheader("A", "b")
    queued = rehearsal.queued_bytes
    rehearsal.connection.endheaders(b"body")

    head = b"GET /x HTTP/1.1\r\nHost: example.test\r\nAccept-Encoding: identity\r\n"
    assert queued == head + b"A: b\r\n"
    assert rehearsal.sent_bytes == head + b"A: b\r\n\r\nbody"
    assert rehearsal.connection.state is State.REQUEST_SENT


def test_original_is_as_it_was(watch: Watch) -> None:
    connection = HTTPConnection("example.test", tap=watch)
    connection.putrequest("GET", "/x")
    before = len(watch.events)

    rehearse(connection).connection.endheaders(b"body")

    assert connection.state is State.REQUEST_STARTED
    assert connection.sock is None
    assert len(connection._buffer) == 3
    assert len(watch.events) == before


@pytest.mark.parametrize("cls", [HTTPConnection, HTTPSConnection])
def test_whole_request_is_rehearsed_without_a_socket(cls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise AssertionError("a rehearsal opened a socket")

    connection = cls("example.test")
    monkeypatch.setattr(socket, "getaddrinfo", fail)

    rehearsal = rehearse(connection)
    rehearsal.connection.request("POST", "/", [b"a", b"bc"])

    assert rehearsal.connects
    assert rehearsal.sent_bytes.endswith(b"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n")
    assert connection.state is State.IDLE


def test_connecting_is_rehearsed_without_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise AssertionError("a rehearsal opened a socket")

    connection = HTTPConnection("example.test")
    monkeypatch.setattr(socket, "getaddrinfo", fail)

    rehearse(connection).connection.connect()

    assert connection.sock is None


@pytest.mark.parametrize(
    ("call", "error"),
    [
        pytest.param(lambda connection: connection.putheader("A", "b"), CannotSendHeader, id="state"),
        pytest.param(lambda connection: connection.putrequest("GET", "/a b"), InvalidURL, id="target"),
        pytest.param(lambda connection: connection.putrequest("G T", "/"), ValueError, id="method"),
    ],
)
def test_error_of_the_call_is_raised(call: Any, error: type[Exception]) -> None:
    rehearsal = rehearse(HTTPConnection("example.test"))

    with pytest.raises(error):
        call(rehearsal.connection)


def test_sending_is_refused_where_nothing_may_be_opened() -> None:
    connection = HTTPConnection("example.test")
    connection.auto_open = 0

    with pytest.raises(NotConnected):
        rehearse(connection).connection.request("GET", "/")


def test_tunnel_can_be_set_in_a_rehearsal_and_only_there() -> None:
    connection = HTTPConnection("proxy.test")

    rehearsal = rehearse(connection)
    rehearsal.connection.set_tunnel("example.test", 81)
    rehearsal.connection.request("GET", "/")

    assert b"Host: example.test:81\r\n" in rehearsal.sent_bytes
    assert connection._tunnel_host is None


def test_tunnel_cannot_be_set_where_it_could_not_be(serve: Serve) -> None:
    connection = serve(answers(OK)).connection()
    connection.connect()

    with pytest.raises(RuntimeError):
        rehearse(connection).connection.set_tunnel("example.test", 81)


def test_closing_in_a_rehearsal_closes_nothing(serve: Serve) -> None:
    connection = serve(answers(OK)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()

    rehearsal = rehearse(connection)
    rehearsal.connection.close()

    assert rehearsal.connection.state is State.IDLE
    assert connection.state is State.UNREAD_RESPONSE
    assert response.read() == b"ok"


def test_request_behind_an_unread_response_is_rehearsed(serve: Serve) -> None:
    connection = serve(answers(OK)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()

    rehearsal = rehearse(connection)
    rehearsal.connection.putrequest("GET", "/2")

    assert rehearsal.connection.state is State.REQUEST_STARTED_UNREAD_RESPONSE
    assert connection.state is State.UNREAD_RESPONSE
    assert response.read() == b"ok"


def test_subclass_is_rehearsed_as_itself(watch: Watch) -> None:
    class Polite(HTTPConnection):
        def endheaders(self, *args: Any, **kwargs: Any) -> None:
            self.putheader("Please", "1")
            super().endheaders(*args, **kwargs)

    rehearsal = rehearse(Polite("example.test", tap=watch))
    rehearsal.connection.request("GET", "/")

    assert type(rehearsal.connection) is Polite
    assert rehearsal.sent_bytes.endswith(b"Please: 1\r\n\r\n")


def test_rehearsal_of_a_rehearsal_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    connection = HTTPConnection("example.test")
    connection.set_debuglevel(1)

    rehearse(rehearse(connection).connection).connection.request("GET", "/")

    assert capsys.readouterr().out == ""


def test_connection_with_a_deadline_can_be_rehearsed() -> None:
    connection = HTTPConnection("example.test", deadline=1.0, byte_budget=1000)

    rehearsal = rehearse(connection)
    rehearsal.connection.request("GET", "/")

    assert rehearsal.sent_bytes.startswith(b"GET / HTTP/1.1\r\n")
