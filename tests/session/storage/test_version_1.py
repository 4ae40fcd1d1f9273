"""Recordings of version 1 of the format, which has a line for each event, are read for ever."""

import json
from collections import Counter
from pathlib import Path

from workbench.protocol import tap
from workbench.session.storage.loader import RecordingLoader
from workbench.session.storage.saving import save_recording
from workbench.session.storage.summary import summarise

RECORDING = Path(__file__).parent / "files" / "version-1.jsonl"
"""Two exchanges of a program: with a length, and in chunks with a trailer section. A version 1 wrote it."""


def test_recording_of_version_1_is_read_whole():
    loader = RecordingLoader(RECORDING)
    recording = loader.load()
    header, *lines = map(json.loads, RECORDING.read_bytes().splitlines())

    assert (
        (loader.damage, loader.header.version, loader.header.notes)
        == (None, header["version"], {})
        == (None, 1, {})
    )
    assert [type(entry.event).__name__ for entry in recording.entries] == [kind for kind, *_ in lines]
    assert [entry.event.seq for entry in recording.entries if isinstance(entry.event, tap.Event)] == [
        line[2] for line in lines[1:]
    ]
    exchanges = recording.at().connections[0].exchanges
    assert [one.response.content() for one in exchanges] == [b"spam", b"abc"]
    assert [one.response.status_line.event.status_code for one in exchanges] == [200, 200]
    assert [(one.name, one.value) for one in fields_of(recording, "trailer")] == [("A", "caf\xe9")]
    assert len(fields_of(recording, "header")) == 3


def fields_of(recording, section):
    events = [entry.event for entry in recording.entries]
    return [one for one in events if isinstance(one, tap.FieldLineParsed) and one.section == section]


def test_recording_of_version_1_is_listed_as_any_other():
    summary = summarise(RECORDING)

    assert (summary.what, summary.exchanges, summary.problem) == ("version 1", 2, "")


def test_recording_of_version_1_is_written_as_the_version_now(tmp_path):
    recording = RecordingLoader(RECORDING).load()

    save_recording(recording, tmp_path / "new.jsonl", "new")

    again = RecordingLoader(tmp_path / "new.jsonl")
    assert [entry.event for entry in again.load().entries] == [entry.event for entry in recording.entries]
    assert again.header.version == 2
    assert Counter(entry.line for entry in again.recording.entries) == Counter(
        entry.line for entry in recording.entries
    )
