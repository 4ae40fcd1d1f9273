"""`workbench import`: from the command line to a script, a file or a recording."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_send import _Input
from workbench.cli import main

Saved = Callable[[str], Path]


def test_command_can_be_an_argument_a_file_or_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = "curl http://localhost:8000/ -H 'A: b'"
    path = tmp_path / "command.sh"
    path.write_text(command + "\n")
    printed = []
    for words in ([command], [str(path)], ["-"], []):
        monkeypatch.setattr(sys, "stdin", _Input(command.encode()))
        assert main(["import", "curl", *words]) == 0
        printed.append(capsys.readouterr().out)

    assert len(set(printed)) == 1
    assert 'conn.putheader("A", "b")' in printed[0]


@pytest.mark.parametrize(
    ("argument", "shown"),
    [
        pytest.param("wget http://h/", "'wget http://h/' is no such command", id="another program"),
        pytest.param("curl", "'curl' is no such command", id="the name alone"),
        pytest.param("none.txt", "'none.txt' is no such command", id="no file"),
        pytest.param("wget " + "x" * 500, "…' is no such command", id="longer than a name"),
    ],
)
def test_argument_that_is_neither_a_curl_command_nor_a_file_is_told_so(
    argument: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "curl", argument]) == 2

    told = capsys.readouterr().err
    assert told.startswith("workbench import: Expected a command that begins with curl, or a file; ")
    assert shown in told
    assert len(told) < 300


def test_command_is_known_whatever_stands_behind_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "curl", "curl\thttp://h/"]) == 0
    assert 'HTTPConnection("h", 80)' in capsys.readouterr().out


def test_archive_becomes_a_recording(
    saved: Saved, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    har, recording = tmp_path / "x.har", tmp_path / "replayed.jsonl"
    main(["export", "har", str(saved("chunked-trailers")), "-o", str(har)])
    capsys.readouterr()

    assert main(["import", "har", str(har), "--save", str(recording)]) == 0
    assert main(["show", str(recording), "--list"]) == 0
    assert capsys.readouterr().out.endswith("GET /chunked → 200 OK\n")


def test_script_is_written_to_a_file(tmp_path: Path) -> None:
    out = tmp_path / "script.py"

    assert main(["import", "curl", "curl http://localhost:8000/", "-o", str(out)]) == 0
    assert out.read_text().startswith("from http.client import HTTPConnection\n")
    assert main(["import", "curl", "curl http://localhost:8000/", "-o", str(out)]) == 2


@pytest.mark.parametrize(
    ("options", "name", "message"),
    [
        pytest.param(["-o"], "there", "there is a file", id="there already"),
        pytest.param(["-o"], "none/out", "there is no directory", id="no directory"),
        pytest.param(["--force", "-o"], "", "is a directory", id="a directory"),
        pytest.param(["--save"], "there", "there is a file", id="recording that is there already"),
        pytest.param(["--save"], "none/out", "there is no directory", id="recording in no directory"),
    ],
)
def test_file_that_cannot_be_written_is_refused_before_anything_is_read(
    options: list[str], name: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there").write_text("mine")

    assert main(["import", "har", str(tmp_path / "no input"), *options, str(tmp_path / name)]) == 2
    assert message in capsys.readouterr().err
    assert (tmp_path / "there").read_text() == "mine"


def test_mistake_is_named_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.http"
    path.write_bytes(b"GET / HTTP/1.1\nHost h\n\n")

    assert main(["import", "raw", str(path)]) == 2
    assert f"workbench import: {path}:2:5: Expected NAME: VALUE" in capsys.readouterr().err
    assert main(["import", "har", str(tmp_path / "none")]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err
    assert main(["import", "curl", "curl http://h/", "--save", str(tmp_path / "r")]) == 2
    assert "no answer in it" in capsys.readouterr().err


def test_request_without_a_host_is_made_with_the_origin_that_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.http"
    path.write_bytes(b"GET /x HTTP/1.0\n\n")

    assert main(["import", "raw", str(path)]) == 2
    assert "--origin http://HOST:PORT" in capsys.readouterr().err
    assert main(["import", "raw", str(path), "--origin", "http://example.test:81"]) == 0
    assert 'HTTPConnection("example.test", 81)' in capsys.readouterr().out


def test_entry_of_an_archive_is_imported_alone(
    saved: Saved, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    har = tmp_path / "x.har"
    main(["export", "har", str(saved("keep-alive-twice")), "-o", str(har)])
    capsys.readouterr()

    assert main(["import", "har", str(har), "--entry", "2"]) == 0
    script = capsys.readouterr().out
    assert ("/one" in script, "/two" in script) == (False, True)
    for number in ("3", "0", "-1"):
        assert main(["import", "har", str(har), "--entry", number]) == 2
        assert f"number of an entry from 1 to 2, found {number}" in capsys.readouterr().err
