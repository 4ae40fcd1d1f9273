"""Output that cannot be written, and streams that the process was started without: one line, no traceback."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.cli import entry, main

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


def shell(words: str, python: str = "", before: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a command with redirections, behind what the shell is to do before."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    line = f"{before}exec {sys.executable} {python} -m workbench {words}"
    return subprocess.run(
        ["sh", "-c", line], check=False, capture_output=True, text=True, timeout=100, env=env
    )


@pytest.mark.parametrize(
    ("words", "title"),
    [
        pytest.param("run --lab hello", "workbench run", id="transcript"),
        pytest.param("run --lab hello --json", "workbench run", id="JSON"),
        pytest.param("run {recording}", "workbench run", id="recording"),
        pytest.param("export pcapng {recording}", "workbench export", id="bytes"),
        pytest.param("compare {recording}", "workbench compare", id="table"),
        pytest.param("lab hello", "workbench lab", id="lab"),
        pytest.param("config --example", "workbench config", id="settings"),
        pytest.param("run --help", "workbench run", id="help"),
        pytest.param("--version", "workbench", id="version"),
    ],
)
@pytest.mark.parametrize(
    ("redirection", "reason"),
    [
        pytest.param(">/dev/full", "No space left on device", id="full"),
        pytest.param(">&-", "Bad file descriptor", id="closed"),
    ],
)
def test_output_that_cannot_be_written_is_one_line(
    words: str, title: str, redirection: str, reason: str, recording: Path
) -> None:
    result = shell(f"{words.format(recording=recording)} {redirection}")

    *before, last = result.stderr.splitlines()
    assert (result.returncode, last) == (74, f"{title}: the output cannot be written: {reason}")
    assert all(line.startswith(f"{title}: Secrets") for line in before)


def test_help_that_is_written_at_once_is_not_passed_over() -> None:
    """`argparse` does so."""
    result = shell("--help >/dev/full", "-u")

    assert result.returncode == 74


@pytest.mark.parametrize("words", ["completion bash", "export pytest {recording}"], ids=["text", "bytes"])
@pytest.mark.parametrize("python", ["", "-u"], ids=["buffered", "unbuffered"])
def test_output_that_is_written_in_part_is_no_success(
    words: str, python: str, recording: Path, tmp_path: Path
) -> None:
    """The system takes what there is room for and says how much that was, which streams of `python -u` do not look at."""
    limited = f"{words.format(recording=recording)} >{tmp_path / 'output'}"

    result = shell(limited, python, "ulimit -f 1; ")

    assert 0 < (tmp_path / "output").stat().st_size <= 1024
    assert (result.returncode, result.stderr.splitlines()[-1:]) == (
        74,
        [f"workbench {words.split(maxsplit=1)[0]}: the output cannot be written: File too large"],
    )


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lost") / "hello.jsonl"
    assert shell(f"run --lab hello --save {path}").returncode == 0
    return path


@pytest.mark.parametrize("redirection", ["2>/dev/full", ">/dev/full 2>/dev/full", ">&- 2>&-"])
def test_nothing_is_left_to_say_it_on(redirection: str) -> None:
    result = shell(f"run no-such-file {redirection}")

    assert (result.returncode, result.stdout, result.stderr) == (2 if "2>&-" in redirection else 74, "", "")


def test_errors_are_not_printed_as_output() -> None:
    """What `print` is given None for goes to standard output."""
    result = shell("run no-such-file 2>&-")

    assert (result.returncode, result.stdout) == (2, "")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param("run --lab hello <&-", 0, id="not needed"),
        pytest.param("run <&-", 2, id="needed"),
        pytest.param("<&-", 2, id="screen"),
    ],
)
def test_closed_input_is_empty(words: str, code: int) -> None:
    result = shell(words)

    assert result.returncode == code
    assert code == 0 or "<stdin>: the script has no calls" in result.stderr


class Full(io.StringIO):
    """Output of a program that runs the command, which cannot be written."""

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_output_of_a_program_that_cannot_be_written_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Full())

    assert main(["exceptions"]) == 74
    assert "the output cannot be written: No space left on device" in capsys.readouterr().err


def test_mistake_of_the_program_is_not_taken_for_lost_output(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(entry, "_carry_out", fail)
    monkeypatch.setattr(sys, "stdout", Full())

    with pytest.raises(RuntimeError, match="a mistake"):
        main(["exceptions"])
