"""No test depends on the settings of whoever runs it: `tests/conftest.py` keeps them out."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.architecture.sources import ROOT
from tests.homes import Homes

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


def test_home_that_was_left_as_it_was_is_lent_again(tmp_path: Path) -> None:
    homes = Homes(tmp_path)
    with homes.lent() as first:
        written = first / "state" / "file"
        written.touch()
        written.unlink()
    with homes.lent() as second:
        pass

    assert second == first


def test_homes_of_the_same_time_are_different(tmp_path: Path) -> None:
    homes = Homes(tmp_path)
    with homes.lent() as first, homes.lent() as second:
        assert first != second


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda home: (home / "state" / "file").touch(), id="file"),
        pytest.param(lambda home: (home / ".hidden").mkdir(), id="folder"),
        pytest.param(lambda home: (home / "config" / "link").symlink_to("nowhere"), id="link"),
        pytest.param(lambda home: (home / "data").rmdir(), id="folder is gone"),
        pytest.param(lambda home: (home / "cache").chmod(0o500), id="permissions"),
        pytest.param(lambda home: home.chmod(0o755), id="permissions of the home"),
        pytest.param(shutil.rmtree, id="home is gone"),
    ],
)
def test_home_that_was_changed_is_lent_no_more(tmp_path: Path, change: Callable[[Path], None]) -> None:
    homes = Homes(tmp_path)
    with homes.lent() as first:
        change(first)
    with homes.lent() as second:
        pass

    assert second != first


def test_pytest_that_a_test_starts_stays_away_from_other_runs(tmp_path: Path, private_home: Path) -> None:
    """Where it keeps its folders it removes those of older runs when it ends, and that can take minutes."""
    path = tmp_path / "test_it.py"
    path.write_text("def test_it(tmp_path):\n    print(tmp_path)\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", path],
        cwd=tmp_path,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert done.stdout.startswith(str(private_home)), done.stdout + done.stderr


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
        timeout=100,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
