"""What a peer may send without end, and where we stop. Each test is named after a published case."""

import gzip
import zlib
from collections.abc import Iterable

import pytest

from tests.protocol.conftest import LeapingClock, Serve
from tests.protocol.peer import TIMEOUT_SECONDS, Peer, Play, answers_and_closes
from workbench.protocol import (
    DEFAULT,
    STRICT,
    ChunkError,
    FramingError,
    HTTPException,
    IncompleteRead,
    LineTooLong,
)

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n"


def forever(beginning: bytes, piece: bytes, sent: list[int] | None = None) -> Play:
    """A play that sends the same again and again, until the client goes away."""

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(beginning)
        try:
            while True:
                peer.send(piece)
                if sent is not None:
                    sent.append(len(piece))
        except OSError:
            return

    return play


def in_chunks(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data)


ENDLESS = [
    pytest.param(b"HTTP/1.1 200 ", b"a" * 1000, "bytes when reading status line", id="status-line"),
    pytest.param(OK + b"X: ", b"a" * 1000, "bytes when reading header line", id="field line"),
    pytest.param(OK, b"X: y\r\n", "100 headers", id="field lines"),
    pytest.param(OK, b"X: " + b"a" * 60000 + b"\r\n", "262144 bytes of headers", id="header section"),
]


@pytest.mark.parametrize(("beginning", "piece", "limit"), ENDLESS)
def test_cve_2013_1752_head_without_an_end_is_refused(
    serve: Serve, beginning: bytes, piece: bytes, limit: str
) -> None:
    connection = serve(forever(beginning, piece)).connection()
    connection.request("GET", "/")

    with pytest.raises(HTTPException, match=f"got more than .*{limit}"):
        connection.getresponse()

    assert connection.sock is None


@pytest.mark.parametrize(
    ("method", "beginning", "limit"),
    [
        pytest.param("GET", b"HTTP/1.1 100 Continue\r\n", "100 headers", id="interim response"),
        pytest.param("GET", b"HTTP/1.1 103 Early Hints\r\n", "100 headers", id="interim response but 100"),
        pytest.param("GET", CHUNKED + b"0\r\n", "100 trailers", id="trailer section"),
    ],
)
def test_cve_2021_3737_other_sections_have_the_same_limits(
    serve: Serve, method: str, beginning: bytes, limit: str
) -> None:
    connection = serve(forever(beginning, b"X: y\r\n")).connection()
    connection.request(method, "/")

    with pytest.raises(HTTPException, match=f"got more than {limit}"):
        connection.getresponse().read()


@pytest.mark.parametrize("code", [pytest.param(b"100", id="100"), pytest.param(b"200", id="200")])
def test_cve_2021_3737_answer_of_a_proxy_has_the_same_limits(serve: Serve, code: bytes) -> None:
    connection = serve(forever(b"HTTP/1.1 %s X\r\n" % code, b"X: y\r\n")).connection()
    connection.set_tunnel("server.test", 443)

    with pytest.raises(HTTPException, match="got more than 100 headers"):
        connection.connect()

    assert connection.sock is None


@pytest.mark.parametrize(
    ("beginning", "piece", "limit"),
    [
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", "100 interim responses", id="interim responses"),
        pytest.param(CHUNKED + b"0\r\n", b"X: y\r\n", "100 trailers", id="trailers"),
    ],
)
def test_ghsa_w4q2_g22w_6fr4_responses_without_an_end_are_refused(
    serve: Serve, beginning: bytes, piece: bytes, limit: str
) -> None:
    connection = serve(forever(beginning, piece)).connection()
    connection.request("GET", "/")

    with pytest.raises(HTTPException, match=f"got more than {limit}"):
        connection.getresponse().read()


@pytest.mark.parametrize(
    ("limits", "response"),
    [
        pytest.param({"line": 100_000}, OK + b"X: " + b"a" * 70_000 + b"\r\n\r\n", id="line"),
        pytest.param({"fields": 200}, OK + b"X: y\r\n" * 200 + b"\r\n", id="fields"),
        pytest.param({"section": 10**6}, OK + (b"X: " + b"a" * 60_000 + b"\r\n") * 5 + b"\r\n", id="section"),
        pytest.param(
            {"interim_responses": 200}, b"HTTP/1.1 103 X\r\n\r\n" * 200 + OK + b"\r\n", id="interim"
        ),
        pytest.param({"trailers": 200}, CHUNKED + b"0\r\n" + b"X: y\r\n" * 200 + b"\r\n", id="trailers"),
        pytest.param(
            {"chunk_header": 10**5, "chunk_overhead": 10**5},
            CHUNKED + b"0;" + b"a" * 70_000 + b"\r\n\r\n",
            id="chunk header",
        ),
        pytest.param(
            {"chunk_overhead": 10**6},
            CHUNKED + (b"1;" + b"a" * 1000 + b"\r\nx\r\n") * 100 + b"0\r\n\r\n",
            id="chunk overhead",
        ),
        pytest.param({"codings": 6}, "six codings", id="codings"),
        pytest.param({"inflation": 2000}, GZIP + in_chunks(gzip.compress(bytes(2 * 10**7))), id="inflation"),
        pytest.param(
            {"inflation_burst": 10**8}, GZIP + in_chunks(gzip.compress(bytes(2 * 10**7))), id="burst"
        ),
    ],
)
def test_ghsa_w4q2_g22w_6fr4_limits_can_be_raised(
    serve: Serve, limits: dict[str, int], response: bytes | str
) -> None:
    data = six_codings() if isinstance(response, str) else response

    def outcome(**arguments: object) -> str:
        connection = serve(answers_and_closes(data)).connection(**arguments)
        connection.request("GET", "/")
        try:
            connection.getresponse().read()
        except HTTPException as error:
            return str(error)
        finally:
            connection.close()
        return ""

    # Who is over the ratio is over the burst too, and the message names the ratio.
    name = next(iter(limits)).replace("_burst", "")
    assert outcome().endswith(f"; policy.with_limits({name}=...) allows more")
    assert outcome(policy=DEFAULT.with_limits(**limits)) == ""


