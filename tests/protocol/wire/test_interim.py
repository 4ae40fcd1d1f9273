"""What a client that is still sending sees in the bytes that came."""

import pytest

from workbench.protocol.wire.interim import begins_final_response, holds_continue

CONTINUE = b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\n\r\n"
FINAL = b"HTTP/1.1 413 Content Too Large\r\n"


@pytest.mark.parametrize("before", [b"", b"\r\n", CONTINUE, HINTS + CONTINUE, HINTS + b"\r\n" + HINTS])
def test_final_response_is_seen_behind_interim_ones(before: bytes) -> None:
    assert not begins_final_response(before)
    assert begins_final_response(before + FINAL)
    assert begins_final_response(before + b"garbage")


@pytest.mark.parametrize("end", range(len(HINTS + CONTINUE) + 1))
def test_no_part_of_an_interim_response_is_taken_for_a_final_one(end: int) -> None:
    assert not begins_final_response((HINTS + CONTINUE)[:end])


def test_continue_is_seen_when_it_is_whole() -> None:
    for end in range(len(CONTINUE)):
        assert not holds_continue(CONTINUE[:end])
    assert holds_continue(CONTINUE)
    assert holds_continue(b"\r\n" + CONTINUE + FINAL)


@pytest.mark.parametrize("data", [b"", FINAL + b"\r\n", HINTS, b"HTTP/1.1 1000 X\r\n\r\n"])
def test_other_responses_are_no_continue(data: bytes) -> None:
    assert not holds_continue(data)
