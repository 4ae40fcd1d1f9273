"""The lab's screen: every scenario listed, searched, explained, loaded, played and reached."""

import asyncio
import dataclasses
import re
import threading
import urllib.request
from pathlib import Path

import pytest

from tests.ui import states
from tests.ui.driving import PATIENCE_SECONDS, SIZES, live_app, screen_text, still_app, until
from tests.ui.reading import text_of
from workbench.lab import LabServer, Scenario, ScenarioError, load_scenarios
from workbench.ui.keys import USUAL_KEYS
from workbench.ui.lab_host import LabHost
from workbench.ui.opening import Target
from workbench.ui.presentation.lab_list import NAME_COLUMN, ScenarioLines, matching
from workbench.ui.presentation.piece import plain
from workbench.ui.presentation.played import Played
from workbench.ui.presentation.promise_check import Claim
from workbench.ui.presentation.scenario_text import (
    about_lines,
    address_lines,
    curl_command,
    log_lines,
    step_lines,
)
from workbench.ui.screens.lab import LabScreen, SearchLine
from workbench.ui.widgets.line_view import LineView
from workbench.ui.widgets.text_lines import TextLines

SCENARIOS = load_scenarios()

OWN = """
name = "own"
group = "My own"
title = "It is mine"
teaches = "That a file of one's own works. It is listed with the others."
section = "RFC 9112"
order = 1
script = '''
from http.client import HTTPConnection
conn = HTTPConnection("{host}", {port})
conn.request("GET", "/mine")
r1 = conn.getresponse()
r1.read()
'''

[promise]
status = 200
content = "mine"

[[steps]]
do = "expect_head"

[[steps]]
do = "send"
lines = ["HTTP/1.1 200 OK", "Content-Length: 4", ""]
text = "mine"
"""


def get(url: str) -> bytes:
    """Ask the lab with somebody else's client."""
    with urllib.request.urlopen(url) as response:
        return response.read()


# --- the list -------------------------------------------------------------------------------


def test_every_scenario_is_listed_once_under_its_group():
    lines = ScenarioLines(list(SCENARIOS.values()), {})
    found = [lines.scenario_at(row) for row in range(len(lines))]
    names = [one.name for one in found if one is not None]

    assert sorted(names) == sorted(SCENARIOS)
    assert found.count(None) == len({one.group for one in SCENARIOS.values()})
    assert all(lines.scenario_at(lines.row_of(name)).name == name for name in SCENARIOS)
    assert max(map(len, names)) <= NAME_COLUMN


@pytest.mark.parametrize(
    ("query", "name"),
    [
        pytest.param("HELLO", "hello", id="name, in any case"),
        pytest.param("a GET with content-length", "hello", id="title"),
        pytest.param("without waiting for a close", "hello", id="what it teaches"),
        pytest.param("9112 6.3 item 6", "hello", id="section"),
        pytest.param("chunkerror", "bad-chunk-size", id="exception"),
        pytest.param("chunk_size", "bad-chunk-size", id="finding"),
        pytest.param("chunked coding bad", "bad-chunk-size", id="group and name"),
    ],
)
def test_search_finds_a_scenario_by_what_is_said_of_it(query, name):
    found = matching(SCENARIOS.values(), query)

    assert name in [one.name for one in found]
    assert len(found) < len(SCENARIOS)


def test_search_without_words_leaves_everything():
    assert matching(SCENARIOS.values(), "  ") == list(SCENARIOS.values())
    assert matching(SCENARIOS.values(), "xyzzy") == []


def test_mark_says_what_came_of_a_scenario():
    kept = Played((Claim("status", "200", "200"),))
    broken = Played((Claim("status", "200", "404"),))
    lines = ScenarioLines([SCENARIOS["hello"], SCENARIOS["post-echo"]], {"hello": kept, "post-echo": broken})

    assert [plain(lines.line(row, 80))[1] for row in (1, 2)] == ["✓", "✗"]
    about = text_of(about_lines(SCENARIOS["post-echo"], broken, 60))
    assert "404 instead of 200" in about


# --- the explanation ------------------------------------------------------------------------


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda one: one.name)
def test_explanation_fits_its_width_and_shows_nothing_unprintable(scenario):
    lines = [
        *about_lines(scenario, None, 60),
        *step_lines(scenario, 60),
        *address_lines(scenario, "http://127.0.0.1:8080", "/tmp/ca.pem", 60, USUAL_KEYS.word),
    ]

    assert all(plain(line).isprintable() for line in lines)
    assert scenario.section in text_of(lines)
    assert max(len(plain(line)) for line in about_lines(scenario, None, 60)) <= 60


