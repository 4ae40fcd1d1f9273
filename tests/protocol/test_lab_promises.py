"""Every scenario of the lab, played over real sockets to our client."""

import ast
import io
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.lab.playing import assert_content
from tests.protocol.watching import Watch
from workbench.lab import LabServer, Scenario, load_scenarios
from workbench.protocol import HTTPConnection, HTTPResponse, TunnelError, tapped
from workbench.protocol import tap as events

SCENARIOS = list(load_scenarios().values())
ENDING = [scenario for scenario in SCENARIOS if not scenario.promise.hangs]
HANGING = [scenario for scenario in SCENARIOS if scenario.promise.hangs]
TIMEOUT_SECONDS = 10.0
PACE = 0.1
"""Factor on the waits of scenarios. Not 0: some are about what comes first."""


@dataclass
class Outcome:
    """What a script came to, in the terms of a promise."""

    status: int | None = None
    content: bytes | None = None
    error: Exception | None = None
    names: dict[str, Any] = field(default_factory=dict)

    @property
    def connections(self) -> list[HTTPConnection]:
        return [value for value in self.names.values() if isinstance(value, HTTPConnection)]

    def close(self) -> None:
        for value in self.names.values():
            if isinstance(value, HTTPConnection | HTTPResponse | io.IOBase):
                value.close()
        if isinstance(self.error, TunnelError):
            self.error.response.close()


def run_script(source: str, outcome: Outcome) -> Outcome:
    """Run a script with our client in the place of http.client; stop at the first exception."""
    source = source.replace("from http.client import", "from workbench.protocol import")
    try:
        for statement in ast.parse(source).body:
            if isinstance(statement, ast.Expr):
                value = eval(compile(ast.Expression(statement.value), "<script>", "eval"), outcome.names)
                if isinstance(value, bytes):
                    outcome.content = value
            else:
                exec(compile(ast.Module([statement], []), "<script>", "exec"), outcome.names)
    except Exception as error:  # noqa: BLE001 - which one is what the tests ask
        outcome.error = error
    for value in outcome.names.values():
        if isinstance(value, HTTPResponse):
            outcome.status = value.status
    return outcome


def assert_kept(scenario: Scenario, outcome: Outcome) -> None:
    promise = scenario.promise
    if promise.exception is None and outcome.error is not None:
        raise outcome.error
    assert (None if outcome.error is None else type(outcome.error).__name__) == promise.exception
    for name, expected in promise.attributes.items():
        value = getattr(outcome.error, name)
        assert (value.decode("iso-8859-1") if isinstance(value, bytes) else value) == expected
    assert outcome.status == promise.status
    assert_content(promise, outcome.content)
    if promise.state is not None:
        assert [str(connection.state) for connection in outcome.connections] == [promise.state]


@pytest.mark.parametrize("scenario", ENDING, ids=lambda scenario: scenario.name)
def test_promise_is_kept(scenario: Scenario) -> None:
    with LabServer(pace=PACE) as lab:
        outcome = run_script(lab.script_for(scenario), Outcome())
        try:
            assert_kept(scenario, outcome)
        finally:
            outcome.close()


@pytest.mark.parametrize("scenario", ENDING, ids=lambda scenario: scenario.name)
def test_promise_is_kept_under_a_tap_and_every_byte_has_one_leaf(scenario: Scenario, watch: Watch) -> None:
    with LabServer(pace=PACE) as lab:
        with tapped(watch):
            outcome = run_script(lab.script_for(scenario), Outcome())
        try:
            assert_kept(scenario, outcome)
        finally:
            outcome.close()

    watch.check()
    assert watch.of(events.CallStarted)
    assert tuple(dict.fromkeys(watch.codes())) == scenario.promise.diagnostics


@pytest.mark.parametrize("scenario", HANGING, ids=lambda scenario: scenario.name)
def test_scenario_that_hangs_is_interrupted(scenario: Scenario, watch: Watch) -> None:
    with LabServer(pace=PACE) as lab:
        waiting = threading.Event()
        lab.subscribe(lambda event: waiting.set() if event.kind == "received" else None)
        outcome = Outcome()
        script = lab.script_for(scenario)
        with tapped(watch):
            thread = threading.Thread(target=run_script, args=(script, outcome))
            thread.start()
            assert waiting.wait(TIMEOUT_SECONDS)
            [connection] = outcome.connections
            connection.interrupt()
            thread.join(TIMEOUT_SECONDS)
        outcome.close()

    assert type(outcome.error) is ConnectionAbortedError
    watch.check()


def test_there_is_a_scenario_of_each_sort() -> None:
    assert len(ENDING) >= 30
    assert HANGING
