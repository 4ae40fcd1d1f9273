"""A section whose limits are passed is refused, wherever in the received bytes it begins."""

import pytest

from tests.protocol.wire.playing import Exchange, assert_leaves_tile, play
from workbench.protocol.policy import DEFAULT

TOO_MANY_LINES = b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 101


def test_too_many_lines_are_noticed_behind_an_empty_line() -> None:
    """The empty line is a line end at the beginning of the buffer, not of the section."""
    played = play([b"\r\n" + TOO_MANY_LINES], Exchange())

    assert played.outcome.error is not None
    assert played.outcome.error.class_name == "HTTPException"
    assert_leaves_tile(played)


def test_too_many_lines_are_noticed_when_nothing_more_comes() -> None:
    """They came in one piece, so there was no next one at which to count them."""
    played = play([TOO_MANY_LINES], Exchange(ends=False))

    assert played.outcome.error is not None
    assert "got more than 100 headers" in played.outcome.error.message


def test_line_that_is_too_long_is_noticed_when_nothing_more_comes() -> None:
    """It has its end, and what is behind it is short."""
    tight = Exchange(policy=DEFAULT.with_limits(line=30))

    played = play([b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 30 + b"\r\nX: y\r\n"], tight)

    assert played.outcome.error is not None
    assert played.outcome.error.class_name == "LineTooLong"


@pytest.mark.parametrize(
    ("section", "limits", "message"),
    [
        pytest.param(b"A: " + b"b" * 30, {"line": 30, "section": 10}, "10 bytes", id="section first"),
        pytest.param(b"A: " + b"b" * 30, {"line": 10, "section": 30}, "10 bytes", id="line first"),
        pytest.param(
            b"A: b\r\nC: d\r\n", {"fields": 1, "section": 10}, "10 bytes", id="section, then fields"
        ),
        pytest.param(b"A: b\r\nC: d\r\n", {"fields": 1, "section": 12}, "1 headers", id="fields"),
        pytest.param(b"A: b\r\n\r", {"section": 6}, "6 bytes", id="half an empty line, then the end"),
        pytest.param(b"A: b\r\n\r\n", {"section": 6}, None, id="room for all but the empty line"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 100])
def test_first_limit_that_is_passed_is_named_however_the_bytes_come(section, limits, message, size) -> None:
    data = b"HTTP/1.1 200 OK\r\n" + section
    pieces = [data[start : start + size] for start in range(0, len(data), size)]

    error = play(pieces, Exchange(policy=DEFAULT.with_limits(**limits), ends=True)).outcome.error

    assert (error and error.message.split("more than ")[-1].startswith(message)) if message else error is None


def test_section_may_be_empty_and_end_with_a_bare_lf() -> None:
    played = play([b"HTTP/1.1 200 OK\r\n\nok"], Exchange(ends=True))

    assert (played.outcome.headers, played.outcome.content) == ((), b"ok")
    assert_leaves_tile(played)
