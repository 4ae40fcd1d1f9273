"""`workbench compare`, from the command line to the last line."""

import json

import pytest

from workbench.cli import main


def test_scenario_that_readers_differ_about_is_shown_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["compare", "--lab", "interim-103"])

    printed = capsys.readouterr().out
    assert code == 1
    assert "http.client" in printed
    assert any(line.startswith("≠ status") for line in printed.splitlines())


def test_scenario_that_all_agree_about_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["compare", "--lab", "hello", "--json"])

    written = json.loads(capsys.readouterr().out)
    assert code == 0
    assert [exchange["agree"] for exchange in written["exchanges"]] == [True]


def test_script_that_does_not_exist_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["compare", "no-such-script.py"])

    assert code == 2
    assert "no-such-script.py" in capsys.readouterr().err
