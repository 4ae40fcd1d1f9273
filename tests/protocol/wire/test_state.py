"""The table of states, looked at as a table. That connections follow it: `test_states.py`."""

import pytest

from workbench.protocol.wire.state import (
    TRANSITIONS,
    State,
    error_for,
    legal_calls,
    logical_state,
    state_after,
    title,
)

ID, RS, RT = State.IDLE, State.REQUEST_STARTED, State.REQUEST_SENT
U, RSU, RTU = State.UNREAD_RESPONSE, State.REQUEST_STARTED_UNREAD_RESPONSE, State.REQUEST_SENT_UNREAD_RESPONSE
REQUEST, HEADER, NOT_READY = "CannotSendRequest", "CannotSendHeader", "ResponseNotReady"

# Each call, with where it leads or what it raises from each state; None is a call that the state
# neither forbids nor is changed by.
EVERYTHING = {
    #               ID       RS       RT       U          RSU       RTU
    "putrequest": (RS, REQUEST, REQUEST, RSU, REQUEST, REQUEST),
    "putheader": (HEADER, RS, HEADER, HEADER, RSU, HEADER),
    "endheaders": (HEADER, RT, HEADER, HEADER, RTU, HEADER),
    "send": (None, None, RT, None, None, RTU),
    "getresponse": (NOT_READY, NOT_READY, U, NOT_READY, NOT_READY, NOT_READY),
    "read": (None, None, None, ID, RS, RT),
    "request": (RT, REQUEST, REQUEST, RTU, REQUEST, REQUEST),
    "close": (ID, ID, ID, ID, ID, ID),
    "connect": (None, None, None, None, None, None),
}
STATES = (ID, RS, RT, U, RSU, RTU)

cells = pytest.mark.parametrize(
    ("state", "call", "expected"),
    [
        pytest.param(state, call, expected, id=f"{title(state)}, {call}")
        for call, row in EVERYTHING.items()
        for state, expected in zip(STATES, row, strict=True)
    ],
)


@cells
def test_call_leads_to_a_state_or_raises_as_documented(
    state: State, call: str, expected: State | str | None
) -> None:
    is_state = isinstance(expected, State)

    assert state_after(state, call) == (expected if is_state else None)
    assert error_for(state, call) == (None if is_state else expected)
    assert (call in legal_calls(state)) == is_state


def test_table_has_every_state_and_no_row_twice() -> None:
    rows = [(row.before, row.call) for row in TRANSITIONS]

    assert (
        {row.before for row in TRANSITIONS} == {row.after for row in TRANSITIONS} == set(STATES) == set(State)
    )
    assert len(set(rows)) == len(rows)
    assert {call for _, call in rows} <= EVERYTHING.keys()


def test_legal_calls_are_in_the_order_of_the_table() -> None:
    assert legal_calls(State.UNREAD_RESPONSE) == ("read", "putrequest", "request", "close")


@pytest.mark.parametrize(("request_state", "with_unread"), [(ID, U), (RS, RSU), (RT, RTU)])
def test_unread_response_makes_another_state(request_state: State, with_unread: State) -> None:
    assert logical_state(request_state, unread=False) is request_state
    assert logical_state(request_state, unread=True) is with_unread


def test_title_is_words_with_hyphens() -> None:
    assert title(State.REQUEST_SENT_UNREAD_RESPONSE) == "Request-sent-unread-response"
    assert title(State.IDLE) == "Idle"
