"""One environment for every test, whoever runs it and wherever.

The first part runs before Textual is imported, and must: Textual reads its settings (theme, frame rate,
animations) from the environment when it is imported. That is why pyproject.toml keeps the snapshot
plugin, which imports Textual, from loading by itself, and this file loads it afterwards.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.homes import HOME_VARIABLES, Homes

_SETTINGS_OF_THE_USER = (
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLORFGBG",
    "COLUMNS",
    "DEBUG",
    "ESCDELAY",
    "FORCE_COLOR",
    "LC_TERMINAL",
    "LINES",
    "NO_COLOR",
    "ROWS",
    "SSLKEYLOGFILE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TERM_PROGRAM",
    "TTY_COMPATIBLE",
    "TTY_INTERACTIVE",
)
"""What changes colours, sizes, key handling or trust for somebody, and must not for a test."""

_PREFIXES_OF_SETTINGS = ("TEXTUAL_", "WORKBENCH_")

_NOT_A_SETTING = "TEXTUAL_SNAPSHOT_TEMPDIR"
"""Where the snapshot plugin of each worker process leaves its pictures for the process that reports."""

_SETTINGS_OF_THE_TESTS = {
    "COLORTERM": "truecolor",
    "LC_ALL": "C.UTF-8",
    "TERM": "xterm-256color",
    "TZ": "UTC",
}


def _clean_environment(home: Path) -> None:
    for name in list(os.environ):
        if name == _NOT_A_SETTING:
            continue
        if name in _SETTINGS_OF_THE_USER or name.startswith(_PREFIXES_OF_SETTINGS):
            del os.environ[name]
    os.environ.update(_SETTINGS_OF_THE_TESTS)
    for name, folder in HOME_VARIABLES.items():
        os.environ[name] = str(home / folder)


if "textual" in sys.modules:
    # Too late: snapshots would depend on the user's TEXTUAL_THEME. A clear stop, not a strange red test.
    raise pytest.UsageError("Textual was imported before tests/conftest.py cleaned the environment")

_session_home = tempfile.TemporaryDirectory(prefix="workbench-tests-")
_clean_environment(Path(_session_home.name))

pytest_plugins = ["pytest_textual_snapshot"]

from hypothesis import settings  # noqa: E402 - the environment comes first

# No deadline: it measures how busy the machine is. In CI the examples are the same on every run, so that
# a red build can be run again; elsewhere each run looks at new ones.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_unconfigure() -> None:
    """Remove the home that the whole run shared."""
    _session_home.cleanup()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Homes:
    """Where each test takes its home from."""
    return Homes(tmp_path_factory.mktemp("homes"))


@pytest.fixture(autouse=True)
def private_home(homes: Homes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home for each test: no test reads the user's files or what another test saved.

    A run of pytest that a test starts keeps its temporary folders in it, too. Beside those of this run
    it would find what older runs have left, and remove that before it ends, however long it takes.
    """
    with homes.lent() as home:
        for name, folder in HOME_VARIABLES.items():
            monkeypatch.setenv(name, str(home / folder))
        monkeypatch.setenv("PYTEST_DEBUG_TEMPROOT", str(home))
        yield home


def pytest_xdist_auto_num_workers() -> int:
    """Give two worker processes to each core: half of the tests wait for a server or a screen."""
    return 2 * len(os.sched_getaffinity(0))
