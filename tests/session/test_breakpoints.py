"""Breakpoints: their text form, where each stops a run, and the list of them."""

import pytest

from workbench.protocol import tap
from workbench.protocol.wire.span import Span
from workbench.session.breakpoint import LineBreakpoint, SoFar
from workbench.session.breakpoint_text import (
    EVENT_NAMES,
    EXAMPLES,
    EXCEPTION_NAMES,
    KINDS,
    BreakpointError,
    parse_breakpoint,
    suggest_breakpoints,
)
from workbench.session.breakpoints import Breakpoints, PlacedBreakpoint, reason_of

START = (1, 1, 1, 1)


def field(name):
    return tap.FieldLineParsed(*START, Span("received", 0, 9), (), "header", 0, name, "x")


def own_field(name):
    return tap.FieldLineBuffered(*START, Span("sent", 0, 9), b"", (), name, "x", False)


def state(after):
    return tap.StateChanged(*START, "IDLE", after, "putrequest")


def raised(name, *bases):
    return tap.CallRaised(*START, "HTTPConnection.getresponse", tap.ErrorFact(name, (name, *bases), ""))


def received(start, end):
    return tap.BytesReceived(*START, Span("received", start, end), bytes(end - start), 1)


def sent(start, end):
    return tap.BytesSent(*START, Span("sent", start, end), 1)


# --- the text form -----------------------------------------------------------------------


@pytest.mark.parametrize("text", EXAMPLES)
def test_text_form_is_read_and_written_alike(text):
    assert str(parse_breakpoint(text)) == text


def test_examples_are_one_of_each_kind():
    assert [text.partition(" ")[0] for text in EXAMPLES] == list(KINDS)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("  LINE   12 ", "line 12", id="spaces and case"),
        pytest.param("event statuslineparsed", "event StatusLineParsed", id="case of an event"),
        pytest.param("header Content-Type:", "header content-type", id="field name with its colon"),
        pytest.param("state REQUEST_SENT", "state Request-sent", id="state as the code has it"),
        pytest.param("exception http.client.badstatusline", "exception BadStatusLine", id="module"),
        pytest.param("received 10 bytes", "received 10", id="unit"),
    ],
)
def test_text_form_is_read_generously(text, written):
    assert str(parse_breakpoint(text)) == written


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        pytest.param(
            "",
            "Expected one of line, event, header, state, exception, received, sent: ''",
            "",
            id="nothing",
        ),
        pytest.param("4", "Expected one of line, ", "Did you mean line 4?", id="number alone"),
        pytest.param(
            "StatusLineParsed",
            "Expected one of line, ",
            "Did you mean event StatusLineParsed?",
            id="name alone",
        ),
        pytest.param("evnt BytesSent", "Expected one of ", "Did you mean event BytesSent?", id="word"),
        pytest.param(
            "exeption badstatus", "Expected one of ", "Did you mean exception BadStatusLine", id="both"
        ),
        pytest.param("recieved", "Expected one of ", "Did you mean received 1000?", id="word alone"),
        pytest.param("line", "Expected a number from 1 on after line: 'line'", "", id="no number"),
        pytest.param("line 0", "Expected a number from 1 on after line: 'line 0'", "", id="line 0"),
        pytest.param("line \u0664", "Expected a number from 1 on", "", id="digit of another script"),
        pytest.param("sent " + "9" * 5000, "Expected a number of bytes from 1 on", "", id="huge"),
        pytest.param(
            "event StatuslineParse",
            "Expected the name of a tap event, such as StatusLineParsed after event",
            "Did you mean event StatusLineParsed or event ",
            id="event",
        ),
        pytest.param("header a b", "Expected a field name, such as content-type", "", id="no token"),
        pytest.param(
            "state unread", "Expected one of Idle, Request-started", "Did you mean state Unread", id="state"
        ),
        pytest.param(
            "exception BadStatus",
            "Expected an exception class, such as BadStatusLine after exception: 'exception BadStatus'",
            "Did you mean exception BadStatusLine",
            id="exception",
        ),
    ],
)
def test_wrong_text_names_what_was_expected_and_what_is_nearest(text, message, hint):
    with pytest.raises(BreakpointError) as caught:
        parse_breakpoint(text)

    assert str(caught.value).startswith(message)
    assert caught.value.hint.startswith(hint)
    assert bool(caught.value.hint) is bool(hint)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("text", EXAMPLES)
def test_what_is_suggested_can_be_read(text):
    word = text.partition(" ")[0]

    for suggestion in suggest_breakpoints(f"{word} "):
        assert str(parse_breakpoint(suggestion)) == suggestion


def test_suggestions_begin_with_what_was_typed():
    assert suggest_breakpoints("") == list(EXAMPLES)
    assert suggest_breakpoints("st") == ["state Unread-response"]
    assert suggest_breakpoints("event statusl") == ["event StatusLineParsed"]
    assert suggest_breakpoints("event line")[:2] == [
        "event FieldLineBuffered",
        "event FieldLineParsed",
    ]
    assert suggest_breakpoints("header x", ["X-Id", "Date"])[0] == "header x-id"
    assert suggest_breakpoints("nonsense x") == []


def test_names_are_those_of_the_tap_and_of_the_exceptions():
    assert "FramingDecided" in EVENT_NAMES
    assert not {"Event", "ErrorFact", "Span"} & set(EVENT_NAMES)
    assert {"BadStatusLine", "ConnectionResetError", "gaierror", "TimeoutError"} <= set(EXCEPTION_NAMES)
    assert "KeyboardInterrupt" not in EXCEPTION_NAMES


