"""Wrong scenario files: each is an error that names the file, the line, and what was expected."""

import re
from pathlib import Path
from typing import get_args

import pytest

from tests.lab.conftest import FILE
from workbench.lab import Scenario, ScenarioError, load_scenario, load_scenarios, loader
from workbench.lab.loader import MAX_FILE_SIZE
from workbench.lab.scenario import WHILE_OPEN, Certificate, ClientCertificate, TlsOptions, TlsVersion
from workbench.lab.steps import FILLINGS, STEP_NAMES, Drip, ExpectHead, Send, Wait
from workbench.toml_table import find_lines

STEP = '[[steps]]\ndo = "expect_head"\n'
GOOD = FILE + STEP
"""Line 1 is empty, `name` is line 2, `script` line 7, `[promise]` 11, `[[steps]]` 13."""


def load(tmp_path: Path, text: str | bytes, name: str = "made-up") -> Scenario:
    file = tmp_path / f"{name}.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_scenario(file)


def test_good_file_is_read_whole(tmp_path: Path) -> None:
    steps = """
[[steps]]
do = "expect_head"
[[steps]]
do = "send"
lines = ["HTTP/1.1 200 OK", ""]
times = 2
[[steps]]
do = "drip"
hex = "0d0a"
size = 1
tick_seconds = 0.5
[[steps]]
do = "wait"
seconds = 1
[tls]
certificate = "expired"
"""
    scenario = load(tmp_path, 'repeat = "while_open"\ncpython = "other"\norder = 7' + FILE + steps)

    assert scenario.steps == (
        ExpectHead(),
        Send(b"HTTP/1.1 200 OK\r\n\r\n", times=2),
        Drip(b"\r\n", size=1, tick_seconds=0.5),
        Wait(1.0),
    )
    assert (scenario.repeat, scenario.order, scenario.cpython) == (WHILE_OPEN, 7, "other")
    assert scenario.tls == TlsOptions("expired", close_notify=True)
    assert scenario.script == 'conn = HTTPConnection("{host}", {port})\n'
    assert hash(scenario) == hash(scenario)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param("a = 1\nb = what\n", 2, "Invalid value (column 5)", id="not TOML"),
        pytest.param("a = 1\nb = [1,\n", 3, "(at end of document)", id="not TOML at the end"),
        pytest.param(b"a = 1\nb = '\xff'\n", 2, "Expected UTF-8 at byte 11: b'\\xff'", id="not UTF-8"),
        pytest.param("", 1, 'Expected "name", which is missing', id="empty"),
        pytest.param(GOOD.replace('"made-up"', "1"), 2, 'string that is not empty for "name": 1', id="type"),
        pytest.param(GOOD.replace("made-up", "Made up"), 2, "joined by hyphens", id="name"),
        pytest.param(
            GOOD.replace("made-up", "other"), 2, '"made-up", for "name": \'other\'', id="other name"
        ),
        pytest.param(GOOD.replace('title = "', 'title = "\\u001b'), 4, "printable", id="control character"),
        pytest.param(GOOD.replace("{port}", "80"), 7, "Expected {port}", id="no port"),
        pytest.param(GOOD.replace("{host}", "{cafile}"), 7, "Expected a table [tls]", id="cafile"),
        pytest.param(GOOD.replace("{port})", "{port}"), 8, "never closed", id="script in a block"),
        pytest.param(
            GOOD.replace("'''\nconn", '"conn').replace("\n'''", '"').replace('"{host}"', "{port}) )"),
            7,
            "unmatched ')'",
            id="script on one line",
        ),
        pytest.param("order = -1" + GOOD, 1, "from 0 to 10000", id="order"),
        pytest.param("repeat = true" + GOOD, 1, 'from 1 to 1000 for "repeat": True', id="repeat"),
        pytest.param("titel = 1" + GOOD, 1, 'Unknown key "titel": did you mean title?', id="unknown key"),
        pytest.param(GOOD.replace("[promise]", "[promises]"), 1, '"promise", which is missing', id="promise"),
        pytest.param(GOOD.replace("status = 200", ""), 11, "Expected a promise", id="empty promise"),
        pytest.param(GOOD.replace("200", "1000"), 12, "from 0 to 999", id="status"),
        pytest.param(GOOD.replace("status = 200", 'state = "Idle"'), 12, "one of IDLE", id="state"),
        pytest.param(GOOD.replace("status = 200", "hangs = 1"), 12, "true or false", id="boolean"),
        pytest.param(
            GOOD.replace("status = 200", 'content = ""\ncontent_hex = ""'), 13, "not both", id="two contents"
        ),
        pytest.param(
            GOOD.replace("status = 200", "status = 200\nattributes = {a = 1}"),
            13,
            '"exception"',
            id="attributes",
        ),
        pytest.param(
            GOOD.replace("status = 200", 'exception = "Bad status"'), 12, "name of a class", id="exception"
        ),
        pytest.param(
            GOOD.replace("status = 200", 'exception = "E"\nattributes = {a = 1.5}'),
            13,
            'a boolean for "a": 1.5',
            id="attribute type",
        ),
        pytest.param(
            GOOD.replace("status = 200", 'status = 200\ndiagnostics = ["bare LF"]'),
            13,
            "codes in capital letters",
            id="diagnostics",
        ),
        pytest.param(
            "promise = 1" + GOOD.replace("[promise]\nstatus = 200", ""), 1, "a table [promise]", id="table"
        ),
        pytest.param(FILE, 1, 'Expected "steps", which is missing', id="no steps"),
        pytest.param("steps = []" + FILE, 1, "one or more tables [[steps]]", id="empty steps"),
        pytest.param(GOOD.replace("expect_head", "expct_head"), 14, "did you mean expect_head", id="step"),
        pytest.param(GOOD.replace("expect_head", "dance"), 14, "one of expect_head, ", id="other step"),
        pytest.param(GOOD + "size = 1", 15, 'Unknown key "size"', id="key of another step"),
        pytest.param(GOOD + '[[steps]]\ndo = "send"', 15, '"lines", "text" or "hex"', id="nothing to send"),
        pytest.param(
            GOOD + '[[steps]]\ndo = "send"\ntext = 1', 17, 'Expected a string for "text": 1', id="text"
        ),
        pytest.param(GOOD + '[[steps]]\ndo = "send"\ntext = "a€"', 17, 'hex "e2 82 ac"', id="two bytes"),
        pytest.param(GOOD + '[[steps]]\ndo = "send"\nhex = "0"', 17, "pairs of hexadecimal", id="hex"),
        pytest.param(GOOD + '[[steps]]\ndo = "send"\nlines = [1]', 17, "array of strings", id="lines"),
        pytest.param(
            GOOD + '[[steps]]\ndo = "send"\nfill = true\ntext = "{x}"',
            15,
            "Unknown {x}",
            id="unknown filling",
        ),
        pytest.param(
            GOOD + '[[steps]]\ndo = "send"\nfill = true\nlines = [""]\ntext = "\\r\\n{length}"',
            15,
            "{length} before the empty line",
            id="length of itself",
        ),
        pytest.param(
            GOOD + '[[steps]]\ndo = "send"\nfill = true\ntext = "{body}"',
            16,
            '"expect_body" before',
            id="no body",
        ),
        pytest.param(
            FILE + '[[steps]]\ndo = "expect_body"', 14, 'Expected an "expect_head" before', id="no head"
        ),
        pytest.param(
            GOOD + '[[steps]]\ndo = "close"\n[[steps]]\ndo = "wait"\nseconds = 1',
            18,
            "no step after",
            id="after end",
        ),
        pytest.param(GOOD + '[[steps]]\ndo = "wait"\nseconds = 601', 17, "from 0 to 600", id="long wait"),
        pytest.param(GOOD + '[[steps]]\ndo = "wait"\nseconds = nan', 17, "from 0 to 600", id="not a number"),
        pytest.param(
            GOOD + '[[steps]]\ndo = "send"\ntext = "a"\nsize = 9\ntimes = 2', 18, "without", id="size"
        ),
        pytest.param(GOOD + '[[steps]]\ndo = "start_tls"', 1, "table [tls]", id="start_tls"),
        pytest.param(FILE + '[[steps]]\ndo = "next_connection"', 14, "a step before", id="no connection"),
        pytest.param(GOOD + '[[steps]]\ndo = "next_connection"', 16, "a step behind", id="nothing behind"),
        pytest.param(
            GOOD.replace("status = 200", 'content_sha256 = "12"'), 12, "64 hexadecimal digits", id="digest"
        ),
        pytest.param(
            GOOD + '[[steps]]\ndo = "next_connection"\n[[steps]]\ndo = "expect_body"',
            18,
            '"expect_head" before',
            id="head of another connection",
        ),
        pytest.param(GOOD + 'path = "x"', 15, "a path that begins with /", id="path"),
        pytest.param(
            "own_port = false" + GOOD + '[tls]\ncertificate = "expired"', 1, "TLS is its own", id="own_port"
        ),
        pytest.param(
            "own_port = false" + FILE + '[[steps]]\ndo = "close"', 1, "does not begin", id="speaks first"
        ),
        pytest.param(GOOD + '[tls]\ncertificate = "good"', 16, "one of trusted", id="certificate"),
        pytest.param(GOOD + "[tls]\nversoin = 3", 16, 'Unknown key "versoin"', id="tls key"),
    ],
)
def test_wrong_file_is_an_error_at_its_line(
    tmp_path: Path, text: str | bytes, line: int, reason: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, text)

    error = caught.value
    assert error.path == tmp_path / "made-up.toml"
    assert (error.line, reason in error.reason) == (line, True), error
    assert str(error) == f"{error.path}:{line}: {error.reason}"


