"""The standard library's own tests pass when the drop-in stands in the place of http.client.

They are those of the Python that runs this. Distributions often leave them out; then there is
nothing to run.
"""

import importlib.util
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.protocol.dropin.process import run_in_place


class Suite(NamedTuple):
    """One module of the standard library's tests."""

    name: str
    floor: int
    """Tests that have run at least, whatever the Python: else nothing was shown."""

    left_out: tuple[str, ...] = ()


SUITES = [
    Suite(
        "test_httplib",
        105,
        # It asks that every class says `__module__ == "http.client"`, and ours say where they are.
        ("test.test_httplib.OfflineTest.test_all",),
    ),
    Suite("test_urllib", 100),
    Suite("test_urllib2", 68),
    Suite("test_urllib2_localnet", 20),
    Suite("test_xmlrpc", 88),
    Suite("test_httpservers", 45),
    Suite("test_docxmlrpc", 8),
]


def is_installed(module: str) -> bool:
    return importlib.util.find_spec("test") is not None and importlib.util.find_spec(module) is not None


# test_xmlrpc takes half a minute with any client: it waits for its servers.
@pytest.mark.timeout(200)
@pytest.mark.parametrize("suite", SUITES, ids=[suite.name for suite in SUITES])
def test_suite_of_the_standard_library_passes(suite: Suite, tmp_path: Path) -> None:
    module = f"test.{suite.name}"
    if not is_installed(module):
        pytest.skip(f"this Python has no {module}")

    result = run_in_place(tmp_path, "suite", module, *suite.left_out, timeout=180)

    assert result["failures"] == {}
    assert result["left out"] == list(suite.left_out)
    assert result["run"] >= suite.floor
