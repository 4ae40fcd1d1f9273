"""`workbench compare`, from the command line to the last line."""

import json
from pathlib import Path

import pytest

from workbench.cli import main
from workbench.lab import LabServer, find_scenario


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


def test_statement_that_is_none_of_the_language_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which is only known once it runs: what `timeout` holds is no part of the text."""
    script = tmp_path / "script.py"
    lines = [
        "from http.client import HTTPConnection",
        'conn = HTTPConnection("127.0.0.1")',
        "conn.timeout.read()",
    ]
    script.write_text("\n".join(lines))

    code = main(["compare", str(script)])

    assert code == 2
    assert "script.py:3" in capsys.readouterr().err


def test_what_set_debuglevel_prints_is_no_part_of_the_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "script.py"
    with LabServer() as lab:
        text = lab.script_for(find_scenario("hello"))
        script.write_text(text.replace("conn.putrequest", "conn.set_debuglevel(1)\nconn.putrequest"))
        code = main(["compare", "--json", str(script)])

    assert code == 0
    assert len(json.loads(capsys.readouterr().out)["exchanges"]) == 1
