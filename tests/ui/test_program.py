"""What works on every screen: help, the cheat sheet, copying, colours, the mouse."""

import json

import pytest

from tests.ui import states
from tests.ui.driving import screen_text, settle, still_app, until
from workbench.session.state_directory import state_directory
from workbench.ui.chosen_theme import FILE_NAME, save_theme, theme_to_start_with
from workbench.ui.commands import EVERYWHERE
from workbench.ui.mouse import give_mouse, has_mouse
from workbench.ui.presentation.help_text import NOTHING_SPECIAL, topic_of
from workbench.ui.screens.program import ProgramScreen

DIALOGS = ["B", "C", "y", "f2", "f3", "question_mark", "H", "semicolon"]
"""The keys of the screens over the workbench."""


@pytest.mark.parametrize("command", EVERYWHERE, ids=lambda command: command.id)
def test_what_works_everywhere_is_carried_out_everywhere(command):
    assert callable(getattr(ProgramScreen, f"action_{command.action.partition('(')[0]}"))


async def test_copying_never_quits_on_any_screen():
    async with still_app(states.several(), (120, 36)) as (app, pilot, _):
        await pilot.press("ctrl+c")
        for key in (*DIALOGS, "i", "slash", "ctrl+p"):
            await pilot.press(key)
            await settle(pilot)
            await pilot.press("ctrl+c", "ctrl+c")
            await settle(pilot)

            assert app.is_running, key
            assert app.return_code in (None, 0), key
            while len(app.screen_stack) > 1:
                app.pop_screen()
            await pilot.press("escape")
        assert app._exit is False


async def test_copying_in_a_dialog_takes_the_line_under_the_cursor():
    async with still_app(states.several(), (120, 36)) as (app, pilot, _):
        copied = []
        app.copy_to_clipboard = copied.append
        await pilot.press("C")
        await settle(pilot)
        await pilot.press("ctrl+c")
        await pilot.pause()

        assert len(copied) == 1
        assert "POST /order" in copied[0]


@pytest.mark.parametrize(
    ("keys", "title"),
    [
        pytest.param(["1"], "Script", id="script"),
        pytest.param(["2"], "Wire, as text", id="text"),
        pytest.param(["2", "w"], "Wire, as hexadecimal", id="hex"),
        pytest.param(["2", "w", "w"], "Wire, as a ladder", id="ladder"),
        pytest.param(["3"], "Events", id="events"),
        pytest.param(["4"], "Message, as a tree", id="tree"),
        pytest.param(["4", "m"], "Content", id="content"),
        pytest.param(["4", "m", "m"], "Timing", id="timing"),
        pytest.param(["4", "m", "m", "m"], "TLS", id="tls"),
        pytest.param(["4", "M"], "Lint", id="lint"),
        pytest.param(["i"], "Call line", id="call"),
        pytest.param(["slash"], "Find on the wire", id="find"),
        pytest.param(["B"], "Breakpoints", id="breakpoints"),
        pytest.param(["C"], "Connections", id="connections"),
        pytest.param(["2", "y"], "Copy as", id="copy"),
        pytest.param(["f2"], "Lab", id="lab"),
        pytest.param(["f3"], "Exceptions", id="exceptions"),
    ],
)
async def test_help_is_about_what_has_the_focus(keys, title):
    async with still_app(states.exchanged(), (120, 36)) as (app, pilot, _):
        await pilot.press(*keys)
        await settle(pilot)
        below = app.screen
        await pilot.press("f1")
        await until(pilot, lambda: f" {title} " in screen_text(app).replace("│", " "))
        here = screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is below)

        assert "Help" in here
        assert topic_of(app.screen.topic_here()).title == title


async def test_help_of_an_exception_is_about_its_card():
    async with still_app(states.failed(), (120, 36)) as (app, pilot, _):
        await pilot.press("4")

        assert app.screen.topic_here() == "card"


def test_place_without_words_of_its_own_gets_those_of_the_program():
    assert topic_of("no such place") is NOTHING_SPECIAL


