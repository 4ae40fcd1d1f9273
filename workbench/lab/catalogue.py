"""The scenarios there are: the built-in ones, and those of a directory of the user's own."""

import difflib
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from workbench.lab.loader import load_scenario
from workbench.lab.scenario import Scenario, ScenarioError


class UnknownScenario(LookupError):  # noqa: N818 - named for what it says, as LookupError's own kind
    """No scenario has this name.

    Attributes:
        name: The name that was asked for.
    """

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def load_scenarios(
    directory: Path | None = None, faults: list[ScenarioError] | None = None
) -> dict[str, Scenario]:
    """Load every scenario there is.

    Args:
        directory: A directory with `.toml` files of the user's own.
        faults: Where given, takes what is wrong with files of that directory; the others are loaded.

    Returns:
        Scenarios by name in teaching order: by `order`, then by name.

    Raises:
        ScenarioError: A file is wrong, two have one name, or the directory cannot be read.
    """
    files = _toml_files(resources.files("workbench.lab") / "scenarios")
    if directory is not None:
        if not directory.is_dir():
            raise ScenarioError(directory, None, "Expected a directory of scenario files")
        files += _toml_files(directory)
    scenarios: dict[str, Scenario] = {}
    for file in files:
        try:
            scenario = load_scenario(file, taken=scenarios)
        except ScenarioError as error:
            if faults is None or error.path.parent != directory:
                raise
            faults.append(error)
            continue
        scenarios[scenario.name] = scenario
    ordered = sorted(scenarios.values(), key=lambda scenario: (scenario.order, scenario.name))
    return {scenario.name: scenario for scenario in ordered}


def find_scenario(
    name: str, directory: Path | None = None, faults: list[ScenarioError] | None = None
) -> Scenario:
    """Find one scenario by its name.

    Args:
        name: Which one.
        directory: A directory with `.toml` files of the user's own.
        faults: Where given, takes what is wrong with files of that directory.

    Raises:
        UnknownScenario: There is none. The message names close matches and the way to the list.
        ScenarioError: Its file is wrong, or the directory cannot be read.
    """
    if directory is None:
        # A built-in file is called as its scenario, so one need not read them all to find it.
        file = resources.files("workbench.lab") / "scenarios" / f"{name}.toml"
        if name.isascii() and name.replace("-", "").isalnum() and file.is_file():
            return load_scenario(file)
    faults = [] if faults is None else faults
    scenarios = load_scenarios(directory, faults)
    # A file that takes the name of another scenario is wrong, and may be what was meant.
    for fault in faults:
        if fault.path.stem == name:
            raise fault
    try:
        return scenarios[name]
    except KeyError:
        raise unknown_scenario(name, scenarios) from None


def unknown_scenario(name: str, scenarios: dict[str, Scenario]) -> UnknownScenario:
    """Make the error for a name that is not among `scenarios`."""
    close = difflib.get_close_matches(name, scenarios, n=3)
    hint = f" (did you mean {' or '.join(close)}?)" if close else ""
    message = f"There is no scenario {name!r}{hint}; `workbench lab --list` shows them all"
    return UnknownScenario(name, message)


def _toml_files(folder: Traversable) -> list[Traversable]:
    """List the TOML files of a folder by name, those of its subfolders not included."""
    try:
        found = [file for file in folder.iterdir() if file.name.endswith(".toml") and file.is_file()]
    except OSError as error:
        raise ScenarioError(Path(str(folder)), None, f"Cannot list it: {error.strerror}") from None
    return sorted(found, key=lambda file: file.name)
