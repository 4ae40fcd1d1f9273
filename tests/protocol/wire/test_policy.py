"""What a policy decides beside the actions for its codes."""

import pytest

from tests.protocol.wire.playing import Exchange, play
from workbench.protocol.policy import DEFAULT, LENIENT, STRICT, Policy

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_lenient_policy_takes_a_205_response_without_a_length_for_empty() -> None:
    played = play([b"HTTP/1.1 205 Reset Content\r\n\r\n"], Exchange(policy=LENIENT))

    assert played.outcome.error is None
    assert played.outcome.content == b""


def chunk_with_header_of(length: int) -> bytes:
    return CHUNKED + b"1;x=".ljust(length - 2, b"y") + b"\r\nz\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("policy", "limit"),
    [(STRICT, 4096), (DEFAULT, 65536), (LENIENT, 65536)],
    ids=["strict", "default", "lenient"],
)
def test_chunk_header_has_the_limit_of_the_policy(policy: Policy, limit: int) -> None:
    longest = play([chunk_with_header_of(limit)], Exchange(policy=policy))
    too_long = play([chunk_with_header_of(limit + 1)], Exchange(policy=policy))

    # The whole overhead of the body is limited too, which a single header of 64 KiB passes.
    assert longest.outcome.error is None or longest.outcome.error.class_name == "HTTPException"
    assert too_long.outcome.error is not None
    assert too_long.outcome.error.class_name == "LineTooLong"
