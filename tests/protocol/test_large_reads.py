"""What is received straight into memory of the caller, and sections that are large and allowed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import TIMEOUT_SECONDS, Peer
from tests.protocol.watching import Watch
from tests.protocol.wire.scripted_socket import ScriptedSocket
from workbench.protocol import HTTPConnection, HTTPResponse, IncompleteRead
from workbench.protocol import tap as events
from workbench.protocol.limits import RECEIVE_SIZE

CONTENT = bytes(range(256)) * 512
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(CONTENT)


def test_tap_is_told_of_bytes_that_go_into_memory_of_the_caller(serve: Serve, watch: Watch) -> None:
    server = serve(lambda peer: peer.answer(HEAD + CONTENT))
    connection = server.connection(tap=watch)
    connection.request("GET", "/")
    response = connection.getresponse()
    buffer = bytearray(len(CONTENT))

    assert response.readinto(buffer) == len(CONTENT)
    assert buffer == CONTENT
    assert b"".join(event.data for event in watch.of(events.BytesReceived)) == HEAD + CONTENT
    connection.close()
    watch.check()


def test_time_out_while_filling_memory_of_the_caller_loses_nothing(serve: Serve) -> None:
    more = threading.Event()

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(HEAD, CONTENT[:RECEIVE_SIZE])
        more.wait(TIMEOUT_SECONDS)
        peer.send(CONTENT[RECEIVE_SIZE:])
        peer.take_all()

    server = serve(play)
    connection = server.connection()
    connection.request("GET", "/")
    response = connection.getresponse()
    buffer = bytearray(len(CONTENT))
    connection.sock.settimeout(0.2)
    with pytest.raises(TimeoutError):
        response.readinto(buffer)
    more.set()
    connection.sock.settimeout(TIMEOUT_SECONDS)

    assert response.readinto(buffer) == len(CONTENT)
    assert buffer == CONTENT
    connection.close()


Answered = Callable[..., HTTPResponse]


@pytest.fixture
def answered() -> Iterator[Answered]:
    """Make responses whose content is all still to be received."""
    with ExitStack() as stack:

        def make(pieces: list[bytes], tap: Watch | None, *, ends: bool) -> HTTPResponse:
            connection = HTTPConnection("a.example", tap=tap)
            stack.callback(connection.close)
            connection.sock = ScriptedSocket([HEAD, *pieces], ends=ends)
            connection.request("GET", "/")
            return connection.getresponse()

        yield make


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("tapped", [False, True], ids=["without a tap", "with a tap"])
@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param(cut(CONTENT, RECEIVE_SIZE), id="as much as there is room for"),
        pytest.param([CONTENT], id="all of it"),
        pytest.param([CONTENT + b"HTTP/1.1 204 No Content\r\n\r\n"], id="with more behind"),
        pytest.param(cut(CONTENT, 10_000), id="in pieces"),
        pytest.param([CONTENT[:-1], CONTENT[-1:]], id="the last byte alone"),
    ],
)
def test_memory_is_filled_however_the_bytes_come(
    answered: Answered, pieces: list[bytes], watch: Watch, tapped: bool
) -> None:
    response = answered(pieces, watch if tapped else None, ends=False)
    buffer = bytearray(50_000 + RECEIVE_SIZE)

    # The last one is larger than what is left.
    for size, expected in [(RECEIVE_SIZE, CONTENT[:RECEIVE_SIZE]), (len(buffer), CONTENT[RECEIVE_SIZE:])]:
        assert response.readinto(memoryview(buffer)[:size]) == len(expected)
        assert buffer[: len(expected)] == expected
    assert response.complete
    assert response.isclosed()
    if tapped:
        assert [len(event.span) for event in watch.of(events.ContentParsed)] == [RECEIVE_SIZE, RECEIVE_SIZE]
        watch.check()


def test_each_piece_that_comes_whole_is_told_as_content(answered: Answered, watch: Watch) -> None:
    response = answered(cut(CONTENT, RECEIVE_SIZE), watch, ends=False)

    assert [response.read(RECEIVE_SIZE) for _ in range(3)] == [*cut(CONTENT, RECEIVE_SIZE), b""]
    assert [len(event.span) for event in watch.of(events.ContentParsed)] == [RECEIVE_SIZE, RECEIVE_SIZE]
    watch.check()


def test_response_ends_with_the_call_that_filled_the_memory(answered: Answered, watch: Watch) -> None:
    response = answered([CONTENT[:RECEIVE_SIZE], CONTENT[RECEIVE_SIZE:]], watch, ends=False)
    buffer = bytearray(RECEIVE_SIZE)
    counts = [response.readinto(buffer), response.readinto(buffer)]

    assert counts == [RECEIVE_SIZE, RECEIVE_SIZE]
    assert response.isclosed()
    assert response.readinto(buffer) == 0
    assert [len(event.data) for event in watch.of(events.BytesReceived)][1:] == counts


@pytest.mark.parametrize("room", [RECEIVE_SIZE, 2 * RECEIVE_SIZE], ids=["a part", "all"])
@pytest.mark.parametrize("before", [[], [CONTENT[:1000]], cut(CONTENT[:60_000], 20_000)], ids=["0", "1", "3"])
def test_failure_behind_pieces_that_went_straight_into_memory_loses_none(
    answered: Answered, before: list[bytes], room: int
) -> None:
    came = sum(map(len, before))
    response = answered([*before, b"", *cut(CONTENT[came:], 30_000)], None, ends=False)
    buffer = bytearray(room)
    with pytest.raises(TimeoutError):
        response.readinto(buffer)
    left = response.length
    content = b"".join(bytes(buffer[:count]) for count in iter(lambda: response.readinto(buffer), 0))

    assert left == len(CONTENT)
    assert content == CONTENT


@pytest.mark.parametrize("tapped", [False, True], ids=["without a tap", "with a tap"])
@pytest.mark.parametrize("before", [[], [CONTENT[:1000]], cut(CONTENT[:60_000], 20_000)], ids=["0", "1", "3"])
def test_early_end_is_told_with_what_went_straight_into_memory(
    answered: Answered, before: list[bytes], watch: Watch, tapped: bool
) -> None:
    response = answered(before, watch if tapped else None, ends=True)

    with pytest.raises(IncompleteRead) as caught:
        response.readinto(bytearray(RECEIVE_SIZE))
    assert caught.value.partial == b"".join(before)
    assert caught.value.expected == len(CONTENT) - len(caught.value.partial)
    assert response.isclosed()
    if tapped:
        assert [event.data for event in watch.of(events.BytesReceived)] == [HEAD, *before]
        assert len(watch.of(events.EndOfStreamReceived)) == 1


def test_section_may_be_larger_than_one_line_may_be(serve: Serve) -> None:
    lines = [b"X-%d: " % number + b"a" * 40_000 + b"\r\n" for number in range(3)]
    answer = b"HTTP/1.1 200 OK\r\n" + b"".join(lines) + b"Content-Length: 0\r\n\r\n"
    server = serve(lambda peer: peer.answer(answer))
    connection = server.connection()
    connection.request("GET", "/")
    response = connection.getresponse()

    assert [len(value) for name, value in response.getheaders() if name.startswith("X-")] == [40_000] * 3
    connection.close()
