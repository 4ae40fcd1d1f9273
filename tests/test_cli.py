"""The command line as a user meets it: what is meant, what is printed, and how it ends."""

import importlib
import json
import os
import pkgutil
import pty
import re
import signal
import subprocess
import sys
import threading
import types
import unicodedata

import pytest

import workbench
from workbench import cli
from workbench.cli import main
from workbench.cli.table import COMMANDS
from workbench.session.storage.format import Header, encode_header

COMMAND = [sys.executable, "-m", "workbench"]
STALL = """\
from http.client import HTTPConnection
conn = HTTPConnection("{host}", {port})
conn.request("GET", "/")
r1 = conn.getresponse()
"""


def run(*words, **options):
    return subprocess.run(
        [*COMMAND, *words], capture_output=True, timeout=100, check=False, encoding="utf-8", **options
    )


@pytest.fixture
def screen(monkeypatch):
    """A terminal on both sides, and what the screen was opened with."""
    opened = []
    module = types.ModuleType("workbench.ui.app")
    module.run_app = lambda *, config, **options: opened.append(options) or 0
    monkeypatch.setitem(sys.modules, "workbench.ui.app", module)
    monkeypatch.setattr("workbench.cli.screen._has_terminal", lambda: True)
    return opened


@pytest.fixture
def script_file(tmp_path):
    path = tmp_path / "script.py"
    path.write_text("print('printed')\n", "utf-8")
    return path


def refused(capsys, *words):
    """The message of a command that is refused."""
    code = main(words)
    captured = capsys.readouterr()
    assert (code, captured.out) == (2, "")
    return captured.err


# --- what is meant ---------------------------------------------------------------------------


def test_no_argument_opens_the_screen(screen):
    assert main([]) == 0
    assert len(screen) == 1
    assert set(screen[0].values()) == {None}


def test_url_opens_the_screen_with_it(screen):
    main(["http://localhost:8000/x"])

    assert screen[0]["url"] == "http://localhost:8000/x"


def test_script_opens_the_screen_with_it(screen, script_file):
    main([str(script_file)])

    assert screen[0]["script_path"] == script_file


def test_script_with_an_error_is_for_the_screen_to_show(screen, script_file):
    script_file.write_text("while 1: pass\n", "utf-8")

    assert main([str(script_file)]) == 0
    assert len(screen) == 1


def test_recording_opens_the_screen_with_it(screen, tmp_path):
    path = tmp_path / "session.jsonl"
    path.write_bytes(encode_header(Header.now("")))

    assert main([str(path)]) == 0
    assert (screen[0]["recording_path"], screen[0]["script_path"]) == (path, None)


def test_lab_name_opens_the_screen_with_it(screen):
    main(["--lab", "hello"])

    assert screen[0]["lab_name"] == "hello"


def test_directory_of_scenarios_goes_to_the_screen(screen, tmp_path):
    assert main(["--scenarios", str(tmp_path)]) == 0
    assert screen[0]["scenario_directory"] == tmp_path


def test_wrong_scenario_file_is_told_by_the_lab_with_its_line(tmp_path, capsys):
    """The screen says so too, and both it and the others go on with the files that are right."""
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('name = "wrong"\ngroup = 7\n', "utf-8")

    assert f"{wrong}:2: " in refused(capsys, "lab", "--list", "--scenarios", str(tmp_path))
    assert f"{wrong}:2: " in refused(capsys, "run", "--lab", "wrong", "--scenarios", str(tmp_path))
    for words in (["run"], ["run", "--json"], ["export", "text"]):
        assert main([*words, "--lab", "hello", "--scenarios", str(tmp_path)]) == 0
        told = capsys.readouterr().err
        assert told.count(f"workbench {words[0]}: {wrong}:2: ") == 1
        assert told.count("wrong.toml") == 1


@pytest.mark.parametrize(
    "words", [["--lab", "helo"], ["nosuch.py"], ["http:///x"]], ids=["lab", "file", "URL"]
)
def test_screen_is_not_opened_for_what_does_not_exist(screen, words):
    assert main(words) == 2
    assert screen == []


@pytest.mark.parametrize("name", ["run", "lab"])
def test_script_named_like_a_command_is_named_with_its_directory(name, script_file, monkeypatch, capsys):
    script_file.rename(script_file.parent / name)
    monkeypatch.chdir(script_file.parent)

    assert main([f"./{name}"]) == 0
    assert main(["run", name]) == 0
    assert capsys.readouterr().out.count("printed: printed") == 2


def test_without_a_terminal_a_script_is_run(script_file, capsys):
    assert main([str(script_file)]) == 0
    assert "printed: printed" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["run"], ["run", "-"]], ids=["alone", "run", "run -"])
