"""The directory of the program's state."""

import stat

import pytest

from workbench.session.state_directory import state_directory


def test_state_directory_is_where_xdg_says(private_home):
    assert state_directory() == private_home / "state" / "workbench"
    assert state_directory("recordings") == private_home / "state" / "workbench" / "recordings"


@pytest.mark.parametrize("value", [pytest.param("", id="empty"), pytest.param("state", id="relative")])
def test_state_home_that_is_no_absolute_path_is_ignored(private_home, monkeypatch, value):
    monkeypatch.setenv("XDG_STATE_HOME", value)

    assert state_directory() == private_home / ".local" / "state" / "workbench"


def test_nobody_else_may_enter_the_state_directory(private_home):
    (private_home / "state" / "workbench").mkdir(mode=0o755)

    modes = [stat.S_IMODE(path.stat().st_mode) for path in (state_directory(), state_directory("recordings"))]

    assert modes == [0o700, 0o700]


def test_state_directory_that_cannot_be_made_is_an_os_error(private_home):
    (private_home / "state" / "workbench").write_text("a file")

    with pytest.raises(OSError, match="workbench"):
        state_directory()


def test_no_home_directory_is_an_os_error_with_the_way_out(monkeypatch):
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setattr("pathlib.Path.home", _no_home)

    with pytest.raises(OSError, match="XDG_STATE_HOME"):
        state_directory()


def _no_home():
    raise RuntimeError("Could not determine home directory.")
