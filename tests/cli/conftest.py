"""The lab for commands that need a server, what it received, and recordings on disk."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.cli import main
from workbench.lab import LabServer, find_scenario
from workbench.lab.log import LabEvent


@pytest.fixture(scope="session")
def lab() -> Iterator[LabServer]:
    with LabServer() as server:
        yield server


@pytest.fixture
def origin(lab: LabServer) -> Callable[[str], str]:
    """Opens a scenario and gives its address."""

    def opened(name: str) -> str:
        lab.open(find_scenario(name))
        return lab.origin(find_scenario(name))

    return opened


@pytest.fixture
def received(lab: LabServer) -> Iterator[Callable[[], bytes]]:
    """Gives what the lab received in this test so far."""
    events: list[LabEvent] = []
    end = lab.subscribe(events.append)
    yield lambda: b"".join(event.data for event in events if event.kind == "received")
    end()


@pytest.fixture
def saved(tmp_path: Path, lab: LabServer) -> Callable[[str], Path]:
    """Runs the script of a scenario and saves the recording."""

    def save(name: str) -> Path:
        path = tmp_path / f"{name}.jsonl"
        script = tmp_path / f"{name}.py"
        script.write_text(lab.script_for(find_scenario(name)), "utf-8")
        main(["run", str(script), "--save", str(path), "--json"])
        return path

    return save
