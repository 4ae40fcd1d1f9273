"""What two plays of the same bytes have to agree about, however the bytes came and were read."""

from dataclasses import replace
from typing import Any

from tests.protocol.wire.log import format_settled
from tests.protocol.wire.playing import Outcome, Played
from workbench.protocol.limits import RECEIVE_SIZE
from workbench.protocol.tap import MessageCompleted


def assert_same(one: Played, other: Played) -> None:
    """Check that two plays of the same bytes differ in nothing that counts."""
    told, told_of_other = format_settled(_up_to_the_end(one)), format_settled(_up_to_the_end(other))
    if one.outcome.error is not None and _is_coded(one.outcome):
        # zlib does not say which byte it did not like: what was read of the content until then
        # depends on the cuts, and so does what is at fault first where there is more.
        assert other.outcome.error is not None
        assert (one.outcome.status, one.outcome.headers) == (other.outcome.status, other.outcome.headers)
        return
    assert one.outcome == other.outcome
    assert told == told_of_other


def _up_to_the_end(played: Played) -> Played:
    """Leave out what is behind the message: it is looked at if it is there in time."""
    ends = [at for at, event in enumerate(played.events) if isinstance(event, MessageCompleted)]
    return replace(played, events=played.events[: ends[0] + 1]) if ends else played


def verdict(played: Played) -> tuple[object, ...]:
    """Give what every way of reading has to come to."""
    outcome = played.outcome
    error = outcome.error
    # What else an error says, its partial content among it, is about one call.
    failure = None if error is None else (error.class_name, error.message, error.partial, error.offset)
    if error is not None and _is_coded(outcome):
        # Content with a coding may be corrupt, for which see `assert_same`.
        return outcome.content, outcome.complete
    return outcome.content, outcome.complete, outcome.trailers, failure


def _is_coded(outcome: Outcome) -> bool:
    named = [value.lower() for name, value in outcome.headers if name.lower() == "transfer-encoding"]
    return any("gzip" in value or "deflate" in value for value in named)


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
    "read(25)": lambda response: response.read(25),
    "read1()": lambda response: response.read1(),
    "read1(2)": lambda response: response.read1(2),
    "readline()": lambda response: response.readline(),
    "readline(4)": lambda response: response.readline(4),
    "readinto(5)": lambda response: _readinto(response, 5),
    "readinto(64K)": lambda response: _readinto(response, RECEIVE_SIZE),
    "peek() and read1()": _peek_and_read,
}
"""Ways to read content, each a call that gives nothing at the end."""
