"""The list of breakpoints: by keys, by mouse, and in a real session."""

import pytest
from textual.widgets import Input

from tests.ui import states
from tests.ui.driving import live_app, screen_text, step, still_app, until
from workbench.session.breakpoint_text import EXAMPLES, parse_breakpoint
from workbench.session.status import CommandRefused
from workbench.ui.opening import Target
from workbench.ui.presentation.breakpoint_list import where_it_stops
from workbench.ui.screens.breakpoints import BreakpointLines, BreakpointsScreen


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_kind_says_where_it_stops(text):
    assert len(where_it_stops(parse_breakpoint(text), "conn.close()\n")) > 10


def test_line_is_that_of_the_script_whatever_characters_are_before_it():
    """Python's own `splitlines` ends a line at a form feed, and at others that are no line ends of a script."""
    source = "x = '\x0c\u2028\x85'\r\nconn.close()\n"

    assert where_it_stops(parse_breakpoint("line 2"), source) == "before conn.close()"
    assert where_it_stops(parse_breakpoint("line 4"), source) == "the script has no such line"


async def typed(app, pilot, text):
    app.screen.query_one(Input).value = text
    await pilot.pause()


def rows(app):
    lines = app.screen.query_one(BreakpointLines)
    return [lines.line_text(number).strip() for number in range(len(lines.source))]


async def test_breakpoints_are_typed_with_help_and_stand_in_the_list():
    async with still_app(states.exchanged(), (120, 36)) as (app, pilot, bench):
        await pilot.press("B")
        await pilot.pause()
        assert isinstance(app.screen, BreakpointsScreen)
        assert app.screen.query_one(Input).has_focus
        assert "There is no breakpoint yet" in screen_text(app)
        assert "for example: line 4 · event StatusLineParsed" in screen_text(app)
        assert "Enter adds" in screen_text(app)

        await typed(app, pilot, "event statusl")
        assert "it may become: event StatusLineParsed" in screen_text(app)
        app.screen.query_one(Input).cursor_position = 99
        await until(pilot, lambda: app.screen.query_one(Input)._suggestion != "")
        await pilot.press("tab", "enter")
        await pilot.pause()
        assert rows(app) == ["● event StatusLineParsed       at each of these events"]
        assert app.screen.query_one(Input).value == ""

        # A name that this very exchange had comes first.
        await typed(app, pilot, "header s")
        assert "it may become: header server" in screen_text(app)

        await typed(app, pilot, "exception BadStatus")
        await pilot.press("enter")
        await pilot.pause()
        text = " ".join(screen_text(app).split())
        assert "Expected an exception class, such as BadStatusLine after exception" in text
        assert "Did you mean exception BadStatusLine" in text
        assert app.screen.query_one(Input).value == "exception BadStatus"
        assert len(rows(app)) == 1

        await typed(app, pilot, "line 5")
        await pilot.press("enter")
        await pilot.pause()
        assert rows(app)[1] == "● line 5                       before conn.endheaders()"

        bench.refusal = CommandRefused("No run stops at line 1")
        await typed(app, pilot, "line 1")
        await pilot.press("enter")
        await pilot.pause()
        assert "✗ No run stops at line 1" in screen_text(app)

        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.query("#script-lines")


async def test_breakpoints_are_switched_and_deleted():
    async with still_app(states.start(), (80, 24)) as (app, pilot, bench):
        for text in ("line 5", "state Request-sent", "received 100"):
            bench.list.add(parse_breakpoint(text))
        await pilot.press("B")
        await pilot.pause()
        assert app.screen.query_one(BreakpointLines).has_focus
        assert "Space on/off" in screen_text(app)

        await pilot.press("down", "space")
        await pilot.pause()
        assert "○ state Request-sent           off:" in rows(app)[1]
        assert bench.given == [("enable_breakpoint", "state Request-sent", False)]
        await pilot.press("enter")
        assert bench.given[-1] == ("enable_breakpoint", "state Request-sent", True)

        await pilot.press("delete", "x")
        await pilot.pause()
        assert [row.split("   ")[0] for row in rows(app)] == ["● line 5"]

        # Pointing at one does nothing to it; its mark is what is clicked.
        lines = app.screen.query_one(BreakpointLines)
        await pilot.click(lines, offset=(12, 0))
        assert bench.breakpoints[0].enabled
        await pilot.click(lines, offset=(1, 0))
        await pilot.pause()
        assert not bench.breakpoints[0].enabled

        await pilot.press("a", *"B", "up", "B")
        await pilot.pause()
        assert app.screen.query("#script-lines")


async def test_breakpoint_stops_a_real_run_and_survives_a_restart():
    async with live_app(Target(), (160, 45)) as (app, pilot):
        await pilot.press("B", *"header content-length", "enter", *"line 4", "enter", "up", "space", "escape")
        await pilot.pause()
        assert "○ " in app.screen.query_one("#script-lines").line_text(3)

        for _ in range(2):
            await step(app, pilot, "c")
            text = screen_text(app)
            assert "at FieldLineParsed Content-Length" in text
            assert app.screen.view.status.reason == "breakpoint on header content-length"
            assert "(breakpoint on" in text
            # What came with it stands on the wire, and is not parsed yet.
            assert "received, not parsed yet" in text
            await step(app, pilot, "r")

        await pilot.press("1", "home", "b")
        await pilot.pause()
        assert "No run stops at line 1: there is no call on it" in screen_text(app)
        await pilot.press("down", "down", "down", "b", "down", "b")
        await until(pilot, lambda: app.screen.view.breakpoints == {5})
        assert app.screen.view.disabled_breakpoints == frozenset()
        await step(app, pilot, "c")
        assert "(breakpoint on line 5)" in screen_text(app)


async def test_breakpoint_is_changed_in_the_line_and_kept_when_the_new_text_is_wrong():
    async with still_app(states.exchanged(), (120, 36)) as (app, pilot, bench):
        for text in ("received 1000", "line 5"):
            bench.list.add(parse_breakpoint(text))
        await pilot.press("B", "home", "e")
        await pilot.pause()
        assert app.screen.query_one(Input).value == "received 1000"

        await typed(app, pilot, "received zz")
        await pilot.press("enter")
        await pilot.pause()
        assert [str(one.breakpoint) for one in bench.breakpoints] == ["received 1000", "line 5"]

        await typed(app, pilot, "received 2000")
        await pilot.press("enter")
        await pilot.pause()
        assert {str(one.breakpoint) for one in bench.breakpoints} == {"received 2000", "line 5"}


async def test_breakpoint_that_is_edited_no_longer_stays_when_another_is_added():
    async with still_app(states.start()) as (app, pilot, bench):
        bench.add_breakpoint("line 5")
        await pilot.press("B", "e")
        app.screen.query_one(BreakpointLines).focus()  # as a click does

        await pilot.press("a")
        await typed(app, pilot, "received 5")
        await pilot.press("enter")

        assert [str(one.breakpoint) for one in bench.breakpoints] == ["line 5", "received 5"]
