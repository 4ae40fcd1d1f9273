"""`workbench lab`: the lab without the app, for any other client to be tested against.

What it prints is for people or, with `--json`, for programs. Signals belong to the caller, who sets
`stop`.
"""

import json
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from workbench.endings import ExitCode
from workbench.lab.catalogue import UnknownScenario, load_scenarios, unknown_scenario
from workbench.lab.scenario import Scenario, ScenarioError
from workbench.lab.server import LabServer


def run_lab(
    *,
    host: str = "127.0.0.1",
    scenario_names: Sequence[str],
    list_only: bool,
    as_json: bool,
    out: TextIO,
    err: TextIO,
    stop: threading.Event,
    directory: Path | None = None,
) -> ExitCode:
    """List scenarios, or serve them until `stop` is set.

    Args:
        host: The address to listen on.
        scenario_names: Which scenarios. All of them when empty.
        list_only: Print the list and serve nothing.
        as_json: Print one JSON document instead of a table.
        out: Where the list or the addresses go; flushed before the wait.
        err: Where errors go.
        stop: Ends the serving.
        directory: Scenario files of the user's own.

    Returns:
        The exit code: 0, or 2 for a name, file or address that is wrong.
    """
    try:
        scenarios = _select(scenario_names, load_scenarios(directory))
    except (UnknownScenario, ScenarioError) as error:
        print(f"workbench lab: {error}", file=err)
        return ExitCode.REFUSED
    if list_only:
        print(_as_json(scenarios) if as_json else _as_table(scenarios), file=out, flush=True)
        return ExitCode.SUCCEEDED
    return _serve(LabServer(host), scenarios, as_json=as_json, out=out, err=err, stop=stop)


def _select(names: Sequence[str], scenarios: dict[str, Scenario]) -> list[Scenario]:
    """Pick scenarios by name, each once, in teaching order.

    Raises:
        UnknownScenario: A name is not among them.
    """
    for name in names:
        if name not in scenarios:
            raise unknown_scenario(name, scenarios)
    return [scenario for scenario in scenarios.values() if not names or scenario.name in names]


def _serve(
    lab: LabServer,
    scenarios: Sequence[Scenario],
    *,
    as_json: bool,
    out: TextIO,
    err: TextIO,
    stop: threading.Event,
) -> ExitCode:
    """Serve scenarios until `stop` is set."""
    with lab:
        try:
            origins = {scenario.name: lab.origin(scenario) for scenario in scenarios}
        except OSError as error:
            print(f"workbench lab: Cannot listen on {lab.host}: {error.strerror or error}", file=err)
            return ExitCode.REFUSED
        if as_json:
            text = _as_json(scenarios, origins, lab.cafile)
        else:
            text = _as_table(scenarios, origins, lab.cafile)
        print(text, file=out, flush=True)
        stop.wait()
    if not as_json:
        print("The lab has stopped.", file=out, flush=True)
    return ExitCode.SUCCEEDED


def _as_table(
    scenarios: Iterable[Scenario], origins: dict[str, str] | None = None, cafile: str | None = None
) -> str:
    """Write scenarios as columns: the name, the address where there is one, and the title."""
    rows = [
        (item.name, item.group if origins is None else origins[item.name], item.title) for item in scenarios
    ]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"{name:<{widths[0]}}  {middle:<{widths[1]}}  {title}" for name, middle, title in rows]
    if cafile is not None:
        lines += ["", f"The https addresses verify with the CA file {cafile}"]
    if origins is not None:
        lines += ["", "Ctrl+C stops the lab."]
    return "\n".join(lines)


def _as_json(
    scenarios: Iterable[Scenario], origins: dict[str, str] | None = None, cafile: str | None = None
) -> str:
    """Write scenarios as one JSON document."""
    described = []
    for item in scenarios:
        entry = {
            "name": item.name,
            "group": item.group,
            "title": item.title,
            "teaches": item.teaches,
            "section": item.section,
            "tls": item.tls is not None,
            "script": item.script,
        }
        if origins is not None:
            entry["origin"] = origins[item.name]
        described.append(entry)
    document: dict[str, object] = {"scenarios": described}
    if cafile is not None:
        document["cafile"] = cafile
    return json.dumps(document, indent=2)