def test_explanation_names_all_that_is_promised():
    about = text_of(about_lines(SCENARIOS["bad-chunk-size"], None, 60))

    for words in ("ChunkError", "CHUNK_SIZE", "status      ", "CPython"):
        assert words in about


def test_log_has_times_and_bytes_of_each_connection():
    sent = threading.Event()
    with LabServer(pace=0) as lab:
        lab.subscribe(lambda event: sent.set() if event.kind == "sent" else None)
        origin = lab.origin(SCENARIOS["hello"])
        assert get(f"{origin}/hello") == b"Hello, world\n"
        assert sent.wait(PATIENCE_SECONDS)
        log = [event for event in lab.log.snapshot() if event.kind != "waiting"]

    text = text_of(log_lines(log))
    assert re.search(r" 0\.000 #1 accepted", text)
    assert re.search(r"#1 received \d+ bytes GET /hello HTTP/1\.1␍␊", text)
    assert re.search(r"#1 sent \d+ bytes HTTP/1\.1 200 OK␍␊", text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hello", "curl --verbose http://127.0.0.1:1/hello"),
        ("tunnel", "curl --verbose --proxytunnel --proxy http://127.0.0.1:1 http://example.test:80/hello"),
        ("head-request", "curl --verbose --head http://127.0.0.1:1/hello"),
        ("hello-tls", "curl --verbose --cacert '/a b/ca.pem' http://127.0.0.1:1/hello"),
    ],
)
def test_curl_asks_for_what_the_script_asks_for(name, expected):
    scenario: Scenario = SCENARIOS[name]

    assert curl_command(scenario, "http://127.0.0.1:1", "/a b/ca.pem" if scenario.tls else None) == expected


# --- files of the user's own ----------------------------------------------------------------


def test_own_files_stand_beside_the_others(tmp_path: Path):
    (tmp_path / "own.toml").write_text(OWN)

    catalogue = LabHost(tmp_path).catalogue()

    assert catalogue.error == ""
    assert set(catalogue.scenarios) == {*SCENARIOS, "own"}


def test_wrong_file_is_told_with_its_line_and_leaves_the_others(tmp_path: Path):
    for name in ("own", "right", "wrong", "wrong-too", "wrong-again"):
        text = OWN.replace('name = "own"', f'name = "{name}"')
        (tmp_path / f"{name}.toml").write_text(text if name == "right" else text.replace('"send"', '"sing"'))

    lab = LabHost(tmp_path)
    catalogue = lab.catalogue()

    line = OWN.split("\n").index('do = "send"') + 1
    told = catalogue.error.split("\n")
    assert all(f".toml:{line}: Unknown step" in one for one in told[:3])
    assert told[3:] == ["wrong files not shown: 1"]
    assert set(catalogue.scenarios) == {*SCENARIOS, "right"}
    with pytest.raises(ScenarioError, match=f"wrong-too.toml:{line}: "):
        lab.open("wrong-too")


# --- the screen -----------------------------------------------------------------------------


def chosen(app) -> str:
    lines = app.screen.query_one("#lab-list", LineView)
    return lines.source.scenario_at(lines.cursor).name


def about(app) -> str:
    lines = app.screen.query_one("#lab-about", LineView)
    return "\n".join(lines.line_text(row) for row in range(len(lines.source)))


@pytest.mark.parametrize("size", SIZES)
async def test_screen_explains_the_scenario_that_is_loaded_and_says_what_to_press(size):
    async with still_app(states.start(), size) as (app, pilot, bench):
        await pilot.press("f2")
        await pilot.pause()

        text = screen_text(app)
        assert chosen(app) == "hello"
        for words in (
            f"{len(SCENARIOS)} scenarios",
            "A GET with Content-Length",
            "Enter loads it",
            "/ searches",
        ):
            assert words in text
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, LabScreen)
        assert bench.given == []


async def test_search_narrows_while_it_is_typed_and_is_cleared_first():
    async with still_app(states.start()) as (app, pilot, _):
        await pilot.press("f2", "slash", *"early-response-up")
        await pilot.pause()
        assert chosen(app) == "early-response-upload"
        assert f"of {len(SCENARIOS)}" in screen_text(app)

        await pilot.press(*["backspace"] * 9, "enter", "home")
        await until(pilot, lambda: "The cursor is on the name of a group" in screen_text(app))
        await pilot.press("slash", *" xyzzy")
        await until(pilot, lambda: "No scenario has all of these words" in screen_text(app))
        await pilot.press("enter", "enter", "t")  # there is nothing to load or play
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.query_one(SearchLine).value == ""
        assert isinstance(app.screen, LabScreen)
        await pilot.press("tab")
        assert app.focused.id == "lab-about"
        await pilot.press("tab", "q")
        await pilot.pause()
        assert not isinstance(app.screen, LabScreen)


