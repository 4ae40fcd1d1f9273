"""Completion, in the shells themselves where they are installed."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbench.cli import main
from workbench.cli.completion import SHELLS
from workbench.cli.table import COMMANDS

FLAGS_OF_EXPORT = {
    "--output",
    "-o",
    "--secrets",
    "--redact",
    "--exchange",
    "--force",
    "--tls-keys",
    "--plain",
    "--help",
}


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all of them, and a file and a folder to complete."""
    folder = tmp_path_factory.mktemp("completion")
    for shell in SHELLS:
        command = [sys.executable, "-m", "workbench", "completion", shell]
        (folder / shell).write_bytes(
            subprocess.run(command, capture_output=True, check=True, timeout=100).stdout
        )
    (folder / "a script.py").touch()
    (folder / "scenarios").mkdir()
    return folder


CASES = [
    pytest.param("workbench ", {command.name for command in COMMANDS}, id="commands"),
    pytest.param("workbench exp", {"export"}, id="beginning of a command"),
    pytest.param("workbench export ", {"har", "curl", "pcapng", "raw-sent"}, id="forms"),
    pytest.param("workbench export p", {"python", "pytest", "pcapng"}, id="beginning of a form"),
    pytest.param("workbench export -", FLAGS_OF_EXPORT, id="options"),
    pytest.param("workbench export har a", {"a script.py"}, id="file behind the form"),
    pytest.param("workbench send GET http://h/ --policy ", {"strict", "default", "lenient"}, id="values"),
    pytest.param("workbench run --lab hello-", {"hello-tls"}, id="scenarios"),
    pytest.param("workbench lab --scenarios ", {"scenarios"}, id="folders"),
    pytest.param("workbench completion ", set(SHELLS), id="shells"),
    pytest.param("workbench import ", {"curl", "raw", "har", "trace"}, id="imports"),
]


@needs("bash")
@pytest.mark.parametrize(("line", "expected"), CASES)
def test_bash_completes(line: str, expected: set[str], scripts: Path) -> None:
    words = [*line.split(), *([""] if line.endswith(" ") else [])]
    program = 'source ./bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _workbench; printf "%s\\n" "${COMPREPLY[@]}"'
    result = subprocess.run(
        ["bash", "--norc", "-c", program, "bash", *words],
        capture_output=True, text=True, cwd=scripts, timeout=100, check=False,
    )  # fmt: skip

    found = {name.rstrip("/") for name in result.stdout.splitlines()}
    assert result.stderr == ""
    assert expected <= found
    if line.endswith("hello-") or line.rsplit(maxsplit=1)[-1] in ("exp", "p"):
        assert found == expected


@needs("fish")
@pytest.mark.parametrize(("line", "expected"), CASES)
def test_fish_completes(line: str, expected: set[str], scripts: Path) -> None:
    program = f"source ./fish; complete -C {line!r}"
    environment = os.environ | {"HOME": str(scripts), "XDG_CONFIG_HOME": str(scripts / "config")}
    # fish offers short and long options only where their dashes are written.
    programs = [program, program.replace("export -'", "export --'")]
    found = set()
    for one in programs:
        result = subprocess.run(
            ["fish", "--no-config", "-c", one],
            capture_output=True, text=True, cwd=scripts, timeout=100, check=False, env=environment,
        )  # fmt: skip
        assert result.stderr == ""
        found |= {
            row.partition("\t")[0].rstrip("/").replace("\\ ", " ") for row in result.stdout.splitlines()
        }

    assert expected <= found


TYPED = {
    "workbench exp": "workbench export ",
    "workbench export pca": "workbench export pcapng ",
    "workbench export har --out": "workbench export har --output ",
    "workbench export har a": "workbench export har a\\ script.py ",
    "workbench run --lab hello-t": "workbench run --lab hello-tls ",
    "workbench send GET http://h/ --policy le": "--policy lenient ",
}


@needs("zsh")
def test_zsh_completes(scripts: Path) -> None:
    """Typed into a zsh on a terminal: its completion exists nowhere else."""
    leader, follower = pty.openpty()
    environment = {
        "PATH": os.environ["PATH"],
        "TERM": "dumb",
        "HOME": str(scripts),
        "PS1": "",
        "LANG": "C.UTF-8",
    }
    process = subprocess.Popen(
        ["zsh", "-f", "-i"], stdin=follower, stdout=follower, stderr=follower, cwd=scripts, env=environment,
        start_new_session=True,
    )  # fmt: skip
    os.close(follower)
    try:
        os.write(leader, b"autoload -Uz compinit; compinit -u -D; source ./zsh; print REA''DY\n")
        read_until(leader, "READY\r\n")
        for typed, expected in TYPED.items():
            os.write(leader, typed.encode() + b"\t")
            assert expected in read_until(leader, expected)
            os.write(leader, b"\x15")  # Ctrl+U takes the line away.
    finally:
        process.kill()
        process.wait()
        os.close(leader)


def read_until(leader: int, text: str) -> str:
    """What comes on a terminal, up to a text or a hundred seconds; what is typed comes back bit by bit."""
    seen = ""
    end = time.monotonic() + 100
    while text not in plain(seen) and time.monotonic() < end:
        if select.select([leader], [], [], 0.2)[0]:
            seen += os.read(leader, 65536).decode("utf-8", "replace")
    return plain(seen)


def plain(text: str) -> str:
    """The text on a line after its backspaces, without what rings or moves."""
    shown = ""
    for character in re.sub(r"\x07|\x1b\[[0-9;?]*[A-Za-z]", "", text):
        shown = shown[:-1] if character == "\b" else shown + character
    return shown


@pytest.mark.parametrize("shell", sorted(SHELLS))
def test_every_option_of_every_command_is_in_the_script(shell: str, scripts: Path) -> None:
    text = (scripts / shell).read_text("utf-8")
    names = {
        name for command in COMMANDS for action in command.parser()._actions for name in action.option_strings
    }
    missing = [
        name
        for name in names
        if (f"-l {name[2:]} " if shell == "fish" else name) not in text and name.startswith("--")
    ]

    assert missing == []


def test_unknown_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["completion", "csh"])

    assert caught.value.code == 2
    assert "invalid choice: 'csh'" in capsys.readouterr().err
