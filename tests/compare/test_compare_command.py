"""`workbench compare`, from the command line to the last line."""

import json
from pathlib import Path

import pytest

from tests.ports import closed_port
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


def test_nothing_that_came_back_is_said_and_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closed_port() as port:
        code = main(["compare", f"http://127.0.0.1:{port}/"])

    captured = capsys.readouterr()
    assert code == 1
    assert "exchange 1\n  nothing came back" in captured.out
    assert "ConnectionRefusedError" in captured.err
    assert "nothing came back that could be compared" in captured.err


def test_script_that_asks_for_nothing_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "script.py"
    script.write_text("print(1)\n")

    code = main(["compare", "--json", str(script)])

    captured = capsys.readouterr()
    assert code == 2
    assert json.loads(captured.out)["exchanges"] == []
    assert "nothing came back" in captured.err


def test_answer_without_a_byte_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--lab", "no-response"]) == 0
    assert "all of them agree" in capsys.readouterr().out


def test_peer_that_drips_for_ever_is_left_in_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is never silent, so no timeout of a connection ends it."""
    monkeypatch.setattr("workbench.session.step_limit.STEP_FACTOR", 2)

    code = main(["compare", "--lab", "slow-drip", "--timeout", "0.3"])

    captured = capsys.readouterr()
    assert code == 0
    assert "The step took more than 0.6 s in all" in captured.err
    assert "exchange 1" in captured.out


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
