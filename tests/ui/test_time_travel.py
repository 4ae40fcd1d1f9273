"""Time travel by keys and mouse: every pane shows the moment, and nothing is sent."""

import dataclasses

import pytest

from tests.ui import states
from tests.ui.driving import live_app, screen_text, step, still_app, until
from workbench.protocol import tap
from workbench.session.breakpoint_text import parse_breakpoint
from workbench.session.events import LineStarted
from workbench.session.status import CommandRefused, StepperStatus
from workbench.ui.opening import Target


def pane_text(app, name):
    lines = app.screen.query_one(f"#{name}-lines")
    return "\n".join(lines.line_text(number) for number in range(len(lines.source)))


def index_of(view, kind):
    return next(entry.index for entry in view.recording.entries if isinstance(entry.event, kind))


async def test_every_pane_shows_the_moment():
    view = states.exchanged()
    count = view.last_index + 1
    async with still_app(view, (160, 45)) as (app, pilot, bench):
        present = {name: pane_text(app, name) for name in ("script", "wire", "tree")}
        await pilot.press("u")
        assert f"event {count - 1} of {count} — past" in screen_text(app)
        assert "p present" in screen_text(app)

        # Back to the moment between the arrival of the response and its first line.
        steps = view.last_index - 1 - index_of(view, tap.BytesReceived)
        await pilot.press(*["u"] * steps)
        text = screen_text(app)
        assert f"event {count - 1 - steps} of {count} — past" in text
        assert "past, after BytesReceived" in text
        assert "▐Request-sent▌" in text
        assert "▶ 6 r1 = conn.getresponse()   … under way" in pane_text(app, "script")
        wire = pane_text(app, "wire")
        assert wire.count("received, not parsed yet") == 7
        assert "status-line" not in wire
        assert "response" not in pane_text(app, "tree")
        events = app.screen.query_one("#event-lines")
        assert events.line_text(events.cursor).startswith("▶")
        assert "BytesReceived" in events.line_text(events.cursor)
        assert len(events.source) == count

        await pilot.press("d", "d")
        assert "past, after FieldLineParsed Date" in screen_text(app)
        wire = app.screen.query_one("#wire-lines")
        assert "Date:" in wire.line_text(wire.cursor)
        tree = app.screen.query_one("#tree-lines")
        assert "Date:" in tree.line_text(tree.cursor)

        await pilot.press("p")
        assert "— past" not in screen_text(app)
        assert {name: pane_text(app, name) for name in present} == present
        assert bench.given == []


async def test_keys_that_go_on_go_on_in_the_recording():
    view = states.exchanged()
    async with still_app(view, (120, 36)) as (app, pilot, bench):
        await pilot.press("U", "U", "U", "U")
        assert app.screen.view.arrow == 5
        await pilot.press("n")
        assert app.screen.view.arrow == 6
        await pilot.press("s")
        assert isinstance(app.screen.view.moment.entry.event, LineStarted)
        await pilot.press("D")
        assert app.screen.view.arrow == 7
        footer = screen_text(app).split("\n")[-1]
        assert "d Later" in footer
        assert "p Present" in footer
        assert bench.given == []

        await pilot.press("c")
        assert app.screen.view is view
        await pilot.press("n")
        assert bench.given == [("step_over",)]


async def test_continue_in_the_past_stops_at_breakpoints():
    view = states.exchanged()
    async with still_app(view, (160, 45)) as (app, pilot, bench):
        for text in ("header content-length", "line 7", "event Connected"):
            bench.list.add(parse_breakpoint(text))
        bench.list.enable(parse_breakpoint("event Connected"), False)
        app.screen.travel(lambda traveller: traveller.go(0))

        await pilot.press("c")
        assert "past, breakpoint on header content-length, after FieldLineParsed" in screen_text(app)
        await pilot.press("f5")
        assert app.screen.view.arrow == 7
        assert "past, breakpoint on line 7, after LineReturned" in screen_text(app)
        await pilot.press("u")
        assert "breakpoint on" not in screen_text(app)
        await pilot.press("c", "c")
        assert app.screen.view is view
        assert bench.given == []


