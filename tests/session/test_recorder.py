"""The recorder: numbers, lines, pens, and who may write."""

import gc
import threading

import pytest

from tests.ports import closed_port
from tests.session.told import Told
from workbench.protocol import HTTPConnection, tap
from workbench.protocol.tapped import make_reporter
from workbench.protocol.wire.fields import parse_field_section
from workbench.protocol.wire.state import State
from workbench.session.events import LineStarted, Printed, ScriptFinished, ScriptStarted
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording


def kinds(recording: Recording) -> list[type]:
    return [type(entry.event) for entry in recording.entries]


def test_connections_are_numbered_by_first_appearance():
    recorder = Recorder(Recording())

    Told(recorder, connection=41).request()
    Told(recorder, connection=7).request()
    Told(recorder, connection=41).request()

    assert [record.number for record in recorder.recording.connections] == [1, 2]
    assert {entry.event.connection for entry in recorder.recording.entries} == {1, 2}


def test_event_that_others_hear_too_is_left_as_it_is():
    event = tap.StateChanged(5, 6, 41, 0, "IDLE", "REQUEST_STARTED", "putrequest")
    recorder = Recorder(Recording())

    recorder(event)

    recorded = recorder.recording.entries[0].event
    assert event.connection == 41
    assert recorded == tap.StateChanged(5, 6, 1, 0, "IDLE", "REQUEST_STARTED", "putrequest")


READINGS = {
    "entries": lambda recording: len(recording.entries) == 14,
    "runs": lambda recording: len(recording.runs) == 1,
    "at": lambda recording: recording.at().index == 13,
    "connections": lambda recording: len(recording.connections) == 1,
    "connection": lambda recording: recording.connection(1).number == 1,
    "script_entries": lambda recording: list(recording.script_entries(0, 14)) == [0],
    "run_at": lambda recording: recording.run_at(5).number == 1,
    "exchanges": lambda recording: len(recording.exchanges) == 1,
    "element_at": lambda recording: recording.element_at(1, "received", 0) is not None,
    "leaf_at": lambda recording: recording.leaf_at(1, "received", 0) is not None,
    "entries_of_line": lambda recording: recording.entries_of_line(3) == (range(1, 14),),
    "spans_of": lambda recording: len(recording.spans_of(1)) == 1,
    "spans_of_line": lambda recording: len(recording.spans_of_line(3)) == 2,
    "spans_between": lambda recording: len(recording.spans_between(0, 13)) == 2,
}
"""Whatever can be read of a recording that nobody has read before."""


def test_every_reading_is_in_the_table():
    public = {name for name in vars(Recording) if not name.startswith("_")}

    assert set(READINGS) == public - {"append", "follow", "log", "take_in", "save_columns", "load_columns"}


@pytest.mark.parametrize("name", READINGS)
def test_events_wait_until_somebody_reads(name):
    recorder = Recorder(Recording())
    pen = recorder.start_run("a.py", "one")
    pen.line = 3
    told = Told(pen.write)
    told.request()
    told.response()

    assert len(recorder.recording.log) == 0
    assert READINGS[name](recorder.recording)
    assert len(recorder.recording.log) == 14


def events_of_the_tap() -> int:
    return sum(isinstance(one, tap.Event) for one in gc.get_objects())


def test_events_that_nobody_looked_at_are_notes_still():
    recorder = Recorder(Recording())
    reporter = make_reporter(recorder)
    reporter.state_changed(State.IDLE, State.REQUEST_STARTED, "putrequest")
    reporter.field_lines(parse_field_section(b"A: 1\r\nB: 2\r\n", 20), "header", 0, 2)
    gc.collect()
    before = events_of_the_tap()

    entries = recorder.recording.entries
    kinds_of_entries = [entries.kind(index) for index in range(3)]
    after = events_of_the_tap()
    state, first, second = [entry.event for entry in entries]

    assert after == before
    assert kinds_of_entries == [tap.StateChanged, tap.FieldLineParsed, tap.FieldLineParsed]
    assert (state.after, first.value, second.value) == ("REQUEST_STARTED", "1", "2")
    assert state.seq < first.seq < second.seq
    assert [entry.event for entry in entries] == [state, first, second]


