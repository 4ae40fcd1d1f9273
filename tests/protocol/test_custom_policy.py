"""A policy of the caller's may accept more than ours; what cannot be followed raises all the same."""

import gzip
from dataclasses import replace

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, answers
from tests.protocol.watching import Watch
from workbench.protocol import (
    DEFAULT,
    LENIENT,
    ChunkError,
    HTTPException,
    IncompleteRead,
    InvalidHeaderLine,
    UnknownTransferEncoding,
)
from workbench.protocol.policy import Action
from workbench.protocol.wire.diagnostics import Code

ACCEPTS_ALL = replace(LENIENT, name="accepts all", actions=dict.fromkeys(Code, Action.ACCEPT))
IGNORES_ALL = replace(LENIENT, name="ignores all", actions=dict.fromkeys(Code, Action.IGNORE))
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CODED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        pytest.param(CHUNKED + b"2\r\nok\r\nzz\r\n", ChunkError, "CHUNK_SIZE", id="a chunk without a size"),
        pytest.param(CHUNKED + b"2\r\nok\r\n", IncompleteRead, "CHUNKED_TRUNCATED", id="no last chunk"),
        pytest.param(CHUNKED + b"9\r\nok", IncompleteRead, "CHUNKED_TRUNCATED", id="a chunk cut short"),
        pytest.param(
            CODED + b"no gzip", UnknownTransferEncoding, "TE_CORRUPT", id="content that is not coded"
        ),
        pytest.param(
            CODED + gzip.compress(b"ok")[:-4],
            UnknownTransferEncoding,
            "TE_CORRUPT",
            id="a coded stream cut short",
        ),
    ],
)
def test_fault_that_cannot_be_followed_is_raised_though_accepted(
    serve: Serve, watch: Watch, answer: bytes, error: type[HTTPException], code: str
) -> None:
    server = serve(lambda peer: (peer.take_head(), peer.send(answer)))
    connection = server.connection(tap=watch, policy=ACCEPTS_ALL)
    connection.request("GET", "/")
    response = connection.getresponse()

    with pytest.raises(error) as raised:
        response.read()

    assert raised.value.diagnostic is not None
    assert raised.value.diagnostic.code.value == code
    assert code in watch.codes()
    assert not response.complete
    assert connection.sock is None


def test_repeated_field_is_looked_for_without_a_tap_where_it_raises(serve: Serve) -> None:
    raises = {**DEFAULT.actions, Code.DUP_SINGLETON: Action.RAISE}
    server = serve(answers(b"HTTP/1.1 200 OK\r\nAge: 1\r\nAge: 2\r\nContent-Length: 0\r\n\r\n"))
    connection = server.connection(policy=replace(DEFAULT, name="raises", actions=raises))
    connection.request("GET", "/")

    with pytest.raises(InvalidHeaderLine) as raised:
        connection.getresponse()

    assert raised.value.diagnostic is not None
    assert raised.value.diagnostic.found == b"Age: 2\r\n"


def test_line_that_is_no_status_line_is_content_where_all_is_accepted(serve: Serve) -> None:
    server = serve(lambda peer: (peer.take_head(), peer.send(b"HTTP/2.0 200 OK\r\n\r\n")))
    connection = server.connection(policy=ACCEPTS_ALL)
    connection.request("GET", "/")

    with connection.getresponse() as response:
        assert (response.version, response.status, response.read()) == (9, 200, b"HTTP/2.0 200 OK\r\n\r\n")


def test_what_is_ignored_in_a_request_is_not_told(serve: Serve, watch: Watch) -> None:
    connection = serve(answers(OK)).connection(tap=watch, policy=IGNORES_ALL)

    connection.request("GET", "/a#b", headers={"A b": "c\0d"})
    assert connection.getresponse().read() == b"ok"

    assert watch.codes() == []
