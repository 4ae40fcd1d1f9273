"""`--help` answers at once."""

import os
import subprocess
import sys

import pytest

MOST_MS = 100

NOTHING_MS = 12
"""What Python itself takes on a machine that has nothing else to do. Where that takes longer, so does all else."""


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


@pytest.mark.parametrize("words", [["--help"], ["send", "--help"]], ids=" ".join)
def test_help_takes_little_more_than_python_itself(words: list[str]) -> None:
    nothing = milliseconds("-c", "pass")

    assert milliseconds("-m", "workbench", *words) - nothing < MOST_MS * max(1.0, nothing / NOTHING_MS)