def test_limit_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match=r"limit of 0 or more, got fields=-1"):
        DEFAULT.with_limits(fields=-1)


def test_ghsa_w4q2_g22w_6fr4_deadline_ends_what_the_time_out_does_not(
    serve: Serve, deadline_clock: LeapingClock
) -> None:
    connection = serve(forever(OK + b"\r\n", b"x")).connection(deadline=TIMEOUT_SECONDS, timeout=60)
    connection.request("GET", "/")
    response = connection.getresponse()
    deadline_clock.leap(TIMEOUT_SECONDS - 0.05)

    with pytest.raises(TimeoutError):
        response.read()

    response.close()


@pytest.mark.parametrize(
    ("response", "error"),
    [
        pytest.param(OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", FramingError, id="Content-Length"),
        pytest.param(CHUNKED + b"f" * 5000 + b"\r\n", ChunkError, id="chunk-size"),
        pytest.param(CHUNKED + b"1" + b"0" * 16 + b"\r\n", ChunkError, id="chunk-size of seventeen digits"),
        pytest.param(
            OK + b"Content-Length: 1" + b"0" * 20 + b"\r\n\r\n", FramingError, id="twenty-one digits"
        ),
        pytest.param(
            OK + b"Content-Length: 1" + b"0" * 19 + b"\r\n\r\nx", IncompleteRead, id="twenty digits"
        ),
    ],
)
def test_cve_2020_10735_long_numerals_are_not_converted(
    serve: Serve, response: bytes, error: type[Exception]
) -> None:
    connection = serve(answers_and_closes(response)).connection()
    connection.request("GET", "/")

    with pytest.raises(error):
        connection.getresponse().read()


def test_cve_2023_39326_chunk_extensions_cannot_be_most_of_the_body(serve: Serve) -> None:
    sent: list[int] = []
    connection = serve(forever(CHUNKED, b"1;" + b"a" * 1000 + b"\r\nx\r\n", sent)).connection()
    connection.request("GET", "/")

    with pytest.raises(HTTPException, match="16384 bytes of chunk headers beyond proportion"):
        connection.getresponse().read()

    assert connection.sock is None


@pytest.mark.parametrize(
    ("policy", "limit"), [pytest.param(STRICT, 4096, id="strict"), pytest.param(DEFAULT, 65536, id="default")]
)
def test_cve_2024_22019_chunk_extension_without_an_end_is_refused(
    serve: Serve, policy: object, limit: int
) -> None:
    connection = serve(forever(CHUNKED + b"1;", b"a" * 1000)).connection(policy=policy)
    connection.request("GET", "/")

    with pytest.raises(LineTooLong, match=f"{limit} bytes when reading chunk size"):
        connection.getresponse().read()


def six_codings() -> bytes:
    data = b"hello"
    for _ in range(6):
        data = gzip.compress(data)
    return OK + b"Transfer-Encoding: " + b"gzip, " * 6 + b"chunked\r\n\r\n" + in_chunks(data)


def test_cve_2025_66418_more_than_five_codings_are_refused(serve: Serve) -> None:
    connection = serve(answers_and_closes(six_codings())).connection()
    connection.request("GET", "/")

    with pytest.raises(HTTPException, match="got more than 5 transfer codings"):
        connection.getresponse()

    assert connection.sock is None


def zeros(pieces: int) -> Iterable[bytes]:
    compressor = zlib.compressobj(wbits=31)
    for _ in range(pieces):
        yield compressor.compress(bytes(1024 * 1024))
    yield compressor.flush()


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        pytest.param({}, "200 bytes of content for each received byte", id="ratio"),
        pytest.param({"inflated": 10**6}, "1000000 bytes out of a transfer coding", id="bytes"),
    ],
)
def test_cve_2025_66471_bomb_is_refused(serve: Serve, limits: dict[str, int], message: str) -> None:
    bomb = b"".join(zeros(20))
    connection = serve(answers_and_closes(GZIP + in_chunks(bomb))).connection(
        policy=DEFAULT.with_limits(**limits)
    )
    connection.request("GET", "/")
    response = connection.getresponse()

    with pytest.raises(HTTPException, match=message):
        response.read()

    assert not response.complete
    assert connection.sock is None


def test_cve_2026_21441_rest_of_a_bomb_is_not_inflated_to_be_thrown_away(serve: Serve) -> None:
    bomb = b"".join(zeros(20))
    connection = serve(answers_and_closes(GZIP + in_chunks(bomb))).connection()
    connection.request("GET", "/")
    response = connection.getresponse()
    assert response.read(10) == bytes(10)

    response.close()

    assert not response.complete
    assert connection.sock is None


def test_decompression_bombs_inside_each_other_are_measured_together(serve: Serve) -> None:
    twice = gzip.compress(b"".join(zeros(200)), 9)
    head = OK + b"Transfer-Encoding: gzip, gzip, chunked\r\n\r\n"
    connection = serve(answers_and_closes(head + in_chunks(twice))).connection()
    connection.request("GET", "/")

    with pytest.raises(HTTPException, match="200 bytes of content for each received byte"):
        connection.getresponse().read()
