"""The states of a connection, as a table.

The client's tests try every call in every state against this table, the app draws its state
rail from it, the preview asks it what a call would do, and ARCHITECTURE.md shows it as a picture.
The six states are those of `http.client`: what the request is doing, and whether a response is
attached that has not been read to its end.
"""

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """The logical state of a connection."""

    IDLE = "IDLE"
    REQUEST_STARTED = "REQUEST_STARTED"
    REQUEST_SENT = "REQUEST_SENT"
    UNREAD_RESPONSE = "UNREAD_RESPONSE"
    REQUEST_STARTED_UNREAD_RESPONSE = "REQUEST_STARTED_UNREAD_RESPONSE"
    REQUEST_SENT_UNREAD_RESPONSE = "REQUEST_SENT_UNREAD_RESPONSE"


class Transition(NamedTuple):
    """One row of the table: in `before`, a successful `call` leads to `after`."""

    before: State
    call: str
    after: State


_IDLE = State.IDLE
_STARTED = State.REQUEST_STARTED
_SENT = State.REQUEST_SENT
_UNREAD = State.UNREAD_RESPONSE
_STARTED_UNREAD = State.REQUEST_STARTED_UNREAD_RESPONSE
_SENT_UNREAD = State.REQUEST_SENT_UNREAD_RESPONSE

TRANSITIONS = (
    Transition(_IDLE, "putrequest", _STARTED),
    Transition(_STARTED, "putheader", _STARTED),
    Transition(_STARTED, "endheaders", _SENT),
    Transition(_SENT, "send", _SENT),
    Transition(_SENT, "getresponse", _UNREAD),
    Transition(_UNREAD, "read", _IDLE),
    Transition(_UNREAD, "putrequest", _STARTED_UNREAD),
    Transition(_STARTED_UNREAD, "putheader", _STARTED_UNREAD),
    Transition(_STARTED_UNREAD, "endheaders", _SENT_UNREAD),
    Transition(_STARTED_UNREAD, "read", _STARTED),
    Transition(_SENT_UNREAD, "send", _SENT_UNREAD),
    Transition(_SENT_UNREAD, "read", _SENT),
    Transition(_IDLE, "request", _SENT),
    Transition(_UNREAD, "request", _SENT_UNREAD),
    *(Transition(state, "close", _IDLE) for state in State),
)
"""Every call that succeeds. `read` stands for reading a response to its end.

`getresponse` leads to `IDLE` at once where the response ends the connection, which then belongs
to the response alone."""

_ERROR_OF_CALL = {
    "putrequest": "CannotSendRequest",
    "request": "CannotSendRequest",
    "putheader": "CannotSendHeader",
    "endheaders": "CannotSendHeader",
    "getresponse": "ResponseNotReady",
}
"""What a call raises in a state that has no row for it. A call that is not here never
fails because of the state: `send` sends whenever it is asked to."""

_WITH_UNREAD = {_IDLE: _UNREAD, _STARTED: _STARTED_UNREAD, _SENT: _SENT_UNREAD}
_AFTER = {(row.before, row.call): row.after for row in TRANSITIONS}


def state_after(state: State, call: str) -> State | None:
    """The state to which a successful call leads, or None where the table has no row."""
    return _AFTER.get((state, call))


def legal_calls(state: State) -> tuple[str, ...]:
    """The calls that have a row for this state, in the order of the table."""
    return tuple(row.call for row in TRANSITIONS if row.before is state)


def error_for(state: State, call: str) -> str | None:
    """The name of the exception class that a call raises in this state, or None."""
    return None if (state, call) in _AFTER else _ERROR_OF_CALL.get(call)


def logical_state(request: State, unread: bool) -> State:
    """Join what the request is doing with whether a response is unread.

    Args:
        request: `IDLE`, `REQUEST_STARTED` or `REQUEST_SENT`.
        unread: A response is attached whose end has not been read.
    """
    return _WITH_UNREAD[request] if unread else request


def title(state: State) -> str:
    """The state as words, those of `http.client`: `Request-sent`."""
    return state.value.replace("_", "-").capitalize()
