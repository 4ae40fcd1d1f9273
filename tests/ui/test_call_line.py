"""The call line: what is typed, completed, explained and run, and what was typed before."""

import pytest
from textual import events

from tests.ui import states
from tests.ui.driving import SIZES, live_app, screen_text, settle, step, still_app, until, write_call
from workbench.session.call_history import load_calls
from workbench.session.script_error import ScriptError
from workbench.session.status import CommandRefused
from workbench.ui.opening import Target


def line(app):
    return app.screen.query_one("#call")


def box(app):
    return app.screen.query_one("AssistBox")


@pytest.mark.parametrize("size", SIZES)
async def test_call_is_completed_explained_and_run(size):
    async with still_app(states.buffered(), size) as (app, pilot, bench):
        await pilot.press("i", *"conn.pu")
        text = screen_text(app)
        assert "putheader(header, *values)" in text
        assert "Queue a field line." in text
        assert "raises CannotSendRequest now" in text

        await pilot.press("tab")
        assert line(app).value == "conn.putheader("
        assert "header str | bytes: The field name, a token." in screen_text(app)
        assert '"Accept-Encoding"' in screen_text(app)

        await pilot.press('"', *"acc", "tab", "comma", "space", "down", "down", "enter")
        assert line(app).value == 'conn.putheader("Accept", "application/json"'
        assert bench.given == []

        await pilot.press(")", "enter")
        assert bench.given == [("run_call", 'conn.putheader("Accept", "application/json")')]
        assert line(app).value == ""
        assert not box(app).display


async def test_escape_closes_the_list_and_then_leaves_the_line():
    async with still_app(states.buffered()) as (app, pilot, _):
        await pilot.press("i", *"conn.")
        assert box(app).open

        await pilot.press("escape")
        assert not box(app).open
        assert line(app).has_focus

        await pilot.press("escape")
        assert not line(app).has_focus
        assert line(app).value == "conn."
        assert not box(app).display


async def test_enter_runs_the_line_while_no_offer_is_chosen():
    async with still_app(states.buffered()) as (app, pilot, bench):
        await pilot.press("i", *"conn.close", "enter")
        assert bench.given == [("run_call", "conn.close")]

        line(app).value = ""
        await pilot.press(*"conn.c", "down", "up", "enter")
        assert bench.given[1:] == [("run_call", "conn.c")]


async def test_click_takes_an_offer():
    async with still_app(states.buffered()) as (app, pilot, _):
        await pilot.press("i", *"conn.endh")
        await pilot.pause()
        await pilot.click("AssistBox LineView", offset=(4, 0))
        await pilot.pause()

        assert line(app).value == "conn.endheaders("
        assert line(app).has_focus


async def test_tab_shows_what_waits_to_be_asked_for_and_leaves_an_empty_line():
    async with still_app(states.buffered()) as (app, pilot, _):
        await pilot.press("i", *"x = ", "tab")
        assert box(app).open

        # What is typed next would be commands: x aborts, r restarts.
        await write_call(app, pilot, "zzz")
        await pilot.press("tab", *"xr")
        assert line(app).has_focus
        assert line(app).value == "zzzxr"

        line(app).value = ""
        await pilot.press("tab")
        assert not line(app).has_focus

        await write_call(app, pilot, "conn.")
        await pilot.press("shift+tab")
        assert not line(app).has_focus


async def test_cursor_inside_the_line_is_explained_and_nothing_pops_up():
    async with still_app(states.buffered()) as (app, pilot, _):
        await write_call(app, pilot, 'conn.putheader("Accept", "*/*")')
        await pilot.press("left", "left", "left", "left")

        assert "values str | bytes | int" in screen_text(app)
        assert not box(app).open


async def test_call_that_raises_now_says_so_before_it_is_run():
    async with live_app(Target()) as (app, pilot):
        await step(app, pilot)
        await pilot.press("i", *"conn.getresponse(")

        assert "raises ResponseNotReady now" in screen_text(app)


async def test_what_was_typed_comes_back_by_how_it_begins():
    async with still_app(states.buffered()) as (app, pilot, _):
        for call in ("conn.close()", "r1.read()", "conn.endheaders()"):
            await write_call(app, pilot, call)
            await pilot.press("enter")

        await pilot.press("up")
        assert line(app).value == "conn.endheaders()"
        await pilot.press("up", "up", "up")
        assert line(app).value == "conn.close()"
        await pilot.press("down", "down", "down")
        assert line(app).value == ""

        await pilot.press(*"conn.c", "up")
        assert line(app).value == "conn.close()"
        assert not box(app).open
        await pilot.press("down")
        assert line(app).value == "conn.c"


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(ScriptError("Expected Python: no", line=9, column=3), id="no Python"),
        pytest.param(CommandRefused("A call is running"), id="refused"),
    ],
)
async def test_call_that_cannot_be_run_stays_and_is_remembered(refusal):
    async with still_app(states.buffered()) as (app, pilot, bench):
        bench.refusal = refusal
        await write_call(app, pilot, "conn.clos()")
        await pilot.press("enter")

        assert line(app).value == "conn.clos()"
        line(app).value = ""
        await pilot.press("up")
        assert line(app).value == "conn.clos()"


