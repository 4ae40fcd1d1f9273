"""What an argument names: a script file, a URL, standard input, or a scenario of the lab."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.command import UsageError

if TYPE_CHECKING:
    from workbench.lab import Scenario, ScenarioError
    from workbench.session.script import Script

STANDARD_INPUT = "-"

_RECORDING_BEGINS = b'{"format": "workbench recording"'
"""The first bytes of every recording. `session.storage.format` reads the rest, and is not needed for a script."""


@contextmanager
def script_source(
    target: str | None, lab_name: str | None, directory: Path | None, title: str
) -> Iterator[tuple[str, str]]:
    """Give the text of a script and its name, with its server running where it needs one.

    Args:
        target: A file, a URL, or `-`.
        lab_name: A scenario of the lab.
        directory: Scenarios of the user's own. What is wrong with others than that one is said on standard error.
        title: Of the command, for what is said.
    """
    only_one_source(target, lab_name)
    if lab_name is None:
        yield _read_target(target)
        return
    from workbench.lab import LabServer
    from workbench.session.headless import complain

    faults: list[ScenarioError] = []
    scenario = find_scenario(lab_name, directory, faults)
    for fault in faults:
        complain(sys.stderr, title, str(fault))
    with LabServer() as lab:
        yield lab.script_for(scenario), lab_name


def _read_target(target: str | None) -> tuple[str, str]:
    """Give the text of a script and its name."""
    if target is None or target == STANDARD_INPUT:
        return _read_standard_input(), "<stdin>"
    if is_url(target):
        return script_for_url(target), target
    return read_file(Path(target)), target


def parse(source: str, name: str) -> "Script":
    """Read a script, and refuse one that does nothing."""
    from workbench.session.script import parse_script
    from workbench.session.script_error import ScriptError

    try:
        script = parse_script(source, name)
    except ScriptError as error:
        raise UsageError(str(error), error.hint) from None
    if not any(statement.is_step for statement in script.statements):
        raise UsageError(f"{name}: the script has no calls", "Name a script, a URL, or --lab hello")
    return script


def only_one_source(target: str | None, lab_name: str | None) -> None:
    """Refuse a command that names two sources."""
    if target is not None and lab_name is not None:
        raise UsageError(f"both {target!r} and --lab {lab_name} are named", "Name one of them")


def is_url(target: str) -> bool:
    """Say whether a target is an address and not a file."""
    return "://" in target or target.lower().startswith(("http:", "https:"))


def is_recording(path: Path) -> bool:
    """Say whether a file is a recording; one that cannot be read is none."""
    try:
        with path.open("rb") as file:
            begin = file.read(len(_RECORDING_BEGINS))
    except (OSError, ValueError):
        return False
    return begin == _RECORDING_BEGINS


def script_for_url(url: str) -> str:
    """Write the script that gets an address."""
    from workbench.session import address

    try:
        return address.script_for_url(url)
    except address.AddressError as error:
        raise UsageError(str(error)) from None


def find_scenario(
    name: str, directory: Path | None = None, faults: "list[ScenarioError] | None" = None
) -> "Scenario":
    """Find a scenario of the lab, or of a directory of the user's own."""
    from workbench import lab

    try:
        return lab.find_scenario(name, directory, faults)
    except (lab.UnknownScenario, lab.ScenarioError) as error:
        raise UsageError(str(error)) from None


def read_file(path: Path) -> str:
    """Read a script file."""
    from workbench.session.script import read_source
    from workbench.session.script_error import ScriptError

    try:
        return read_source(path)
    except ScriptError as error:
        raise UsageError(str(error), error.hint) from None
    except FileNotFoundError:
        raise UsageError(f"there is no file {str(path)!r}", _similar(path)) from None
    except IsADirectoryError:
        raise UsageError(f"{str(path)!r} is a directory", "Name a script file in it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise UsageError(f"{str(path)!r} cannot be read: {reason}") from None


def _similar(path: Path) -> str:
    """Suggest what a path that does not exist was meant to be."""
    import difflib

    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        names = []
    matches = difflib.get_close_matches(path.name, names, n=1, cutoff=0.7)
    if matches:
        return f"Did you mean {path.parent / matches[0]}?"
    if path.suffix == ".jsonl":
        return where_recordings_are(path)
    if _is_scenario(str(path)):
        return f"Name a script file; write --lab {path} if the scenario of the lab is meant"
    if path.suffix == ".py":
        return "Name a script file, or a URL such as http://localhost:8000/"
    return f"Name a script file; write http://{path} if an address is meant"


def _is_scenario(name: str) -> bool:
    from workbench import lab

    try:
        lab.find_scenario(name)
    except lab.UnknownScenario:
        return False
    return True


def where_recordings_are(path: Path) -> str:
    """Suggest what the path of a recording that does not exist was meant to be."""
    import difflib

    from workbench.session.state_directory import state_path

    kept = state_path("recordings")
    folders = (kept / "recent", kept, path.parent)
    found = {one.name: one for folder in folders for one in folder.glob("*.jsonl")}
    wanted = path.with_suffix(".jsonl").name if path.name else ""
    matches = difflib.get_close_matches(wanted, found, n=1, cutoff=0.7)
    if matches:
        return f"Did you mean {found[matches[0]]}?"
    return f"Name a file that --save wrote, or a session of the screen, below {kept}"


def _read_standard_input() -> str:
    from workbench.session.bounds import MAX_SOURCE_LENGTH
    from workbench.session.script import decode_source
    from workbench.session.script_error import ScriptError

    if sys.stdin.isatty():
        raise UsageError("no script is named", "Name a script, a URL, or --lab hello")
    try:
        return decode_source(sys.stdin.buffer.read(4 * MAX_SOURCE_LENGTH + 1), "<stdin>")
    except ScriptError as error:
        raise UsageError(str(error), error.hint) from None