def test_without_a_terminal_the_script_comes_from_standard_input(words):
    result = run(*words, input="print('é')\n")

    assert (result.returncode, result.stderr) == (0, "")
    assert "printed: é" in result.stdout


def test_terminal_is_not_waited_for_when_output_goes_elsewhere():
    """`workbench | cat` would look as if it hung."""
    leader, follower = pty.openpty()
    try:
        result = run(stdin=follower)
    finally:
        os.close(leader)
        os.close(follower)

    assert (result.returncode, result.stdout) == (2, "")
    assert "no script is named" in result.stderr


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["run", "http:///x"], "A URL without a host", id="URL without a host"),
        pytest.param(["run", "gopher://x/"], "Expected http:// or https://", id="other scheme"),
        pytest.param(["run", "localhost:8000"], "write http://localhost:8000 if an address", id="no scheme"),
        pytest.param(["run", "hello"], "write --lab hello if the scenario", id="a scenario"),
        pytest.param(["compare", "hello"], "write --lab hello if the scenario", id="a scenario to compare"),
        pytest.param(["run", "--lab", "helo"], "did you mean hello", id="lab name"),
        pytest.param(["run", "--lab", "hello", "x.py"], "both 'x.py' and --lab hello", id="two sources"),
        pytest.param(["run", "nosuch.py"], "there is no file 'nosuch.py'", id="missing file"),
        pytest.param(["run", "nul\0.py"], "cannot be read", id="name with NUL"),
        pytest.param(["lab", "helo"], "helo", id="lab of no name"),
        pytest.param(["lab", "--list", "helo"], "helo", id="list of no name"),
    ],
)
def test_mistake_is_named_with_the_way_out(words, message, capsys):
    error = refused(capsys, *words)

    assert error.startswith(f"workbench {words[0]}: ")
    assert message in error
    assert "Traceback" not in error


def test_misspelt_file_is_suggested(script_file, capsys):
    assert f"Did you mean {script_file}?" in refused(capsys, "run", str(script_file.parent / "scirpt.py"))


def test_directory_is_no_script(tmp_path, capsys):
    assert "is a directory" in refused(capsys, "run", str(tmp_path))


def test_script_error_is_shown_with_its_place(script_file, capsys):
    script_file.write_text("import http.client\nc = http.client.HTTPConection('x')\n", "utf-8")

    error = refused(capsys, "run", str(script_file))

    assert error == (
        f"workbench run: {script_file}:2:5: http.client has no 'HTTPConection' for scripts\n"
        "  Did you mean HTTPConnection?\n"
    )


def test_script_that_is_not_utf_8_is_refused(script_file, capsys):
    script_file.write_bytes(b"x = '\xe9'\n")

    assert f"{script_file}:1:6: Expected UTF-8, found the byte 0xe9" in refused(
        capsys, "run", str(script_file)
    )


def test_script_without_calls_is_refused(script_file, capsys):
    script_file.write_text("import http.client  # and no more\n", "utf-8")

    assert "the script has no calls" in refused(capsys, "run", str(script_file))


def test_control_characters_of_a_name_are_not_printed(capsys):
    assert "\x1b" not in refused(capsys, "run", "\x1b]0;x\x07.py")


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "x", "1e18", "2147484"])
def test_timeout_is_a_number_of_seconds(seconds, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["run", f"--timeout={seconds}", "x.py"])

    assert caught.value.code == 2
    assert f"above 0 and at most 2147483, found '{seconds}'" in capsys.readouterr().err


# --- how it ends ---------------------------------------------------------------------------------


def test_run_of_a_scenario_succeeds():
    result = run("run", "--lab", "hello")

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith("done: every call succeeded\n")


def test_run_of_a_scenario_that_raises_fails():
    result = run("run", "--lab", "truncated-body")

    assert result.returncode == 1
    assert "raised IncompleteRead" in result.stderr
    assert "Traceback" not in result.stdout + result.stderr


def test_run_writes_no_control_character_of_a_server_to_a_terminal():
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "run", "--lab", "terminal-escapes"], stdin=follower, stdout=follower, stderr=follower
    ) as process:
        os.close(follower)
        output = read_terminal(leader)
    os.close(leader)
    # Colours are our own, and nothing else of what begins with ESC is.
    text = re.sub(r"\x1b\[[0-9;]*m", "", output.decode("utf-8"))

    assert process.returncode == 0
    # Shown, so that the test cannot pass because nothing was written.
    assert "␛]0;field␇" in text
    assert "␛]0;content␇" in text
    assert [character for character in text if is_control(character)] == []


def read_terminal(leader):
    """Everything that is written to a pseudo-terminal until the program on it has ended."""
    output = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # Linux says EIO when the other side is closed.
            return output
        if not piece:
            return output
        output += piece


