"""No test depends on the settings of whoever runs it: `tests/conftest.py` keeps them out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.architecture.sources import ROOT

HOSTILE_SETTINGS = {
    "COLUMNS": "20",
    "FORCE_COLOR": "1",
    "NO_COLOR": "1",
    "TERM": "dumb",
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_FPS": "1",
    "TEXTUAL_THEME": "nord",
}


def test_textual_has_its_own_defaults() -> None:
    from textual import constants
    from textual.app import App

    app: App[None] = App()

    assert constants.MAX_FPS == 60
    assert app.theme == "textual-dark"
    assert not app.no_color


@pytest.mark.parametrize(
    "name", ["HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"]
)
def test_home_is_private(private_home: Path, name: str) -> None:
    folder = Path(os.environ[name])

    assert folder.is_dir()
    assert folder.is_relative_to(private_home)


@given(st.binary())
def test_property_tests_live_with_the_private_home(content: bytes) -> None:
    """Hypothesis objects to function-scoped fixtures that a property asks for; an automatic one is fine."""
    assert bytes(content) == content


def test_user_settings_do_not_reach_the_tests() -> None:
    """The first test of this file, run by somebody whose environment would change every picture."""
    first_test = f"{Path(__file__).relative_to(ROOT)}::{test_textual_has_its_own_defaults.__name__}"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", first_test],
        cwd=ROOT,
        env=os.environ | HOSTILE_SETTINGS,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
