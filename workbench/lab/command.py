"""`workbench lab`: the lab without the app, for any other client to be tested against.

What it prints is for people or, with `--json`, for programs. Signals belong to the caller, who says when to
stop.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from workbench.endings import ExitCode
from workbench.lab.addresses import Addresses
from workbench.lab.catalogue import UnknownScenario, load_scenarios, unknown_scenario
from workbench.lab.description import as_table, lab_document
from workbench.lab.exchange_log import ExchangeLog
from workbench.lab.scenario import Scenario, ScenarioError
from workbench.lab.server import CONNECTION_CAP, LabServer
from workbench.lab.steps import Pause

IDLE_SECONDS = 120.0
"""How long a client may be silent. Shorter than in the app: here nobody steps, or the lab is on a network."""

LOOPBACK = ("127.", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Serving:
    """How to serve."""

    host: str = "127.0.0.1"
    """The address to listen on."""

    port: int = 0
    """Of the one origin over TCP. 0 takes a free one."""

    tls_port: int = 0
    """The same over TLS."""

    own_ports: Sequence[str] | None = None
    """Scenarios that get a port of their own too. Empty for all of them, None for those that are named and
    need one."""

    connection_cap: int = CONNECTION_CAP
    idle_seconds: float = IDLE_SECONDS

    log: bool = False
    """Write one line for each exchange to the errors."""


def run_lab(
    serving: Serving,
    *,
    scenario_names: Sequence[str],
    list_only: bool,
    as_json: bool,
    out: TextIO,
    err: TextIO,
    wait: Callable[[Callable[[], None]], object],
    directory: Path | None = None,
) -> ExitCode:
    """List scenarios, or serve them until `wait` returns.

    Args:
        serving: How to serve.
        scenario_names: Which scenarios. All of them when empty.
        list_only: Print the list and serve nothing.
        as_json: Print one JSON document instead of a table.
        out: Where the list or the addresses go; flushed before the wait.
        err: Where errors go, and the log.
        wait: Called once everything is served, with what lets scenarios that pause go on.
        directory: Scenario files of the user's own.

    Returns:
        The exit code: 0, or 2 for a name, file or address that is wrong.
    """
    faults: list[ScenarioError] = []
    try:
        known = load_scenarios(directory, faults)
        if faults:
            raise faults.pop()
        scenarios = _select([*scenario_names, *(serving.own_ports or ())] if scenario_names else [], known)
        own = _with_own_port(serving.own_ports, scenario_names, scenarios, known)
    except (UnknownScenario, ScenarioError) as error:
        for wrong in (*faults, error):
            print(f"workbench lab: {wrong}", file=err)
        return ExitCode.REFUSED
    if list_only:
        text = json.dumps(lab_document(scenarios), indent=2) if as_json else as_table(scenarios)
        print(text, file=out, flush=True)
        return ExitCode.SUCCEEDED
    with LabServer(
        serving.host, connection_cap=serving.connection_cap, idle_seconds=serving.idle_seconds
    ) as lab:
        if serving.log:
            lab.subscribe(ExchangeLog(lambda line: print(line, file=err, flush=True)))
        try:
            addresses = _open(lab, serving, scenarios, own)
        except OSError as error:
            print(f"workbench lab: Cannot listen on {lab.host}: {error.strerror or error}", file=err)
            return ExitCode.REFUSED
        if not serving.host.startswith(LOOPBACK):
            print("workbench lab: Whoever can reach this machine can connect", file=err, flush=True)
        if as_json:
            print(json.dumps(lab_document(scenarios, addresses), indent=2), file=out, flush=True)
        else:
            print(_as_text(scenarios, addresses), file=out, flush=True)
        wait(lambda: _resume(lab, scenarios))
    if not as_json:
        print("The lab has stopped.", file=out, flush=True)
    return ExitCode.SUCCEEDED


def _resume(lab: LabServer, scenarios: Sequence[Scenario]) -> None:
    for scenario in scenarios:
        lab.resume(scenario)


def _select(names: Sequence[str], scenarios: dict[str, Scenario]) -> list[Scenario]:
    """Pick scenarios by name, each once, in teaching order. All of them when no name is given.

    Raises:
        UnknownScenario: A name is not among them.
    """
    for name in names:
        if name not in scenarios:
            raise unknown_scenario(name, scenarios)
    return [scenario for scenario in scenarios.values() if not names or scenario.name in names]


def _with_own_port(
    asked: Sequence[str] | None,
    named: Sequence[str],
    selected: Sequence[Scenario],
    known: dict[str, Scenario],
) -> list[Scenario]:
    """Pick those that get a port of their own: who names one that needs it has asked for it.

    Raises:
        UnknownScenario: A name is not among them.
    """
    if asked is not None:
        return _select(asked, known) if asked else list(selected)
    return [scenario for scenario in selected if scenario.own_port and named]


def _open(
    lab: LabServer, serving: Serving, scenarios: Sequence[Scenario], own: Sequence[Scenario]
) -> Addresses:
    """Listen on every port.

    Raises:
        OSError: One cannot be listened on.
    """
    for scenario in own:
        lab.open(scenario)
    return lab.open_origin(scenarios, serving.port, serving.tls_port)


def _as_text(scenarios: Sequence[Scenario], addresses: Addresses) -> str:
    """Say where everything is, the most important last: a terminal shows the end."""
    without = [one.name for one in scenarios if one.own_port and one.name not in addresses.own]
    lines = [
        as_table(scenarios, addresses),
        "",
        f"{addresses.origin}/  for a browser; /index.json for programs",
        f"{addresses.tls_origin}/  the same over TLS",
        f"{addresses.cafile}  verifies it, and is also at /ca.pem",
    ]
    if without:
        lines.append(f"{len(without)} scenarios need a port of their own: --ports NAME, or --ports for all")
    if any(isinstance(step, Pause) for one in scenarios for step in one.steps):
        lines.append("Enter lets what pauses go on.")
    return "\n".join([*lines, "Ctrl+C stops the lab."])
