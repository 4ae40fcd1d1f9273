"""The documents keep their word: commands, links, examples and paths that they name exist."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(ROOT.glob("*.md"))

LINES_OF_A_FIRST_SCREEN = 20

LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
NAMED_PATH = re.compile(r"`((?:workbench|tests|screenshots)/[\w./-]+)`")
PYTHON_EXAMPLE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(
            "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/workbench",
            id="start",
        ),
        pytest.param(
            "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest",
            id="test",
        ),
    ],
)
def test_first_screen_of_the_readme_has_the_command(command: str) -> None:
    first_screen = (ROOT / "README.md").read_text("utf-8").splitlines()[:LINES_OF_A_FIRST_SCREEN]

    assert command in first_screen


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_paths_exist(document: Path) -> None:
    text = document.read_text("utf-8")
    missing = [name for name in LINK.findall(text) + NAMED_PATH.findall(text) if not (ROOT / name).exists()]

    assert missing == []


def test_readme_script_example_is_in_the_script_language() -> None:
    from workbench.session.script import parse_script

    script, *_others = PYTHON_EXAMPLE.findall((ROOT / "README.md").read_text("utf-8"))

    statements = parse_script(script, "README.md").statements

    assert [statement for statement in statements if statement.is_step]


def run_readme_example(example: str) -> str:
    """Run an example against the lab, and give what it prints."""
    from workbench.lab import LabServer, find_scenario

    with LabServer() as lab:
        port = lab.origin(find_scenario("hello")).rpartition(":")[2]
        here = example.replace('"localhost", 8000', f'"127.0.0.1", {port}')
        here = here.replace("localhost:8000/", f"127.0.0.1:{port}/hello")
        done = subprocess.run(
            [sys.executable, "-c", here], capture_output=True, timeout=30, check=False, text=True, cwd=ROOT
        )

    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_readme_library_example_runs() -> None:
    _script, library, _dropin = PYTHON_EXAMPLE.findall((ROOT / "README.md").read_text("utf-8"))

    output = run_readme_example(library)

    assert "\nStatusLineParsed(" in output
    assert output.count("the end of the body: Content-Length is ") == 1


def test_readme_dropin_example_runs() -> None:
    _script, _library, dropin = PYTHON_EXAMPLE.findall((ROOT / "README.md").read_text("utf-8"))

    output = run_readme_example(dropin)

    assert "\nStatusLineParsed(" in output
    assert output.endswith("b'Hello, world\\n'\n")


def test_readme_names_only_commands_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    """Every option that the README gives to `workbench` is in the help of the command it is given to."""
    from workbench.cli import main
    from workbench.cli.table import COMMANDS

    given = re.findall(r"`workbench ([^`]*)`", (ROOT / "README.md").read_text("utf-8"))
    for words in map(shlex.split, given):
        command = [word for word in words[:1] if word in {command.name for command in COMMANDS}]
        with pytest.raises(SystemExit):
            main([*command, "--help"])
        help_text = capsys.readouterr().out

        assert {word for word in words if word.startswith("--")} <= set(re.findall(r"--[\w-]+", help_text))


def test_readme_and_help_list_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    from workbench.cli import main
    from workbench.endings import MEANINGS, ExitCode

    rows = re.findall(r"^\| (\d+) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out.partition("exit codes:")[2]

    assert set(MEANINGS) == set(ExitCode)
    assert [int(row) for row in rows] == list(ExitCode)
    assert [int(code) for code in re.findall(r"^ +(\d+)  ", listed, re.MULTILINE)] == list(ExitCode)