def test_long_wrong_value_is_cut(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, GOOD.replace("made-up", "X" * 500))

    assert len(caught.value.reason) < 200


def test_large_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="at most 1048576 bytes"):
        load(tmp_path, GOOD + "#" * MAX_FILE_SIZE)


def test_file_that_cannot_be_read_is_an_error_of_its_own_kind(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"Cannot read it: No such file or directory"):
        load_scenario(tmp_path / "none.toml")


def test_lines_are_found_behind_strings_that_look_like_toml() -> None:
    text = "a = '''\n[[steps]]\nb = 1\n'''\n# c = 1\n[[steps]]\nd = \"\\\"[x]\"\n[p]\ne = [\n'f = 1',\n]\n"

    assert find_lines(text) == {
        (): 1,
        ("a",): 1,
        ("steps", 0): 6,
        ("steps", 0, "d"): 7,
        ("p",): 8,
        ("p", "e"): 9,
    }


def test_own_scenarios_come_after_the_built_in_ones(tmp_path: Path) -> None:
    (tmp_path / "made-up.toml").write_text(GOOD)
    (tmp_path / "notes.txt").write_text("not a scenario")

    names = list(load_scenarios(tmp_path))

    assert names == [*load_scenarios(), "made-up"]


def test_own_scenario_cannot_take_a_built_in_name(tmp_path: Path) -> None:
    (tmp_path / "hello.toml").write_text(GOOD.replace("made-up", "hello"))

    with pytest.raises(ScenarioError, match=r"hello.toml:2: Expected a name of its own"):
        load_scenarios(tmp_path)


