"""Recordings in the private home of a test, for the list of sessions."""

import os
from dataclasses import replace

from tests.session.storage.recorded import copied
from tests.ui import states
from workbench.session.recording import Recording
from workbench.session.storage.directory import RecordingDirectory
from workbench.session.storage.format import Header
from workbench.session.storage.log import LiveLog
from workbench.session.storage.writer import RecordingWriter

NEW_YEAR_NS = 1_767_261_600 * 10**9


def write_recording(recording, path, name="lab: hello", minutes=0):
    """Write a recording to a file, as if it had been recorded some minutes after New Year 2026."""
    header = replace(Header.now(name), unix_time_ns=NEW_YEAR_NS + minutes * 60 * 10**9)
    log = LiveLog(lambda: RecordingWriter(path, header))
    copied(recording, Recording(log))
    log.close()
    os.utime(path, (1_767_261_600 + minutes * 60,) * 2)
    return path


def three_sessions():
    """Two that are whole, one of which has a name, and one that was cut."""
    directory = RecordingDirectory()
    failed = write_recording(
        states.failed().recording, directory.recent / "c.jsonl", "lab: garbage-status-line"
    )
    whole = write_recording(states.exchanged().recording, directory.path / "the good one.jsonl", minutes=5)
    cut = write_recording(
        states.chunked().recording, directory.recent / "a.jsonl", "lab: chunked-trailers", 9
    )
    os.truncate(cut, cut.stat().st_size - 3)
    os.utime(cut, (1_767_261_600 + 540,) * 2)
    return cut, whole, failed
