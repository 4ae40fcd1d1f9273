"""HTTPResponse as a file: all the ways of reading its content, and what each says when some is missing."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.protocol.conftest import MakeResponse, Serve
from tests.protocol.peer import OK, answers, answers_and_closes
from tests.protocol.response_bytes import BODIES, HEAD, LINES, FakeSocket
from tests.protocol.watching import Watch
from workbench.protocol import HTTPResponse, IncompleteRead
from workbench.protocol.policy import LENIENT
from workbench.protocol.tap import ContentParsed, Event, MessageCompleted
from workbench.protocol.wire.span import Span


def read_in_pieces(response: Any, size: int) -> bytes:
    return b"".join(iter(lambda: response.read(size), b""))


def readinto_in_pieces(response: Any, size: int) -> bytes:
    buffer = bytearray(size)
    return b"".join(iter(lambda: bytes(buffer[: response.readinto(buffer)]), b""))


def peek_and_read(response: Any) -> bytes:
    pieces = []
    while shown := response.peek():
        pieces.append(response.read(len(shown)))
        assert pieces[-1] == shown
    return b"".join(pieces)


WAYS = [
    pytest.param(lambda response: response.read(), id="read"),
    pytest.param(lambda response: response.read(None), id="read None"),
    pytest.param(lambda response: response.read(-1), id="read -1"),
    pytest.param(lambda response: response.read(10_000), id="read more than there is"),
    pytest.param(lambda response: read_in_pieces(response, 1), id="read byte by byte"),
    pytest.param(lambda response: read_in_pieces(response, 7), id="read by sevens"),
    pytest.param(lambda response: b"".join(iter(response.read1, b"")), id="read1"),
    pytest.param(lambda response: b"".join(iter(lambda: response.read1(3), b"")), id="read1 by threes"),
    pytest.param(lambda response: b"".join(iter(lambda: response.read1(None), b"")), id="read1 None"),
    pytest.param(lambda response: readinto_in_pieces(response, 5), id="readinto by fives"),
    pytest.param(lambda response: readinto_in_pieces(response, 100_000), id="readinto"),
    pytest.param(b"".join, id="iteration"),
    pytest.param(lambda response: b"".join(response.readlines()), id="readlines"),
    pytest.param(lambda response: b"".join(iter(lambda: response.readline(4), b"")), id="readline by fours"),
    pytest.param(lambda response: b"".join(iter(lambda: response.readline(None), b"")), id="readline None"),
    pytest.param(peek_and_read, id="peek"),
    pytest.param(lambda response: io.BufferedReader(response).read(), id="BufferedReader"),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("framing", BODIES)
def test_every_way_of_reading_gives_the_content(
    make_response: MakeResponse, framing: str, way: Callable[[Any], bytes]
) -> None:
    response = make_response(HEAD + BODIES[framing])

    assert way(response) == LINES
    assert response.read() == b""
    assert response.read(5) == b""
    assert response.read1() == b""
    assert response.readinto(bytearray(5)) == 0
    assert response.readline() == b""
    assert response.peek() == b""
    assert response.isclosed()
    assert response.complete


@pytest.mark.parametrize("framing", BODIES)
def test_lines_are_those_of_the_content(make_response: MakeResponse, framing: str) -> None:
    response = make_response(HEAD + BODIES[framing])

    assert list(response) == [b"first\n", b"second\n", b"\n", b"the last"]


@pytest.mark.parametrize("framing", BODIES)
def test_ways_of_reading_can_be_mixed(make_response: MakeResponse, framing: str) -> None:
    response = make_response(HEAD + BODIES[framing])

    assert response.read(2) == b"fi"
    assert response.readline() == b"rst\n"
    assert response.read(0) == b""
    assert response.read1(0) == b""
    assert b"second\n".startswith(response.peek(3))
    buffer = bytearray(3)
    assert response.readinto(buffer) == 3
    assert bytes(buffer) == b"sec"
    assert response.readline(2) == b"on"
    assert response.read() == b"d\n\nthe last"


def test_peek_shows_no_more_than_it_is_asked_for(make_response: MakeResponse) -> None:
    response = make_response(HEAD + BODIES["length"])

    assert response.peek(3) == b"fir"
    assert response.peek(0) == b""
    assert response.read(5) == b"first"


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_response_closes_itself_at_a_known_end(make_response: MakeResponse, framing: str) -> None:
    response = make_response(HEAD + BODIES[framing])
    assert not response.isclosed()

    response.read()

    assert response.isclosed()
    assert not response.closed
    response.close()
    assert response.closed


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda response: response.read(4), id="read"),
        pytest.param(lambda response: response.read1(), id="read1"),
        pytest.param(lambda response: response.readinto(bytearray(4)), id="readinto"),
        pytest.param(lambda response: response.readline(), id="readline"),
        pytest.param(lambda response: response.readline(4), id="readline with a limit"),
    ],
)
def test_response_closes_itself_with_the_last_byte_of_a_length(
    make_response: MakeResponse, read: Callable[[Any], object]
) -> None:
    response = make_response(HEAD + b"Content-Length: 4\r\n\r\nend\n")

    read(response)

    assert response.isclosed()


def test_each_line_that_is_read_is_told_as_content(serve: Serve, watch: Watch) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\none\ntwo\n"
    connection = serve(answers(answer)).connection(tap=watch)
    connection.request("GET", "/")

    assert list(connection.getresponse()) == [b"one\n", b"two\n"]

    start = answer.index(b"one")
    spans = [(event.span.start - start, event.span.end - start) for event in watch.of(ContentParsed)]
    assert spans == [(0, 4), (4, 8)]
    connection.close()
    watch.check()


# --- as a file -------------------------------------------------------------------------------


def test_context_manager_closes(make_response: MakeResponse) -> None:
    with make_response(HEAD + BODIES["length"]) as response:
        assert response.readable()
        assert not response.writable()
        assert not response.seekable()

    assert response.closed
    assert response.isclosed()


def test_closed_response_gives_nothing(make_response: MakeResponse) -> None:
    response = make_response(HEAD + BODIES["length"])
    response.close()
    response.close()

    assert response.read() == b""
    assert response.readinto(bytearray(3)) == 0
    assert list(response) == response.readlines() == []


def test_flush_does_nothing_and_fails_when_closed(make_response: MakeResponse) -> None:
    response = make_response(HEAD + BODIES["length"])
    response.flush()
    response.read()
    response.flush()
    response.close()

    with pytest.raises(ValueError, match="closed"):
        response.flush()


def test_number_is_that_of_the_socket(serve: Serve) -> None:
    connection = serve(answers(OK)).connection()
    connection.request("GET", "/")
    response = connection.getresponse()

    assert response.fileno() == connection.sock.fileno()


def test_text_can_be_read_through_a_wrapper(make_response: MakeResponse) -> None:
    response = make_response(HEAD + b"Content-Length: 9\r\n\r\ncaf\xc3\xa9\nyes")

    assert list(io.TextIOWrapper(response, encoding="utf-8")) == ["caf\xe9\n", "yes"]


def test_reading_into_a_buffer_of_another_type(make_response: MakeResponse) -> None:
    response = make_response(HEAD + BODIES["length"])
    buffer = memoryview(bytearray(8)).cast("H")

    assert response.readinto(buffer) == 8
    assert bytes(buffer) == b"first\nse"


def test_file_is_left_at_the_end_of_the_response() -> None:
    """Whoever made the file goes on reading where the response ended."""
    fake = FakeSocket(HEAD + BODIES["chunked"] + b"behind it")
    at: list[int] = []
    fake.file.close = lambda: at.append(fake.file.tell())
    response = HTTPResponse(fake)
    response.begin()

    response.read()

    assert at == [len(HEAD + BODIES["chunked"])]


def test_reading_before_begin_gives_nothing_or_is_not_ready() -> None:
    response = HTTPResponse(FakeSocket(OK))

    assert response.read() == b""
    assert response.readinto(bytearray(2)) == 0
    response.close()


# --- short -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda response: response.read(), id="read"),
        pytest.param(lambda response: response.read(100), id="read so many"),
        pytest.param(lambda response: response.readinto(bytearray(100)), id="readinto"),
        pytest.param(lambda response: response.readinto(bytearray(100_000)), id="readinto much"),
        pytest.param(lambda response: response.readline(), id="readline"),
    ],
)
def test_every_reader_says_that_content_is_missing(
    make_response: MakeResponse, read: Callable[[Any], object]
) -> None:
    """http.client says it in read() alone (gh-115997)."""
    response = make_response(HEAD + b"Content-Length: 10\r\n\r\nabc")

    with pytest.raises(IncompleteRead) as caught:
        read(response)

    assert (caught.value.partial, caught.value.expected) == (b"abc", 7)


def test_read1_says_that_content_is_missing_at_its_end(make_response: MakeResponse) -> None:
    response = make_response(HEAD + b"Content-Length: 10\r\n\r\nabc")
    got = b""

    with pytest.raises(IncompleteRead) as caught:
        while True:
            got += response.read1()

    assert got == b"abc"
    assert caught.value.expected == 7


def test_peek_says_nothing_of_what_is_missing(make_response: MakeResponse) -> None:
    response = make_response(HEAD + b"Content-Length: 10\r\n\r\nabc")
    response.read(3)

    with pytest.raises(IncompleteRead):
        response.read(1)


def test_lenient_policy_takes_what_came(make_response: MakeResponse, serve: Serve) -> None:
    connection = serve(answers_and_closes(HEAD + b"Content-Length: 10\r\n\r\nabc")).connection(policy=LENIENT)
    connection.request("GET", "/")
    response = connection.getresponse()

    assert response.read() == b"abc"
    assert not response.complete
    assert connection.sock is None


@pytest.mark.parametrize(
    "size", [pytest.param(None, id="all"), pytest.param(2, id="just all"), pytest.param(9, id="more")]
)
def test_tap_is_told_once_of_content_that_came_with_the_head(
    serve: Serve, watch: Watch, size: int | None
) -> None:
    connection = serve(lambda peer: peer.answer(OK)).connection(tap=watch)
    connection.request("GET", "/")

    assert connection.getresponse().read(size) == b"ok"
    assert watch.one(ContentParsed).span == Span("received", len(OK) - len(b"ok"), len(OK))
    connection.close()
    watch.check()


def test_response_that_somebody_closes_just_as_it_ends_is_given_whole(serve: Serve, watch: Watch) -> None:
    def tap(event: Event) -> None:
        watch(event)
        if isinstance(event, ContentParsed):
            response.close()

    connection = serve(answers(OK)).connection(tap=tap)
    connection.request("GET", "/")
    response = connection.getresponse()

    assert response.read() == b"ok"

    assert watch.one(MessageCompleted).complete
    connection.close()
    watch.check()


def test_line_that_is_longer_than_the_limit_is_cut_there(make_response: MakeResponse) -> None:
    response = make_response(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 7 + b"3\r\ny\nz\r\n0\r\n\r\n"
    )

    assert [response.readline(3) for _ in range(5)] == [b"xxx", b"xxx", b"xy\n", b"z", b""]


def test_line_of_a_known_length_is_cut_at_the_limit(make_response: MakeResponse) -> None:
    response = make_response(HEAD + b"Content-Length: 9\r\n\r\nxxxxxxy\nz")

    assert [response.readline(3) for _ in range(5)] == [b"xxx", b"xxx", b"y\n", b"z", b""]
