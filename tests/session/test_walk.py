"""Walking through a recording: which line was next, and the moments between lines."""

import itertools

import pytest

from workbench.protocol import tap
from workbench.session import events
from workbench.session.recording import Recording
from workbench.session.walk import after_line, before_line, entries_of_run, line_at

ERROR = tap.ErrorFact("ValueError", ("ValueError", "Exception"), "as asked")


@pytest.fixture
def recording():
    """Two runs: the first fails in its second line, the second is still in its first."""
    made = Recording()
    times = itertools.count(1)

    def tell(kind, *values, line=0):
        made.append(kind(next(times), *values), line)

    def call(line):
        made.append(tap.CallStarted(next(times), next(times), 1, 0, "putrequest", ""), line)

    tell(events.ScriptStarted, 1, "x.py", "a\nb\n", 0)  # 0
    tell(events.LineStarted, 1, line=1)  # 1
    call(1)  # 2
    tell(events.LineReturned, 1, "", line=1)  # 3
    tell(events.LineStarted, 2, line=2)  # 4
    call(2)  # 5
    tell(events.LineRaised, 2, ERROR, line=2)  # 6
    tell(events.ScriptFinished, "failed")  # 7
    tell(events.ScriptStarted, 2, "x.py", "a\nb\n", 0)  # 8
    tell(events.LineStarted, 1, line=1)  # 9
    call(1)  # 10
    return made


def test_entries_of_a_run_end_where_the_next_begins(recording):
    assert entries_of_run(recording, 3) == range(8)
    assert entries_of_run(recording, 8) == range(8, 11)
    assert entries_of_run(Recording(), -1) == range(0)


def test_line_is_the_one_being_executed_or_the_next(recording):
    lines = [line_at(recording, index) for index in range(11)]

    assert lines == [1, 1, 1, 2, 2, 2, 0, 0, 1, 1, 1]
    assert line_at(Recording(), -1) == 0


def test_way_forward_rests_between_lines_and_at_the_edges_of_runs(recording):
    way = [0]
    while way[-1] != after_line(recording, way[-1]):
        way.append(after_line(recording, way[-1]))

    assert way == [0, 3, 6, 7, 8, 10]


def test_way_back_rests_between_lines_and_at_the_edges_of_runs(recording):
    way = [10]
    while way[-1] != before_line(recording, way[-1]):
        way.append(before_line(recording, way[-1]))

    assert way == [10, 8, 7, 6, 3, 0]


def test_recording_without_a_script_is_walked_through_event_by_event():
    recording = Recording()
    for number in range(3):
        recording.append(tap.CallStarted(number, number, 1, 0, "putrequest", ""))

    assert after_line(recording, 0) == 2
    assert before_line(recording, 2) == 0
    assert before_line(Recording(), -1) == 0
