"""What two plays of the same bytes have to agree about, however the bytes came and were read."""

from typing import Any

from tests.protocol.wire.log import format_settled
from tests.protocol.wire.playing import Played
from workbench.protocol.limits import RECEIVE_SIZE


def assert_same(one: Played, other: Played) -> None:
    """Check that two plays of the same bytes differ in nothing that counts."""
    assert one.outcome == other.outcome
    told = format_settled(one)
    # zlib does not say which byte it did not like: what was read of the content until then
    # depends on the cuts.
    if "TE_CORRUPT" not in told:
        assert told == format_settled(other)


def verdict(played: Played) -> tuple[object, ...]:
    """Give what every way of reading has to come to."""
    outcome = played.outcome
    error = outcome.error
    # What else an error says, its partial content among it, is about one call.
    failure = None if error is None else (error.class_name, error.message, error.partial, error.offset)
    return outcome.content, outcome.complete, outcome.trailers, failure


def _readinto(response: Any, size: int) -> bytes:
    buffer = bytearray(size)
    return bytes(buffer[: response.readinto(buffer)])


def _peek_and_read(response: Any) -> bytes:
    shown: bytes = response.peek()
    read: bytes = response.read1(max(len(shown), 1))
    assert read == shown[: len(read)]
    return read


STEPS = {
    "read(3)": lambda response: response.read(3),
    "read1()": lambda response: response.read1(),
    "read1(2)": lambda response: response.read1(2),
    "readline()": lambda response: response.readline(),
    "readline(4)": lambda response: response.readline(4),
    "readinto(5)": lambda response: _readinto(response, 5),
    "readinto(64K)": lambda response: _readinto(response, RECEIVE_SIZE),
    "peek() and read1()": _peek_and_read,
}
"""Ways to read content, each a call that gives nothing at the end."""