async def test_cheat_sheet_leads_to_help_about_what_is_below():
    async with still_app(states.exchanged(), (80, 24)) as (app, pilot, _):
        await pilot.press("3", "H")
        await until(pilot, lambda: "next call" in screen_text(app))
        sheet = screen_text(app)
        await pilot.press("question_mark")
        await until(pilot, lambda: "What happened, in order" in screen_text(app))

        assert "any command" in sheet
        assert app.screen.query_one("#help-lines").max_scroll_y > 0


async def test_palette_of_a_dialog_offers_what_can_be_done_there():
    async with still_app(states.several(), (120, 36)) as (app, pilot, _):
        await pilot.press("C")
        await settle(pilot)
        picker = app.screen
        await pilot.press("ctrl+p", *"connections: follow")
        await until(pilot, lambda: app.screen.query_one("CommandList").option_count > 0)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is not picker and len(app.screen_stack) == 1)

        assert not app.screen.view.chosen


async def test_palette_offers_what_works_in_a_dialog_by_what_opens_it():
    async with still_app(states.several(), (120, 36)) as (app, pilot, _):
        await pilot.press("ctrl+p", *"breakpoints: delete")
        await until(pilot, lambda: app.screen.query_one("CommandList").option_count > 0)
        await pilot.press("enter")
        await until(pilot, lambda: type(app.screen).__name__ == "BreakpointsScreen")


class _Terminal:
    """A driver that notes what it is told."""

    def __init__(self, mouse):
        self._mouse = mouse
        self.told = []

    def _enable_mouse_support(self):
        self.told += ["on"] * self._mouse

    def _disable_mouse_support(self):
        self.told += ["off"] * self._mouse


async def test_mouse_is_given_to_the_terminal_and_taken_back(monkeypatch):
    async with still_app(states.exchanged(), (80, 24)) as (app, pilot, _):
        terminal = _Terminal(mouse=True)
        monkeypatch.setattr(app, "_driver", terminal)
        give_mouse(app, False)
        assert (terminal.told, has_mouse(app)) == (["off"], False)
        give_mouse(app, False)
        give_mouse(app, True)
        assert (terminal.told, has_mouse(app)) == (["off", "on"], True)
        monkeypatch.undo()

        app.screen.action_mouse()
        app.screen.action_mouse()
        await pilot.pause()
        assert [note.message for note in app._notifications] == [
            "The mouse is the terminal's: ^p Mouse takes it back",
            "Clicks go to the workbench again",
        ]


async def test_theme_that_is_chosen_is_kept(private_home):
    async with still_app(states.exchanged(), (80, 24)) as (app, pilot, _):
        app.screen.action_theme()
        await pilot.press(*"nord")
        await until(pilot, lambda: app.screen.query_one("CommandList").option_count > 0)
        await pilot.press("enter")
        await until(pilot, lambda: app.theme == "nord")
        await settle(pilot)

    assert json.loads((state_directory() / FILE_NAME).read_text()) == {"theme": "nord", "instead_of": ""}
    assert theme_to_start_with("") == "nord"


def test_theme_of_the_settings_holds_when_it_was_written_later():
    assert theme_to_start_with("dracula") == "dracula"
    save_theme("nord", "dracula")

    assert theme_to_start_with("dracula") == "nord"
    assert theme_to_start_with("gruvbox") == "gruvbox"


@pytest.mark.parametrize("text", ["", "[]", '{"theme": 1, "instead_of": ""}', "\xff"])
def test_damaged_file_of_the_theme_is_none(text):
    (state_directory() / FILE_NAME).write_text(text, "latin-1")

    assert theme_to_start_with("") == ""


async def test_titles_follow_the_theme():
    """They were made once, in the colours of the theme of that moment."""
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        app.theme = "textual-light"
        await settle(pilot)

        foreground = app.get_css_variables()["foreground"].upper()
        colours = {
            segment.style.color.triplet.hex.upper()
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.text == "text" and segment.style and segment.style.color
        }
        assert colours == {foreground}


@pytest.mark.parametrize("action", ["action_lab", "action_exceptions"])
async def test_view_that_comes_while_a_screen_opens_is_no_trouble(action):
    """A run may go on below: its next view can come before the screen has anything in it."""
    async with still_app(states.exchanged()) as (app, pilot, _):
        main = app.screen

        getattr(main, action)()
        main.show_view(states.failed())
        await settle(pilot)

        assert app.screen is not main
        assert app.is_running
