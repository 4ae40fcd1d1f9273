"""Time travel without a screen: which view is shown, and what it says."""

import dataclasses

from tests.ui import states
from tests.ui.conversation import Conversation
from workbench.session.status import StepperStatus
from workbench.ui.presentation.heading import title_line
from workbench.ui.presentation.message_tree import exchange_nodes, row_line, rows
from workbench.ui.presentation.piece import plain
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


def tree_of(view):
    moment = view.moment
    if moment.exchange is None:
        return []
    return [
        plain(row_line(row)) for row in rows(exchange_nodes(moment.connection, moment.exchange), frozenset())
    ]


def test_chunks_are_counted_as_of_the_moment():
    """The last chunk is the one of size 0; before it has come, nobody knows how many there are."""
    made = traveller(states.chunked())
    seen = []

    while made.earlier():
        seen += [
            line.partition(" in ")[2] for line in tree_of(made.view) if "content" in line and " in " in line
        ]

    assert list(dict.fromkeys(seen)) == [
        "3 chunks, the last one included",
        "2 chunks so far",
        "1 chunk so far",
    ]


def test_exchanges_are_counted_to_the_present():
    talk = Conversation("conn.close()")
    talk.put_request("GET", "/first")
    first = len(talk.recording.entries) - 1
    talk.put_request("GET", "/second")
    present = states.view_of(talk, "x", StepperStatus("paused", 1))

    assert "exchange 1 of 2" in plain(title_line(present.at(first), 80))
    assert "exchange 2 of 2" in plain(title_line(present, 80))
