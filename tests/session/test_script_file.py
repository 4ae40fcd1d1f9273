"""Writing a script to its file."""

import os
import stat

import pytest

from workbench.session.script_file import line_end_of, write_source


def test_script_is_written_with_the_line_ends_of_its_file(tmp_path):
    path = tmp_path / "script.py"
    write_source(path, "a\nü\n", line_end_of("x\r\ny"))

    assert path.read_bytes() == "a\r\nü\r\n".encode()
    assert line_end_of("x\ny\r\n") == line_end_of("") == "\n"


def test_file_keeps_its_mode_and_a_link_stays_one(tmp_path):
    path, link = tmp_path / "script.py", tmp_path / "link.py"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)

    write_source(link, "new\n")

    assert link.is_symlink()
    assert path.read_text() == "new\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link.py", "script.py"]


def test_new_file_has_the_mode_of_any_new_file(tmp_path):
    write_source(tmp_path / "script.py", "new\n")
    (tmp_path / "other").touch()

    assert (tmp_path / "script.py").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "script.py"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", _full_disk)

    with pytest.raises(OSError, match="No space left"):
        write_source(path, "new\n")

    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["script.py"]


def test_file_is_written_over_where_nothing_new_can_be_made_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "script.py"
    path.write_text("old")
    monkeypatch.setattr("tempfile.mkstemp", _refuse)

    write_source(path, "new\n")

    assert path.read_text() == "new\n"


def _full_disk(descriptor):
    raise OSError(28, "No space left on device")


def _refuse(*args, **kwargs):
    raise PermissionError(13, "Permission denied")
