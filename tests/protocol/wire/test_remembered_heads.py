"""A connection remembers the head that was read last, there or on the one before. Nobody may notice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.protocol.conftest import Serve
from tests.protocol.peer import answers
from tests.protocol.wire.playing import Exchange, Outcome, play_in_turn
from tests.protocol.wire.responses import exchanges, field_lines, mutated_responses
from workbench.protocol import DEFAULT, HTTPException, LineTooLong, receivers

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@given(data=st.data(), exchange=exchanges, tap=st.booleans())
def test_response_is_read_alike_whatever_came_before(
    data: st.DataObject, exchange: Exchange, tap: bool
) -> None:
    kept = st.lists(field_lines(), max_size=2).map(
        lambda lines: OK.replace(b"\n", b"\n" + b"".join(lines), 1)
    )
    several = data.draw(st.lists(st.one_of(kept, kept, mutated_responses()), min_size=1, max_size=3))
    responses = data.draw(st.lists(st.sampled_from(several), max_size=6))

    in_turn = play_in_turn(responses, exchange, tap=tap)
    one_by_one = [_play_alone(response, exchange, tap) for response in responses]
    anew = [_play_alone(response, exchange, tap, remembering=False) for response in responses]

    assert one_by_one == anew
    assert list(map(_without_places, in_turn)) == list(map(_without_places, anew[: len(in_turn)]))


def _play_alone(response: bytes, exchange: Exchange, tap: bool, remembering: bool = True) -> Outcome:
    """Play a response on a connection of its own."""
    if not remembering:
        receivers._left_behind[0] = None
    (outcome,) = play_in_turn([response], exchange, tap=tap)
    return outcome


def _without_places(outcome: Outcome) -> tuple[object, ...]:
    """All of an outcome, but for where a fault lies in the stream."""
    values = vars(outcome) | {"error": outcome.error and outcome.error.class_name}
    return tuple(values.values())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(b"", b"X: y\r\n", id="another field"),
        pytest.param(b"X: y\r\n", b"X: z\r\n", id="another value"),
        pytest.param(b"X: y\r\n", b"", id="no field any more"),
    ],
)
def test_head_that_differs_is_read_anew(first: bytes, second: bytes) -> None:
    status_line, rest = OK.split(b"\r\n", 1)
    responses = [status_line + b"\r\n" + field_line + rest for field_line in (first, second, second)]

    outcomes = play_in_turn(responses, Exchange(), tap=False)
    outcomes += [_play_alone(response, Exchange(), tap=False) for response in responses]

    values = [dict(outcome.headers).get("X") for outcome in outcomes]
    assert values == [_value(first), _value(second), _value(second)] * 2


def _value(field_line: bytes) -> str | None:
    return field_line[3:-2].decode() or None


def test_head_ends_a_connection_each_time_that_it_says_so() -> None:
    closing = OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")

    assert len(play_in_turn([OK, OK, closing, closing], Exchange(), tap=False)) == 3


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        pytest.param({"line": 18}, LineTooLong, id="bytes of a line"),
        pytest.param({"section": 18}, HTTPException, id="bytes of the section"),
        pytest.param({"fields": 0}, HTTPException, id="field lines"),
    ],
)
def test_limits_hold_for_a_head_that_was_read_before(
    serve: Serve, limits: dict[str, int], error: type[HTTPException]
) -> None:
    connection = serve(answers(OK, OK)).connection()
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.policy = DEFAULT.with_limits(**limits)
    connection.request("GET", "/")

    with pytest.raises(error) as raised:
        connection.getresponse()

    assert type(raised.value) is error
