"""Time travel without a screen: which view is shown, and what it says."""

import dataclasses

from tests.ui import states
from workbench.ui.travel import Traveller
from workbench.ui.view import NOTHING, Past


def traveller(view):
    made = Traveller()
    made.present = view
    return made


def test_nothing_has_no_past():
    made = traveller(NOTHING)

    assert not made.earlier()
    assert not made.line_before()
    assert not made.later()
    assert not made.in_past
    assert made.view is NOTHING


def test_every_event_is_a_moment_and_the_last_is_the_present():
    present = states.exchanged()
    made = traveller(present)
    steps = 0

    while made.earlier():
        steps += 1
        assert made.view.last_index == present.last_index - steps
    assert steps == present.last_index
    assert made.view.past == Past(1, present.last_index + 1, 1, 1)

    while made.later():
        steps -= 1
    assert steps == 0
    assert not made.in_past
    assert made.view is present


def test_view_of_the_past_is_that_of_then():
    present = states.failed()
    made = traveller(present)

    made.earlier()  # ScriptFinished is undone,
    assert made.view.failed
    assert made.view.status.error.class_name == "BadStatusLine"
    made.earlier()  # and LineRaised.
    assert not made.view.failed
    assert made.view.arrow == 6
    assert made.view.status.inside_call

    made.line_before()
    assert (made.view.arrow, made.view.status.inside_call) == (6, False)
    made.line_before()
    assert made.view.arrow == 5
    assert made.view.moment.state == "REQUEST_STARTED"

    made.line_after()
    assert made.view.arrow == 6
    assert made.view.moment.state == "REQUEST_SENT"


def test_traveller_stays_where_it_is_while_the_present_goes_on():
    whole = states.exchanged()
    made = traveller(dataclasses.replace(whole, last_index=20))
    made.go(3)
    before = made.view

    made.present = whole

    assert made.in_past
    assert made.view == before
    assert made.to_present()
    assert made.view is whole


def test_another_recording_begins_in_its_present():
    made = traveller(states.exchanged())
    made.go(3)

    made.present = states.chunked()

    assert not made.in_past
