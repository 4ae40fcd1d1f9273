"""The wire on the screen: finding, parts, copying, and the way to the other panes and back."""

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.ui import states
from tests.ui.conversation import Conversation
from tests.ui.driving import SIZES, screen_text, still_app, until
from workbench.protocol import tap
from workbench.session.entries import EntryLog
from workbench.ui.presentation.piece import Piece, Role, Tone
from workbench.ui.presentation.wire_form import WireForm
from workbench.ui.theme import ROLE_STYLES, TONE_STYLES
from workbench.ui.widgets.painter import style_of
from workbench.ui.widgets.wire_pane import WirePane


@pytest.mark.parametrize("keys", [["2"], ["w", "2"]], ids=["text", "hex"])
async def test_wire_ends_with_what_the_server_did(keys):
    async with still_app(states.truncated(), (80, 24)) as (app, pilot, _):
        await pilot.press(*keys)
        await pilot.pause()
        assert "the server closed: 74 of 100 bytes never came" in screen_text(app)

        await pilot.press("end", "y")
        await pilot.pause()
        assert "everything received" in screen_text(app)
        assert "this row" not in screen_text(app)


def wire_of(app):
    return app.screen.query_one("WirePane")


def row_text(app, name="wire-lines"):
    lines = app.screen.query_one(f"#{name}")
    return lines.line_text(lines.cursor)


def event_here(app):
    pane = app.screen.query_one("EventsPane")
    index = pane.entry_at(app.screen.query_one("#event-lines").cursor)
    return app.screen.view.recording.entries.event(index)


def saved_bytes(state):
    return [path.read_bytes() for path in Path(state, "workbench", "copies").iterdir()]


async def find(app, pilot, text):
    await pilot.press("slash")
    app.screen.query_one("#find", Input).value = text
    await pilot.press("enter")
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


# --- finding -----------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_find_goes_from_hit_to_hit_and_escape_closes_it(size):
    async with still_app(states.exchanged(), size) as (app, pilot, bench):
        await find(app, pilot, "hello")
        assert "2 of 2  > next  < previous  Esc closes" in screen_text(app)
        assert "Hello, world" in row_text(app)

        await pilot.press("greater_than_sign")
        await pilot.pause()
        assert "1 of 2" in screen_text(app)
        assert "GET /hello" in row_text(app)
        assert isinstance(event_here(app), tap.RequestLineBuffered)

        await pilot.press("less_than_sign", "n")
        await pilot.pause()
        assert "2 of 2" in screen_text(app)
        assert bench.given == [("step_over",)]

        await pilot.press("escape")
        await pilot.pause()
        assert "of 2" not in screen_text(app)
        assert wire_of(app).has_focus_within


async def test_mistake_in_a_query_is_shown_below_it_and_what_was_typed_stays():
    async with still_app(states.exchanged(), (120, 36)) as (app, pilot, _):
        await find(app, pilot, "hex:0d 0g")

        entry = app.screen.query_one("#find", Input)
        lines = screen_text(app).split("\n")
        typed = next(line for line in lines if "hex:0d 0g" in line)
        answer = lines[lines.index(typed) + 1]
        assert entry.has_focus
        assert "▲ Expected a hexadecimal digit" in answer
        assert answer.index("▲") == typed.index("g", typed.index("hex:"))

        await pilot.press("escape", "slash")
        assert entry.value == "hex:0d 0g"


async def test_queries_of_before_come_back_with_the_arrow_keys():
    async with still_app(states.exchanged(), (120, 36)) as (app, pilot, _):
        for text in ("host", "re:\\d+ OK"):
            await find(app, pilot, text)
        await pilot.press("slash", "up", "up")
        entry = app.screen.query_one("#find", Input)
        assert entry.value == "host"

        await pilot.press("down")
        assert entry.value == "re:\\d+ OK"


async def test_expression_that_takes_for_ever_is_given_up():
    view = states.sent_content(b"a" * 60)
    async with still_app(view, (120, 36)) as (app, pilot, _):
        await find(app, pilot, "re:(a+)+b")

        assert "takes too long" in screen_text(app)


async def test_keys_are_answered_while_a_long_search_goes_on(monkeypatch):
    monkeypatch.setattr("workbench.ui.presentation.find_search.LITERAL_SLICE", 10)
    async with still_app(states.sent_content(b"x" * 4_000_000), (120, 36)) as (app, pilot, bench):
        await pilot.press("slash")
        app.screen.query_one("#find", Input).value = "post"
        await pilot.press("enter", "n", "home")
        bar = app.screen.query_one("FindBar")
        search = bar.search
        assert not search.done
        assert bench.given == [("step_over",)]
        assert app.screen.query_one("#wire-lines").cursor == 0

        await pilot.press("escape")
        await app.workers.wait_for_complete()

        assert not search.done
        assert bar.search is None


