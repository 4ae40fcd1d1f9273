"""Where a response of the drop-in does what http.client of today does."""

import io
import re
import ssl
from collections.abc import Callable
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.dropin.source import CHUNKED, Source, begun
from tests.protocol.peer import Peer
from workbench.protocol import ChunkError, dropin
from workbench.protocol.dropin import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    IncompleteRead,
    LineTooLong,
    RemoteDisconnected,
)


def test_content_that_is_cut_short_is_an_error_of_reading_it_all() -> None:
    response = begun(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour")

    with pytest.raises(IncompleteRead) as caught:
        response.read()

    assert (caught.value.partial, caught.value.expected) == (b"four", 6)
    assert response.read() == b""


def test_content_that_is_cut_short_ends_when_read_in_parts() -> None:
    response = begun(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour")

    assert [response.read(3), response.read(3), response.read(3)] == [b"fou", b"r", b""]
    assert response.isclosed()
    assert response.read() == b""


@pytest.mark.parametrize(
    "read",
    [
        lambda response: response.read(5),
        lambda response: response.readline(),
        lambda response: response.readinto(bytearray(5)),
    ],
    ids=["read", "readline", "readinto"],
)
def test_content_that_was_cut_short_in_a_part_is_an_error_of_reading_the_rest(
    read: Callable[[HTTPResponse], Any],
) -> None:
    response = begun(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour")
    read(response)
    response.read(0)
    response.readinto(bytearray(0))

    with pytest.raises(IncompleteRead) as caught:
        response.read()

    assert (caught.value.partial, caught.value.expected) == (b"", 6)
    assert response.read() == b""


def test_content_that_was_cut_short_is_no_error_when_there_was_nothing_more() -> None:
    response = begun(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour")

    assert [response.readinto(bytearray(4)), response.readinto(bytearray(4))] == [4, 0]
    assert response.read() == b""


def test_broken_chunk_is_an_incomplete_read_by_name() -> None:
    response = begun(CHUNKED + b"3\r\nabc\r\nzz\r\n")

    with pytest.raises(IncompleteRead) as caught:
        response.read()

    assert str(caught.value) == repr(caught.value) == "IncompleteRead(3 bytes read)"
    assert isinstance(caught.value.__cause__, ChunkError)


def test_response_without_a_status_line_is_refused() -> None:
    with pytest.raises(dropin.BadStatusLine):
        begun(b"<html>")


def test_length_that_is_assigned_is_where_the_content_ends() -> None:
    response = begun(b"HTTP/1.1 200 OK\r\n\r\nabcdef")

    response.length = 3
    assert (response.length, response.read(), response.isclosed()) == (3, b"abc", True)


def test_length_of_none_reads_to_the_end() -> None:
    response = begun(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabcdef")

    response.length = None
    assert (response.length, response.read()) == (None, b"abcdef")


def test_chunk_left_can_be_assigned() -> None:
    response = begun(CHUNKED + b"3\r\nabc\r\n0\r\n\r\n")
    before = response.chunk_left
    response.read(1)
    within = response.chunk_left

    response.chunk_left = 7

    assert (before, within, response.chunk_left) == (None, 2, 7)


def test_raw_bytes_of_the_body_can_be_read() -> None:
    response = begun(CHUNKED + b"3\r\nabc\r\n")

    assert response._safe_read(5) == b"3\r\nab"
    with pytest.raises(IncompleteRead) as caught:
        response._safe_read(9)

    assert (caught.value.partial, caught.value.expected) == (b"c\r\n", 6)


def test_status_line_can_be_read_alone() -> None:
    response = HTTPResponse(Source(b"HTTP/1.1 407 No\r\nA: b\r\n\r\n"))

    assert response._read_status() == ("HTTP/1.1", 407, "No")
    assert dropin._read_headers(response.fp) == [b"A: b\r\n", b"\r\n"]


def test_message_may_be_another_and_the_headers_stay() -> None:
    response = begun(b"HTTP/1.1 200 Fine\r\nA: b\r\n\r\n")
    same = response.msg is response.headers

    response.msg = response.reason

    assert same
    assert (response.msg, response.getheader("a")) == ("Fine", "b")


def test_interim_response_is_the_answer_when_no_other_comes() -> None:
    """http.client would also take it for the answer when another comes, and answer the next request with that."""
    alone = begun(b"HTTP/1.1 102 Processing\r\nA: b\r\n\r\n")
    before = begun(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")

    assert (alone.status, alone.getheader("A"), alone.read(), alone.informational) == (102, "b", b"", [])
    assert (before.status, [interim.status for interim in before.informational]) == (200, [102])


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"], ids=["nothing", "100"])
def test_no_answer_is_a_disconnection(data: bytes) -> None:
    with pytest.raises(RemoteDisconnected):
        begun(data)


def test_switched_protocol_leaves_the_socket_to_the_connection(serve: Serve) -> None:
    def switch(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")
        peer.send(peer.take(4))
        peer.take_all()

    server = serve(switch)
    connection = server.connection(HTTPConnection)
    connection.request("GET", "/", headers={"Connection": "upgrade", "Upgrade": "echo"})
    response = connection.getresponse()

    assert (response.status, response.will_close) == (101, False)
    connection.sock.sendall(b"ping")
    assert connection.sock.recv(4) == b"ping"
    connection.close()


def test_switched_protocol_may_speak_at_once(serve: Serve) -> None:
    """What came with the head is not taken for an answer that nobody asked for."""

    def switch(peer: Peer) -> None:
        peer.take_head()
        head = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n"
        peer.send(head + b"hello")
        peer.send(peer.take(4))
        peer.take_all()

    connection = serve(switch).connection(HTTPConnection)
    connection.request("GET", "/", headers={"Connection": "upgrade", "Upgrade": "echo"})
    response = connection.getresponse()
    file = response.fp

    assert (response.read(), response.isclosed()) == (b"", True)
    assert file.read(5) == b"hello"
    connection.sock.sendall(b"ping")
    assert connection.sock.recv(4) == b"ping"
    connection.close()


# --- limits and names that are assigned to the module -----------------------------------------


def test_longest_line_can_be_assigned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropin, "_MAXLINE", 17)

    for data, what in [
        (b"HTTP/1.1 200 OK OK OK\r\n\r\n", "status line"),
        (b"HTTP/1.1 200 OK\r\nName: 123456789012\r\n\r\n", "header line"),
    ]:
        with pytest.raises(LineTooLong, match=f"got more than 17 bytes when reading {what}"):
            begun(data)
    with pytest.raises(LineTooLong, match="header line"):
        dropin.parse_headers(io.BytesIO(b"Name: 123456789012\r\n\r\n"))


def test_longest_line_holds_for_chunk_headers_and_trailers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropin, "_MAXLINE", 30)

    for data, what in [(b"3;" + b"x" * 40, "chunk size"), (b"0\r\nA: " + b"x" * 40, "trailer line")]:
        with pytest.raises(LineTooLong, match=what):
            begun(CHUNKED + data + b"\r\n\r\n").read()


def test_number_of_fields_can_be_assigned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropin, "_MAXHEADERS", 2)

    with pytest.raises(HTTPException, match="got more than 2 headers"):
        begun(b"HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n")
    with pytest.raises(HTTPException, match="got more than 2 headers"):
        dropin._read_headers(io.BytesIO(b"A: 1\r\nB: 2\r\nC: 3\r\n\r\n"))
    with pytest.raises(HTTPException, match="got more than 2 trailers"):
        begun(CHUNKED + b"0\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n").read()


HEAD = b"HTTP/1.1 200 OK\r\n"
FOUR_FIELDS = b"A: 1\r\nB: 2\r\nC: 3\r\nContent-Length: 0\r\n\r\n"
MANY_SECTION = b"".join(b"N: %s\r\n" % (b"x" * 60_000) for _ in range(5)) + b"\r\n"


@pytest.mark.parametrize(
    ("name", "limit", "data", "words"),
    [
        pytest.param("_MAXLINE", 17, HEAD + b"N: 123456789012345\r\n\r\n", "", id="field line"),
        pytest.param("_MAXLINE", 16, HEAD + b"\r\n", "", id="status line"),
        pytest.param(
            "_MAXLINE", 30, CHUNKED + b"3;" + b"x" * 40 + b"\r\nabc\r\n0\r\n\r\n", "", id="chunk header"
        ),
        pytest.param("_MAXHEADERS", 3, CHUNKED + b"0\r\n" + FOUR_FIELDS, "", id="trailers"),
        pytest.param(
            "_MAXHEADERS", 3, b"HTTP/1.1 103 Early\r\n\r\n" * 4 + HEAD + b"\r\n", "", id="interim responses"
        ),
        pytest.param("_MAXHEADERS", 3, HEAD + FOUR_FIELDS, "max_response_headers=... or ", id="fields"),
    ],
)
def test_limit_names_what_allows_more(
    monkeypatch: pytest.MonkeyPatch, name: str, limit: int, data: bytes, words: str
) -> None:
    assert begun(data).status == 200
    monkeypatch.setattr(dropin, name, limit)

    way_out = f"; {words}workbench.protocol.dropin.{name} = ... allows more"
    with pytest.raises(HTTPException, match=re.escape(way_out) + "$"):
        begun(data).read()


def test_number_of_fields_that_a_connection_was_given_is_what_allows_more(serve: Serve) -> None:
    server = serve(lambda peer: peer.answer(HEAD + FOUR_FIELDS))
    connection = server.connection(HTTPConnection, max_response_headers=3)
    connection.request("GET", "/")

    with pytest.raises(
        HTTPException, match=r"got more than 3 headers; max_response_headers=\.\.\. allows more$"
    ):
        connection.getresponse()
    connection.close()


def test_limit_that_nothing_here_changes_comes_without_advice() -> None:
    with pytest.raises(HTTPException, match=r"got more than 262144 bytes of headers$"):
        begun(HEAD + MANY_SECTION)


def test_headers_are_parsed_into_the_class_that_is_given() -> None:
    class Message(dropin.HTTPMessage):
        """Somebody's own."""

    message = dropin.parse_headers(io.BytesIO(b"A: 1\r\n: skipped\r\nB: 2\r\n\r\nrest"), _class=Message)

    assert isinstance(message, Message)
    assert message.items() == [("A", "1"), ("B", "2")]


def test_context_of_the_process_is_taken_and_can_be_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """PEP 476: programs assign to `ssl._create_default_https_context`."""
    verified = HTTPSConnection("example.test")._context
    monkeypatch.setattr(ssl, "_create_default_https_context", ssl._create_unverified_context)

    unverified = HTTPSConnection("example.test")._context

    assert (verified.verify_mode, unverified.verify_mode) == (ssl.CERT_REQUIRED, ssl.CERT_NONE)


def test_function_that_makes_contexts_can_be_assigned(monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context()
    monkeypatch.setattr(dropin, "_create_https_context", lambda version: context)

    assert HTTPSConnection("example.test")._context is context
