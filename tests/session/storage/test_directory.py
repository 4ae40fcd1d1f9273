"""The place where recordings are kept."""

import os

import pytest

from tests.session.told import Told
from workbench.session.recording import Recording
from workbench.session.storage.directory import NameRefusedError, RecordingDirectory, delete_recording, in_use
from workbench.session.storage.loader import RecordingLoader
from workbench.session.storage.log import LiveLog


@pytest.fixture
def directory():
    return RecordingDirectory()


def record(directory, what="lab: hello", body=b"x" * 5000):
    """A recording that has ended."""
    log = LiveLog(lambda: directory.begin(what))
    told = Told(Recording(log).append)
    told.request()
    told.response(body)
    path = log.writer.path
    log.close()
    return path


def test_recordings_of_one_second_have_names_of_their_own(directory):
    paths = {record(directory) for _ in range(5)}

    assert len(paths) == 5
    assert {path.parent for path in paths} == {directory.recent}
    assert all(path.stem[16:].startswith("hello") for path in paths)


@pytest.mark.parametrize(
    ("what", "end"),
    [
        pytest.param("http://[::1]:8000/a b?c=../d", "-http-1-8000-a-b-c-..-d", id="address"),
        pytest.param("../../etc/passwd", "-etc-passwd", id="path"),
        pytest.param("", "", id="nothing"),
        pytest.param("語.py", "-py", id="no ASCII"),
    ],
)
def test_name_is_made_of_what_was_opened_and_leads_nowhere_else(directory, what, end):
    path = record(directory, what)

    assert path.parent == directory.recent
    assert path.stem[15:] == end


def test_renamed_recording_keeps_its_bodies_and_is_kept(directory):
    path = record(directory)

    kept = directory.rename(path, "The one that failed. v1.2")

    loader = RecordingLoader(kept)
    assert loader.load().at().exchange.response.content() == b"x" * 5000
    assert loader.damage is None
    assert [(one.name, one.kept) for one in directory.recordings()] == [("The one that failed. v1.2", True)]
    assert list(directory.recent.iterdir()) == []


@pytest.mark.parametrize("name", ["", " ", ".hidden", "a/b", "a\nb", "x" * 101, "ü" * 100 + "ü" * 28])
def test_name_that_no_file_can_have_is_refused(directory, name):
    path = record(directory)

    with pytest.raises(NameRefusedError, match="Expected"):
        directory.rename(path, name)

    assert path.exists()


def test_recording_is_never_renamed_onto_another(directory):
    first = directory.rename(record(directory), "mine")
    second = record(directory, body=b"another")

    with pytest.raises(NameRefusedError, match="already"):
        directory.rename(second, "mine")

    assert RecordingLoader(first).load().at().exchange.response.content() == b"x" * 5000


def test_deleted_recording_leaves_nothing(directory):
    delete_recording(record(directory))

    assert directory.recordings() == []
    assert list(directory.recent.iterdir()) == []


def test_oldest_recordings_without_a_name_go_first(directory):
    paths = [record(directory, f"number {number}") for number in range(5)]
    for age, path in enumerate(reversed(paths)):
        os.utime(path, (1000 - age, 1000 - age))
    kept = directory.rename(paths[0], "kept")

    directory.prune(most=2)
    assert {one.path for one in directory.recordings()} == {kept, paths[3], paths[4]}

    directory.prune(most_size=1)
    assert {one.path for one in directory.recordings()} == {kept, paths[4]}


def test_recording_that_is_being_written_is_never_pruned(directory):
    log = LiveLog(lambda: directory.begin("live"))
    Told(Recording(log).append).request()
    live = log.writer.path
    os.utime(live, (1, 1))
    record(directory, "newer")

    directory.prune(most=1)

    assert in_use(live)
    assert live.exists()
    log.close()
    assert not in_use(live)