async def test_hits_of_one_run_are_not_those_of_the_next():
    async with still_app(states.exchanged(), (120, 36)) as (app, pilot, bench):
        await find(app, pilot, "hello")
        bench.show(states.failed())
        await pilot.pause()

        assert app.screen.query_one("FindBar").search is None


async def test_footer_names_escape_while_a_query_is_typed():
    async with still_app(states.exchanged(), (80, 24)) as (app, pilot, _):
        await pilot.press("slash")
        await pilot.pause()

        assert screen_text(app).split("\n")[-1].split()[0] == "Esc"


@pytest.mark.parametrize("tone", [tone for tone in Tone if " on $" in f" {TONE_STYLES[tone]}"])
def test_background_of_a_mark_is_the_last_word_of_a_style(tone):
    """In a style, a colour behind `on` is the background, whatever it was meant to be."""
    for role in Role:
        if " on " not in ROLE_STYLES[role]:
            _, _, background = style_of(Piece("", role, tone)).partition("on ")

            assert background.count("$") == 1


# --- long recordings ---------------------------------------------------------------------


def put_many_requests(talk):
    for _ in range(3 * EntryLog.at_once):
        talk.put_request("GET", "/")
        talk.end_header_section()
    talk.put_request("GET", "/last")


def long_view():
    talk = Conversation("")
    put_many_requests(talk)
    return states.view_of(talk, "long", states.StepperStatus("paused", 1))


async def test_long_recording_is_opened_at_its_end():
    async with still_app(long_view(), (120, 36)) as (app, pilot, _):
        await until(pilot, lambda: wire_of(app)._rows.complete)

        assert "GET /last" in row_text(app)
        assert "GET /last" in screen_text(app)


@pytest.fixture
def go_on(monkeypatch):
    """Holds the index at its first rows, until this is called."""
    held = []
    call_after_refresh = WirePane.call_after_refresh

    def hold(pane, callback, *arguments):
        if callback == pane._draw_more:
            held.append(callback)
            return True
        return call_after_refresh(pane, callback, *arguments)

    def go_on():
        while held:
            held.pop()()

    monkeypatch.setattr(WirePane, "call_after_refresh", hold)
    return go_on


async def test_hit_that_is_not_indexed_yet_is_shown_when_it_is(go_on):
    async with still_app(long_view(), (120, 36)) as (app, pilot, _):
        await pilot.press("2", "home")
        await find(app, pilot, "/last")
        assert "1 of 1" in screen_text(app)
        assert "GET /last" not in row_text(app)

        go_on()
        await until(pilot, lambda: "GET /last" in row_text(app))


async def test_reader_is_left_alone_while_the_rest_is_indexed(go_on):
    async with still_app(long_view(), (120, 36)) as (app, pilot, _):
        await pilot.press("2", "home")
        go_on()
        await until(pilot, lambda: wire_of(app)._rows.complete)

        assert app.screen.query_one("#wire-lines").cursor == 0


@pytest.mark.parametrize("mode", ["running", "paused"])
async def test_much_that_comes_while_a_call_runs_is_drawn_when_all_of_it_is_indexed(mode, monkeypatch):
    """A picture of a part of it, soon followed by one of all of it, would keep keys waiting for both."""
    talk = Conversation("")
    talk.put_request("GET", "/first")
    talk.end_header_section()
    async with still_app(states.view_of(talk, "long", states.StepperStatus("paused", 1)), (120, 36)) as (
        app,
        pilot,
        bench,
    ):
        await until(pilot, lambda: wire_of(app)._rows is not None and wire_of(app)._rows.complete)
        drawn = []
        draw = WirePane._draw
        monkeypatch.setattr(WirePane, "_draw", lambda pane: (draw(pane), drawn.append(pane._rows.complete)))
        put_many_requests(talk)
        bench.show(states.view_of(talk, "long", states.StepperStatus(mode, 1)))
        await until(pilot, lambda: True in drawn)

        assert (False in drawn) is (mode == "paused")
        assert "GET /last" in screen_text(app)


async def test_find_without_bytes_says_so():
    async with still_app(states.start(), (120, 36)) as (app, pilot, _):
        await find(app, pilot, "host")

        assert "There are no bytes to search yet" in screen_text(app)


# --- parts -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [WireForm.TEXT, WireForm.HEX])
async def test_brackets_go_from_part_to_part(form):
    async with still_app(states.chunked(), (160, 45)) as (app, pilot, _):
        wire_of(app).form = form
        await pilot.press("2", "home", "right_square_bracket", "right_square_bracket")
        await pilot.pause()
        assert event_here(app).name == "Accept-Encoding"
        assert "Accept-Encoding" in row_text(app, "tree-lines")

        await pilot.press("left_square_bracket")
        await pilot.pause()
        assert event_here(app).name == "Host"
        assert app.screen.query_one("ScriptPane").line == 3


