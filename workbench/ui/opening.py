"""What is to be opened, and where its script comes from."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from workbench.lab import LabServer, Scenario, find_scenario
from workbench.session.script import script_for_url

FIRST_SCENARIO = "hello"
"""What `workbench` without an argument opens."""

LARGEST_SCRIPT = 1_000_000
"""Bytes. A script is typed by hand; a larger file was named by mistake."""


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

    path: Path | None = None
    """The file that it was read from, and is read from again by a restart."""


@dataclass(frozen=True)
class Target:
    """What the command line asked for: one of these, or nothing for the first scenario."""

    url: str | None = None
    script_path: Path | None = None
    lab_name: str | None = None

    @property
    def scenario(self) -> Scenario | None:
        """The scenario of the lab that it needs; None for a server elsewhere.

        Raises:
            UnknownScenario: The lab has none of this name.
        """
        if self.url is not None or self.script_path is not None:
            return None
        return find_scenario(self.lab_name or FIRST_SCENARIO)


def read_target(target: Target) -> Source:
    """Make the script of a target that needs no lab.

    Raises:
        CannotOpen: The file cannot be read, or is no text.
        ValueError: The address makes no request; the message says why.
    """
    if target.url is not None:
        return Source(target.url, script_for_url(target.url), _origin(target.url))
    assert target.script_path is not None
    path = target.script_path
    return Source(path.name, _read(path), path=path)


def open_scenario(scenario: Scenario, lab: LabServer) -> Source:
    """Make the script of a scenario, and have the lab listen for it."""
    lab.open(scenario)
    return Source(f"lab: {scenario.name}", lab.script_for(scenario), lab.origin(scenario))


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_SCRIPT + 1)
        if len(data) > LARGEST_SCRIPT:
            raise CannotOpen(f"{path} has more than {LARGEST_SCRIPT} bytes: is it a script?")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise CannotOpen(f"Cannot read the script {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CannotOpen(f"{path} is not UTF-8 text at byte {error.start}: is it a script?") from error


def _origin(url: str) -> str:
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}"