async def test_what_acts_on_the_session_returns_to_the_present():
    view = states.buffered()
    async with still_app(view) as (app, pilot, bench):
        for key, command in [("r", ("restart",)), ("x", ("abort",)), ("t", ("run_to_line", 5))]:
            await pilot.press("u")
            assert app.screen.view.past
            if key == "t":
                app.screen.query_one("ScriptPane").show_line(5)
            await pilot.press(key)

            assert app.screen.view is view
            assert bench.given[-1] == command

        await pilot.press("u", "i", *"a()", "enter")
        await pilot.pause()
        assert bench.given[-1] == ("run_call", "a()")
        assert app.screen.view is view

        bench.refusal = CommandRefused("Inside a call")
        await pilot.press("escape", "u", "i", *"b()", "enter")
        await pilot.pause()
        assert app.screen.view.past
        assert "Inside a call" in screen_text(app)


async def test_edges_of_the_recording_say_so():
    async with still_app(states.buffered()) as (app, pilot, _):
        for key in ("d", "p", "D"):
            await pilot.press(key)
            assert "This is the present" in screen_text(app)

        await pilot.press("u")
        assert "This is the present" not in screen_text(app)
        app.screen.travel(lambda traveller: traveller.go(0))
        for key in ("u", "U"):
            await pilot.press(key)
            assert "Nothing happened before this" in screen_text(app)

        await pilot.press("escape", "escape")
        assert app.screen.view.past is None


async def test_enter_and_a_second_click_go_to_the_moment_of_an_event():
    view = states.failed()
    async with still_app(view, (160, 45)) as (app, pilot, _):
        assert "✗ BadStatusLine" in pane_text(app, "card")
        await pilot.press("3", "home", *["down"] * 5)
        assert app.screen.view is view

        await pilot.press("enter")
        assert app.screen.view.last_index == 5
        assert "RequestLineBuffered" in screen_text(app)
        assert not app.screen.query_one("#card-lines").display

        lines = app.screen.query_one("#event-lines")
        await pilot.click(lines, offset=(20, 2), times=2)
        await until(pilot, lambda: app.screen.view.last_index == lines.scroll_offset.y + 2)

        await pilot.press("end", "enter")
        assert app.screen.view is view
        assert app.screen.query_one("#card-lines").display


async def test_session_that_goes_on_leaves_the_past_where_it_is():
    whole = states.failed()
    running = dataclasses.replace(whole, last_index=30, status=StepperStatus("running", 6))
    async with still_app(running) as (app, pilot, bench):
        await pilot.press("u", "u")
        bench.show(whole)
        await pilot.pause()

        assert app.screen.view.last_index == 28
        assert f"event 29 of {whole.last_index + 1} — past" in screen_text(app)


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
async def test_past_is_named_on_narrow_screens(size):
    async with still_app(states.exchanged(), size) as (app, pilot, _):
        await pilot.press("u")

        assert "— past" in screen_text(app).split("\n")[0]
        assert "p present" in screen_text(app).split("\n")[0]


async def test_travelling_through_a_whole_run_sends_nothing():
    async with live_app(Target(), (160, 45)) as (app, pilot):
        await step(app, pilot, "c")
        present = app.screen.view
        entries = len(present.recording.entries)
        await pilot.press(*["U"] * 12)
        assert app.screen.view.last_index == 0
        await pilot.press(*["s"] * 10, *["n"] * 12)

        assert app.screen.view is present
        assert len(present.recording.entries) == entries

        await step(app, pilot, "r")
        # The new run has begun, and the lab may have told already that it saw the old one end.
        for _ in range(3):
            await pilot.press("u")
            if "run 1 of 2 · event" in screen_text(app):
                break
        assert "run 1 of 2 · event" in screen_text(app)
        assert "Hello, world" in pane_text(app, "wire")
