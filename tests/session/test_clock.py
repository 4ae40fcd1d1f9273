"""From when times are counted."""

import pytest

from tests.ui.conversation import Conversation
from workbench.protocol import tap
from workbench.session.clock import start_of_run_ns
from workbench.session.events import LineStarted, ScriptStarted
from workbench.session.recording import Recording


def test_times_are_counted_from_the_first_line_however_long_the_script_was_read():
    talk = Conversation("conn.request()")
    talk.pause(20_000_000_000)
    talk.start_line(1)
    talk.put_request("GET", "/")
    recording = talk.recording

    started = recording.entries.event(1)
    assert isinstance(started, LineStarted)
    assert [start_of_run_ns(recording, index) for index in range(3)] == [started.time_ns] * 3


def test_times_of_each_run_are_counted_from_its_own_beginning():
    recording = Recording()
    for run, start in ((1, 1_000), (2, 9_000)):
        recording.append(ScriptStarted(start, run, "two.py", "", 0))
        recording.append(LineStarted(start + 100, 1), 1)

    assert start_of_run_ns(recording, 1) == 1_100
    assert start_of_run_ns(recording, 2) == 9_100


def test_script_that_did_nothing_yet_starts_when_it_was_loaded():
    recording = Recording()
    recording.append(ScriptStarted(1_000, 1, "idle.py", "", 0))

    assert start_of_run_ns(recording, 0) == 1_000


def test_recording_without_a_script_starts_with_its_first_event():
    recording = Recording()
    recording.append(tap.ConnectStarted(0, 700, 1, 0, "127.0.0.1", 80))
    recording.append(tap.ConnectionClosed(1, 900, 1, 0, ""))

    assert start_of_run_ns(recording, 1) == 700


def test_entry_that_is_not_there_has_no_time():
    with pytest.raises(LookupError, match="index of an entry"):
        start_of_run_ns(Recording(), -1)
