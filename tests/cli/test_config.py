"""`workbench config`: what it prints of the file of settings."""

import os
from pathlib import Path

import pytest

from workbench.cli import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A place of settings whose name is not UTF-8."""
    directory = os.fsencode(tmp_path) + b"/caf\xe9"
    monkeypatch.setenv("XDG_CONFIG_HOME", os.fsdecode(directory))
    return directory


def test_path_is_printed_as_it_is(home: bytes, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["config", "--path"]) == 0
    assert capfdbinary.readouterr().out == home + b"/workbench/config.toml\n"


def test_path_in_a_sentence_is_visible(home: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["config"]) == 0
    assert "caf‹U+DCE9›/workbench/config.toml: there is no such file" in capfd.readouterr().out
