"""`workbench export` and `workbench show`: of a script, of a recording, to a file, to a pipe, to a terminal."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.cli import main
from workbench.cli.command import UsageError
from workbench.cli.export import FORMS
from workbench.cli.output import write_file
from workbench.export import EXPORTERS

Saved = Callable[[str], Path]


def test_help_has_every_form() -> None:
    """The help has a list of its own, which loads no exporter."""
    assert [(one.name, one.summary) for one in EXPORTERS] == list(FORMS)


@pytest.mark.parametrize("form", [name for name, _ in FORMS])
def test_recording_is_exported_without_a_server(
    form: str, saved: Saved, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    code = main(["export", form, str(saved("basic-auth")), "-o", str(out)])

    assert code == 0
    assert out.stat().st_size > 40
    assert "Secrets are redacted (Authorization, " in capsys.readouterr().err


def test_script_is_run_for_an_export(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code = main(["export", "har", "--lab", "hello"])

    captured = capfdbinary.readouterr()
    assert code == 0
    assert json.loads(captured.out)["log"]["entries"][0]["response"]["status"] == 200


def test_script_that_raises_is_exported_and_said_so(capfd: pytest.CaptureFixture[str]) -> None:
    code = main(["export", "json", "--lab", "truncated-body"])

    captured = capfd.readouterr()
    assert code == 0
    assert json.loads(captured.out)["exchanges"][0]["error"]["class"] == "IncompleteRead"
    assert "raised IncompleteRead" in captured.err


def test_secrets_are_left_in_when_asked_for(
    saved: Saved, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = saved("basic-auth"), tmp_path / "out"

    main(["export", "curl", str(path), "-o", str(out), "--secrets"])

    assert "Authorization: Basic YWxh" in out.read_text()
    assert out.stat().st_mode & 0o777 == 0o600
    assert "Secrets are left in" in capsys.readouterr().err


def test_listed_names_are_redacted(
    saved: Saved, capfd: pytest.CaptureFixture[str], private_home: Path
) -> None:
    path = saved("hello")
    capfd.readouterr()
    main(["export", "curl", str(path), "--redact", "Accept"])

    assert "--header 'Accept: **********'" in capfd.readouterr().out


def test_file_is_not_written_over_unless_forced(
    saved: Saved, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = saved("hello"), tmp_path / "out"
    out.write_text("mine")

    assert main(["export", "curl", str(path), "-o", str(out)]) == 2
    assert out.read_text() == "mine"
    assert "add --force" in capsys.readouterr().err
    assert main(["export", "curl", str(path), "-o", str(out), "--force"]) == 0
    assert out.read_text().startswith("curl")


def test_file_is_written_piece_by_piece_and_not_left_in_part(tmp_path: Path) -> None:
    path = tmp_path / "out"
    sizes = []

    def pieces(more: Exception | None) -> Iterator[bytes]:
        for _ in range(3):
            sizes.append(path.stat().st_size if path.exists() else -1)
            yield bytes(1 << 20)
        if more is not None:
            raise more

    write_file(path, pieces(None), secret=False, force=False)
    assert sizes == [-1, 1 << 20, 2 << 20]
    assert path.stat().st_size == 3 << 20

    path.unlink()
    with pytest.raises(UsageError, match="cannot be written: No space left"):
        write_file(path, pieces(OSError(28, "No space left")), secret=False, force=False)
    assert not path.exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(
            ["curl", "{}", "--exchange", "7"], "number of an exchange from 1 to 1, found 7", id="number"
        ),
        pytest.param(["har", "{}", "--tls-keys", "x"], "is for a capture, not for har", id="keys"),
        pytest.param(["pcapng", "{}", "--tls-keys", "no-such"], "cannot be read", id="no keys"),
        pytest.param(["curl", "{}", "-o", "no/such/folder"], "cannot be written", id="folder"),
        pytest.param(["curl", "no-such"], "there is no file", id="no file"),
    ],
)
def test_mistake_is_named(
    words: list[str], message: str, saved: Saved, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(saved("hello"))

    assert main(["export", *(word.replace("{}", path) for word in words)]) == 2
    assert message in capsys.readouterr().err


def test_what_is_no_file_of_its_own_stays_open_to_whom_it_was(tmp_path: Path) -> None:
    """As root `-o /dev/null` would have closed it to everybody else."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    path.chmod(0o666)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    write_file(path, [b"x"], secret=True, force=True)

    assert os.read(reader, 10) == b"x"
    assert path.stat().st_mode & 0o777 == 0o666
    os.close(reader)