def test_thread_sees_what_it_told_though_another_one_takes_it_in():
    recorder = Recorder(Recording())
    seen: list[int] = []

    def tell_and_read(line: int) -> None:
        for _ in range(300):
            recorder(LineStarted(0, line))
            seen.append(len(recorder.recording.runs[-1].outcomes[line]))

    threads = [threading.Thread(target=tell_and_read, args=(line,)) for line in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(seen) == sorted([*range(1, 301), *range(1, 301)])


def test_pen_stamps_its_line_on_every_entry():
    recorder = Recorder(Recording())
    pen = recorder.start_run("a.py", "one")

    pen.write(LineStarted(0, 0))
    pen.line = 3
    pen.write(Printed(0, 3, "x"))

    assert [entry.line for entry in recorder.recording.entries] == [0, 0, 3]


def test_pen_of_a_run_that_was_replaced_writes_nothing():
    recorder = Recorder(Recording())
    old = recorder.start_run("a.py", "one")
    new = recorder.start_run("a.py", "one")

    assert not old.write(LineStarted(0, 1))
    assert not old.retire(ScriptFinished(0, "aborted"))
    assert new.write(LineStarted(0, 1))
    assert kinds(recorder.recording) == [ScriptStarted, ScriptStarted, LineStarted]
    assert [run.number for run in recorder.recording.runs] == [1, 2]


def test_pen_writes_nothing_after_its_last_words():
    recorder = Recorder(Recording())
    pen = recorder.start_run("a.py", "one")

    assert pen.retire(ScriptFinished(0, "aborted"))
    assert not pen.write(LineStarted(0, 1))
    assert kinds(recorder.recording) == [ScriptStarted, ScriptFinished]


def test_listener_hears_of_every_append_until_it_leaves():
    recorder = Recorder(Recording())
    lengths: list[int] = []
    leave = recorder.subscribe(lambda: lengths.append(len(recorder.recording.entries)))

    recorder(LineStarted(0, 1))
    recorder(LineStarted(0, 2))
    leave()
    recorder(LineStarted(0, 3))

    assert lengths == [1, 2]


def test_reader_does_not_wait_for_whoever_appends_where_somebody_listens():
    recorder = Recorder(Recording())
    recorder.subscribe(lambda: None)
    recorder(LineStarted(0, 1))
    seen = []
    reader = threading.Thread(target=lambda: seen.append(len(recorder.recording.entries)), daemon=True)

    with recorder._lock:
        reader.start()
        reader.join(30)

        assert seen == [1]


def test_event_inside_an_append_waits_for_its_turn():
    """The garbage collector may close a connection while an event is being appended."""

    class Nosy(Recording):
        def append(self, event, line=0):
            if not isinstance(event, Printed):
                recorder(Printed(0, 1, "from inside"))
            return super().append(event, line)

    recorder = Recorder(Nosy())

    recorder(LineStarted(0, 1))

    assert kinds(recorder.recording) == [LineStarted, Printed]


def test_threads_write_one_after_the_other():
    recorder = Recorder(Recording())
    tellers = [Told(recorder, connection=number) for number in (10, 20, 30)]

    def tell(told: Told) -> None:
        for _ in range(100):
            told.request()
            told.response()

    threads = [threading.Thread(target=tell, args=(told,)) for told in tellers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    records = recorder.recording.connections
    assert sorted(record.sent.length for record in records) == [told.queued for told in tellers]
    assert len(recorder.recording.entries) == 3 * 100 * 13


def test_listener_that_raises_is_dropped_and_the_recording_goes_on(caplog):
    recorder = Recorder(Recording())
    heard: list[int] = []

    def fail() -> None:
        raise RuntimeError("the screen is gone")

    recorder.subscribe(fail)
    recorder.subscribe(lambda: heard.append(1))

    recorder(LineStarted(0, 1))
    recorder(LineStarted(0, 2))

    assert heard == [1, 1]
    assert len(recorder.recording.entries) == 2
    assert [record.exc_info[1].args for record in caplog.records] == [("the screen is gone",)]


def test_exchange_that_fails_to_connect_has_its_error_though_the_call_closes_the_connection():
    """The protocol numbers the next pair of streams as soon as one is closed."""
    recorder = Recorder(Recording())
    with closed_port() as port:
        connection = HTTPConnection("127.0.0.1", port, tap=recorder)

        for _ in range(2):
            with pytest.raises(ConnectionRefusedError):
                connection.request("GET", "/")

    moment = recorder.recording.at()
    assert [record.number for record in recorder.recording.connections] == [1, 2]
    assert [of.exchanges[0].error.event.name for of in moment.connections] == ["HTTPConnection.request"] * 2


def test_calls_of_two_threads_end_on_their_own_connections():
    recorder = Recorder(Recording())
    one, other = (HTTPConnection("127.0.0.1", tap=recorder) for _ in range(2))
    begun, go_on = threading.Event(), threading.Event()

    class Slow:
        def keys(self):
            begun.set()
            assert go_on.wait(20)
            return []

    thread = threading.Thread(target=one.set_tunnel, args=("a.test", 80, Slow()))
    thread.start()
    assert begun.wait(20)
    other.set_tunnel("b.test")
    go_on.set()
    thread.join(20)

    calls = [(type(entry.event), entry.event.connection) for entry in recorder.recording.entries]
    assert calls == [
        (tap.CallStarted, 1),
        (tap.CallStarted, 2),
        (tap.CallReturned, 2),
        (tap.CallReturned, 1),
    ]
