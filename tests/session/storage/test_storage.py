"""Recordings on disk: written, opened, and what becomes of files that are not what they were."""

import errno
import json
import os
import stat

import pytest

from tests.full_disk import room_for
from tests.session.storage.recorded import answers, copied, live_recording, record_scenario
from tests.session.told import Told
from workbench.protocol import HTTPConnection, tap
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.storage.format import NotARecordingError
from workbench.session.storage.loader import RecordingLoader
from workbench.session.storage.log import MOST_CACHED, StoredLog
from workbench.session.storage.saving import save_recording

SCENARIOS = [
    "chunked-trailers",
    "two-at-once",
    "continue-then-ok",
    "truncated-body",
    "pipelining",
    "large-body",
]
"""Interim responses, trailers, several connections, an exception, a body that is spilled."""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "session.jsonl"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_recording_on_disk_answers_as_the_one_in_memory(path, scenario):
    memory = record_scenario(scenario, Recording())
    live = copied(memory, live_recording(path))
    loader = RecordingLoader(path)

    loaded = loader.load()

    assert loader.damage is None
    for in_memory, while_written, opened in zip(answers(memory), answers(live), answers(loaded), strict=True):
        assert in_memory == while_written == opened


def test_large_bytes_lie_beside_the_lines(path):
    live = live_recording(path)
    told = Told(live.append)
    told.request()
    told.response(b"x" * 100_000)

    bodies = path.with_suffix(".bodies")

    assert bodies.read_bytes() == b"x" * 100_000
    assert path.stat().st_size < 10_000
    assert live.connection(1).received.slice(0, 1 << 20).endswith(b"\r\n\r\n" + b"x" * 100_000)
    assert live.entries[-3].event.data == b"x" * 100_000
    assert len(live.entries.outline(len(live.entries) - 3).data) == 100_000
    assert [stat.S_IMODE(file.stat().st_mode) for file in (path, bodies)] == [0o600, 0o600]


def test_what_was_read_before_a_failure_is_there_again(path):
    memory = record_scenario("truncated-body", Recording())
    partial = b"p" * 9000
    for entry in memory.entries:
        if getattr(entry.event, "error", None):
            entry.event.error.partial = partial
    live = copied(memory, live_recording(path))

    loaded = RecordingLoader(path).load()

    assert live.at().failure.partial == loaded.at().failure.partial == partial


@pytest.mark.parametrize("suffix", [".bodies", ".index"])
def test_recording_is_not_called_as_what_it_has_beside_it(path, suffix):
    with pytest.raises(OSError, match=f"is called {suffix}"):
        save_recording(Recording(), path.with_suffix(suffix), "x")

    assert not list(path.parent.iterdir())


# --- files that are not what they were --------------------------------------------------------


def _written(path, exchanges=2, body=b"spam"):
    told = Told(live_recording(path).append)
    for _ in range(exchanges):
        told.request()
        told.response(body)
    return path.read_bytes()


def test_recording_cut_at_any_byte_opens_up_to_the_last_whole_line(path):
    data = _written(path)
    events = len(RecordingLoader(path).load().entries)
    tail = b"\n".join(data.split(b"\n")[-4:])

    for missing in range(1, len(tail) + 1):
        os.truncate(path, len(data) - missing)
        whole = data[:-missing].count(b"\n") - 1
        loader = RecordingLoader(path)
        recording = loader.load()
        rest = len(data[:-missing].rpartition(b"\n")[2])

        assert len(recording.entries) == whole < events
        assert (loader.damage.size if loader.damage else 0) == rest
        assert loader.damage is None or loader.damage.cut
        assert recording.at().connections[0].exchanges[-1].request_line


def test_recording_without_a_whole_header_is_refused(path):
    header = _written(path).partition(b"\n")[0]
    for length in (0, 1, len(header)):
        os.truncate(path, length)
        with pytest.raises(NotARecordingError, match="Expected a recording"):
            RecordingLoader(path)


def _changed(path, find, replacement):
    data = path.read_bytes()
    assert find in data
    path.write_bytes(data.replace(find, replacement, 1))
    return data.index(find)


@pytest.mark.parametrize(
    ("find", "replacement", "words"),
    [
        pytest.param(b'["StatusLineParsed"', b'["StatusLineBarsed"', "kind of event", id="another kind"),
        pytest.param(b'["StatusLineParsed"', b"\0" * 19, "a list in JSON", id="zeros"),
        pytest.param(b'"HTTP/1.1",200', b'"HTTP/1.1","200"', "a number", id="another type"),
        pytest.param(b'["received",0,17]', b'["received",0,17000]', "within", id="beyond the stream"),
        pytest.param(b'["version",0,17]', b'["version",3,1]', "expected leaves", id="leaf upside down"),
        pytest.param(b'[["version",0,17]]', b'[["version",0,9],["code",12,13]]', "side by side", id="gap"),
    ],
)
def test_damaged_line_ends_what_is_opened_and_is_named(path, find, replacement, words):
    _written(path)
    at = _changed(path, find, replacement)
    loader = RecordingLoader(path)

    recording = loader.load()

    begin = path.read_bytes().rindex(b"\n", 0, at) + 1
    assert words in loader.damage.reason
    assert (loader.damage.offset, loader.damage.cut) == (begin, False)
    assert loader.damage.line == path.read_bytes()[:begin].count(b"\n") + 1
    assert len(recording.entries) == loader.damage.line - 2
    assert f"Line {loader.damage.line} at byte {begin}" in str(loader.damage)


