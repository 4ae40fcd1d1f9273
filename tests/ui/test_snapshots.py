"""Pictures of the named states, at three sizes. `pytest --snapshot-update` accepts what changed."""

import asyncio
from dataclasses import replace
from inspect import isfunction, signature
from pathlib import Path

import pytest

from tests.ui import states
from tests.ui.benches import StillBench
from tests.ui.driving import SIZES
from tests.ui.sessions import three_sessions
from workbench.compare.comparison import compare
from workbench.compare.opinion import Opinion
from workbench.config import Config, Settings
from workbench.session.breakpoint_text import parse_breakpoint
from workbench.session.storage.directory import RecordingDirectory
from workbench.session.visible import show_controls_in_ascii
from workbench.ui.app import WorkbenchApp
from workbench.ui.lab_host import Catalogue
from workbench.ui.screens import opinion

STATES = [
    pytest.param(states.start, [], id="start"),
    pytest.param(states.buffered, ["2"], id="buffered"),
    pytest.param(states.exchanged, ["2"], id="exchanged"),
    pytest.param(states.chunked, ["4", "pagedown"], id="chunked-tree"),
    pytest.param(states.chunked, ["U", "U", *"dddd"], id="past"),
    pytest.param(states.exchanged, ["w"], id="hex"),
    pytest.param(states.exchanged, ["w", "w"], id="ladder"),
    pytest.param(states.buffered, ["w", "w"], id="ladder-buffered"),
    pytest.param(states.chunked, ["2", "slash", *"hello", "enter"], id="find"),
    pytest.param(states.chunked, ["w", "slash", *"re", "colon", *"a(b", "enter"], id="find-mistake"),
    pytest.param(states.exchanged, ["w", "2", "home", "right_square_bracket"], id="hex-part"),
    pytest.param(states.exchanged, ["2", "home", "right_square_bracket", "y"], id="copy"),
    pytest.param(states.conflict, ["2"], id="finding"),
    pytest.param(states.truncated, ["2"], id="truncated"),
    pytest.param(states.failed, ["4"], id="exception-card"),
    pytest.param(states.held, [], id="held"),
    pytest.param(states.held, ["w", "w", "2"], id="ladder-both-ends"),
    pytest.param(states.gzipped_json, ["4", "m"], id="content"),
    pytest.param(states.secured, ["4", "m", "m"], id="timing"),
    pytest.param(states.secured, ["4", "m", "m", "m"], id="tls"),
    pytest.param(states.failed, ["4", "M"], id="lint"),
    pytest.param(states.exchanged, ["2", "question_mark"], id="help"),
    pytest.param(states.exchanged, ["H"], id="cheat-sheet"),
    pytest.param(states.exchanged, ["g"], id="jump"),
    pytest.param(states.start, ["4", "m"], id="empty-content"),
    pytest.param(states.failed, ["f3", "down"], id="exceptions"),
    pytest.param(states.start, ["ctrl+p"], id="palette"),
    pytest.param(states.buffered, ["i", *"conn.p", "down"], id="completion"),
    pytest.param(states.buffered, ["i", *'conn.request("GET", "/", headers={"acc'], id="signature-help"),
    pytest.param(states.buffered, ["F"], id="calls"),
    pytest.param(states.buffered, ["F", *"conn.req", "enter", *"GET"], id="form"),
    pytest.param(states.several, ["3"], id="several"),
    pytest.param(states.several, ["o", "4"], id="several-chosen"),
    pytest.param(states.several, ["C"], id="connections"),
    pytest.param(states.one_of_two_failed, ["4"], id="several-failed"),
    pytest.param(states.tunnelled, ["2", "o"], id="tunnel"),
]


def test_every_named_state_has_pictures():
    """At the three sizes: `SIZES` is what `test_screen_looks_as_it_did` goes through, and a missing picture fails it."""
    named = {
        one
        for one in vars(states).values()
        if isfunction(one) and one.__module__ == states.__name__ and not signature(one).parameters
    }
    assert {state.values[0] for state in STATES} == named
    assert len({state.id for state in STATES}) == len(STATES)
    assert {size.id for size in SIZES} == {"80x24", "120x36", "160x45"}


