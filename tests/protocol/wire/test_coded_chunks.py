"""Chunks below another coding: `Transfer-Encoding: chunked, gzip` (row T4)."""

import gzip

import pytest

from tests.protocol.wire.playing import Exchange, Played, assert_leaves_tile, play
from tests.protocol.wire.scripted_socket import ScriptedSocket
from workbench.protocol import HTTPConnection
from workbench.protocol import tap as events
from workbench.protocol.policy import DEFAULT, LENIENT, Policy

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n"
CHUNKS = b"5;a=b\r\nhello\r\n0\r\nDigest: x\r\n\r\n"


def play_inside(chunks: bytes, policy: Policy = DEFAULT) -> Played:
    played = play([HEAD + gzip.compress(chunks, mtime=0)], Exchange(ends=True, policy=policy))
    assert_leaves_tile(played)
    return played


@pytest.mark.parametrize("policy", [pytest.param(DEFAULT, id="default"), pytest.param(LENIENT, id="lenient")])
def test_both_codings_are_undone(policy: Policy) -> None:
    played = play_inside(CHUNKS, policy)

    assert played.outcome.content == b"hello"
    assert played.outcome.trailers == (("Digest", "x"),)
    assert played.outcome.complete


def test_each_coding_that_was_undone_is_told() -> None:
    told = [event for event in play_inside(CHUNKS).events if isinstance(event, events.CodingDecoded)]

    assert [(event.coding, event.content_length) for event in told] == [("gzip", len(CHUNKS)), ("chunked", 5)]


@pytest.mark.parametrize(
    ("chunks", "detail"),
    [
        pytest.param(b"5\r\nhello\r\nzz\r\n", "b'zz' at byte 10 below the outer coding", id="no size"),
        pytest.param(b"hello\r\n", "b'hello' at byte 0 below the outer coding", id="no chunks at all"),
        pytest.param(b"5\r\nhello!\r\n", "b'!\\r' at byte 8 below the outer coding", id="no end of data"),
    ],
)
def test_broken_chunk_is_reported_where_the_body_begins(chunks: bytes, detail: str) -> None:
    error = play_inside(chunks).outcome.error

    assert error is not None
    assert (error.class_name, error.offset) == ("ChunkError", len(HEAD))
    assert detail in error.message


def test_read_that_timed_out_behind_the_last_chunk_can_be_made_again() -> None:
    coded = gzip.compress(CHUNKS, mtime=0)
    sock = ScriptedSocket([HEAD + coded[:-1], b"", coded[-1:]], ends=False)
    connection = HTTPConnection("127.0.0.1")
    connection.sock = sock
    connection.request("GET", "/")
    response = connection.getresponse()

    with pytest.raises(TimeoutError):
        response.read()
    assert not response.complete

    sock._ends = True
    assert response.read() == b"hello"
    assert response.complete


@pytest.mark.parametrize("call", [pytest.param("peek", id="peek"), pytest.param("readline", id="readline")])
def test_other_ways_of_reading_see_the_content(call: str) -> None:
    connection = HTTPConnection("127.0.0.1")
    connection.sock = ScriptedSocket([HEAD + gzip.compress(CHUNKS)], ends=True)
    connection.request("GET", "/")
    response = connection.getresponse()

    assert getattr(response, call)() == b"hello"

    response.close()
