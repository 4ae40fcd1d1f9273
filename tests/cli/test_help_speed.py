"""`--help` answers at once."""

import os
import subprocess
import sys

import pytest

from workbench.cli.table import COMMANDS

MOST_MS = 100

NOTHING_MS = 12
"""What Python itself takes on a machine that has nothing else to do. Where that takes longer, so does all else."""

HELPS = [["--help"], *([command.name, "--help"] for command in COMMANDS)]

OURS = ("workbench.cli", "workbench.endings", "workbench.__main__")
"""What of the program a help needs: the commands and the meanings of their exit codes."""

DEAR = {
    *("asyncio", "dataclasses", "email", "http", "inspect", "json", "logging", "pygments", "rich", "socket"),
    *("ssl", "tempfile", "textual", "tomllib"),
}
"""What takes long to load, and what no list of options needs."""


def milliseconds(*words: str) -> float:
    """The processor's time for a process at best, which does not grow when the machine does other things, too."""
    best = float("inf")
    for _ in range(5):
        process = subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        best = min(best, usage.ru_utime + usage.ru_stime)
    return best * 1000


def imported(*words: str) -> set[str]:
    """Every module that a process imports, whoever asks for it."""
    process = subprocess.run(
        [sys.executable, "-X", "importtime", *words], capture_output=True, text=True, timeout=100, check=True
    )
    return {line.rpartition("|")[2].strip() for line in process.stderr.splitlines()}


@pytest.mark.parametrize("words", [["--help"], ["send", "--help"]], ids=" ".join)
def test_help_takes_little_more_than_python_itself(words: list[str]) -> None:
    nothing = milliseconds("-c", "pass")

    assert milliseconds("-m", "workbench", *words) - nothing < MOST_MS * max(1.0, nothing / NOTHING_MS)


@pytest.mark.parametrize("words", HELPS, ids=" ".join)
def test_help_loads_nothing_that_it_does_not_print(words: list[str]) -> None:
    # Without what Python loads by itself, which the packages of the environment add to.
    loaded = imported("-m", "workbench", *words) - imported("-c", "pass")

    assert "workbench.cli.table" in loaded
    assert {name for name in loaded if name.startswith("workbench.") and not name.startswith(OURS)} == set()
    assert {name for name in loaded if name.partition(".")[0] in DEAR} == set()
