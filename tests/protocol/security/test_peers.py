"""The bytes of published attacks on other implementations, replayed on a real socket.

Each test is named after one. Where two recipients could read two messages, no policy but the lenient one
reads any.
"""

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import answers, answers_and_closes
from workbench.protocol import (
    DEFAULT,
    LENIENT,
    STRICT,
    BadStatusLine,
    ChunkError,
    FramingError,
    HTTPException,
    InvalidHeaderLine,
    UnknownTransferEncoding,
)
from workbench.protocol.policy import Policy

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
LAST = b"0\r\n\r\n"

strict_and_default = pytest.mark.parametrize(
    "policy", [pytest.param(STRICT, id="strict"), pytest.param(DEFAULT, id="default")]
)
every_policy = pytest.mark.parametrize(
    "policy", [pytest.param(policy, id=policy.name) for policy in (STRICT, DEFAULT, LENIENT)]
)


def read(serve: Serve, response: bytes, policy: Policy) -> bytes:
    """Ask a server that answers so, and read all. Nobody may read a second response behind it."""
    connection = serve(answers_and_closes(response)).connection(policy=policy)
    connection.request("GET", "/")
    try:
        content: bytes = connection.getresponse().read()
    finally:
        connection.close()
    return content


def refuse(serve: Serve, response: bytes, policy: Policy, error: type[HTTPException]) -> None:
    with pytest.raises(error):
        read(serve, response, policy)


@every_policy
@pytest.mark.parametrize("end", [pytest.param(b"XX", id="two bytes"), pytest.param(b"\rX", id="CR only")])
def test_cve_2025_43859_chunk_data_without_its_line_end_is_refused(
    serve: Serve, policy: Policy, end: bytes
) -> None:
    refuse(serve, CHUNKED + b"2\r\nok" + end + LAST, policy, ChunkError)


@strict_and_default
def test_cve_2025_22871_bare_lf_behind_a_chunk_size_is_refused(serve: Serve, policy: Policy) -> None:
    refuse(serve, CHUNKED + b"2\nok\r\n" + LAST, policy, ChunkError)


@strict_and_default
def test_cve_2024_52304_bare_lf_in_a_chunk_extension_is_refused(serve: Serve, policy: Policy) -> None:
    refuse(serve, CHUNKED + b"2;a\nb\r\nok\r\n" + LAST, policy, ChunkError)


@strict_and_default
@pytest.mark.parametrize(
    ("response", "error"),
    [
        pytest.param(OK + b"Content-Length: +2\r\n\r\nok", FramingError, id="sign"),
        pytest.param(OK + b"Content-Length: 0_2\r\n\r\nok", FramingError, id="underscore"),
        pytest.param(OK + b"Content-Length: -0\r\n\r\nok", FramingError, id="negative zero"),
        pytest.param(CHUNKED + b"+2\r\nok\r\n" + LAST, ChunkError, id="sign of a chunk-size"),
        pytest.param(CHUNKED + b"0x2\r\nok\r\n" + LAST, ChunkError, id="prefix of a chunk-size"),
        pytest.param(OK + b"Content-Length : 2\r\n\r\nok", FramingError, id="whitespace before the colon"),
        pytest.param(OK + b"X\0Y: a\r\nContent-Length: 2\r\n\r\nok", InvalidHeaderLine, id="NUL in a name"),
    ],
)
def test_cve_2023_47627_numerals_and_names_are_those_of_the_grammar(
    serve: Serve, policy: Policy, response: bytes, error: type[HTTPException]
) -> None:
    refuse(serve, response, policy, error)


@strict_and_default
@pytest.mark.parametrize(
    ("response", "error"),
    [
        pytest.param(b"HTTP/1.1 200 OK\rContent-Length: 2\r\n\r\nok", BadStatusLine, id="status-line"),
        pytest.param(OK + b"X: a\rContent-Length: 2\r\n\r\nok", InvalidHeaderLine, id="field line"),
        pytest.param(OK + b"X: a\r\rContent-Length: 2\r\n\r\nok", InvalidHeaderLine, id="section"),
    ],
)
def test_cve_2023_30589_cr_alone_ends_no_line(
    serve: Serve, policy: Policy, response: bytes, error: type[HTTPException]
) -> None:
    refuse(serve, response, policy, error)


@strict_and_default
@pytest.mark.parametrize(
    "end", [pytest.param(b"\r\n\rX", id="CRLF CR X"), pytest.param(b"\r\r\n", id="CR CRLF")]
)
def test_cve_2025_23167_section_ends_with_an_empty_line_only(
    serve: Serve, policy: Policy, end: bytes
) -> None:
    refuse(serve, OK + b"X: a" + end + b"Content-Length: 2\r\n\r\nok", policy, InvalidHeaderLine)


