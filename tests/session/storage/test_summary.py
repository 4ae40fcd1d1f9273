"""What a list says of a recording without opening it."""

import os

from tests.session.storage.recorded import record_scenario
from tests.session.told import Told
from workbench.session.recording import Recording
from workbench.session.storage.format import Header
from workbench.session.storage.log import LiveLog
from workbench.session.storage.summary import summarise
from workbench.session.storage.writer import RecordingWriter


def test_summary_says_what_was_recorded_and_how_much(tmp_path, monkeypatch):
    path = tmp_path / "session.jsonl"
    log = LiveLog(lambda: RecordingWriter(path, Header.now("lab: pipelining")))
    recording = record_scenario("keep-alive-twice", Recording(log))
    live = summarise(path)
    log.close()

    for block in (1 << 20, 100):
        monkeypatch.setattr("workbench.session.storage.summary.BLOCK", block)
        ended = summarise(path)

        assert (live.live, ended.live, ended.problem) == (True, False, "")
        assert ended.what == "lab: pipelining"
        assert ended.exchanges == len(recording.exchanges) == 2
        if block > 100:
            assert ended.origin.startswith("127.0.0.1:")


def test_summary_says_what_is_wrong(tmp_path):
    path = tmp_path / "session.jsonl"
    log = LiveLog(lambda: RecordingWriter(path, Header.now("")))
    Told(Recording(log).append).request()
    log.close()
    os.truncate(path, path.stat().st_size - 3)
    (tmp_path / "other.jsonl").write_text("{}\n")

    assert summarise(path).problem == "cut"
    assert summarise(tmp_path / "other.jsonl").problem == "no recording"
    assert summarise(tmp_path / "missing.jsonl").problem == "No such file or directory"