def test_state_that_no_connection_has_is_damage(path):
    told = Told(live_recording(path).append)
    told.request()
    told.state("IDLE", "NOWHERE")
    loader = RecordingLoader(path)

    loader.load()

    assert "the state of a connection, found 'NOWHERE'" in loader.damage.reason


def test_bytes_that_do_not_follow_on_are_damage(path):
    live = live_recording(path)
    told = Told(live.append)
    told.receive(b"abc")
    told.received = 7
    told.receive(b"def")

    loader = RecordingLoader(path)

    assert len(loader.load().entries) == 1
    assert "expected the bytes from 3 on" in loader.damage.reason


def test_fault_of_what_is_about_to_be_queued_is_no_damage(path):
    """Some of it never is: that is what a policy refuses."""
    recorder = Recorder(live_recording(path))
    connection = HTTPConnection("127.0.0.1", tap=recorder)
    connection.putrequest("GET", "/")

    with pytest.raises(ValueError, match="RFC 9110"):
        connection.putheader("A B", "c")

    loader = RecordingLoader(path)
    entries = loader.load().entries
    assert loader.damage is None
    assert len(entries) == len(recorder.recording.entries)
    assert [entry.event.action for entry in entries if isinstance(entry.event, tap.DiagnosticFound)] == [
        "raised"
    ]


def test_missing_bodies_end_what_is_opened_and_are_named(path):
    _written(path, exchanges=1, body=b"x" * 100_000)
    os.truncate(path.with_suffix(".bodies"), 99_999)
    cut = RecordingLoader(path)
    cut.load()
    path.with_suffix(".bodies").unlink()
    gone = RecordingLoader(path)

    recording = gone.load()

    assert "expected 100000 bytes in session.bodies, which has 99999" in cut.damage.reason
    assert "expected the file session.bodies beside it" in gone.damage.reason
    assert recording.at().exchange.response.status_line


def test_newer_version_opens_as_far_as_it_is_understood(path):
    _written(path)
    header, *lines = path.read_bytes().split(b"\n")
    changed = json.loads(header) | {"version": 3, "program": "9.9"}
    lines.insert(6, b'["PushPromised", 0, 1, 2]')
    path.write_bytes(b"\n".join([json.dumps(changed).encode(), *lines]))
    loader = RecordingLoader(path)

    recording = loader.load()

    assert len(recording.entries) == 6
    assert "written by version 9.9, whose format 3 is newer" in str(loader.damage)


# --- when it cannot be written -----------------------------------------------------------------


@pytest.mark.parametrize("size", range(8000, 16_000, 997))
def test_recording_goes_on_in_memory_when_there_is_no_room(path, size):
    live = live_recording(path)
    told = Told(live.append)
    with room_for(size):
        for _ in range(5):
            told.request()
            told.response(b"y" * 5000)
    loader = RecordingLoader(path)

    written = loader.load()

    assert live.entries.problem.errno == errno.EFBIG
    assert loader.damage is None
    assert 0 < len(written.entries) < len(live.entries)
    exchanges = live.at().connection.exchanges
    assert [exchange.response.content() for exchange in exchanges] == [b"y" * 5000] * 5
    assert [entry.event for entry in live.entries][: len(written.entries)] == [
        entry.event for entry in written.entries
    ]


def test_recording_that_cannot_be_begun_is_kept_in_memory(tmp_path):
    live = live_recording(tmp_path / "missing" / "session.jsonl")
    Told(live.append).request()

    assert isinstance(live.entries.problem, FileNotFoundError)
    assert live.at().exchange.request_line.event.method == "GET"
    assert isinstance(live.entries[0].event, tap.RequestLineBuffered)


def test_recording_never_writes_over_a_file(path):
    path.write_text("mine")
    live = live_recording(path)
    Told(live.append).request()

    assert isinstance(live.entries.problem, FileExistsError)
    assert path.read_text() == "mine"


def test_event_that_is_looked_at_again_and_again_is_read_once(path, monkeypatch):
    live = live_recording(path)
    told = Told(live.append)
    told.request()
    read = []
    read_event = StoredLog._read
    monkeypatch.setattr(StoredLog, "_read", lambda log, index: read.append(index) or read_event(log, index))

    live.entries.outline(0)
    while len(live.entries) < 3 * MOST_CACHED:
        told.request()
        live.entries.outline(0)

    assert len(read) <= 1


def test_events_that_are_looked_at_stay_while_thousands_are_made(path, monkeypatch):
    live = live_recording(path)
    told = Told(live.append)
    told.request()
    on_screen = range(len(live.entries))
    read = []
    read_event = StoredLog._read
    monkeypatch.setattr(StoredLog, "_read", lambda log, index: read.append(index) or read_event(log, index))

    for _ in range(3):
        end = len(live.entries) + 3 * MOST_CACHED
        while len(live.entries) < end:
            told.request()
        for index in on_screen:
            live.entries.outline(index)

    assert len(read) <= len(on_screen)


def test_events_one_after_the_other_are_read_together(path, monkeypatch):
    live = live_recording(path)
    told = Told(live.append)
    while len(live.entries) < 3 * MOST_CACHED:
        told.request()
    entries = RecordingLoader(path).load().entries
    expected = [entries.event(index) for index in range(100)]
    calls = []
    pread = os.pread
    monkeypatch.setattr(
        os, "pread", lambda fd, length, offset: calls.append(offset) or pread(fd, length, offset)
    )

    found = [live.entries.outline(index) for index in range(100)]

    assert found == expected
    assert 0 < len(calls) <= 10