@strict_and_default
@pytest.mark.parametrize("value", [b"+3", b"+0003", b"3, 4", b"3;4"])
def test_cve_2021_32715_content_length_is_digits(serve: Serve, policy: Policy, value: bytes) -> None:
    refuse(serve, OK + b"Content-Length: " + value + b"\r\n\r\nabc", policy, FramingError)


@every_policy
@pytest.mark.parametrize(
    "size", [pytest.param(b"f" * 17, id="17 digits"), pytest.param(b"1" + b"0" * 16, id="2**64")]
)
def test_cve_2021_32714_chunk_size_cannot_overflow(serve: Serve, policy: Policy, size: bytes) -> None:
    refuse(serve, CHUNKED + size + b"\r\nok\r\n" + LAST, policy, ChunkError)


@strict_and_default
def test_cve_2023_38039_header_section_has_a_limit_as_a_whole(serve: Serve, policy: Policy) -> None:
    section = (b"X: " + b"a" * 5000 + b"\r\n") * 90
    refuse(serve, OK + section + b"\r\n", policy, HTTPException)


@every_policy
@pytest.mark.parametrize("size", [b"+2", b"0_2", b"0x2", b" 2"])
def test_gh_150751_numeral_of_python_is_no_chunk_size(serve: Serve, policy: Policy, size: bytes) -> None:
    refuse(serve, CHUNKED + size + b"\r\nok\r\n" + LAST, policy, ChunkError)


@every_policy
@pytest.mark.parametrize("length", [b"+2", b"0_2", b"\xa02"])
def test_gh_150751_numeral_of_python_is_no_content_length(
    serve: Serve, policy: Policy, length: bytes
) -> None:
    refuse(serve, OK + b"Content-Length: " + length + b"\r\n\r\nok", policy, FramingError)


@strict_and_default
def test_gh_114782_cr_in_a_value_makes_no_field(serve: Serve, policy: Policy) -> None:
    refuse(serve, OK + b"X: a\rContent-Length: 5\r\n\r\nok", policy, InvalidHeaderLine)


def test_gh_114782_cr_in_a_value_is_a_space_under_the_lenient_policy(serve: Serve) -> None:
    assert read(serve, OK + b"X: a\rContent-Length: 1\r\n\r\nok", LENIENT) == b"ok"


@every_policy
@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_gh_157951_response_without_content_waits_for_no_chunk(
    serve: Serve, policy: Policy, status: bytes
) -> None:
    response = b"HTTP/1.1 " + status + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection = serve(answers(response)).connection(policy=policy)
    connection.request("GET", "/")

    # The server is silent now, so a wait would end with TimeoutError.
    assert connection.getresponse().read() == b""


DESYNC = [
    pytest.param(b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", STRICT, FramingError, id="CL.TE"),
    pytest.param(b"Content-Length: 2\r\nContent-Length: 0\r\n", DEFAULT, FramingError, id="CL.CL"),
    pytest.param(b"Content-Length : 2\r\nContent-Length: 0\r\n", DEFAULT, FramingError, id="hidden CL"),
    pytest.param(b"Transfer-Encoding : chunked\r\n", DEFAULT, FramingError, id="hidden TE"),
    pytest.param(b"Transfer-Encoding:\x0bchunked\r\n", DEFAULT, UnknownTransferEncoding, id="VT before TE"),
    pytest.param(b"Transfer-Encoding: xchunked\r\n", DEFAULT, UnknownTransferEncoding, id="TE of no name"),
    pytest.param(
        b"Transfer-Encoding: chunked, identity\r\n", STRICT, UnknownTransferEncoding, id="TE and identity"
    ),
    pytest.param(b"X: y\rTransfer-Encoding: chunked\r\n", DEFAULT, InvalidHeaderLine, id="TE behind CR"),
    pytest.param(b"\x00Content-Length: 2\r\n", DEFAULT, InvalidHeaderLine, id="NUL before CL"),
]


@pytest.mark.parametrize(("fields", "policy", "error"), DESYNC)
def test_desync_research_ambiguous_framing_is_refused(
    serve: Serve, fields: bytes, policy: Policy, error: type[HTTPException]
) -> None:
    refuse(serve, OK + fields + b"\r\n" + b"2\r\nok\r\n" + LAST, policy, error)


def test_desync_research_overridden_length_closes_the_connection(serve: Serve) -> None:
    """0.CL and CL.0: whoever saw the other length finds the next message elsewhere."""
    response = OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n" + LAST
    connection = serve(answers(response)).connection()
    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert connection.sock is None
