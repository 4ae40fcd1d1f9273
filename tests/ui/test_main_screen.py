"""What every key does, at the sizes where it matters."""

import dataclasses
import time

import pytest
from textual import events

from tests.ui import states
from tests.ui.driving import PATIENCE_SECONDS, SIZES, screen_text, still_app, until
from workbench.session.status import StepperStatus
from workbench.ui.presentation.layout import Pane
from workbench.ui.screens.lab import LabScreen, SearchLine
from workbench.ui.turns import KeyDone
from workbench.ui.view import NOTHING
from workbench.ui.widgets.call_line import CallInput
from workbench.ui.widgets.line_view import LineView


def shown_panes(app):
    return {pane.value for pane in Pane if app.screen.query_one(f"#{pane.value}").region.area}


@pytest.mark.parametrize("size", SIZES)
async def test_keys_give_their_commands(size):
    keys = {
        "n": "step_over",
        "f10": "step_over",
        "s": "step_into",
        "f11": "step_into",
        "c": "continue",
        "f5": "continue",
        "r": "restart",
        "x": "abort",
    }
    async with still_app(states.start(), size) as (_, pilot, bench):
        await pilot.press(*keys)

        assert bench.given == [(command,) for command in keys.values()]


async def test_break_is_set_on_the_line_under_the_cursor():
    async with still_app(states.start()) as (_, pilot, bench):
        await pilot.press("down", "down", "b", "up", "f9")

        assert bench.given == [("toggle_breakpoint", 4), ("toggle_breakpoint", 3)]


@pytest.mark.parametrize("size", SIZES)
async def test_click_beside_a_line_sets_a_break_and_one_on_its_code_does_not(size):
    async with still_app(states.start(), size) as (app, pilot, bench):
        await pilot.click("#script-lines", offset=(20, 2))
        assert bench.given == []

        for column in (0, 3):
            await pilot.click("#script-lines", offset=(column, 3))
        assert bench.given == [("toggle_breakpoint", 4)] * 2
        assert app.screen.query_one("ScriptPane").line == 4


async def test_cursor_of_the_script_begins_at_the_arrow():
    async with still_app(states.start()) as (app, _, _):
        assert app.screen.query_one("ScriptPane").line == 2


@pytest.mark.parametrize("size", SIZES)
async def test_number_goes_to_its_pane(size):
    async with still_app(states.exchanged(), size) as (app, pilot, _):
        for key, pane in [("2", "wire"), ("3", "events"), ("4", "message"), ("1", "script")]:
            await pilot.press(key)
            await pilot.pause()

            assert pane in shown_panes(app)
            assert app.screen.query_one(f"#{pane}").has_focus_within


@pytest.mark.parametrize(
    ("size", "words"),
    [
        pytest.param((80, 24), ["1-4 switch panes"], id="one pane"),
        pytest.param((120, 36), ["1 3 switch panes", "2 4 switch panes"], id="two panes"),
        pytest.param((160, 45), [], id="four panes"),
    ],
)
async def test_tabs_name_the_keys_that_switch_them(size, words):
    async with still_app(states.start(), size) as (app, _, _):
        text = screen_text(app)

        assert text.count("switch panes") == len(words)
        assert all(one in text for one in words)


@pytest.mark.parametrize("key", ["1", "2", "3", "4"])
async def test_every_row_of_tabs_tells_of_an_exception(key):
    async with still_app(states.failed(), (80, 24)) as (app, pilot, _):
        await pilot.press(key)
        await pilot.pause()

        assert "4 Exception" in screen_text(app)


@pytest.mark.parametrize("key", ["1", "2", "3", "4"])
async def test_every_row_of_tabs_counts_what_was_found(key):
    async with still_app(states.conflict(), (80, 24)) as (app, pilot, bench):
        await pilot.press(key)
        await pilot.pause()
        assert "4 Message !1" in screen_text(app)

        bench.show(states.exchanged())
        await until(pilot, lambda: "4 Message !" not in screen_text(app))


async def test_message_that_is_shown_instead_of_the_exception_has_its_own_name():
    async with still_app(states.failed(), (80, 24)) as (app, pilot, _):
        await pilot.press("4")
        assert "4 Exception" in screen_text(app)

        await pilot.press("4")
        await pilot.pause()
        assert "4 Message ✗" in screen_text(app)
        assert "4 Exception" not in screen_text(app)

        await pilot.press("4")
        await pilot.pause()
        assert "4 Exception" in screen_text(app)


