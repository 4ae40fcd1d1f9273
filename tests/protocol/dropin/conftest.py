"""The standard library's suites run beside the other tests, in processes of their own.

They take forty seconds and spend them waiting for servers. So they begin when the tests have been
collected, and each test of a suite only waits for what is left of it.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.protocol.dropin.process import run_in_place
from tests.protocol.dropin.suites import SUITES, TIMEOUT_SECONDS, Suite, is_installed

_RUNS = pytest.StashKey[dict[str, "Future[dict[str, Any]]"]]()
_EXECUTOR = pytest.StashKey[ThreadPoolExecutor]()


def _suite_of(item: pytest.Item) -> Suite | None:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("suite") if callspec else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask for the results last, when they are there."""
    items.sort(key=lambda item: _suite_of(item) is not None)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin the suites whose tests were selected."""
    if session.config.option.collectonly:
        return
    selected = {_suite_of(item) for item in session.items}
    suites = [suite for suite in SUITES if suite in selected and is_installed(suite.module)]
    if not suites:
        return
    # One core is left to the tests, whose process does one thing at a time.
    executor = session.config.stash[_EXECUTOR] = ThreadPoolExecutor(2, thread_name_prefix="suite")
    environment = dict(os.environ)
    folder = session.config._tmp_path_factory.mktemp("suites")
    runs = session.config.stash[_RUNS] = {}
    for suite in suites:
        own = folder / suite.name
        own.mkdir()
        arguments = (own, "suite", suite.module, *suite.left_out)
        runs[suite.name] = executor.submit(
            run_in_place, *arguments, timeout=TIMEOUT_SECONDS, environment=environment
        )


@pytest.fixture
def suite_result(request: pytest.FixtureRequest, suite: Suite) -> dict[str, Any]:
    """Wait for the result of a suite; skip where this Python does not have it."""
    if not is_installed(suite.module):
        pytest.skip(f"this Python has no {suite.module}")
    return request.config.stash[_RUNS][suite.name].result(TIMEOUT_SECONDS)


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Leave no suite behind when the tests end early."""
    executor = session.config.stash.get(_EXECUTOR, None)
    if executor is not None:
        executor.shutdown(cancel_futures=True)
    return (yield)
