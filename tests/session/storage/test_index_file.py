"""The indexes of a long recording, laid by beside it."""

import os
import shutil
import tracemalloc

import pytest

from tests.session.storage.recorded import answers, copied, live_recording, record_scenario
from tests.session.told import Told
from workbench.session import exchange_list
from workbench.session.recording import Recording
from workbench.session.storage import index_file, loader
from workbench.session.storage.index_file import index_path
from workbench.session.storage.loader import RecordingLoader


@pytest.fixture(autouse=True)
def every_recording_is_long(monkeypatch):
    monkeypatch.setattr(index_file, "SMALLEST", 0)
    monkeypatch.setattr(loader, "SMALLEST", 0)
    monkeypatch.setattr(index_file, "SMALLEST_MAPPED", 1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "session.jsonl"


def two_exchanges(path):
    told = Told(live_recording(path).append)
    for _ in range(2):
        told.request()
        told.response(b"x" * 5000)


@pytest.mark.parametrize("longest_folded", [0, 1000], ids=["long", "short"])
@pytest.mark.parametrize(
    "scenario", ["chunked-trailers", "two-at-once", "continue-then-ok", "truncated-body", "keep-alive-twice"]
)
def test_recording_of_its_index_answers_as_one_that_was_read(path, scenario, longest_folded, monkeypatch):
    monkeypatch.setattr(exchange_list, "LONGEST_FOLDED", longest_folded)
    memory = record_scenario(scenario, Recording())
    copied(memory, live_recording(path))
    read = RecordingLoader(path).load()
    indexed = RecordingLoader(path)

    assert indexed.done
    assert indexed.damage is None
    assert len(indexed.recording.exchanges) == len(memory.exchanges)
    for in_memory, of_file, of_index in zip(
        answers(memory), answers(read), answers(indexed.recording), strict=True
    ):
        assert in_memory == of_file == of_index
    assert [memory.entries_of_line(line) for line in range(20)] == [
        indexed.recording.entries_of_line(line) for line in range(20)
    ]


def test_columns_stay_in_the_file_and_outlive_its_name(path):
    told = Told(live_recording(path).append)
    for _ in range(2000):
        told.request()
        told.response(b"x" * 50)
    read = RecordingLoader(path).load()
    size = index_path(path).stat().st_size
    tracemalloc.start()
    try:
        indexed = RecordingLoader(path)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Another program makes its own, in place of this one.
    index_path(path).unlink()
    RecordingLoader(path).load()

    assert indexed.done
    assert size > 1_000_000
    assert taken < size // 4
    for index in (0, 13_000, len(read.entries) - 1):
        (of_file,), (of_index,) = (one.at(index).connections for one in (read, indexed.recording))
        assert of_file.received_length == of_index.received_length
        assert of_file.bytes("received") == of_index.bytes("received")
        assert of_file.state == of_index.state
    assert len(indexed.recording.exchanges) == 2000


def test_damage_is_remembered_with_the_index(path):
    two_exchanges(path)
    os.truncate(path, path.stat().st_size - 3)
    first = RecordingLoader(path)
    first.load()

    second = RecordingLoader(path)

    assert second.done
    assert second.damage == first.damage is not None


def test_index_is_for_nobody_else(path):
    two_exchanges(path)
    RecordingLoader(path).load()

    assert index_path(path).stat().st_mode & 0o777 == 0o600
    assert sorted(file.suffix for file in path.parent.iterdir()) == [".bodies", ".index", ".jsonl"]


def _other_time(path):
    os.utime(path, (1, 1))


def _more_lines(path):
    changed = path.stat()
    with path.open("ab") as file:
        file.write(b"[]\n")
    os.utime(path, ns=(changed.st_atime_ns, changed.st_mtime_ns))


def _another_end(path):
    changed = path.stat()
    data = path.read_bytes()
    path.write_bytes(data[:-2] + b" \n")
    os.utime(path, ns=(changed.st_atime_ns, changed.st_mtime_ns))


def _no_bodies(path):
    path.with_suffix(".bodies").unlink()


@pytest.mark.parametrize("change", [_other_time, _more_lines, _another_end, _no_bodies])
def test_index_of_a_recording_that_has_changed_is_not_used(path, change):
    two_exchanges(path)
    RecordingLoader(path).load()

    change(path)

    assert not RecordingLoader(path).done


def test_damaged_index_is_made_anew(path):
    two_exchanges(path)
    whole = RecordingLoader(path).load()
    data = index_path(path).read_bytes()
    damaged = [data[:length] for length in (0, 1, 100, len(data) // 2, len(data) - 1)]
    damaged += [
        data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in range(40, len(data), len(data) // 25)
    ]

    for one in damaged:
        index_path(path).write_bytes(one)
        again = RecordingLoader(path)
        recording = again.load()

        assert [entry.event for entry in recording.entries] == [entry.event for entry in whole.entries]
        assert len(recording.exchanges) == len(whole.exchanges)
        assert recording.at().exchange.response.content() == b"x" * 5000


def test_recording_that_is_still_written_gets_no_index(path):
    live = live_recording(path)
    told = Told(live.append)
    told.request()
    opened = RecordingLoader(path)
    told.response()

    opened.load()

    assert not index_path(path).exists()


def test_index_that_cannot_be_written_is_done_without(path, monkeypatch):
    two_exchanges(path)
    monkeypatch.setattr(index_file, "_write", _no_space)

    assert RecordingLoader(path).load().exchanges
    assert not index_path(path).exists()


def _no_space(*_):
    raise OSError(28, "No space left on device")


def test_recording_that_is_called_as_its_index_stays(path):
    two_exchanges(path)
    renamed = path.with_suffix(".index")
    data = path.read_bytes()
    path.rename(renamed)

    RecordingLoader(renamed).load()

    assert renamed.read_bytes() == data


def test_copied_recording_is_read_again(path, tmp_path):
    two_exchanges(path)
    RecordingLoader(path).load()
    for suffix in (".jsonl", ".bodies", ".index"):
        shutil.copy(path.with_suffix(suffix), tmp_path / f"copy{suffix}")
    os.utime(tmp_path / "copy.jsonl", (5, 5))

    opened = RecordingLoader(tmp_path / "copy.jsonl")

    assert not opened.done
    assert opened.load().exchanges
