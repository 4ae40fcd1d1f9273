"""Every scenario, played over real sockets to the http.client of this Python."""

from collections.abc import Iterator

import pytest

from tests.lab.playing import Outcome, assert_content, run_script
from workbench.lab import LabServer, Scenario, load_scenarios

SCENARIOS = [item for item in load_scenarios().values() if "workbench.protocol" not in item.script]
"""Not those whose script is about a policy, which CPython does not have."""

KEPT_BY_CPYTHON = [item for item in SCENARIOS if item.cpython is None and not item.promise.hangs]
NOT_KEPT_BY_CPYTHON = [item for item in SCENARIOS if item.cpython is not None]

PACE = 0.1
"""Factor on the waits of scenarios. Not 0: some are about what comes first."""

PYTHON_STATES = {"IDLE": "Idle", "REQUEST_STARTED": "Request-started", "REQUEST_SENT": "Request-sent"}


@pytest.fixture
def lab() -> Iterator[LabServer]:
    with LabServer(pace=PACE) as server:
        yield server


@pytest.mark.parametrize("scenario", KEPT_BY_CPYTHON, ids=lambda scenario: scenario.name)
def test_promise_is_kept_by_cpython(lab: LabServer, scenario: Scenario) -> None:
    promise = scenario.promise

    outcome = run_script(lab.script_for(scenario))

    if promise.exception is None and outcome.error is not None:
        raise outcome.error
    assert class_name(outcome) == promise.exception
    assert outcome.status == promise.status
    assert_content(promise, outcome.content)
    assert attributes_of(outcome, scenario) == dict(promise.attributes)
    if promise.state is not None:
        assert outcome.states == [PYTHON_STATES[promise.state]]


@pytest.mark.parametrize("scenario", NOT_KEPT_BY_CPYTHON, ids=lambda scenario: scenario.name)
def test_play_is_over_in_cpython_too(lab: LabServer, scenario: Scenario) -> None:
    """What it comes to there may change with the Python; that it comes to an end may not."""
    outcome = run_script(lab.script_for(scenario))

    assert outcome.status is not None or outcome.error is not None or scenario.promise.status is None


def class_name(outcome: Outcome) -> str | None:
    """Name the class of the exception that ended a script."""
    return None if outcome.error is None else type(outcome.error).__name__


def attributes_of(outcome: Outcome, scenario: Scenario) -> dict[str, object]:
    """Collect the attributes that the promise speaks of, bytes as ISO-8859-1."""
    values = {name: getattr(outcome.error, name) for name in scenario.promise.attributes}
    return {
        name: value.decode("iso-8859-1") if isinstance(value, bytes) else value
        for name, value in values.items()
    }
