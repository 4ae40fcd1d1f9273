"""The built-in scenarios are complete, and can be found."""

import ast
import http.client
import re
from pathlib import Path

import pytest

import workbench.lab
from workbench.lab import Scenario, UnknownScenario, find_scenario, load_scenarios

SCENARIOS = load_scenarios()
FOLDER = Path(workbench.lab.__file__).parent / "scenarios"

REQUIRED = [
    "hello",
    "post-echo",
    "keep-alive-twice",
    "hello-tls",
    "close-delimited",
    "truncated-body",
    "chunked-trailers",
    "continue-then-ok",
    "garbage-status-line",
    "no-response",
    "slow-drip",
    "stall",
]


def test_every_file_is_a_scenario() -> None:
    assert sorted(SCENARIOS) == sorted(file.stem for file in FOLDER.iterdir())


def test_scenarios_are_in_teaching_order() -> None:
    orders = [scenario.order for scenario in SCENARIOS.values()]

    assert orders == sorted(set(orders))
    assert next(iter(SCENARIOS)) == "hello"


def test_groups_are_not_torn_apart() -> None:
    groups = [scenario.group for scenario in SCENARIOS.values()]
    starts = [group for index, group in enumerate(groups) if index == 0 or groups[index - 1] != group]

    assert len(starts) == len(set(groups))


@pytest.mark.parametrize("name", REQUIRED)
def test_first_scenarios_are_there(name: str) -> None:
    assert find_scenario(name) is not None


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_scenario_says_what_it_must(scenario: Scenario) -> None:
    promise = scenario.promise

    assert re.fullmatch(r"RFC (1945|7616|7932|8878|911[02]) section [\d.]+( item \d)?", scenario.section)
    assert scenario.teaches.endswith(".")
    assert len(re.findall(r"[.?] [A-Z]", scenario.teaches)) == 1, "two sentences"
    assert not scenario.title.endswith(".")
    assert len(scenario.title) <= 70
    assert promise.exception or promise.content is not None or promise.content_sha256 or promise.hangs


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_script_is_one_call_a_line_after_its_imports(scenario: Scenario) -> None:
    statements = ast.parse(scenario.script.replace("{port}", "1")).body
    imports = [node for node in statements if isinstance(node, ast.Import | ast.ImportFrom)]
    calls = statements[len(imports) :]

    assert statements[: len(imports)] == imports
    assert all(isinstance(node, ast.Assign | ast.Expr) for node in calls)
    settings = [
        node for node in calls if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute)
    ]
    assert all(isinstance(node.value, ast.Call) for node in calls if node not in settings)
    assert len(scenario.script.splitlines()) == len(statements)


def test_hello_has_six_steps() -> None:
    """A newcomer presses `n` six times and has seen a whole exchange."""
    assert SCENARIOS["hello"].script.splitlines() == [
        "from http.client import HTTPConnection",
        'conn = HTTPConnection("{host}", {port})',
        'conn.putrequest("GET", "/hello")',
        'conn.putheader("Accept", "text/plain")',
        "conn.endheaders()",
        "r1 = conn.getresponse()",
        "r1.read()",
    ]


def test_scenario_of_escapes_holds_every_family_of_them() -> None:
    scenario = SCENARIOS["terminal-escapes"]
    head, _, content = scenario.steps[1].data.partition(b"\r\n\r\n")

    for part in (head, content):
        assert b"\x1b]0;" in part, "title"
        assert b"\x1b]52;" in part, "clipboard"
        assert re.search(rb"[\x80-\x9f]", part), "C1"
        assert "\u202e".encode() in part, "bidi"
        assert b"\x07" in part, "C0"
    assert b"\x1b[2J" in content
    assert b"\x1b" in head.partition(b"\r\n")[0], "reason phrase"


def test_exceptions_that_cpython_has_too_are_spelt_as_there() -> None:
    ours = {
        "ChunkError",
        "FramingError",
        "IncompleteHead",
        "InvalidHeaderLine",
        "TunnelError",
        "UnexpectedUpgrade",
        "UnreadableFileMode",
        "UnsolicitedResponse",
    }
    names = {scenario.promise.exception for scenario in SCENARIOS.values()} - {None} - ours
    known = set(dir(http.client)) | set(
        dir(__builtins__) if not isinstance(__builtins__, dict) else __builtins__
    )

    assert names <= known | {"SSLCertVerificationError", "SSLError"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param(
            "terminal-escape",
            "There is no scenario 'terminal-escape' (did you mean terminal-escapes?); "
            "`workbench lab --list` shows them all",
            id="close to one",
        ),
        pytest.param(
            "zzz", "There is no scenario 'zzz'; `workbench lab --list` shows them all", id="close to none"
        ),
        pytest.param(
            "\x1b[2J", r"There is no scenario '\x1b[2J'; `workbench lab --list` shows them all", id="controls"
        ),
    ],
)
def test_unknown_name_is_told_with_the_way_out(name: str, message: str) -> None:
    with pytest.raises(UnknownScenario) as caught:
        find_scenario(name)

    assert str(caught.value) == message
    assert caught.value.name == name
