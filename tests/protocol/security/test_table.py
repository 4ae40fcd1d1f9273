"""No row of the security table is without its test.

A row is shown by tests that are named after it. What counts is what pytest collects.
"""

import re
from pathlib import Path

import pytest

ROWS = (
    *("CVE-2013-1752", "CVE-2014-9365", "CVE-2016-5699", "CVE-2019-9740", "CVE-2019-9947"),
    *("CVE-2019-18348", "CVE-2020-26116", "CVE-2021-3737", "GHSA-w4q2-g22w-6fr4", "CVE-2020-10735"),
    *("CVE-2025-13836", "CVE-2026-1502", "CVE-2022-45061", "CVE-2019-9636", "CVE-2019-10160"),
    *("CVE-2025-0938", "gh-150751", "gh-114782", "gh-157951"),
    *("response-queue poisoning", "TLS truncation", "credential exposure"),
    *("decompression bombs", "CVE-2025-66418", "CVE-2025-66471", "CVE-2026-21441"),
    *("CVE-2025-43859", "CVE-2025-22871", "CVE-2023-39326", "CVE-2024-24791", "CVE-2024-52304"),
    *("CVE-2023-47627", "CVE-2023-30589", "CVE-2024-22019", "CVE-2025-23167", "CVE-2021-32714"),
    *("CVE-2021-32715", "CVE-2023-38039", "desync research"),
)
"""What has gone wrong elsewhere: in CPython, in urllib3, and in the peers that clients talk to."""

FILES = [*Path(__file__).parent.glob("test_*.py"), Path(__file__).parents[1] / "test_memory.py"]


@pytest.fixture(scope="module")
def names(request: pytest.FixtureRequest) -> set[str]:
    """The names of all tests that pytest finds in the files that show rows."""
    modules = [
        pytest.Module.from_parent(request.session, path=path) for path in FILES if path != Path(__file__)
    ]
    return {item.name for module in modules for item in module.collect()}


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_a_test_that_is_named_after_it(names: set[str], row: str) -> None:
    prefix = f"test_{re.sub('[^a-z0-9]', '_', row.lower())}_"

    assert [name for name in names if name.startswith(prefix)]
