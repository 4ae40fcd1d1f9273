"""The fixture `http_recording`, which pytest finds where Workbench is installed.

It is loaded by every run of pytest there, so it loads nothing of Workbench before the fixture is used.
"""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from workbench.library import ProgramRecording

FIXTURE = "http_recording"


@pytest.fixture
def http_recording(request: pytest.FixtureRequest) -> "Iterator[ProgramRecording]":
    """Record every HTTP exchange of the test; where it fails, its report tells them."""
    from workbench import record

    with record(request.node.nodeid) as recording:
        yield recording


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell in the report of a failed test what was on the wire."""
    report = yield
    recording = getattr(item, "funcargs", {}).get(FIXTURE)
    if recording is None:
        return report
    if report.when == "call" and report.failed and recording.asked:
        report.sections.append(("HTTP exchanges", recording.export("text").decode()))
    return report
