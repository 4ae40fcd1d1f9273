"""Every moment of every scenario can be drawn: one can step to each, and go back to each."""

import pytest

from workbench.lab import LabServer, load_scenarios
from workbench.protocol.wire.state import State
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.script import parse_script
from workbench.session.status import StepperStatus
from workbench.session.stepper import Stepper
from workbench.ui.keys import USUAL_KEYS
from workbench.ui.presentation.empty import empty_lines
from workbench.ui.presentation.event_list import EventList
from workbench.ui.presentation.exception_card import CardText
from workbench.ui.presentation.fault import find_fault
from workbench.ui.presentation.heading import title_line
from workbench.ui.presentation.layout import Pane
from workbench.ui.presentation.message_tree import exchange_nodes, row_line, rows
from workbench.ui.presentation.script_text import ScriptText, next_lines
from workbench.ui.presentation.state_rail import rail_lines
from workbench.ui.presentation.waiting import waited_for
from workbench.ui.presentation.wire_hex import WireHex
from workbench.ui.presentation.wire_index import WireIndex
from workbench.ui.presentation.wire_ladder import WireLadder
from workbench.ui.presentation.wire_marks import Marks
from workbench.ui.presentation.wire_text import WireLengths, WireText
from workbench.ui.view import View

KEYS = USUAL_KEYS.word

WIDTH = 70
A_SCREEN = 50
"""Rows that are drawn of each pane, the last ones: those are what is new at a moment."""

MOST_MOMENTS = 300
"""Of a long recording some are left out, evenly."""

SCENARIOS = [one for one in load_scenarios().values() if not one.promise.hangs]


@pytest.fixture(scope="module")
def lab():
    with LabServer() as server:
        yield server


def recorded(script):
    """Run a script to its end, and return what it recorded as a view."""
    stepper = Stepper(parse_script(script, "script"), Recorder(Recording()))
    stepper.continue_()
    stepper.wait_until_idle(20)
    recording = stepper.recorder.recording
    stepper.close()
    return View("script", "", script, recording, len(recording.entries) - 1, StepperStatus("finished", 0))


def wires(view):
    moment = view.moment
    connection = moment.connection
    if connection is None:
        return
    index = WireIndex(connection.record, view.recording.entries)
    lengths = WireLengths(view.last_index, connection.sent_length, connection.received_length)
    error = moment.failure
    marks = Marks(find_fault(moment, error) if error else None)
    yield WireText(index, lengths, 48, marks)
    yield WireHex(index, lengths, 16, marks)
    yield WireLadder(index, lengths, connection.queued_length, 0)


def draw(view):
    moment = view.moment
    title_line(view, WIDTH)
    rail_lines(State(moment.state or State.IDLE), WIDTH, full=True)
    waited_for(moment)
    next_lines(view, KEYS)
    script = ScriptText(view.source, arrow=view.arrow, outcomes=moment.outcomes)
    log = view.recording.entries
    entries = EventList(log, 0, len(log) - 1, start_ns=log.event(0).time_ns, now=view.last_index)
    for source in (script, entries, *wires(view)):
        for number in range(max(0, len(source) - A_SCREEN), len(source)):
            source.line(number, WIDTH)
    for pane in Pane:
        empty_lines(pane, view, KEYS)
    if moment.failure is not None:
        CardText(moment, moment.failure, WIDTH, KEYS).lines()
    if moment.exchange is not None:
        for row in rows(exchange_nodes(moment.connection, moment.exchange), frozenset()):
            row_line(row)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_moment_of_a_scenario_can_be_drawn(lab, scenario):
    present = recorded(lab.script_for(scenario))

    draw(present)
    for index in range(0, present.last_index, 1 + present.last_index // MOST_MOMENTS):
        draw(present.at(index))
