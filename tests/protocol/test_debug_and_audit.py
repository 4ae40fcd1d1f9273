"""What is said on standard output at a debug level, and to an audit hook."""

import http.client
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

import pytest

import workbench.protocol
from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, Peer, answers
from tests.protocol.test_tap_of_notes import Notes
from workbench.protocol import CannotSendRequest, HTTPConnection, HTTPResponse
from workbench.protocol.rehearsal import rehearse

RESPONSE = b"HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 2\r\n\r\nok"

_hooks: list[Callable[[str, tuple[Any, ...]], None]] = []


def _audit(event: str, args: tuple[Any, ...]) -> None:
    for hook in _hooks:
        hook(event, args)


# What a hook does is measured as well.
_audit.__cantrace__ = True  # type: ignore[attr-defined]
sys.addaudithook(_audit)
# An audit hook cannot be taken away again, so there is one, which does nothing between tests.


@contextmanager
def audited() -> Iterator[list[tuple[str, tuple[Any, ...]]]]:
    """Collect the audit events of http.client."""
    found: list[tuple[str, tuple[Any, ...]]] = []
    _hooks.append(
        lambda event, args: found.append((event, args)) if event.startswith("http.client") else None
    )
    try:
        yield found
    finally:
        _hooks.clear()


def output_of(connection: Any) -> list[str]:
    connection.set_debuglevel(1)
    with redirect_stdout(io.StringIO()) as output:
        connection.request("GET", "/x", headers={"X-C": "d"})
        connection.getresponse().read()
        connection.close()
    return output.getvalue().splitlines()


def test_debug_output_is_that_of_http_client(serve: Serve) -> None:
    server = serve(answers(RESPONSE), answers(RESPONSE))

    theirs = output_of(server.connection(http.client.HTTPConnection))
    ours = output_of(server.connection())

    assert ours == theirs
    assert ours[1:] == ["reply: 'HTTP/1.1 200 OK\\r\\n'", "header: X-A: b", "header: Content-Length: 2"]
    assert ours[0].startswith("send: b'GET /x HTTP/1.1\\r\\n")


def test_debug_output_has_each_piece_of_the_body(serve: Serve) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.take(4)
        peer.send(OK)
        peer.take_all()

    connection = serve(play).connection()
    connection.set_debuglevel(1)
    with redirect_stdout(io.StringIO()) as output:
        connection.request("POST", "/", b"body")

    assert output.getvalue().splitlines()[1] == "send: b'body'"


def test_debug_output_has_the_answer_of_a_proxy(serve: Serve) -> None:
    connection = serve(answers(b"HTTP/1.1 200 OK\r\nVia: p\r\n\r\n")).connection()
    connection.set_tunnel("example.test", 80)
    connection.set_debuglevel(1)
    with redirect_stdout(io.StringIO()) as output:
        connection.connect()

    lines = output.getvalue().splitlines()
    assert lines[0].startswith("send: b'CONNECT example.test:80 HTTP/1.1\\r\\n")
    assert lines[1:] == ["reply: 'HTTP/1.1 200 OK\\r\\n'", "header: Via: p"]


@pytest.mark.parametrize("level", [0, -1])
def test_nothing_is_printed_without_a_debug_level(
    serve: Serve, capsys: pytest.CaptureFixture[str], level: int
) -> None:
    connection = serve(answers(RESPONSE)).connection()
    connection.set_debuglevel(level)

    connection.request("GET", "/")
    connection.getresponse().read()

    assert capsys.readouterr().out == ""


def test_response_prints_for_itself(capsys: pytest.CaptureFixture[str]) -> None:
    class File:
        def makefile(self, mode: str) -> io.BytesIO:
            return io.BytesIO(RESPONSE)

    response = HTTPResponse(File(), 1)
    response.begin()
    response.close()

    assert capsys.readouterr().out.startswith("reply: 'HTTP/1.1 200 OK\\r\\n'\nheader: X-A: b\n")


def exchange(connection: Any) -> None:
    connection.request("GET", "/")
    connection.getresponse().read()


@pytest.mark.parametrize("module", [http.client, workbench.protocol], ids=["http.client", "ours"])
def test_audit_hooks_are_told_of_connecting_and_sending(serve: Serve, module: Any) -> None:
    server = serve(answers(OK))
    connection = server.connection(module.HTTPConnection)

    with audited() as found:
        exchange(connection)

    assert [event for event, _ in found] == ["http.client.connect", "http.client.send"]
    assert found[0][1] == (connection, server.host, server.port)
    assert found[1][1][0] is connection
    assert bytes(found[1][1][1]).startswith(b"GET / HTTP/1.1\r\n")


@pytest.mark.parametrize("module", [http.client, workbench.protocol], ids=["http.client", "ours"])
def test_audit_hooks_are_told_of_each_piece_of_a_body(serve: Serve, module: Any) -> None:
    def play(peer: Peer) -> None:
        peer.take_all()

    connection = serve(play).connection(module.HTTPConnection)

    with audited() as found:
        connection.request("POST", "/", [b"abc", b"de"])
        connection.send(b"more")

    pieces = [bytes(args[1]) for event, args in found if event == "http.client.send"]
    assert pieces[1:] == [b"3\r\nabc\r\n", b"2\r\nde\r\n", b"0\r\n\r\n", b"more"]


def test_audit_hooks_are_told_nothing_of_a_rehearsal() -> None:
    connection = HTTPConnection("example.test")

    with audited() as found:
        rehearse(connection).connection.request("GET", "/")

    assert found == []


def test_audit_hook_that_raises_stops_the_call(serve: Serve) -> None:
    connection = serve().connection()

    def forbid(event: str, args: tuple[Any, ...]) -> None:
        if event == "http.client.connect":
            raise PermissionError("not allowed")

    _hooks.append(forbid)
    try:
        with pytest.raises(PermissionError):
            connection.connect()
    finally:
        _hooks.clear()

    assert connection.sock is None


def test_debug_level_is_that_of_the_class_until_it_is_set() -> None:
    connection = HTTPConnection("example.test")
    assert connection.debuglevel == 0

    connection.set_debuglevel(2)

    assert (connection.debuglevel, HTTPConnection.debuglevel) == (2, 0)


@pytest.mark.parametrize("tap", [None, Notes()], ids=["no tap", "notes"])
def test_connection_can_be_used_by_whoever_audits_it(serve: Serve, tap: Notes | None) -> None:
    connection = serve(answers(OK, OK)).connection(tap=tap)
    connection.request("GET", "/")
    connection.getresponse().read()
    told = []

    def use(event: str, args: tuple[Any, ...]) -> None:
        if event == "http.client.send" and not told:
            told.append(args[1])
            with pytest.raises(CannotSendRequest):
                connection.putrequest("GET", "/other")
            connection.send(b"x")

    _hooks.append(use)
    try:
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"
    finally:
        _hooks.clear()

    assert told
    connection.close()
    if tap is not None:
        tap.check_bytes_and_calls()
