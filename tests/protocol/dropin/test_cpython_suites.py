"""The standard library's own tests pass when the drop-in stands in the place of http.client.

They are those of the Python that runs this, each suite in a process of its own.
"""

from pathlib import Path

import pytest

from tests.protocol.dropin.process import run_in_place
from tests.protocol.dropin.suites import SUITES, TIMEOUT_SECONDS, Suite, is_installed


@pytest.mark.timeout(TIMEOUT_SECONDS + 20)
@pytest.mark.parametrize("suite", SUITES, ids=[suite.name for suite in SUITES])
def test_suite_of_the_standard_library_passes(suite: Suite, tmp_path: Path) -> None:
    if not is_installed(suite.module):
        pytest.skip(f"this Python has no {suite.module}")

    result = run_in_place(tmp_path, "suite", suite.module, *suite.left_out, timeout=TIMEOUT_SECONDS)

    assert result["failures"] == {}
    assert result["left out"] == list(suite.left_out)
    assert result["run"] >= suite.floor