def is_control(character):
    """C0 but for line ends, DEL, C1, and what changes the direction of text."""
    return unicodedata.category(character) in {"Cc", "Cf"} and character not in "\r\n"


def test_run_over_tls_succeeds():
    assert run("run", "--lab", "hello-tls").returncode == 0


def test_output_survives_an_encoding_without_glyphs():
    result = run("run", "--lab", "hello", env=os.environ | {"PYTHONIOENCODING": "ascii"})

    assert result.returncode == 0
    assert "\\u240d\\u240a" in result.stdout


def test_reader_that_leaves_is_no_error():
    process = subprocess.Popen(
        [*COMMAND, "run", "--lab", "slow-drip"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.readline()
    process.stdout.close()
    _, error = process.communicate(timeout=100)

    assert (process.returncode, error) == (141, b"")


def wait_for_line(process, text):
    for line in process.stdout:
        if text in line:
            return line
    raise AssertionError(f"{text!r} was never printed")


@pytest.mark.parametrize(
    ("number", "word", "code"),
    [
        pytest.param(signal.SIGINT, "interrupted", 130, id="SIGINT"),
        pytest.param(signal.SIGTERM, "terminated", 143, id="SIGTERM"),
    ],
)
def test_signal_ends_a_run_that_waits(number, word, code):
    with subprocess.Popen(
        [*COMMAND, "run", "--lab", "stall"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        wait_for_line(process, "getresponse()")
        process.send_signal(number)
        output, error = process.communicate(timeout=100)

    assert process.returncode == code
    assert error.splitlines() == [f"workbench run: stall:5: {word}"]
    assert output.endswith(f"{word}; 1 step not run\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_signal_stops_the_lab(number):
    with subprocess.Popen(
        [*COMMAND, "lab", "hello"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        line = wait_for_line(process, "http://127.0.0.1:")
        process.send_signal(number)
        output, error = process.communicate(timeout=100)

    assert "for a browser" in line
    assert (process.returncode, error) == (0, "")
    assert output.endswith("The lab has stopped.\n")


def test_signal_handlers_are_put_back(capsys):
    before = signal.getsignal(signal.SIGTERM)

    assert main(["lab", "--list", "--json", "hello"]) == 0
    assert [item["name"] for item in json.loads(capsys.readouterr().out)["scenarios"]] == ["hello"]
    assert signal.getsignal(signal.SIGTERM) is before
    assert main(["run", "--lab", "hello"]) == 0
    assert signal.getsignal(signal.SIGTERM) is before


def test_interrupt_before_the_run_is_one_line(monkeypatch, capsys):
    def interrupt(path):
        raise KeyboardInterrupt

    monkeypatch.setattr("workbench.session.script.read_source", interrupt)

    assert main(["run", "x.py"]) == 130
    assert capsys.readouterr().err == "workbench run: interrupted\n"


# --- help ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", *(command.name for command in COMMANDS)])
def test_help_is_printed(name, capsys):
    with pytest.raises(SystemExit) as caught:
        main([*name.split(), "--help"])

    assert caught.value.code == 0
    assert f"usage: workbench {name}".rstrip() in capsys.readouterr().out


@pytest.mark.parametrize("name", ["", *(command.name for command in COMMANDS)])
def test_description_is_wrapped(name, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main([*name.split(), "--help"])
    description = capsys.readouterr().out.partition("\n\n")[2].partition("\n\n")[0]

    assert description
    assert max(map(len, description.splitlines())) <= 80


def test_help_lists_every_command(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out.partition("commands:")[2]

    assert [command.title for command in COMMANDS if f"  {command.title} " not in listed] == []


def test_every_command_is_in_the_table():
    modules = [
        importlib.import_module(f"workbench.cli.{one.name}") for one in pkgutil.iter_modules(cli.__path__)
    ]

    assert {module.COMMAND for module in modules if hasattr(module, "COMMAND")} == set(COMMANDS)


def test_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])

    assert capsys.readouterr().out == f"workbench {workbench.__version__}\n"


def test_no_command_but_the_screen_loads_textual():
    helps = [f"{command.name} --help" for command in COMMANDS]
    source = f"""\
import sys
from workbench import cli
from workbench.cli import main
for words in {["--version", "--help", *helps, "run --lab hello", "lab --list"]}:
    try:
        main(words.split())
    except SystemExit:
        pass
    assert not {{"textual", "rich"}} & set(sys.modules), words
"""
    result = subprocess.run([sys.executable, "-c", source], capture_output=True, timeout=100, check=False)

    assert (result.returncode, result.stderr) == (0, b"")


def test_threads_end_with_the_run(script_file):
    before = set(threading.enumerate())
    main(["run", str(script_file)])

    # One of another test may end meanwhile.
    assert set(threading.enumerate()) <= before
