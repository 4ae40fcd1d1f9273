"""Breakpoints: where a running script is to stop."""

import pytest

from workbench.session.breakpoints import EVENT_NAMES, Breakpoints, UnknownEventTypeError


def test_line_is_toggled():
    breakpoints = Breakpoints()

    assert breakpoints.toggle_line(3)
    assert breakpoints.lines == {3}
    assert not breakpoints.toggle_line(3)
    assert breakpoints.lines == frozenset()


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
    assert Breakpoints(lines=[3]).stops_at_lines(first, last) is stops


def test_event_type_is_added_and_removed():
    breakpoints = Breakpoints(event_types=["FramingDecided"])

    breakpoints.add_event_type("BytesReceived")
    breakpoints.remove_event_type("FramingDecided")
    breakpoints.remove_event_type("FramingDecided")

    assert breakpoints.event_types == {"BytesReceived"}


def test_event_type_that_does_not_exist_is_named():
    with pytest.raises(UnknownEventTypeError, match="FramingDecided: 'Framing'") as caught:
        Breakpoints(event_types=["Framing"])

    assert caught.value.name == "Framing"


def test_event_names_are_those_of_the_tap():
    assert "FramingDecided" in EVENT_NAMES
    assert "Event" not in EVENT_NAMES
    assert "ErrorFact" not in EVENT_NAMES
    assert list(EVENT_NAMES) == sorted(EVENT_NAMES)


def test_clear_forgets_all():
    breakpoints = Breakpoints(lines=[1], event_types=["BytesReceived"])

    breakpoints.clear()

    assert (breakpoints.lines, breakpoints.event_types) == (frozenset(), frozenset())