@pytest.mark.parametrize("key", ["]", "["])
@pytest.mark.parametrize("form", WireForm)
async def test_brackets_without_bytes_say_so(form, key):
    async with still_app(states.start(), (120, 36)) as (app, pilot, _):
        wire_of(app).form = form
        await pilot.press(key)
        await pilot.pause()

        assert " There are no bytes to go to yet. n runs the next call " in screen_text(app)


async def test_brackets_go_from_rung_to_rung():
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        await pilot.press("2", "w", "w", "left_square_bracket")
        await pilot.pause()

        assert isinstance(event_here(app), tap.BytesSent)


# --- copying -----------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
async def test_copy_says_which_way_it_went(size):
    async with still_app(states.exchanged(), size) as (app, pilot, _):
        await pilot.press("2", "home", "right_square_bracket", "y")
        await pilot.pause()
        assert "field line, 22 bytes" in screen_text(app)

        await pilot.press("3")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.clipboard == "b'Host: 127.0.0.1:8080\\r\\n'"
        assert "Sent to the terminal (OSC 52)" in screen_text(app)


async def test_copy_that_is_no_text_is_saved_and_the_path_is_shown(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with still_app(states.sent_content(b"\xff\xfe"), (160, 45)) as (app, pilot, _):
        await pilot.press("2", "y", "enter")
        await app.workers.wait_for_complete()
        await pilot.pause()

        assert saved_bytes(tmp_path) == [b"\xff\xfe"]
        assert "Saved in" in screen_text(app)


async def test_copy_of_nothing_says_so():
    async with still_app(states.start(), (80, 24)) as (app, pilot, _):
        await pilot.press("y")
        await pilot.pause()

        assert "There are no bytes to copy yet" in screen_text(app)


# --- links -------------------------------------------------------------------------------


async def test_keys_lead_from_each_pane_to_all_others():
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        await pilot.press("1", "home", "down", "down", "down")
        await pilot.pause()
        assert "Accept: text/plain" in row_text(app)
        assert "Accept: text/plain" in row_text(app, "tree-lines")
        assert event_here(app).line == 4

        await pilot.press("4", "home", "down")
        await pilot.pause()
        assert "GET /hello" in row_text(app)
        assert isinstance(event_here(app), tap.RequestLineBuffered)
        assert app.screen.query_one("ScriptPane").line == 3

        await pilot.press("2", "end")
        await pilot.pause()
        assert isinstance(event_here(app), tap.ContentParsed)
        assert row_text(app, "tree-lines").strip().startswith("▾ content")
        assert app.screen.query_one("ScriptPane").line == 7

        await pilot.press("3", "home")
        while not isinstance(event_here(app), tap.BytesReceived):
            await pilot.press("down")
            await pilot.pause()
        assert "HTTP/1.1 200 OK" in row_text(app)
        assert "status-line" in row_text(app, "tree-lines")
        assert app.screen.query_one("ScriptPane").line == 6


async def test_clicks_lead_from_each_pane_to_all_others():
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        await pilot.click("#script-lines", offset=(10, 3))
        await pilot.pause()
        assert "Accept: text/plain" in row_text(app)

        await pilot.click("#wire-lines", offset=(30, 1))
        await pilot.pause()
        assert event_here(app).name == "Host"
        assert app.screen.query_one("ScriptPane").line == 3

        tree = app.screen.query_one("#tree-lines")
        tree.scroll_to(y=0, animate=False, immediate=True)
        await pilot.pause()
        await pilot.click("#tree-lines", offset=(10, 4))
        await pilot.pause()
        assert "Accept-Encoding" in row_text(app)


async def test_click_on_digits_chooses_the_part_of_that_byte():
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        await pilot.press("2", "w", "home")
        await pilot.pause()
        rows = wire_of(app)._rows
        offset = rows.span_of_row(1).end - 1
        expected = app.screen.view.moment.connection.element_at("sent", offset)
        width = rows.columns - rows._row_bytes

        for column in (width + rows._row_bytes - 1, width - 4):
            await pilot.click("#wire-lines", offset=(12, 1))
            await pilot.pause()
            assert isinstance(event_here(app), tap.RequestLineBuffered)
            await pilot.click("#wire-lines", offset=(column, 1))
            await pilot.pause()
            assert event_here(app) is expected.event


async def test_other_panes_are_at_the_same_place_where_only_one_is_seen():
    async with still_app(states.exchanged(), (80, 24)) as (app, pilot, _):
        await pilot.press("1", "home", "down", "down", "down", "2")
        await pilot.pause()
        assert "Accept: text/plain" in row_text(app)

        await pilot.press("4")
        await pilot.pause()
        assert "Accept: text/plain" in row_text(app, "tree-lines")
        assert "Accept: text/plain" in screen_text(app)
