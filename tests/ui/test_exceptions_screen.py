"""The tree of exceptions: complete, and each class tripped by a key in a real session."""

import io
import json

import pytest

import workbench.protocol
from tests.ui import states
from tests.ui.driving import SIZES, live_app, screen_text, still_app, until
from workbench.endings import ExitCode
from workbench.lab import load_scenarios
from workbench.protocol import HTTPException
from workbench.ui.exceptions_command import run_exceptions
from workbench.ui.keys import USUAL_KEYS
from workbench.ui.opening import Target
from workbench.ui.presentation.exception_list import WAY_COLUMN, ExceptionLines, class_lines, tally
from workbench.ui.presentation.exception_tree import exception_tree
from workbench.ui.presentation.piece import plain
from workbench.ui.screens.exceptions import ExceptionsScreen
from workbench.ui.widgets.line_view import LineView

KEYS = USUAL_KEYS.word

SCENARIOS = load_scenarios()
TREE = exception_tree(SCENARIOS.values())
BY_NAME = {one.name: one for one in TREE}

BASES = {"ImproperConnectionState", "OSError", "UnimplementedFileMode"}
"""What is caught for its subclasses, and raised by nobody."""


def descendants(cls):
    for child in cls.__subclasses__():
        if child.__module__.startswith("workbench.protocol"):
            yield child
            yield from descendants(child)


# --- completeness ---------------------------------------------------------------------------


def test_every_class_of_the_protocol_stands_in_the_tree_once():
    exported = [
        value
        for value in vars(workbench.protocol).values()
        if isinstance(value, type) and issubclass(value, BaseException)
    ]
    names = {cls.__name__ for cls in (HTTPException, *descendants(HTTPException), *exported)}

    assert names <= set(BY_NAME)
    assert len(BY_NAME) == len(TREE)


def test_every_class_has_a_way_or_is_a_base_of_one_that_has():
    assert {one.name for one in TREE if one.is_base_only} == BASES
    for name in BASES:
        at = TREE.index(BY_NAME[name])
        assert TREE[at + 1].depth > TREE[at].depth
        assert not TREE[at + 1].is_base_only


def test_every_promised_exception_stands_in_the_tree():
    promised = {one.promise.exception for one in SCENARIOS.values()} - {None}

    assert promised == {one.name for one in TREE if not one.is_base_only}


@pytest.mark.parametrize("one", TREE, ids=lambda one: one.name)
def test_class_says_what_it_means_and_fits_its_column(one):
    assert one.words.endswith(".")
    assert len(one.name) + 2 * one.depth <= WAY_COLUMN


# --- lines ----------------------------------------------------------------------------------


def test_class_that_was_raised_is_ticked():
    lines = ExceptionLines(TREE, {"BadStatusLine": "Expected a status-line"})
    rows = [plain(lines.line(number, 100)) for number in range(len(lines))]

    assert [row.split()[1] for row in rows if "✓" in row] == ["BadStatusLine"]
    assert tally(TREE, {"BadStatusLine": ""}) == f"1 of {len(TREE) - len(BASES)} tripped in this session"


def test_message_of_a_peer_is_made_visible():
    lines = class_lines(BY_NAME["BadStatusLine"], {"BadStatusLine": "\x1b]0;evil\x07"}, 80, 6, KEYS)

    assert "␛]0;evil␇" in plain(lines[-1])


def test_base_class_says_so():
    lines = ExceptionLines(TREE, {})
    rows = [plain(lines.line(number, 100)) for number in range(len(lines))]

    [row] = [row for row in rows if "ImproperConnectionState" in row]
    assert "base class, never raised itself" in row
    assert "subclasses" in plain(class_lines(BY_NAME["ImproperConnectionState"], {}, 80, 6, KEYS)[-1])


# --- the screen -----------------------------------------------------------------------------


def row_of(app, name):
    lines = app.screen.query_one(LineView)
    return next(at for at in range(len(lines.source)) if name in lines.line_text(at).split())


async def open_at(app, pilot, name):
    await pilot.press("f3")
    await pilot.pause()
    app.screen.query_one(LineView).point(row_of(app, name))
    await pilot.pause()


@pytest.mark.parametrize(
    "name", ["BadStatusLine", "CannotSendHeader", "TunnelError", "SSLCertVerificationError"]
)
async def test_key_trips_a_class_and_ticks_it(name):
    async with live_app(Target()) as (app, pilot):
        await open_at(app, pilot, name)
        assert f"0 of {len(TREE) - len(BASES)} tripped" in screen_text(app)

        await pilot.press("t")

        await until(pilot, lambda: "✓" in app.screen.query_one(LineView).line_text(row_of(app, name)))
        assert f"1 of {len(TREE) - len(BASES)} tripped" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.view.status.error.class_name == name
        # It is remembered when the screen is opened again, and other scripts have run.
        await open_at(app, pilot, name)
        assert "✓" in app.screen.query_one(LineView).line_text(row_of(app, name))


async def test_two_classes_are_tripped_one_after_the_other():
    async with live_app(Target()) as (app, pilot):
        await pilot.press("f3")
        await pilot.pause()
        for name in ("InvalidURL", "IncompleteHead"):
            app.screen.query_one(LineView).point(row_of(app, name))
            await pilot.press("t")
            row = row_of(app, name)
            await until(pilot, lambda row=row: "✓" in app.screen.query_one(LineView).line_text(row))

        assert f"2 of {len(TREE) - len(BASES)} tripped" in screen_text(app)


async def test_enter_loads_the_scenario_and_runs_nothing():
    async with live_app(Target()) as (app, pilot):
        await open_at(app, pilot, "ChunkError")

        await pilot.press("enter")

        await until(
            pilot, lambda: getattr(app.screen, "view", None) and app.screen.view.name == "lab: bad-chunk-size"
        )
        assert app.screen.view.status.mode == "ready"


async def test_base_class_is_not_loaded():
    async with still_app(states.start()) as (app, pilot, bench):
        await open_at(app, pilot, "ImproperConnectionState")

        await pilot.press("enter", "t")

        assert isinstance(app.screen, ExceptionsScreen)
        assert bench.given == []


@pytest.mark.parametrize("size", SIZES)
async def test_explanation_is_in_sight_at_every_size(size):
    async with still_app(states.failed(), size) as (app, pilot, _):
        await open_at(app, pilot, "BadStatusLine")
        await pilot.press("down", "up")
        await pilot.pause()

        text = screen_text(app)
        assert "t trips it" in text
        assert "Expected a status-line at byte 0" in text


async def test_screen_outlives_a_terminal_without_room_for_a_word():
    async with still_app(states.failed()) as (app, pilot, _):
        await open_at(app, pilot, "BadStatusLine")

        await pilot.resize_terminal(4, 10)
        await pilot.pause()
        await pilot.resize_terminal(120, 36)
        await pilot.pause()

        assert "Expected a status-line at byte 0" in screen_text(app)


# --- the command ----------------------------------------------------------------------------


def test_command_prints_every_class_with_its_way():
    out = io.StringIO()

    assert run_exceptions(as_json=False, out=out, err=io.StringIO()) is ExitCode.SUCCEEDED
    for one in TREE:
        assert one.name in out.getvalue()
    assert "workbench run --lab garbage-status-line" in out.getvalue()


def test_command_prints_the_same_for_programs():
    out = io.StringIO()

    run_exceptions(as_json=True, out=out, err=io.StringIO())

    printed = json.loads(out.getvalue())["exceptions"]
    assert [one["name"] for one in printed] == [one.name for one in TREE]
    assert all(one["base_only"] or one["scenarios"] for one in printed)
