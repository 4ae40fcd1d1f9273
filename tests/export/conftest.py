"""Recordings of real exchanges with the lab, to be exported."""

from collections.abc import Callable, Iterator

import pytest

from workbench.lab import LabServer, find_scenario
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.script import parse_script
from workbench.session.script_run import run_recorded

RecordScenario = Callable[[str], Recording]


def record(source: str, name: str = "script.py") -> Recording:
    """Run a script and give what was recorded."""
    recording = Recording()
    run_recorded(parse_script(source, name), Recorder(recording), timeout_seconds=10)
    return recording


@pytest.fixture(scope="session")
def lab() -> Iterator[LabServer]:
    with LabServer() as server:
        yield server


@pytest.fixture
def record_scenario(lab: LabServer) -> RecordScenario:
    """Runs the script of a scenario against it."""
    return lambda name: record(lab.script_for(find_scenario(name)), name)
