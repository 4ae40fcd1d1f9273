"""Scenarios described for programs and for a terminal: what `workbench lab` prints and its origin serves."""

from collections.abc import Iterable

from workbench.lab.addresses import Addresses
from workbench.lab.scenario import Promise, Scenario
from workbench.lab.words import describe_step

PORT_NEEDED = "(needs a port of its own)"


def scenario_document(scenario: Scenario) -> dict[str, object]:
    """Describe a scenario as values that JSON has."""
    return {
        "name": scenario.name,
        "group": scenario.group,
        "title": scenario.title,
        "teaches": scenario.teaches,
        "section": scenario.section,
        "tls": scenario.tls is not None,
        "needs_own_port": scenario.own_port,
        "steps": [describe_step(step) for step in scenario.steps],
        "script": scenario.script,
        "promise": promise_document(scenario.promise),
    }


def promise_document(promise: Promise) -> dict[str, object]:
    """Describe what a scenario promises; what it does not promise is left out. Bytes become ISO-8859-1."""
    values = {
        "status": promise.status,
        "content": None if promise.content is None else promise.content.decode("iso-8859-1"),
        "content_length": promise.content_length,
        "content_sha256": promise.content_sha256,
        "exception": promise.exception,
        "attributes": dict(promise.attributes) or None,
        "diagnostics": list(promise.diagnostics),
        "state": promise.state,
        "hangs": promise.hangs or None,
    }
    return {name: value for name, value in values.items() if value is not None}


DOCUMENT_VERSION = 1
"""Grows when a program that reads the document would have to change."""


def lab_document(scenarios: Iterable[Scenario], addresses: Addresses | None = None) -> dict[str, object]:
    """Describe a lab, and where it is if it serves."""
    described = []
    for scenario in scenarios:
        entry = scenario_document(scenario)
        if addresses is not None:
            by_path = not scenario.own_port
            entry["url"] = addresses.url(scenario.name) if by_path else None
            entry["tls_url"] = addresses.url(scenario.name, secure=True) if by_path else None
            entry["origin"] = addresses.own.get(scenario.name)
        described.append(entry)
    document: dict[str, object] = {"version": DOCUMENT_VERSION, "scenarios": described}
    if addresses is not None:
        document = {
            "origin": addresses.origin,
            "tls_origin": addresses.tls_origin,
            "cafile": addresses.cafile,
            "client_certificate": addresses.client_certificate,
            **document,
        }
    return document


def as_table(scenarios: Iterable[Scenario], addresses: Addresses | None = None) -> str:
    """Write scenarios as columns: the name, the address if the lab serves, otherwise the group, and the title."""
    rows = [(one.name, _middle(one, addresses), one.title) for one in scenarios]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"{name:<{widths[0]}}  {middle:<{widths[1]}}  {title}" for name, middle, title in rows)


def _middle(scenario: Scenario, addresses: Addresses | None) -> str:
    if addresses is None:
        return scenario.group
    own = addresses.own.get(scenario.name)
    return own or (PORT_NEEDED if scenario.own_port else f"/{scenario.name}/")
