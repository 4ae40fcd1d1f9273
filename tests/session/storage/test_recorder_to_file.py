"""A recorder whose recording is in a file: nothing is made of an event before somebody reads."""

import errno
import itertools
import json
import os
import sys
import threading
from functools import partial

import pytest

from tests.session.storage.recorded import answers, live_recording, record_scenario
from tests.session.storage.test_storage import SCENARIOS, room_for
from tests.session.told import Told
from workbench.protocol import tap
from workbench.protocol.tapped import make_reporter
from workbench.protocol.wire.fields import parse_field_section
from workbench.session.events import LineStarted
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.storage import log
from workbench.session.storage.format import Header
from workbench.session.storage.loader import RecordingLoader
from workbench.session.storage.log import LiveLog
from workbench.session.storage.saving import save_recording
from workbench.session.storage.writer import RecordingWriter


@pytest.fixture
def path(tmp_path):
    return tmp_path / "session.jsonl"


def lines(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()[1:]]


def told_to(recorder, connection=1):
    told = Told(recorder, connection)
    told.request()
    told.response()
    return recorder


def test_event_is_in_the_file_and_nowhere_else(path):
    recorder = told_to(Recorder(live_recording(path)))

    assert len(lines(path)) == 13
    assert len(recorder.recording.log) == 0
    assert len(recorder.recording.entries) == 13


@pytest.mark.parametrize("often", [1, 7, 1000])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_recording_answers_as_the_one_in_memory_however_often_it_is_read(path, scenario, often):
    whole = record_scenario(scenario, Recording())
    in_memory, on_disk = Recorder(Recording()), Recorder(live_recording(path))
    for entry in whole.entries:
        for recorder in (in_memory, on_disk):
            recorder(entry.event)
        if entry.index % often == 0:
            assert len(on_disk.recording.entries) == entry.index + 1

    loaded = RecordingLoader(path).load()

    for one, other, read in zip(
        answers(in_memory.recording), answers(on_disk.recording), answers(loaded), strict=True
    ):
        assert one == other == read


@pytest.mark.parametrize("to_file", [True, False])
def test_field_lines_that_are_told_at_once_are_recorded_each(path, to_file):
    recorder, events = Recorder(live_recording(path) if to_file else Recording()), []
    section = parse_field_section(b"A: 1\r\nB: 2\r\nC: 3\r\n", 20)
    reused = partial(tap.ConnectionReused, 0, 0, 77, 0)

    recorder(reused(1))
    for one in (recorder, events.append):
        make_reporter(one).field_lines(section, "header", 0, 1)
        make_reporter(one).field_lines(section, "header", 1, 3)
    recorder(reused(2))

    first, *recorded, last = [entry.event for entry in recorder.recording.entries]
    assert (first.idle_ns, last.idle_ns) == (1, 2)
    assert [event.connection for event in recorded] == [2, 3, 3]
    assert [event.seq for event in recorded] == sorted({event.seq for event in recorded})
    assert [(event.index, event.name, event.value, event.span, event.leaves) for event in recorded] == [
        (event.index, event.name, event.value, event.span, event.leaves) for event in events
    ]


def test_connections_and_lines_are_those_of_the_recording(path):
    recorder = Recorder(live_recording(path))
    pen = recorder.start_run("a.py", "one")
    pen.line = 3
    Told(pen.write, connection=41).request()
    Told(recorder, connection=7).request()

    entries = recorder.recording.entries

    assert [line[1] for line in lines(path)] == [0, *[3] * 5, *[0] * 5]
    assert {entry.event.connection for entry in entries[1:6]} == {1}
    assert {entry.event.connection for entry in entries[6:]} == {2}


def test_whoever_subscribes_hears_of_each_event_from_then_on(path):
    recorder = told_to(Recorder(live_recording(path)))
    lengths = []
    recorder.subscribe(lambda: lengths.append(len(recorder.recording.log)))

    recorder(LineStarted(0, 1))
    recorder(LineStarted(0, 2))

    assert lengths == [14, 15]
    assert len(lines(path)) == 15


def test_nothing_is_written_when_it_is_closed_and_what_comes_later_stays_in_memory(path):
    recorder = told_to(Recorder(live_recording(path)))

    recorder.close()
    told_to(recorder, connection=2)

    assert len(lines(path)) == 13
    assert len(recorder.recording.entries) == 26


@pytest.mark.parametrize("size", range(8000, 16_000, 997))
def test_recording_goes_on_in_memory_when_there_is_no_room(path, size):
    recorder = Recorder(live_recording(path))
    told = Told(recorder)
    with room_for(size):
        for _ in range(5):
            told.request()
            told.response(b"y" * 5000)

    recording = recorder.recording
    written = RecordingLoader(path).load()

    assert recording.entries.problem.errno == errno.EFBIG
    assert 0 < len(written.entries) < len(recording.entries) == 5 * 13
    assert [one.response.content() for one in recording.at().connection.exchanges] == [b"y" * 5000] * 5
    assert [entry.event for entry in recording.entries][: len(written.entries)] == [
        entry.event for entry in written.entries
    ]


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda data: data[:-70], id="cut"),
        pytest.param(lambda data: data.replace(b'["StatusLineParsed"', b'["StatusLineBarsed"'), id="changed"),
    ],
)
def test_file_that_somebody_else_has_changed_is_read_up_to_there(path, harm):
    recorder = told_to(Recorder(live_recording(path)))
    with path.open("r+b") as file:
        harmed = harm(file.read())
        file.seek(0)
        file.write(harmed)
        os.truncate(file.fileno(), len(harmed))

    count = len(recorder.recording.entries)
    told_to(recorder, connection=2)

    assert 5 < count < 13
    assert "changed by somebody else" in str(recorder.recording.entries.problem)
    assert len(recorder.recording.entries) == count + 13
    assert isinstance(recorder.recording.entries[count].event, tap.RequestLineBuffered)