def test_show_prints_the_transcript_without_secrets(saved: Saved, capfd: pytest.CaptureFixture[str]) -> None:
    path = saved("basic-auth")
    capfd.readouterr()
    code = main(["show", str(path)])

    out = capfd.readouterr().out
    assert code == 0
    assert out.startswith("Secrets are redacted")
    assert "< HTTP/1.1 401 Unauthorized␍␊" in out
    assert "YWxh" not in out


def test_show_lists_exchanges_and_prints_json_and_raw_bytes(
    saved: Saved, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = str(saved("keep-alive-twice"))
    capfdbinary.readouterr()
    main(["show", path, "--list"])
    listed = capfdbinary.readouterr().out.decode()
    main(["show", path, "--json", "--exchange", "2"])
    document = json.loads(capfdbinary.readouterr().out)
    main(["show", path, "--raw", "sent"])
    raw = capfdbinary.readouterr().out

    assert listed.splitlines() == [
        "1  connection 1, exchange 1: GET /one → 200 OK",
        "2  connection 1, exchange 2: GET /two → 200 OK",
    ]
    assert [one["request"]["target"] for one in document["exchanges"]] == ["/two"]
    assert raw.startswith(b"GET /one HTTP/1.1\r\n")


def test_list_has_no_secret_and_looks_at_no_content(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    script, path = tmp_path / "x.py", tmp_path / "x.jsonl"
    script.write_text(
        "from http.client import HTTPConnection\n"
        "conn = HTTPConnection('127.0.0.1', 9)\n"
        "conn.putrequest('GET', '/?token=t0k3n&again=opensesame1')\n"
        "conn.putheader('Authorization', 'Bearer opensesame1')\n"
        "conn.endheaders()\n"
    )
    main(["run", str(script), "--save", str(path), "--json"])
    monkeypatch.setattr("workbench.session.storage.log.StoredStream.slice", None)
    capsys.readouterr()

    assert main(["show", str(path), "--list", "--redact", "token"]) == 0
    line = capsys.readouterr().out
    assert (
        line == "1  connection 1, exchange 1: GET /?token=*****&again=*********** → ConnectionRefusedError\n"
    )
    assert main(["show", str(path), "--list", "--secrets", "--exchange", "1"]) == 0
    assert "?token=t0k3n&again=opensesame1 " in capsys.readouterr().out
    with pytest.raises(TypeError):
        main(["show", str(path)])
    assert main(["show", str(path), "--list", "--exchange", "2"]) == 2
    assert "number of an exchange from 1 to 1, found 2" in capsys.readouterr().err


def test_list_has_the_numbers_that_exchange_takes(saved: Saved, capfd: pytest.CaptureFixture[str]) -> None:
    path = str(saved("tunnel"))
    capfd.readouterr()

    main(["show", path, "--list"])
    lines = capfd.readouterr().out.splitlines()
    main(["show", path, "--list", "--exchange", "2"])
    second = capfd.readouterr().out.splitlines()
    main(["show", path, "--exchange", "2", "--raw", "sent"])
    sent = capfd.readouterr().out

    assert [line.partition(" ")[0] for line in lines] == ["1", "2"]
    assert second == lines[1:]
    assert sent.partition(" ")[0] in second[0]


def test_show_of_a_script_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.py"
    path.write_text("print(1)\n")

    assert main(["show", str(path)]) == 2
    assert "is no recording\n  workbench run runs a script" in capsys.readouterr().err


def test_recording_that_is_not_there_is_told_with_where_recordings_are(
    saved: Saved,
    tmp_path: Path,
    private_home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    kept = private_home / "state" / "workbench" / "recordings"

    assert main(["show", "nothere"]) == 2
    assert capsys.readouterr().err == (
        f"workbench show: there is no recording 'nothere' in {tmp_path}\n"
        f"  Name a file that --save wrote, or a session of the screen, below {kept}\n"
    )
    assert not kept.exists()
    assert main(["export", "har", "no/such.jsonl"]) == 2
    assert f"below {kept}" in capsys.readouterr().err
    assert main(["show", str(tmp_path)]) == 2
    assert "cannot be read: Is a directory\n  Name a file" in capsys.readouterr().err

    path = saved("hello")
    capsys.readouterr()
    kept.mkdir(parents=True)
    path.rename(kept / "my session.jsonl")
    for name in ("my-session", "my session", "my sesion.jsonl"):
        assert main(["show", name]) == 2
        assert f"Did you mean {kept / 'my session.jsonl'}?" in capsys.readouterr().err


def test_compare_takes_a_recording(saved: Saved, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(saved("interim-103"))]) == 1
    assert "≠ status" in capsys.readouterr().out


# --- terminals -----------------------------------------------------------------------------------


def on_terminal(*words: str, **environment: str) -> str:
    """What a command writes to a terminal of its own."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", *words],
        stdin=follower, stdout=follower, stderr=subprocess.DEVNULL,
        env={key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "xterm"} | environment,
    )  # fmt: skip
    os.close(follower)
    output = b""
    try:
        while piece := os.read(leader, 65536):
            output += piece
    except OSError:  # Linux says so when the other side is closed.
        pass
    os.close(leader)
    assert process.wait(100) in (0, 1, 2)
    return output.decode()


def test_terminal_gets_colours_and_no_control_character_of_a_server(saved: Saved) -> None:
    path = str(saved("terminal-escapes"))

    coloured = on_terminal("show", path)
    plain = on_terminal("show", path, "--plain")
    without = on_terminal("show", path, NO_COLOR="1")
    raw = on_terminal("show", path, "--raw", "received", "--secrets")

    assert "\x1b[" in coloured
    assert "␛]0;field␇" in coloured
    assert "\x1b]" not in coloured
    assert "\x1b" not in plain + without + raw
    assert "␛]0;field␇" in plain
    assert "␛]0;field␇" in raw
    assert plain == without


def test_binary_form_is_not_written_to_a_terminal(saved: Saved) -> None:
    assert on_terminal("export", "pcapng", str(saved("hello"))) == ""


def test_readme_describes_the_json(saved: Saved, capfd: pytest.CaptureFixture[str]) -> None:
    """Every member, at any depth; what a field of a message is called is the message's."""
    described = (
        Path(__file__)
        .parents[2]
        .joinpath("README.md")
        .read_text("utf-8")
        .partition("## The JSON of Workbench")[2]
    )
    words = set(re.findall(r"`(\w+)`", described.partition("\n## ")[0]))

    def members(value: object) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(members, value))
        if isinstance(value, dict):
            return set(value).union(*map(members, value.values()))
        return set()

    found: set[str] = set()
    for name in ("hello-tls", "chunked-trailers", "truncated-body", "interim-103", "bare-lf", "post-echo"):
        path = str(saved(name))
        capfd.readouterr()
        main(["show", path, "--json"])
        found |= members(json.loads(capfd.readouterr().out))

    assert found - words == set()
    assert len(found) > 60


COMPARED = "version connection exchange readers notes agree rows"
SCENARIO = "name group title teaches section tls needs_own_port steps script promise"
EXCEPTION = "name group depth also words base_only scenarios"


@pytest.mark.parametrize(
    ("words", "listed", "members"),
    [
        pytest.param(["compare", "--lab", "hello", "--all"], "exchanges", COMPARED, id="compare"),
        pytest.param(["lab", "--list", "hello", "tls-expired"], "scenarios", SCENARIO, id="lab"),
        pytest.param(["exceptions"], "exceptions", EXCEPTION, id="exceptions"),
    ],
)
def test_json_of_other_commands_is_what_readme_says(
    words: list[str], listed: str, members: str, capfd: pytest.CaptureFixture[str]
) -> None:
    main([*words, "--json"])
    document = json.loads(capfd.readouterr().out)
    readme = Path(__file__).parents[2].joinpath("README.md").read_text("utf-8")
    (row,) = (line for line in readme.splitlines() if line.startswith(f"| `workbench {words[0]} --json`"))

    assert document["version"] == 1
    assert set(document) == {"version", listed}
    assert document[listed]
    for one in document[listed]:
        assert set(one) == set(members.split())
    assert {listed, *members.split()} - {"version"} <= set(re.findall(r"`(\w+)`", row))


def test_json_of_run_has_a_version(capfd: pytest.CaptureFixture[str]) -> None:
    main(["run", "--lab", "hello", "--json"])

    assert json.loads(capfd.readouterr().out)["version"] == 1


def test_run_of_a_recording_redacts_what_it_is_told_to(
    saved: Saved, capfd: pytest.CaptureFixture[str]
) -> None:
    path = str(saved("hello"))
    capfd.readouterr()

    assert main(["run", path, "--redact", "accept"]) == 0

    printed = capfd.readouterr().out
    assert 'putheader("Accept", "**********")' in printed
    assert "text/plain" not in printed.replace("Content-Type: text/plain", "")


def test_run_is_coloured_on_a_terminal_line_by_line(saved: Saved) -> None:
    path = str(saved("hello"))

    for words in (("run", path), ("run", "--lab", "hello")):
        coloured = on_terminal(*words)
        assert coloured.count("\x1b[") > 20
        assert re.sub(r"\x1b\[[\d;]*m", "", coloured).splitlines()[-1] == "done: every call succeeded"
    assert "\x1b[" not in on_terminal("run", path, "--plain")
