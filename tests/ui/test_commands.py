"""The table of commands, and everything that is made from it."""

import dataclasses
import inspect
import pkgutil
from importlib import import_module

import pytest
from textual.binding import Binding
from textual.events import Key
from textual.screen import ModalScreen

import workbench.ui.screens
from tests.ui import states
from tests.ui.driving import screen_text, still_app, until
from workbench.session.script_error import ScriptError
from workbench.session.status import StepperStatus
from workbench.ui.commands import BY_ID, COMMANDS, FOOTER_ITEMS_NARROW, bindings, footer_commands
from workbench.ui.keys import key_words
from workbench.ui.presentation.piece import plain
from workbench.ui.screens.help import HelpScreen
from workbench.ui.screens.jump import JumpScreen
from workbench.ui.screens.main import MainScreen
from workbench.ui.screens.program import Dialog
from workbench.ui.widgets.line_view import LineView

MODES = ["ready", "running", "paused", "finished", "failed", "aborted"]


def test_ids_and_keys_are_unique():
    keys = [one.key for one in Binding.make_bindings(bindings())]

    assert len(BY_ID) == len(COMMANDS)
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_command_has_an_action_a_label_and_a_line_of_help(command):
    name = command.action.partition("(")[0]

    assert callable(getattr(MainScreen, f"action_{name}"))
    assert command.label
    assert 10 < len(command.help) < 80
    assert not command.help.endswith(".")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_no_key_is_one_that_terminals_do_not_send(command):
    for key in command.keys.split(","):
        assert key not in {"ctrl+h", "ctrl+i", "ctrl+m", "ctrl+left_square_bracket"}
        assert not key.startswith(("ctrl+shift+", "alt+enter", "ctrl+enter", "shift+enter"))


async def test_narrow_footer_shows_all_of_its_six_items():
    async with still_app(states.start(), (80, 24)) as (app, pilot, bench):
        for mode in MODES:
            bench.show(dataclasses.replace(states.start(), status=StepperStatus(mode, 2)))
            await pilot.pause()
            last_line = screen_text(app).split("\n")[-1]

            commands = footer_commands(mode, roomy=False)
            assert len(commands) <= FOOTER_ITEMS_NARROW
            assert all(command.label in last_line for command in commands)


@pytest.mark.parametrize(
    ("mode", "first"),
    [
        ("ready", "Next"),
        ("paused", "Next"),
        ("running", "Abort"),
        ("finished", "Restart"),
        ("failed", "Restart"),
    ],
)
def test_footer_begins_with_what_comes_next(mode, first):
    assert footer_commands(mode, roomy=False)[0].label == first


async def test_footer_offers_no_stepping_for_a_script_that_cannot_be_run():
    broken = ScriptError("A loop is outside the script language", line=2)
    async with still_app(dataclasses.replace(states.start(), script_error=broken)) as (app, _, _):
        footer = screen_text(app).split("\n")[-1]

        assert footer.split() == ["e", "Edit", "r", "Restart", "?", "Help", "^p", "Palette", "^q", "Quit"]


async def test_footer_offers_no_letters_while_a_call_is_typed():
    async with still_app(states.start()) as (app, pilot, _):
        await pilot.press("i")
        await pilot.pause()
        *_, prompt, typing = screen_text(app).split("\n")
        await pilot.press("escape")
        await pilot.pause()

        assert "Enter runs it, Tab completes, Esc leaves" in prompt
        assert typing.split() == ["Esc", "Leave", "this", "line", "^p", "Palette", "^q", "Quit"]
        assert "n Next" in screen_text(app).split("\n")[-1]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("f10", "F10"),
        ("ctrl+p", "^p"),
        ("question_mark", "?"),
        ("escape", "Esc"),
        ("n", "n"),
        ("section_sign", "§"),
    ],
)
def test_keys_are_written_as_people_write_them(key, words):
    assert key_words(key) == words


async def test_footer_and_help_print_the_keys_of_the_user():
    async with still_app(states.start()) as (app, pilot, bench):
        app.set_keymap({"step_over": "m"})
        await pilot.pause()
        app.screen.query_one("KeyBar").refresh()
        await pilot.pause()
        assert "m Next" in screen_text(app)

        await pilot.press("m", "question_mark")

        assert ("step_over",) in bench.given
        await until(pilot, lambda: "m             Run one call" in screen_text(app))


async def test_help_cuts_no_words_on_80_columns():
    async with still_app(states.start(), (80, 24)) as (app, pilot, _):
        app.push_screen(HelpScreen("lab", in_dialog=True))
        await until(pilot, lambda: "Everywhere" in help_words(app))
        assert help_words(app).count(" Here ") == 1

        await pilot.press("escape", "question_mark")
        await until(pilot, lambda: "In every list" in help_words(app))
        for command in COMMANDS:
            assert command.help in help_words(app)


def help_words(app):
    """All words of the help that is open, in one line."""
    found = app.screen.query("#help-lines")
    source = found.first(LineView).source if found else ()
    return " ".join(" ".join(plain(source.line(number, 76)) for number in range(len(source))).split())


async def test_palette_holds_every_command_with_its_help():
    async with still_app(states.start()) as (app, pilot, _):
        await pilot.press("ctrl+p")
        await pilot.pause()
        options = app.screen.query_one("CommandList")
        await until(pilot, lambda: options.option_count > 0)

        prompts = "\n".join(str(options.get_option_at_index(n).prompt) for n in range(options.option_count))

        for command in COMMANDS:
            assert command.label in prompts
            assert command.help in prompts


async def test_palette_carries_out_what_was_chosen():
    async with still_app(states.start()) as (app, pilot, bench):
        await pilot.press("ctrl+p", *"run one call")
        await pilot.pause()
        await until(pilot, lambda: app.screen.query_one("CommandList").option_count > 0)
        await pilot.press("enter")
        await pilot.pause()
        await until(pilot, lambda: bool(bench.given))

        assert ("step_over",) in bench.given


async def test_enter_that_is_pressed_twice_in_the_palette_carries_one_command_out():
    async with still_app(states.start()) as (app, pilot, bench):
        await pilot.press("ctrl+p", *"run one call")
        await until(pilot, lambda: app.screen.query_one("CommandList").option_count > 0)
        for _ in range(4):
            app.post_message(Key("enter", "\r"))
        await until(pilot, lambda: bool(bench.given))

        assert app.screen.is_current
        assert bench.given == [("step_over",)]


def dialog_classes():
    for module in pkgutil.iter_modules(workbench.ui.screens.__path__):
        for _, one in inspect.getmembers(
            import_module(f"workbench.ui.screens.{module.name}"), inspect.isclass
        ):
            if issubclass(one, ModalScreen) and one.__module__.startswith("workbench"):
                yield one


def test_every_dialog_has_what_works_everywhere():
    """A screen over the workbench derives from `Dialog`, not from Textual's own."""
    assert [one.__name__ for one in dialog_classes() if not issubclass(one, Dialog)] == [JumpScreen.__name__]
