"""What is said in between: a refusal, a problem, what is waited for."""

import dataclasses

import pytest

from tests.ui import states
from tests.ui.driving import screen_text, settle, still_app, until
from workbench.session.status import CommandRefused, StepperStatus
from workbench.ui.messages import OpenStarted, ProblemFound
from workbench.ui.opening import CannotOpen
from workbench.ui.view import NOTHING
from workbench.ui.widgets.line_view import LineView


async def test_problem_does_not_show_in_a_tiny_terminal():
    async with still_app(states.exchanged(), (20, 5)) as (app, pilot, _):
        app.screen.post_message(ProblemFound("The disk is full"))
        await until(pilot, lambda: app.screen.query_one("Problem").display)

        assert "disk" not in screen_text(app)


@pytest.mark.parametrize("key", ["i", "/", "e", "1"])
async def test_escape_closes_the_panel_before_it_leaves_the_line(key):
    async with still_app(states.start()) as (app, pilot, bench):
        bench.refusal = CannotOpen("No")
        await pilot.press("r", key)
        await settle(pilot)
        focused = app.focused
        await pilot.press("escape")
        await pilot.pause()
        assert not app.screen.query_one("Problem").display
        assert app.focused is focused

        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.focused, LineView)


@pytest.mark.parametrize(("key", "leave"), [("i", "Leave this line"), ("e", "Leave the editor")])
async def test_footer_says_of_escape_what_it_does_now(key, leave):
    async with still_app(states.start()) as (app, pilot, _):
        app.screen.post_message(ProblemFound("No"))
        await pilot.press(key)
        await until(pilot, lambda: "Esc Close the panel" in screen_text(app))
        assert leave not in screen_text(app)

        await pilot.press("escape")
        await until(pilot, lambda: f"Esc {leave}" in screen_text(app))

        app.screen.post_message(ProblemFound("No"))
        await until(pilot, lambda: "Esc Close the panel" in screen_text(app))


async def test_panel_closes_with_the_next_command_that_works():
    async with still_app(states.start()) as (app, pilot, bench):
        bench.refusal = CannotOpen("No")
        await pilot.press("r")
        assert app.screen.query_one("Problem").display
        bench.refusal = None
        await pilot.press("n")
        await pilot.pause()

        assert not app.screen.query_one("Problem").display


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("3", id="another pane"),
        pytest.param("tab", id="next pane"),
        pytest.param("i", id="call line"),
        pytest.param("escape", id="escape"),
        pytest.param("r", id="a command that works"),
    ],
)
async def test_refusal_is_one_line_with_the_keys_that_work_until_the_next_one(key):
    async with still_app(states.exchanged()) as (app, pilot, bench):
        bench.refusal = CommandRefused("The script has ended")
        await pilot.press("n")
        await pilot.pause()
        assert "\n The script has ended: r runs it again, i adds a call " in screen_text(app)
        assert not app.screen.query_one("Problem").display

        bench.refusal = None
        await pilot.press(key)
        await pilot.pause()
        assert not app.screen.query_one("Hint").display


async def test_note_does_not_appear_for_what_is_quick(monkeypatch):
    monkeypatch.setattr("workbench.ui.screens.main.SECONDS_UNTIL_NOTE", 3600)
    async with still_app(states.start()) as (app, pilot, bench):
        bench.show(dataclasses.replace(states.start(), status=StepperStatus("running", 2)))
        await pilot.pause()

        assert not app.screen.query_one("Waiting").display


async def test_note_appears_for_what_takes_longer_and_goes_with_it():
    async with still_app(states.start()) as (app, pilot, bench):
        note = app.screen.query_one("Waiting")
        bench.show(dataclasses.replace(states.start(), status=StepperStatus("running", 2)))
        await until(pilot, lambda: note.display)
        assert "x aborts" in screen_text(app)

        bench.show(states.start())
        await until(pilot, lambda: not note.display)


async def test_opening_that_takes_longer_says_so_and_how_to_leave():
    async with still_app(NOTHING) as (app, pilot, _):
        app.screen.post_message(OpenStarted("the lab server to listen"))
        await until(pilot, lambda: app.screen.query_one("Waiting").display)

        assert "waiting for the lab server to listen" in screen_text(app)
        assert "^q quits" in screen_text(app)


async def test_problem_is_shown_without_reading_it_as_markup():
    async with still_app(states.start()) as (app, pilot, _):
        app.screen.post_message(ProblemFound("No [bold]such[/bold] \x1b]0;file\x07", "try [link]"))
        await until(pilot, lambda: app.screen.query_one("Problem").display)

        assert "No [bold]such[/bold] ␛]0;file␇" in screen_text(app)
        assert "try [link]" in screen_text(app)
