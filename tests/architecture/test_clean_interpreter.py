"""What a fresh interpreter loads for `import workbench...`.

The static import graph counts a deferred import like any other, so it cannot prove that the deferral
works. A fresh interpreter can: it lists what is in `sys.modules` afterwards.
"""

import subprocess
import sys
from functools import cache

import pytest

from tests.architecture.sources import ROOT

SCREEN_PACKAGES = {"textual", "rich"}

MODULES_WITHOUT_A_SCREEN = [
    "workbench",
    "workbench.cli",
    "workbench.protocol",
    "workbench.session",
    "workbench.lab",
]


LATER = ("workbench.protocol", "workbench.session", "workbench.lab", "workbench.ui.widgets", "pygments")

FEW = 20
"""Modules of ours before the first frame. Each one costs a millisecond or more."""


@cache
def modules_loaded_by(statement: str) -> frozenset[str]:
    """Run one statement in a fresh interpreter and give the names in its `sys.modules`."""
    program = f"import sys\n{statement}\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,  # -c puts the working directory first on sys.path
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return frozenset(done.stdout.split())


@pytest.mark.parametrize("module", MODULES_WITHOUT_A_SCREEN)
def test_import_loads_no_textual(module: str) -> None:
    loaded = modules_loaded_by(f"import {module}")

    assert module in loaded
    assert {name for name in loaded if name.partition(".")[0] in SCREEN_PACKAGES} == set()


@pytest.mark.parametrize("module", MODULES_WITHOUT_A_SCREEN)
def test_import_loads_no_http_client(module: str) -> None:
    loaded = modules_loaded_by(f"import {module}")

    assert module in loaded
    assert "http.client" not in loaded


def test_first_frame_waits_for_nothing_that_it_does_not_show() -> None:
    """`ui/app.py` is imported before there is anything on the screen."""
    loaded = {name for name in modules_loaded_by("import workbench.ui.app") if name.startswith("workbench.")}

    assert len(loaded) < FEW
    assert not {name for name in loaded if name.startswith(LATER)}


def test_loaded_modules_are_seen_when_they_are_there() -> None:
    """The probe itself: it must see Textual where Textual is loaded."""
    loaded = modules_loaded_by("import textual, http.client")

    assert loaded >= SCREEN_PACKAGES
    assert "http.client" in loaded
