"""Says of a client test which row of the conformance table it shows."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.protocol.wire.case_file import POLICIES


def row(*names: str) -> Callable[[Any], Any]:
    """Run a test under every policy, which it gets as `policy`, as a proof of these rows."""
    params = [
        pytest.param(
            policy, id=f"{'+'.join(names)} {key}", marks=[pytest.mark.row(name, key) for name in names]
        )
        for key, policy in POLICIES.items()
    ]
    return pytest.mark.parametrize("policy", params)