async def test_calls_survive_a_restart_of_the_program():
    async with still_app(states.buffered()) as (app, pilot, _):
        await write_call(app, pilot, "conn.close()")
        await pilot.press("enter")
        await write_call(app, pilot, 'conn.putheader("Authorization", "Basic c2VjcmV0")')
        await pilot.press("enter")
        await settle(pilot)

    assert load_calls() == ["conn.close()"]
    async with still_app(states.buffered()) as (app, pilot, _):
        await pilot.press("i", "up")

        assert line(app).value == "conn.close()"


async def test_history_that_cannot_be_read_or_written_is_no_reason_to_stop(private_home):
    (private_home / "state" / "workbench").write_text("a file where a directory should be")
    async with still_app(states.buffered()) as (app, pilot, bench):
        await write_call(app, pilot, "conn.close()")
        await pilot.press("enter")
        await settle(pilot)

        assert bench.given == [("run_call", "conn.close()")]


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n", "\r\r"])
async def test_lines_that_are_pasted_come_one_after_the_other(line_end):
    """Terminals paste a CR for each line end, and tmux two where there were CR and LF."""
    pasted = "conn.putheader(\n    'A', 'b')\n\nconn.endheaders()\nr1 = conn.getresponse()\n"
    pasted = pasted.replace("\n", line_end)
    async with still_app(states.buffered()) as (app, pilot, bench):
        await pilot.press("i")
        line(app).post_message(events.Paste(pasted))
        await until(pilot, lambda: line(app).value != "")
        assert line(app).value == "conn.putheader( 'A', 'b')"

        await pilot.press("enter")
        assert line(app).value == "conn.endheaders()"
        assert "1 more line was pasted" in screen_text(app)
        await pilot.press("enter", "enter", "enter")

        assert [source for _, source in bench.given] == [
            "conn.putheader( 'A', 'b')",
            "conn.endheaders()",
            "r1 = conn.getresponse()",
        ]


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        pytest.param(
            'conn.request(\n    "GET",\n    "/x",\n)\n', 'a conn.request( "GET", "/x", )', id="one call"
        ),
        pytest.param(' "/x" \n', 'a  "/x" ', id="part of one"),
        pytest.param("\n \n", "a ", id="nothing"),
    ],
)
async def test_call_that_is_pasted_in_several_lines_is_one(pasted, expected):
    async with still_app(states.buffered()) as (app, pilot, _):
        await write_call(app, pilot, "a ")
        line(app).cursor_position = 2

        line(app).post_message(events.Paste(pasted))
        await pilot.pause()

        assert line(app).value == expected


async def test_call_line_takes_letters_that_are_keys_elsewhere():
    async with still_app(states.start()) as (app, pilot, bench):
        await pilot.press("i", *"conn.bcnrsx")

        assert line(app).value == "conn.bcnrsx"
        assert bench.given == []


async def test_enter_asks_for_the_call_and_empties_the_line():
    async with still_app(states.start()) as (app, pilot, bench):
        await write_call(app, pilot, "conn.close()")
        await pilot.press("enter")
        await pilot.pause()

        assert bench.given == [("run_call", "conn.close()")]
        assert line(app).value == ""


async def test_refused_call_stays_in_the_line():
    async with still_app(states.start()) as (app, pilot, bench):
        bench.refusal = CommandRefused("A call is running")
        await write_call(app, pilot, "conn.close()")
        await pilot.press("enter")
        await pilot.pause()

        assert line(app).value == "conn.close()"
        assert "A call is running" in screen_text(app)


@pytest.mark.parametrize("keys", [["x"], ["backspace"], ["ctrl+u"], ["up", "up"]], ids="+".join)
async def test_words_about_a_mistake_go_with_the_line_that_has_it(keys):
    async with still_app(states.buffered()) as (app, pilot, bench):
        await write_call(app, pilot, "conn.close()")
        await pilot.press("enter")
        bench.refusal = ScriptError("HTTPConnection has no method ''", line=8, column=1)
        await write_call(app, pilot, "conn.")
        await pilot.press("enter", "left", "end")
        await pilot.pause()
        assert "has no method" in screen_text(app)

        await pilot.press(*keys)
        await pilot.pause()
        assert line(app).value != "conn."
        assert "has no method" not in screen_text(app)


async def test_mistake_in_a_call_is_named_by_its_column_alone():
    async with still_app(states.start()) as (app, pilot, bench):
        bench.refusal = ScriptError("'(' was never closed", line=8, column=4, hint="Close it")
        await write_call(app, pilot, "foo(")
        await pilot.press("enter")
        await pilot.pause()

        assert "✗ column 4: '(' was never closed" in screen_text(app)
        assert "Close it" in screen_text(app)