@pytest.mark.parametrize("size", SIZES)
async def test_tab_goes_through_what_can_be_seen_in_reading_order(size):
    async with still_app(states.exchanged(), size) as (app, pilot, _):
        seen = []
        for _ in range(4):
            await pilot.press("tab")
            await pilot.pause()
            seen.append(app.screen.choice.active.value)

        everything = ["wire", "events", "message", "script"]
        assert seen == (["wire", "script"] * 2 if size == (120, 36) else everything)


async def test_shift_tab_goes_back():
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        await pilot.press("shift+tab")
        await pilot.pause()

        assert app.screen.choice.active is Pane.MESSAGE


@pytest.mark.parametrize(
    ("size", "panes"),
    [
        pytest.param((160, 45), {"script", "wire", "events", "message"}, id="wide"),
        pytest.param((120, 36), {"script", "wire"}, id="medium"),
        pytest.param((80, 24), {"script"}, id="narrow"),
        pytest.param((20, 5), set(), id="too small"),
    ],
)
async def test_size_decides_which_panes_are_seen(size, panes):
    async with still_app(states.exchanged(), size) as (app, _, _):
        assert shown_panes(app) == panes


async def test_tiny_terminal_shows_one_sentence():
    async with still_app(states.exchanged(), (20, 5)) as (app, _pilot, _):
        text = " ".join(screen_text(app).split())

        assert text == "Terminal 20x5: too small for the workbench. It needs 60x15. ^q quits."


async def test_keys_do_nothing_that_cannot_be_seen():
    async with still_app(states.start(), (40, 12)) as (app, pilot, bench):
        await pilot.press("n", "s", "c", "r", "b", "h", "f2", "z")
        assert bench.given == []
        # What blocks can be ended all the same.
        await pilot.press("x")
        assert bench.given == [("abort",)]
        assert len(app.screen_stack) == 1
        assert not app.screen.choice.maximised

        await pilot.press("ctrl+p", *"next hit")
        await pilot.pause()
        assert "Go to the next hit" not in screen_text(app)
        await pilot.press("escape", "ctrl+q")
        assert app._exit


