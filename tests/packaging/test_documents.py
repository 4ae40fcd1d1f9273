"""The documents keep their word: commands, links, examples and paths that they name exist."""

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(ROOT.glob("*.md"))

LINES_OF_A_FIRST_SCREEN = 20

LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
NAMED_PATH = re.compile(r"`((?:workbench|tests|screenshots)/[\w./-]+)`")


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
