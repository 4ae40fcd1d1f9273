"""The lab shows everything that the client can find wrong, and the client can raise."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

import workbench.protocol
from workbench.lab import load_scenarios
from workbench.protocol import HTTPException
from workbench.protocol.wire.diagnostics import Code, facts

PROMISES = [scenario.promise for scenario in load_scenarios().values()]

BASES = {"ImproperConnectionState", "UnimplementedFileMode"}
"""Classes that nobody raises: they are caught for their subclasses."""


def exported() -> Iterator[type[BaseException]]:
    """List every class of exception that the package hands out, or derives from one that it does."""
    values: list[Any] = list(vars(workbench.protocol).values())
    classes = [one for one in values if inspect.isclass(one) and issubclass(one, BaseException)]
    yield from {HTTPException, *classes, *(child for one in classes for child in one.__subclasses__())}


@pytest.mark.parametrize("name", sorted({one.__name__ for one in exported()} - BASES))
def test_every_exception_has_a_scenario_that_trips_it(name: str) -> None:
    assert name in {promise.exception for promise in PROMISES}


@pytest.mark.parametrize("code", Code)
def test_every_diagnostic_has_words_and_a_scenario(code: Code) -> None:
    """That it has a wire case too is in `wire/test_cases.py`."""
    assert facts(code).words
    assert facts(code).section
    assert code in {found for promise in PROMISES for found in promise.diagnostics}


def test_every_promised_diagnostic_is_one() -> None:
    assert {found for promise in PROMISES for found in promise.diagnostics} <= set(Code)