@pytest.fixture(autouse=True)
def no_cursor_blink(monkeypatch):
    """The palette has an input of its own."""
    monkeypatch.setattr("textual.widgets.Input.cursor_blink", False)


@pytest.fixture(autouse=True)
def no_httplint(monkeypatch):
    """Its notes are its own, and change with its releases."""
    monkeypatch.setattr("workbench.ui.presentation.lint_list.httplint_is_installed", lambda: False)


async def draw(pilot):
    """Let everything arrive that is on its way, so that the picture is of a state and not of a change."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    await pilot._wait_for_screen()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("view", "keys"), STATES)
def test_screen_looks_as_it_did(snap_compare, view, keys, size):
    app = WorkbenchApp(StillBench(view()))

    async def arrange(pilot):
        await draw(pilot)
        await pilot.press(*keys)
        await draw(pilot)
        await everything_found(pilot)

    assert snap_compare(app, terminal_size=size, run_before=arrange)


async def everything_found(pilot):
    """Wait until the palette has listed all commands."""
    lists = pilot.app.screen.query("CommandList")
    if lists:
        from workbench.ui.commands import COMMANDS

        async with asyncio.timeout(20):
            while lists.first().option_count < len(COMMANDS):
                await pilot.pause()
        await draw(pilot)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("settings", "environment"),
    [
        pytest.param(Settings(ascii=True), {}, id="ascii"),
        pytest.param(Settings(theme="workbench-high-contrast"), {}, id="high-contrast"),
        pytest.param(Settings(theme="textual-light"), {}, id="light"),
        pytest.param(Settings(), {"NO_COLOR": "1"}, id="no-color"),
    ],
)
def test_looks_that_are_chosen_are_as_they_were(snap_compare, monkeypatch, settings, environment, size):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    app = WorkbenchApp(StillBench(states.failed()), Config(settings))

    async def arrange(pilot):
        await draw(pilot)
        await pilot.press("4")
        await draw(pilot)

    try:
        assert snap_compare(app, terminal_size=size, run_before=arrange)
    finally:
        show_controls_in_ascii(False)


FEW = ("hello", "post-echo", "gzip-json", "chunked-trailers", "bad-chunk-size", "hello-tls")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("view", "keys"),
    [
        pytest.param(states.exchanged, ["f2"], id="lab"),
        pytest.param(states.start, ["f2", "slash", *"chunk"], id="lab-search"),
    ],
)
def test_lab_looks_as_it_did(snap_compare, view, keys, size):
    bench = StillBench(view())
    every = bench.lab.catalogue().scenarios
    # Some of them: a picture of all would change with each that is added.
    bench.lab.catalogue = lambda: Catalogue({name: every[name] for name in FEW})

    async def arrange(pilot):
        await draw(pilot)
        await pilot.press(*keys)
        await draw(pilot)

    assert snap_compare(WorkbenchApp(bench), terminal_size=size, run_before=arrange)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "keys",
    [
        pytest.param([], id="sessions"),
        pytest.param(
            ["down", "space", "*", "down", "m", "up", "up", "space", "*", "down", "m", "equals_sign"],
            id="side-by-side",
        ),
    ],
)
def test_sessions_look_as_they_did(snap_compare, keys, size, monkeypatch):
    three_sessions()
    listed = RecordingDirectory.recordings
    # How long a file is depends on how many fields events have.
    monkeypatch.setattr(
        RecordingDirectory, "recordings", lambda self: [replace(one, size=12_345) for one in listed(self)]
    )

    async def arrange(pilot):
        await draw(pilot)
        await pilot.press("f6")
        for key in keys:
            # Reading is done in a thread.
            await (draw(pilot) if key == "*" else pilot.press(key))
        await draw(pilot)

    assert snap_compare(WorkbenchApp(StillBench(states.start())), terminal_size=size, run_before=arrange)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "keys",
    [
        pytest.param([], id="redacted"),
        pytest.param(["s", "o", "down"], id="secrets"),
        pytest.param(["down", "down", "enter"], id="done"),
    ],
)
def test_export_looks_as_it_did(snap_compare, monkeypatch, tmp_path, keys, size):
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    # The directory is on the screen, and the one of a test is called differently each time.
    monkeypatch.setattr(Path, "cwd", lambda: Path("../project"))

    async def arrange(pilot):
        await draw(pilot)
        await pilot.press("f4", *keys)
        await draw(pilot)

    assert snap_compare(WorkbenchApp(StillBench(states.exchanged())), terminal_size=size, run_before=arrange)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "pasted",
    [
        pytest.param("", id="empty"),
        pytest.param("curl http://localhost:8000/ \\\n  --http2", id="mistake"),
    ],
)
def test_import_looks_as_it_did(snap_compare, pasted, size):
    async def arrange(pilot):
        await draw(pilot)
        pilot.app.screen.action_import()
        await draw(pilot)
        pilot.app.screen.query_one("TextArea").text = pasted
        if pasted:
            await pilot.press("ctrl+s")
        await draw(pilot)

    assert snap_compare(WorkbenchApp(StillBench(states.start())), terminal_size=size, run_before=arrange)


@pytest.mark.parametrize("size", SIZES)
def test_second_opinion_looks_as_it_did(snap_compare, monkeypatch, size):
    ours = Opinion(
        "workbench 0.1.0", "1.1", 200, "OK", [103], [("Content-Length", "13")], ending="complete", left=0
    )
    other = Opinion(
        "http.client 3.11.7", "1.1", 103, "Early Hints", None, [("Link", "</style.css>")], left=78
    )
    other.note = "gives no interim responses and no trailers"
    monkeypatch.setattr(opinion, "compare_exchange", lambda *_: compare([ours, other]))
    monkeypatch.setattr(opinion, "missing_readers", lambda: ["h11", "httptools"])

    async def arrange(pilot):
        await draw(pilot)
        await pilot.press("v")
        await draw(pilot)

    assert snap_compare(WorkbenchApp(StillBench(states.exchanged())), terminal_size=size, run_before=arrange)


def test_tiny_terminal_looks_as_it_did(snap_compare):
    app = WorkbenchApp(StillBench(states.exchanged()))

    assert snap_compare(app, terminal_size=(20, 5), run_before=draw)


@pytest.mark.parametrize("size", SIZES)
def test_list_of_breakpoints_looks_as_it_did(snap_compare, size):
    bench = StillBench(states.exchanged())
    for text in ("line 5", "header content-type", "exception HTTPException", "received 1000"):
        bench.list.add(parse_breakpoint(text))
    bench.list.enable(parse_breakpoint("header content-type"), False)

    async def arrange(pilot):
        await draw(pilot)
        await pilot.press("B", "a", *"ev")
        await draw(pilot)

    assert snap_compare(WorkbenchApp(bench), terminal_size=size, run_before=arrange)


@pytest.mark.parametrize("size", SIZES)
def test_editor_looks_as_it_did(snap_compare, size):
    async def arrange(pilot):
        await draw(pilot)
        await pilot.press("e")
        await draw(pilot)
        await pilot.press("down", "down", *"conn.puthead(", "enter")
        pilot.app.screen.editor.check()
        await draw(pilot)

    app = WorkbenchApp(StillBench(states.buffered()))
    assert snap_compare(app, terminal_size=size, run_before=arrange)


@pytest.mark.parametrize("size", SIZES)
def test_question_before_the_editor_is_left_looks_as_it_did(snap_compare, size):
    async def arrange(pilot):
        await draw(pilot)
        await pilot.press("e")
        await draw(pilot)
        await pilot.press("#", "escape")
        while len(pilot.app.screen_stack) < 2:
            await pilot.pause()
        await pilot.pause()

    app = WorkbenchApp(StillBench(states.buffered()))
    assert snap_compare(app, terminal_size=size, run_before=arrange)