@pytest.mark.parametrize("written", [False, True], ids=["before", "behind"])
@pytest.mark.parametrize("which", [1, 2, 3], ids=["body", "another body", "lines"])
def test_recording_is_whole_though_ctrl_c_comes_while_it_is_written(path, monkeypatch, which, written):
    recorder, told = Recorder(live_recording(path)), []
    recorder(LineStarted(0, 1))
    Told(told.append).response(b"x" * 5000)
    Told(told.append, connection=2).response(b"y" * 5000)
    write, calls = os.write, []

    def interrupted(number, data):
        calls.append(number)
        if len(calls) != which:
            return write(number, data)
        if written:
            write(number, data)
        raise KeyboardInterrupt

    for event in told[:-1]:
        recorder.note(event)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            recorder.take()
    recorder(told[-1])

    loader = RecordingLoader(path)
    loaded = [entry.event for entry in loader.load().entries]
    assert loader.damage is None
    assert loaded == [entry.event for entry in recorder.recording.entries]
    assert [type(event) for event in loaded[1:]] == [type(event) for event in told]


def interrupted_at(number, call):
    """Call something, with ctrl+c at one of the moments that the interpreter lets signals in.

    That is when a function of its own has returned, or one of Python's begins. In a finalizer it would be swallowed.
    Says whether there is such a moment.
    """
    moments = itertools.count(1)

    def interrupt(frame, event, _):
        ours = frame.f_globals["__name__"].startswith("workbench.") and not in_finalizer(frame)
        if ours and event in ("c_return", "call") and next(moments) == number:
            raise KeyboardInterrupt

    sys.setprofile(interrupt)
    try:
        call()
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(None)
    return False


def in_finalizer(frame):
    while frame is not None and frame.f_code.co_name != "__del__":
        frame = frame.f_back
    return frame is not None


def test_nothing_is_lost_or_told_twice_wherever_ctrl_c_comes_in(tmp_path):
    told = []
    Told(told.append).response()
    number = 1
    while True:
        path = tmp_path / str(number)
        recorder = Recorder(live_recording(path))
        recorder(told[0])
        for event in told[1:-1]:
            recorder.note(event)
        came = interrupted_at(number, recorder.take)
        recorder(told[-1])

        loaded = RecordingLoader(path).load()
        assert [type(entry.event) for entry in loaded.entries] == [type(event) for event in told]
        recorder.close()
        if not came:
            break
        number += 1
    assert number > 20


def test_recording_is_there_or_not_wherever_ctrl_c_comes_in_while_it_is_saved(tmp_path):
    recording = Recorder(Recording())
    told_to(recording)
    whole = len(recording.recording.entries)
    number = 1
    while True:
        directory = tmp_path / str(number)
        directory.mkdir()
        path = directory / "saved.jsonl"
        if not interrupted_at(number, lambda path=path: save_recording(recording.recording, path, "test")):
            break

        if path.exists():
            loader = RecordingLoader(path)
            assert len(loader.load().entries) in (0, whole)
            assert loader.damage is None
        else:
            assert list(directory.iterdir()) == []
        number += 1
    assert number > 20


def test_file_is_begun_once_wherever_ctrl_c_comes_in(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "MOST_NEW", 0)  # the first events are read from the file
    number = 1
    while True:
        path = tmp_path / f"{number}.jsonl"
        writer = RecordingWriter(path, Header.now("test"))
        recorder = Recorder(Recording(LiveLog(lambda writer=writer: writer)))
        came = interrupted_at(number, lambda recorder=recorder: recorder(LineStarted(0, 1)))
        for line in (2, 3, 4):
            recorder(LineStarted(0, line))

        written = [line for *_, line in lines(path)]
        assert [entry.event.line for entry in recorder.recording.entries] == written
        assert written[-3:] == [2, 3, 4]
        recorder.close()
        if not came:
            break
        number += 1
    assert number > 10


def test_file_is_made_though_ctrl_c_came_in_when_it_was_to_be(path):
    errors = [KeyboardInterrupt()]

    def begin():
        if errors:
            raise errors.pop()
        return RecordingWriter(path, Header.now("test"))

    recorder = Recorder(Recording(LiveLog(begin)))
    with pytest.raises(KeyboardInterrupt):
        recorder(LineStarted(0, 1))
    recorder(LineStarted(0, 2))

    assert [number for *_, number in lines(path)] == [1, 2]


def test_threads_write_and_read_at_once(path):
    recorder = Recorder(live_recording(path))
    tellers = [Told(recorder, connection=number) for number in (10, 20)]
    lengths = []

    def tell(told):
        for _ in range(50):
            told.request()
            told.response()

    def read():
        while any(thread.is_alive() for thread in threads):
            lengths.append(len(recorder.recording.entries))

    threads = [threading.Thread(target=tell, args=(told,)) for told in tellers]
    for thread in threads:
        thread.start()
    read()
    for thread in threads:
        thread.join(20)

    assert len(lines(path)) == len(recorder.recording.entries) == 2 * 50 * 13
    assert lengths == sorted(lengths)
    assert sorted(one.sent.length for one in recorder.recording.connections) == [
        told.queued for told in tellers
    ]
