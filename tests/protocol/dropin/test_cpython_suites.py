"""The standard library's own tests pass when the drop-in stands in the place of http.client.

They are those of the Python that runs this.
"""

from typing import Any

import pytest

from tests.protocol.dropin.suites import SUITES, Suite


@pytest.mark.timeout(200)
@pytest.mark.parametrize("suite", SUITES, ids=[suite.name for suite in SUITES])
def test_suite_of_the_standard_library_passes(suite: Suite, suite_result: dict[str, Any]) -> None:
    assert suite_result["failures"] == {}
    assert suite_result["left out"] == list(suite.left_out)
    assert suite_result["run"] >= suite.floor