@pytest.mark.parametrize("target", [Target(), Target(lab_name="own"), Target(script_path=Path("own.py"))])
async def test_wrong_file_is_told_of_once_at_the_start(target: Target, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.py").write_text("print(1)\n")
    (tmp_path / "own.toml").write_text(OWN)
    for name in ("wrong", "wrong-too"):
        (tmp_path / f"{name}.toml").write_text("group = 7\n")
    async with live_app(dataclasses.replace(target, scenario_directory=tmp_path), (160, 45)) as (app, pilot):
        await until(pilot, lambda: app.screen.query_one("Problem").display)
        text = screen_text(app)
        for name in ("wrong", "wrong-too"):
            assert text.count(f"✗ {tmp_path}/{name}.toml:1: ") == 1
        assert "F2 lists the others" in text

        await until(pilot, lambda: app.screen.view.name != "")
        await pilot.press("n")
        await until(pilot, lambda: not app.screen.query_one("Problem").display)
        await pilot.press("r")
        await until(pilot, lambda: app.screen.view.status.mode == "ready")
        assert not app.screen.query_one("Problem").display


async def test_scenarios_are_played_reached_and_loaded_from_the_screen(tmp_path: Path):
    (tmp_path / "own.toml").write_text(OWN)
    async with live_app(Target(scenario_directory=tmp_path)) as (app, pilot):
        await pilot.press("f2", "slash", *"own mine")
        await pilot.pause()
        await pilot.press("enter", "t")
        await until(pilot, lambda: "kept, when it was played" in about(app))
        assert "1 played, 1 as promised" in screen_text(app)

        origin = re.search(r"http://127\.0\.0\.1:\d+", about(app))[0]
        assert await asyncio.to_thread(get, f"{origin}/curl") == b"mine"
        # What another client does is in the log at once, and not in the recording.
        await until(pilot, lambda: "GET /curl" in about(app))
        assert "GET /curl" not in str([entry.event for entry in app.screen_stack[0].view.recording.entries])

        await pilot.press("escape", "slash", *"hello-tls", "enter", "o")
        await until(pilot, lambda: "curl --verbose --cacert" in about(app))
        await pilot.press("enter")
        await until(
            pilot, lambda: getattr(app.screen, "view", None) and app.screen.view.name == "lab: hello-tls"
        )
        assert app.screen.view.status.mode == "ready"

        # A file that was spoilt meanwhile is told of, with its line, and the others can still be used.
        (tmp_path / "own.toml").write_text(OWN.replace("status = 200", 'status = "x"'))
        await pilot.press("f2")
        await pilot.pause()
        line = OWN.split("\n").index("status = 200") + 1
        assert f"own.toml:{line}: " in plain(app.screen.query_one(TextLines).lines[0])
        assert app.screen.query_one(TextLines).display
        assert chosen(app) == "hello-tls"


async def test_run_that_does_not_end_by_itself_is_ended_from_the_screen():
    async with live_app(Target(lab_name="stall")) as (app, pilot):
        await pilot.press("f2", "t")
        await until(pilot, lambda: "it is running; x ends that" in about(app))
        # What never returns has to have been called.
        await until(pilot, lambda: app.screen_stack[0].view.moment.open_calls != ())
        await until(pilot, lambda: "received" in about(app))

        await pilot.press("x")

        await until(pilot, lambda: "kept, when it was played" in about(app))
        assert "it is running" not in about(app)


async def test_scenario_that_was_only_loaded_or_changed_is_not_judged():
    async with live_app(Target()) as (app, pilot):
        await pilot.press("n", "f2")
        await pilot.press("down", "t")
        await until(pilot, lambda: "1 played, 1 as promised" in screen_text(app))

        assert app.screen.query_one("#lab-list", LineView).line_text(1)[1] == "·"
        await pilot.press("escape")


async def test_problem_is_told_where_the_reader_looks():
    async with still_app(dataclasses.replace(states.start(), name="lab: gzip-json")) as (app, pilot, bench):
        bench.refusal = OSError("no port is free")
        await pilot.press("f2", "enter")
        await until(pilot, lambda: "no port is free" in screen_text(app))

        assert isinstance(app.screen, LabScreen)
        assert bench.given == [("load_scenario", "gzip-json", False)]