def test_directory_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"none: Expected a directory of scenario files"):
        load_scenarios(tmp_path / "none")


COMPLETE = """name = "made-up"
group = "Tests"
title = "A scenario with every key there is"
teaches = "Nothing. Nothing at all."
section = "RFC 9112 section 6.3"
order = 7
repeat = 2
cpython = "differs"
own_port = true
script = '''
conn = HTTPSConnection("{host}", {port}, "{cafile}", "{client_certificate}")
'''
[tls]
certificate = "trusted"
close_notify = false
client_certificate = "wanted"
version = "1.3"
[promise]
status = 200
content = "a"
content_length = 1
content_sha256 = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
exception = "ChunkError"
attributes = { partial = "a", expected = 1, fatal = false }
diagnostics = ["BARE_LF"]
state = "IDLE"
hangs = false
[[steps]]
do = "expect_head"
path = "/x"
field = "Accept"
[[steps]]
do = "expect_body"
at_most = 10
[[steps]]
do = "expect_bytes"
count = 3
[[steps]]
do = "send"
lines = ["{method} {target} {body} {body_length} {base} {length}"]
text = "t"
hex = "00 ff"
times = 2
fill = true
[[steps]]
do = "send"
text = "t"
size = 1000
[[steps]]
do = "drip"
text = "drip"
size = 1
tick_seconds = 0.1
[[steps]]
do = "wait"
seconds = 1.5
[[steps]]
do = "pause"
[[steps]]
do = "start_tls"
[[steps]]
do = "half_close"
[[steps]]
do = "wait_for_close"
[[steps]]
do = "reset"
[[steps]]
do = "next_connection"
[[steps]]
do = "close"
"""
"""A file with every key of every table, and every step."""

WRONG_VALUES = ("-1", "true", "{ a = [] }", "what", '""', '"\\u001b\\u20ac"')


def test_complete_file_has_every_step_and_is_read(tmp_path: Path) -> None:
    scenario = load(tmp_path, COMPLETE)

    assert {type(step) for step in scenario.steps} == set(STEP_NAMES.values())


def test_documentation_of_the_form_names_every_key_and_every_choice() -> None:
    """`pydoc workbench.lab.loader` is where users look it up."""
    assert loader.__doc__ is not None
    words = set(re.findall(r"[\w.]+", loader.__doc__))
    keys = set(re.findall(r"^(\w+) =", COMPLETE, re.MULTILINE)) - {"conn"}
    choices = {*get_args(Certificate), *get_args(ClientCertificate), *get_args(TlsVersion)}

    assert keys | choices | set(STEP_NAMES) | set(FILLINGS) <= words


def test_any_mistake_in_a_line_is_an_error_with_a_line(tmp_path: Path) -> None:
    """Nothing but `ScenarioError` comes out, and whoever reads it finds a place in the file."""
    lines = COMPLETE.splitlines()
    texts = ["\n".join(lines[:at] + lines[at + 1 :]) for at in range(len(lines))]
    for at, line in enumerate(lines):
        key, equals, _ = line.partition(" = ")
        changed = (
            [f"{key} = {value}" for value in WRONG_VALUES]
            if equals
            else ["[promises]", "[[promise", "a.b = 1"]
        )
        texts += ["\n".join([*lines[:at], new, *lines[at + 1 :]]) for new in [*changed, f"{line}\n{line}"]]
    errors = [error for text in texts if (error := error_of(tmp_path, text)) is not None]

    assert len(errors) > len(texts) / 2
    last = len(lines) + 2
    assert [error for error in errors if error.line is None or not 1 <= error.line <= last] == []
    assert [error for error in errors if not error.reason.isprintable()] == []


def error_of(tmp_path: Path, text: str) -> ScenarioError | None:
    try:
        load(tmp_path, text)
    except ScenarioError as error:
        return error
    return None
