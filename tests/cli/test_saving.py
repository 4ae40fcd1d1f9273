"""Files that commands write: what cannot be written is refused before anything is sent, and nothing is left in part."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.full_disk import room_for
from workbench.cli import main
from workbench.lab import LabServer, find_scenario
from workbench.session.storage.format import Header
from workbench.session.storage.loader import RecordingLoader
from workbench.session.storage.writer import RecordingWriter

Received = Callable[[], bytes]


@pytest.fixture
def script(tmp_path: Path, lab: LabServer) -> Path:
    """A script that makes a request, of which the lab hears."""
    path = tmp_path / "script.py"
    path.write_text(lab.script_for(find_scenario("hello")), "utf-8")
    return path


def words_of(command: str, script: Path, lab: LabServer) -> list[str]:
    if command == "send":
        return ["send", "GET", lab.origin(find_scenario("hello")) + "/hello", "--save"]
    return {
        "run": ["run", str(script), "--save"],
        "export": ["export", "json", str(script), "-o"],
        "force": ["export", "json", str(script), "--force", "-o"],
    }[command]


@pytest.mark.parametrize(
    ("command", "file", "message"),
    [
        *(
            pytest.param(command, file, message, id=f"{command} {file[:9]}")
            for command in ("run", "send", "export")
            for file, message in (
                ("there", "there is a file '{}' already\n  Name another one"),
                ("no/file", "'{}' cannot be written: there is no directory '{}'\n  Make it"),
                ("there/file", "'{}' cannot be written: there is no directory '{}'\n  Make it"),
                ("x" * 300, "'{}' cannot be written: File name too long\n  Name a file in another place"),
            )
        ),
        pytest.param("force", "folder", "'{}' is a directory\n  Name a file in it", id="directory"),
        pytest.param("run", "other", "'{}' cannot be written: File exists", id="bodies"),
    ],
)
def test_file_that_cannot_be_made_is_refused_before_anything_is_sent(
    command: str,
    file: str,
    message: str,
    script: Path,
    lab: LabServer,
    received: Received,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "there").write_text("mine")
    (tmp_path / "other.bodies").write_text("mine")
    (tmp_path / "folder").mkdir()
    path = tmp_path / file

    assert main([*words_of(command, script, lab), str(path)]) == 2
    shown = path if file != "other" else path.with_suffix(".bodies")
    assert message.format(shown, path.parent) in capsys.readouterr().err
    assert received() == b""
    assert (tmp_path / "there").read_text() == (tmp_path / "other.bodies").read_text() == "mine"
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("command", ["run", "send", "export", "force"])
def test_place_that_is_not_the_users_is_refused_before_anything_is_sent(
    command: str,
    script: Path,
    lab: LabServer,
    received: Received,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Whoever runs the tests may be allowed everything.
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)

    assert main([*words_of(command, script, lab), str(tmp_path / "new")]) == 2
    assert "cannot be written: Permission denied" in capsys.readouterr().err
    assert received() == b""


def test_disk_that_is_full_before_the_run_is_told_before_anything_is_sent(
    script: Path, received: Received, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with room_for(1_000):
        code = main(["run", str(script), "--save", str(tmp_path / "full.jsonl")])

    assert (code, received()) == (74, b"")
    assert "cannot be written: File too large" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["script.py"]


@pytest.mark.parametrize("command", ["run", "send"])
@pytest.mark.parametrize("size", [6_000, 9_000], ids=["at once", "midway"])
def test_run_that_cannot_be_saved_is_printed(
    command: str,
    size: int,
    script: Path,
    lab: LabServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "full.jsonl"
    (tmp_path / "full.index").write_text("mine")
    with room_for(size):
        code = main([*words_of(command, script, lab), str(path)])

    out, err = capsys.readouterr()
    assert code == 74
    assert out.endswith("done: every call succeeded\n")
    told, way_out = err.splitlines()
    assert told == f"workbench {command}: '{path}' cannot be written: File too large; nothing of it is kept"
    assert way_out == "  What is printed is all that is left of the run"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["full.index", "script.py"]


def test_file_of_somebody_else_is_not_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    writer = RecordingWriter(path, Header.now("one"))
    path.rename(tmp_path / "renamed.jsonl")
    path.write_text("mine")

    writer.take_away()

    assert path.read_text() == "mine"
    assert (tmp_path / "renamed.jsonl").exists()


def test_what_was_sent_by_a_script_that_is_refused_is_kept(
    script: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script.write_text(script.read_text("utf-8") + "a, b = 1\n", "utf-8")
    path = tmp_path / "kept.jsonl"

    assert main(["run", str(script), "--save", str(path)]) == 2
    assert f"What was sent before is in '{path}'" in capsys.readouterr().err
    assert RecordingLoader(path).load().at().connections[0].bytes("sent").startswith(b"GET /hello")


def test_copy_that_cannot_be_made_is_refused_before_the_recording_is_read(
    saved: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    recording = saved("hello")
    recording.write_bytes(recording.read_bytes() + b"damaged")

    assert main(["run", str(recording), "--save", str(recording)]) == 2
    assert capsys.readouterr().err.startswith(f"workbench run: there is a file {str(recording)!r} already")


def test_copy_of_a_recording_is_not_left_in_part(
    saved: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording, path = saved("hello"), tmp_path / "copy.jsonl"
    with room_for(9_000):
        code = main(["run", str(recording), "--save", str(path)])

    assert code == 74
    assert "nothing of it is kept" in capsys.readouterr().err
    assert not path.exists()


def test_export_that_cannot_be_written_is_not_left_in_part(
    script: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "full.json"
    with room_for(1_000):
        code = main(["export", "json", str(script), "-o", str(path)])

    assert code == 74
    assert "File too large; nothing of it is kept" in capsys.readouterr().err
    assert not path.exists()


def test_run_that_is_killed_is_saved_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "killed.jsonl"
    words = [sys.executable, "-m", "workbench", "run", "--lab", "stall", "--save", str(path)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
        while not path.exists() or b'\n["BytesSent"' not in path.read_bytes():
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)

    moment = RecordingLoader(path).load().at()
    assert moment.connections[0].bytes("sent").startswith(b"GET /stall")