@pytest.mark.parametrize(
    "smaller", [[(40, 12)], [(80, 24), (59, 14), (1, 1), (20, 5)]], ids=["once", "by steps"]
)
@pytest.mark.parametrize(("keys", "place"), [("i", "#call"), ("/", "#find")])
async def test_what_is_typed_goes_on_after_the_window_was_too_small(keys, place, smaller):
    async with still_app(states.exchanged()) as (app, pilot, bench):
        await pilot.press(*keys, *"Hos")
        for size in (*smaller, (120, 36)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await pilot.press(*"nnn")

        assert app.screen.query_one(place).value == "Hosnnn"
        assert bench.given == []


async def test_line_that_was_left_gets_no_keys_after_the_window_was_too_small():
    async with still_app(states.exchanged()) as (app, pilot, bench):
        await pilot.press("i", "x", "escape", "2")
        for size in ((40, 12), (120, 36)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await pilot.press("n")

        assert app.screen.query_one("#wire").has_focus_within
        assert bench.given == [("step_over",)]


@pytest.mark.parametrize("size", [(160, 45), (120, 36)])
async def test_maximised_pane_is_alone_until_escape(size):
    async with still_app(states.exchanged(), size) as (app, pilot, _):
        before = shown_panes(app)
        await pilot.press("2", "z")
        await pilot.pause()
        assert shown_panes(app) == {"wire"}

        await pilot.press("escape")
        await pilot.pause()
        assert shown_panes(app) == before


async def test_wire_goes_from_text_to_hex_to_ladder_and_back():
    async with still_app(states.exchanged(), (120, 36)) as (app, pilot, _):
        await pilot.press("w")
        await pilot.pause()
        # The line under the cursor stays in sight, and that is the content.
        await until(pilot, lambda: "48 65 6c 6c" in screen_text(app))

        await pilot.press("w")
        await until(pilot, lambda: "153 bytes" in screen_text(app))

        await pilot.press("w")
        await pilot.pause()
        assert "GET /hello HTTP/1.1␍␊" in screen_text(app)


@pytest.mark.parametrize("size", SIZES)
async def test_click_on_the_name_of_a_view_or_a_tab_shows_it(size):
    async with still_app(states.exchanged(), size) as (app, pilot, _):
        for key, name in (("2", "hex"), ("2", "ladder"), ("2", "text"), ("4", "timing"), ("4", "tree")):
            await pilot.press(key)
            await pilot.pause()
            pane = app.screen.query_one("#wire" if key == "2" else "#message")
            title = screen_text(app).split("\n")[pane.region.y]
            await pilot.click(offset=(title.index(name, pane.region.x) + 1, pane.region.y))
            await pilot.pause()
            assert (pane.form if key == "2" else pane.tab) == name


async def test_hex_of_a_narrow_screen_comes_to_the_front():
    async with still_app(states.exchanged(), (80, 24)) as (app, pilot, _):
        await pilot.press("w")
        await pilot.pause()

        assert shown_panes(app) == {"wire"}


async def test_help_explains_the_pane_in_focus():
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        for pane, key, words in [
            ("1", "question_mark", "A program of http.client calls"),
            ("2", "f1", "Every byte"),
            ("3", "question_mark", "in order"),
            ("4", "f1", "taken apart"),
        ]:
            await pilot.press(pane, key)
            await until(pilot, lambda words=words: words in screen_text(app))

            await pilot.press("escape")
            await until(pilot, lambda words=words: words not in screen_text(app))


async def test_ctrl_c_copies_the_line_under_the_cursor_and_does_not_quit():
    async with still_app(states.start()) as (app, pilot, _):
        await pilot.press("ctrl+c")
        await pilot.pause()

        assert app.clipboard.endswith('conn = HTTPConnection("127.0.0.1", 8080)')
        assert app.is_running


async def test_ctrl_c_quits_nowhere():
    async with still_app(states.exchanged()) as (app, pilot, _):
        panels = ("question_mark", "B", "C", "y", "f3")
        leaves = [key for panel in panels for key in (panel, "escape")]
        for place in ("i", "escape", "2", "z", *leaves, "slash", "escape", "ctrl+p"):
            await pilot.press(place, "ctrl+c", "ctrl+c")
            await pilot.pause()

            assert app.is_running


async def test_mouse_selection_is_what_is_copied():
    async with still_app(states.exchanged(), (120, 36)) as (app, pilot, _):
        wire = app.screen.query_one("#wire-lines")
        await pilot.mouse_down(wire, offset=(17, 0))
        await pilot.hover(wire, offset=(20, 0))
        await pilot.mouse_up(wire, offset=(20, 0))
        await pilot.pause()
        await pilot.press("ctrl+c")
        await pilot.pause()

        assert "GET" in app.clipboard


async def test_tabs_and_footer_can_be_clicked():
    async with still_app(states.exchanged(), (80, 24)) as (app, pilot, bench):
        titles = screen_text(app).split("\n")[2]
        await pilot.click(offset=(titles.index("2 Wire"), 2))
        await pilot.pause()
        assert shown_panes(app) == {"wire"}

        footer = screen_text(app).split("\n")[-1]
        await pilot.click(offset=(footer.index("Restart"), 23))
        await pilot.pause()
        assert bench.given == [("restart",)]


async def test_ctrl_q_quits_from_the_call_line():
    async with still_app(states.start()) as (app, pilot, bench):
        await pilot.press("i", "ctrl+q")
        await until(pilot, lambda: not app.is_running)

    assert ("close",) in bench.given


async def test_nodes_open_and_close():
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        await pilot.press("4", "home", "enter")
        await pilot.pause()
        tree = app.screen.query_one("#tree-lines")
        assert tree.line_text(0).startswith(" ▸ request")

        await pilot.press("right")
        await pilot.pause()
        assert tree.line_text(0).startswith(" ▾ request")

        await pilot.press("left")
        await pilot.pause()
        assert tree.line_text(0).startswith(" ▸ request")


@pytest.mark.parametrize("size", [SIZES[0], SIZES[-1]])
async def test_four_changes_between_exception_and_message(size):
    async with still_app(states.failed(), size) as (app, pilot, _):
        await pilot.press("4")
        await pilot.pause()
        assert "HTTPException" in screen_text(app)

        await pilot.press("4")
        await pilot.pause()
        assert "HTTPException" not in screen_text(app)
        assert "request  GET" in screen_text(app)


async def test_step_typed_while_a_call_runs_waits_for_it():
    async with still_app(states.start()) as (_app, pilot, bench):
        bench.busy = True
        await pilot.press("n")
        assert bench.given == []

        bench.busy = False
        bench.show(dataclasses.replace(states.start(), status=StepperStatus("paused", 3)))
        await pilot.pause()

        assert bench.given == [("step_over",)]


async def test_step_typed_while_the_script_is_loaded_waits_for_it():
    async with still_app(NOTHING) as (_, pilot, bench):
        await pilot.press("n")
        assert bench.given == []

        bench.show(states.start())
        await until(pilot, lambda: bench.given != [])
        assert bench.given == [("step_over",)]


async def test_abort_forgets_what_was_typed_ahead():
    async with still_app(states.start()) as (_app, pilot, bench):
        bench.busy = True
        await pilot.press("n", "n", "x")
        bench.busy = False
        bench.show(dataclasses.replace(states.start(), status=StepperStatus("paused", 3)))
        await pilot.pause()

        assert bench.given == [("abort",)]


async def test_markup_and_controls_in_a_name_are_shown_as_they_are():
    view = dataclasses.replace(states.exchanged(), name="[red]x[/red]\x1b[2J", source='a = "[bold]"\n')
    async with still_app(view, (160, 45)) as (app, _, _):
        text = screen_text(app)

        assert "[red]x[/red]␛[2J" in text
        assert 'a = "[bold]"' in text
        assert "\x1b" not in text


async def test_key_that_a_widget_never_answers_does_not_hold_up_the_next(monkeypatch):
    async with still_app(states.exchanged()) as (app, pilot, _):
        lines = app.screen.query_one("#script-lines", LineView)
        lines.point(0)
        post = lines.post_message
        monkeypatch.setattr(lines, "post_message", lambda one: isinstance(one, KeyDone) or post(one))

        await pilot.press("j", "j")

        await until(pilot, lambda: lines.cursor == 2)


async def test_click_stays_behind_the_keys_that_were_pressed_before_it():
    async with still_app(states.buffered()) as (app, pilot, _):
        lines = app.screen.query_one("#script-lines", LineView)
        x, y = lines.region.offset
        click = events.MouseDown(None, x + 5, y + 2, 0, 0, 1, False, False, False)
        for event in [events.Key("i", "i"), events.Key("left", None), events.Key("z", "z"), click]:
            app.post_message(event)
        await until(pilot, lambda: app.screen.query_one(CallInput).value == "z")

        await until(pilot, lambda: lines.has_focus)


async def test_keys_that_wait_are_drawn_with_the_ones_behind_them(monkeypatch):
    """Else a key that is held down goes on long after it was let go."""
    async with still_app(states.exchanged()) as (app, pilot, _):
        lines = app.screen.query_one("#script-lines", LineView)
        lines.point(0)
        drawn = []
        monkeypatch.setattr(app.screen, "draw_at_once", lambda: drawn.append(lines.cursor))
        for _ in range(5):
            app.post_message(events.Key("down", None))
        await until(pilot, lambda: lines.cursor == 5)

        assert set(drawn) == {0, 4}


async def test_keys_behind_one_that_is_never_answered_do_not_each_wait_for_it(monkeypatch):
    monkeypatch.setattr("workbench.ui.turns.MOST_SECONDS", PATIENCE_SECONDS / 30)
    async with still_app(states.exchanged()) as (app, pilot, _):
        lines = app.screen.query_one("#script-lines", LineView)
        post = lines.post_message
        monkeypatch.setattr(
            lines, "post_message", lambda one: isinstance(one, events.Key | KeyDone) or post(one)
        )
        left = []
        monkeypatch.setattr(app, "exit", lambda: left.append(True))

        for key in (*"j" * 40, "ctrl+q"):
            app.post_message(events.Key(key, None))

        await until(pilot, lambda: left == [True])


async def test_time_in_which_the_screen_is_busy_is_no_wait(monkeypatch):
    """A key may have the screen busy for longer than any wait, as the lab does, which reads a hundred files."""
    monkeypatch.setattr("workbench.ui.turns.MOST_SECONDS", 1.0)
    monkeypatch.setattr(LabScreen, "on_mount", _slowed(LabScreen.on_mount))
    async with still_app(states.exchanged()) as (app, pilot, _):
        for key, character in (("f2", None), ("slash", "/"), ("h", "h"), ("e", "e")):
            app.post_message(events.Key(key, character))
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.is_mounted)

        await until(pilot, lambda: app.screen.query_one(SearchLine).value == "he")


def _slowed(do):
    def slowed(screen):
        do(screen)
        # Not `sleep`, which nothing here does: the screen is busy with work.
        end = time.perf_counter() + 1.2
        while time.perf_counter() < end:
            pass

    return slowed
