"""What is to be opened, and where its script comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbench.lab import LabServer, Scenario
from workbench.session.address import script_for_url
from workbench.session.script import read_source
from workbench.session.script_error import ScriptError

LAB_PREFIX = "lab: "
"""What the name of a scenario's session begins with."""

FIRST_SCENARIO = "hello"
"""What `workbench` without an argument opens."""


class CannotOpen(Exception):  # noqa: N818 - an answer to what was asked for
    """What was asked for cannot be opened. The message names it and the way out."""


@dataclass(frozen=True)
class Source:
    """A script, before it is parsed."""

    name: str
    """For the title bar: `lab: hello`, `script.py`."""

    text: str
    origin: str = ""
    """Where it goes, as scheme, host and port, where that is known from outside."""

    filled_in: Mapping[str, str] = field(default_factory=dict)
    """What the lab has put into the places of a scenario's script, such as `{port}`: another start has other values."""

    path: Path | None = None
    """The file that it was read from, and is read from again by a restart."""


@dataclass(frozen=True)
class Target:
    """What the command line asked for: one of these, or nothing for the first scenario."""

    url: str | None = None
    script_path: Path | None = None
    lab_name: str | None = None
    recording_path: Path | None = None
    scenario_directory: Path | None = None
    """Scenario files of the user's own."""

    @property
    def scenario_name(self) -> str | None:
        """The scenario of the lab that it needs; None for a server elsewhere."""
        if any(one is not None for one in (self.url, self.script_path, self.recording_path)):
            return None
        return self.lab_name or FIRST_SCENARIO


def read_target(target: Target) -> Source:
    """Make the script of a target that needs no lab and is no recording.

    Raises:
        CannotOpen: The file cannot be read, or is no text.
        ValueError: The address makes no request; the message says why.
    """
    if target.url is not None:
        return Source(target.url, script_for_url(target.url))
    assert target.script_path is not None
    path = target.script_path
    return Source(path.name, _read(path), path=path)


def open_scenario(scenario: Scenario, lab: LabServer) -> Source:
    """Make the script of a scenario, and have the lab listen for it."""
    lab.open(scenario)
    name = f"{LAB_PREFIX}{scenario.name}"
    return Source(name, lab.script_for(scenario), lab.origin(scenario), lab.filled_in(scenario))


def _read(path: Path) -> str:
    try:
        return read_source(path)
    except OSError as error:
        raise CannotOpen(f"Cannot read the script {path}: {error.strerror}") from error
    except ScriptError as error:
        raise CannotOpen(str(error)) from error
