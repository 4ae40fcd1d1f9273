"""The settings file: what it says, and the ways in which it can be wrong."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from workbench.cli import main
from workbench.config import Config, Settings, config_path, load_config
from workbench.ui.settings import judged

EVERYTHING = """\
theme = "nord"
ascii = true
mouse = false
policy = "strict"

[timeouts]
silence = 2.5

[redaction]
fields = ["X-Api-Key", "x-session"]

[keymap]
step_over = "f8"
step_into = ["ctrl+t", "i"]
follow = []
"""


@pytest.fixture
def write(private_home):
    """Writes the user's own file, and gives its path."""

    def write(text):
        path = private_home / "config" / "workbench" / "config.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def told(config: Config) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.reason) for problem in config.problems]


def test_no_file_gives_the_defaults(private_home):
    config = load_config()

    assert config.settings == Settings()
    assert config.problems == ()
    assert config.path == private_home / "config" / "workbench" / "config.toml"


def test_every_setting_is_read(write):
    write(EVERYTHING)

    config = load_config()

    assert config.problems == ()
    assert config.settings == Settings(
        theme="nord",
        ascii=True,
        mouse=False,
        policy="strict",
        silence_seconds=2.5,
        redacted_fields=frozenset({"x-api-key", "x-session"}),
        keymap={"step_over": ("f8",), "step_into": ("ctrl+t", "i"), "follow": ()},
    )


def test_every_mistake_is_told_with_its_line_and_the_rest_holds(write):
    write("""\
theme = ""
mouse = false
asci = true
policy = "strickt"
keymap.step_over = 3
keymap."step_into" = "ctrl+t"
[timeouts]
silence = "long"
sielnce = 3
[redaction]
fields = ["X-Api-Key", "X Y"]
""")

    config = load_config()

    assert told(config) == [
        (1, """Expected a string that is not empty for "theme": ''"""),
        (3, 'Unknown key "asci": did you mean ascii?'),
        (4, """Unknown "policy" 'strickt': did you mean strict?"""),
        (5, 'Expected a key such as "f8", or an array of keys, for "step_over": 3'),
        (8, """Expected a number from 0.001 to 86400 for "silence": 'long'"""),
        (9, 'Unknown key "sielnce": did you mean silence?'),
        (11, """Expected the names of fields, such as "X-Api-Key", in "fields": 'X Y'"""),
    ]
    assert config.settings == Settings(mouse=False, keymap={"step_into": ("ctrl+t",)})


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param('mouse = false\ntheme = "nord', 2, "Expected", id="syntax"),
        pytest.param(b"mouse = false\n\n# \xff\n", 3, "Expected UTF-8 at byte 17", id="encoding"),
        pytest.param("# " + "x" * (1 << 20), None, "Expected at most 1048576 bytes", id="size"),
        pytest.param("keymap = 1\n", 1, "Expected a table [keymap]: 1", id="no-table"),
        pytest.param("[timeouts]\nsilence = 0\n", 2, "Expected a number from 0.001", id="no-time"),
        pytest.param("[timeouts]\nsilence = inf\n", 2, "Expected a number from 0.001", id="for-ever"),
        pytest.param("[keymap]\nquit = ['q', 1]\n", 2, 'Expected a key such as "f8"', id="key-is-no-text"),
    ],
)
def test_file_that_cannot_be_read_gives_the_defaults_and_says_where(write, text, line, reason):
    path = write(text)

    config = load_config()

    (problem,) = config.problems
    assert config.settings == Settings()
    assert (problem.path, problem.line) == (path, line)
    assert problem.reason.startswith(reason) or reason == "Expected"


def test_example_of_the_readme_is_right(write):
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    (text,) = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    write(text)

    config = judged(load_config())

    assert told(config) == []
    said = {field.name for field in fields(Settings)}
    assert {name for name in said if getattr(config.settings, name) != getattr(Settings(), name)} == (
        said - {"ascii", "mouse"}
    )


def test_directory_in_the_place_of_the_file_is_told(write):
    write("").unlink()
    config_path().mkdir()

    assert told(load_config()) == [(None, "Cannot read it: Is a directory; nothing in the file holds")]


def test_relative_config_home_is_ignored(private_home, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")

    assert config_path() == private_home / ".config" / "workbench" / "config.toml"


def test_run_tells_what_is_wrong_and_goes_on_with_the_defaults(write, capsys):
    path = write('policy = "strickt"\n')

    assert main(["run", "--lab", "hello"]) == 0

    assert capsys.readouterr().err == (
        f"""workbench run: {path}:1: Unknown "policy" 'strickt': did you mean strict?\n"""
        "  What is wrong is left at its default\n"
    )


def test_policy_of_the_settings_is_that_of_connections_without_one(write, capsys):
    """Strict refuses what this server does, and default does not."""
    assert main(["run", "--lab", "cl-twice"]) == 0
    write('policy = "strict"\n')
    assert main(["run", "--lab", "cl-twice"]) == 1
    assert "with one value at byte 63" in capsys.readouterr().out


def test_silence_of_the_settings_is_the_timeout_of_scripts_without_one(write, capsys):
    write("[timeouts]\nsilence = 0.05\n")

    assert main(["run", "--lab", "stall"]) == 1

    assert "TimeoutError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "out"),
    [
        pytest.param(["--path"], 0, "{path}\n", id="path"),
        pytest.param([], 2, "", id="check"),
    ],
)
def test_config_command_says_where_and_whether(write, capsys, words, code, out):
    path = write('theme = "nordd"\n[keymap]\nstep_ovr = "f8"\n')

    assert main(["config", *words]) == code

    printed = capsys.readouterr()
    assert printed.out == out.format(path=path)
    if code:
        assert printed.err.splitlines() == [
            f'workbench config: {path}:1: Unknown theme "nordd": did you mean nord?',
            f'workbench config: {path}:3: Unknown command "step_ovr": did you mean step_over or step_into?',
        ]


def test_config_command_finds_nothing_wrong_where_nothing_is(write, capsys):
    assert main(["config"]) == 0
    path = write(EVERYTHING.replace('"i"', '"f12"'))
    assert main(["config"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{path}: there is no such file",
        f"{path}: nothing is wrong",
    ]


def test_example_of_the_settings_is_right(write, capsys):
    assert main(["config", "--example"]) == 0
    path = write(capsys.readouterr().out)
    assert main(["config", "--check"]) == 0
    assert capsys.readouterr().out == f"{path}: nothing is wrong\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("x = " + "[" * 5000 + "]" * 5000, "brackets nested too deep", id="deep"),
        pytest.param("x = " + "9" * 5000, "a number with more than 4300 digits", id="long number"),
    ],
)
def test_file_that_the_reader_of_toml_stumbles_over_is_told(write, text, words):
    write(text)

    assert told(load_config()) == [(None, f"Expected TOML, found {words}; nothing in the file holds")]