# --- where each stops --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "event", "stops"),
    [
        pytest.param("event BytesSent", sent(0, 1), True, id="event of the type"),
        pytest.param("event BytesSent", received(0, 1), False, id="event of another type"),
        pytest.param("header content-type", field("Content-TYPE"), True, id="received field line"),
        pytest.param("header Content-Type", own_field("content-type"), True, id="queued field line"),
        pytest.param("header content-type", field("Content-Length"), False, id="another field line"),
        pytest.param("header idle", state("IDLE"), False, id="no field line"),
        pytest.param("state Request-sent", state("REQUEST_SENT"), True, id="state entered"),
        pytest.param("state Idle", state("REQUEST_SENT"), False, id="state left"),
        pytest.param(
            "exception HTTPException", raised("BadStatusLine", "HTTPException"), True, id="subclass"
        ),
        pytest.param("exception BadStatusLine", raised("HTTPException"), False, id="base class"),
        pytest.param("line 1", sent(0, 1), False, id="line"),
    ],
)
def test_breakpoint_stops_at_its_events(text, event, stops):
    assert parse_breakpoint(text).matches(event, SoFar()) is stops


def test_exception_stops_once_on_its_way_through_the_calls():
    breakpoint_ = parse_breakpoint("exception HTTPException")
    events = [
        raised("BadStatusLine", "HTTPException"),
        raised("BadStatusLine", "HTTPException"),
        tap.CallStarted(*START, "HTTPConnection.close", ""),
        raised("BadStatusLine", "HTTPException"),
        raised("NotConnected", "HTTPException"),
    ]
    so_far = SoFar()
    stops = []

    for event in events:
        stops.append(breakpoint_.matches(event, so_far))
        so_far.take_in(event)

    assert stops == [True, False, False, True, True]


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        pytest.param("received 1", [False, True, False, False, False], id="first byte"),
        pytest.param("received 10", [False, True, False, False, False], id="last byte of a piece"),
        pytest.param("received 11", [False, False, True, False, False], id="first byte of the next piece"),
        pytest.param("received 16", [False, False, False, False, False], id="a byte that never comes"),
        pytest.param("sent 10", [True, False, False, False, False], id="sent"),
        pytest.param("sent 25", [False, False, False, False, True], id="on another connection"),
    ],
)
def test_byte_count_stops_where_the_byte_comes(text, stops):
    """A second connection has streams of its own; a run counts the bytes of all."""
    events = [sent(0, 20), received(0, 10), received(10, 15), state("IDLE"), sent(0, 5)]
    breakpoints = Breakpoints([parse_breakpoint(text)])
    so_far = SoFar()
    found = []

    for event in events:
        found.append(bool(breakpoints.at_event(event, so_far)))
        so_far.take_in(event)

    assert found == stops


@pytest.mark.parametrize(
    ("first", "last", "stops"),
    [
        pytest.param(1, 2, False, id="before it"),
        pytest.param(2, 4, True, id="a statement over several lines"),
        pytest.param(3, 3, True, id="on it"),
        pytest.param(4, 9, False, id="after it"),
    ],
)
def test_statement_stops_when_one_of_its_lines_has_a_breakpoint(first, last, stops):
    assert bool(Breakpoints([LineBreakpoint(3)]).at_lines(first, last)) is stops


# --- the list ----------------------------------------------------------------------------


def test_line_is_toggled():
    breakpoints = Breakpoints()

    assert breakpoints.toggle_line(3)
    assert breakpoints.lines == {3}
    assert not breakpoints.toggle_line(3)
    assert breakpoints.placed == ()


def test_disabled_breakpoint_stays_in_its_place_and_does_not_stop():
    line, event = LineBreakpoint(3), parse_breakpoint("event BytesSent")
    breakpoints = Breakpoints([line, event])

    breakpoints.enable(line, False)
    breakpoints.enable(event, False)

    assert breakpoints.placed == (PlacedBreakpoint(line, False), PlacedBreakpoint(event, False))
    assert breakpoints.lines == frozenset()
    assert breakpoints.at_lines(3, 3) == ()
    assert breakpoints.at_event(sent(0, 1), SoFar()) == ()


def test_breakpoint_that_is_there_is_enabled_and_not_added_again():
    event = parse_breakpoint("event BytesSent")
    breakpoints = Breakpoints([event])
    breakpoints.enable(event, False)

    breakpoints.add(parse_breakpoint("event bytessent"))

    assert breakpoints.placed == (PlacedBreakpoint(event, True),)


def test_disabled_breakpoint_of_a_line_is_cleared_by_its_key():
    breakpoints = Breakpoints([LineBreakpoint(3)])
    breakpoints.enable(LineBreakpoint(3), False)

    assert not breakpoints.toggle_line(3)
    assert breakpoints.placed == ()


def test_removed_breakpoint_stops_nothing_and_may_be_removed_again():
    breakpoints = Breakpoints([LineBreakpoint(3), LineBreakpoint(5)])

    breakpoints.remove(LineBreakpoint(3))
    breakpoints.remove(LineBreakpoint(3))

    assert breakpoints.lines == {5}


def test_reason_names_every_breakpoint_that_stopped_the_run():
    assert reason_of(()) == ""
    assert reason_of((LineBreakpoint(4),)) == "breakpoint on line 4"
    found = tuple(map(parse_breakpoint, ("event BytesSent", "sent 57")))
    assert reason_of(found) == "breakpoint on event BytesSent, sent 57"
