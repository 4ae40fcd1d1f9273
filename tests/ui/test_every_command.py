"""Every command there is, carried out at the three sizes: each does something, and none is a mistake."""

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui import states
from tests.ui.driving import SIZES, screen_text, still_app
from workbench.ui.app import WorkbenchApp
from workbench.ui.commands import COMMANDS, Command
from workbench.ui.keys import KeyTable
from workbench.ui.local_commands import PLACES

ENDS_THE_PROGRAM = {"quit", "suspend"}
"""Real terminals show what these do: `test_terminal.py` and `test_stays_up.py`."""

STATES = (states.several, states.failed, states.start)

SCREENS = {
    "breakpoints": ("breakpoints", "breakpoint_line"),
    "connections": ("connections",),
    "copy_as": ("copy",),
    "exceptions": ("exceptions",),
    "lab": ("lab", "lab_search"),
    "sessions": ("sessions",),
    "export": ("export",),
    "import": ("import",),
    "second_opinion": ("opinion",),
    "help": ("help",),
    "cheat_sheet": ("cheat_sheet",),
    "pane-events": ("events", "list"),
    "pane-message": ("tree", "tab"),
    "find": ("find",),
    "call_line": ("call",),
    "form": ("calls",),
}
"""The command that opens a screen or goes to a list, and the places whose keys work there."""

BEYOND = {"ask", "dialog", "form", "side_by_side"}
"""Questions, the fields of a call, and what is shown of two recordings: `test_script_file.py`, `test_byte_tap.py`,
`test_form.py`, `test_sessions_screen.py`."""


def seen(app: WorkbenchApp, bench) -> tuple:
    """Everything that a command may change for the reader."""
    return (
        [type(screen) for screen in app.screen_stack],
        screen_text(app),
        app.focused,
        len(bench.given),
        app.clipboard,
        app.theme,
        app.screen.maximized,
    )


async def at_the_workbench(app: WorkbenchApp, pilot: Pilot) -> None:
    """Close whatever lies over the workbench."""
    async with asyncio.timeout(20):
        while len(app.screen_stack) > 1:
            await app.pop_screen()
            await pilot.pause()
    app.screen.set_focus(app.screen.query_one("#script-lines"))
    await pilot.pause()


async def carry_out(app: WorkbenchApp, pilot: Pilot, command: Command) -> None:
    await app.screen.run_action(command.action)
    await pilot.pause()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports are written where the program was started."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.timeout(240)  # half a minute of keys, and more on a busy machine
@pytest.mark.parametrize("size", SIZES)
async def test_every_command_does_something_somewhere(size):
    """Where there is nothing to do, it says why. Nothing of it raises: the app would end."""
    commands = [one for one in COMMANDS if one.id not in ENDS_THE_PROGRAM]
    without_effect = {one.id for one in commands}
    async with still_app(STATES[0](), size, toasts=True) as (app, pilot, bench):
        for view in STATES:
            bench.show(view())
            await pilot.pause()
            for command in [one for one in commands if one.id in without_effect]:
                await at_the_workbench(app, pilot)
                before = seen(app, bench)
                await carry_out(app, pilot, command)
                if seen(app, bench) != before:
                    without_effect.discard(command.id)
        assert app.is_running

    assert without_effect == set()


@pytest.mark.timeout(240)  # half a minute of keys, and more on a busy machine
@pytest.mark.parametrize("size", SIZES)
async def test_every_key_of_every_list_and_screen_is_no_mistake(size):
    table = KeyTable({})
    by_id = {command.id: command for command in COMMANDS}
    async with still_app(states.several(), size) as (app, pilot, _):
        for opener, places in SCREENS.items():
            at = None
            for command in [one for place in places for one in PLACES[place]]:
                for key in table.keys(command.id)[:1]:
                    if at != (app.screen, app.focused):
                        await at_the_workbench(app, pilot)
                        await carry_out(app, pilot, by_id[opener])
                        at = (app.screen, app.focused)
                    await pilot.press(key)
        assert app.is_running


def test_every_place_with_keys_of_its_own_is_tried_out():
    assert {place for places in SCREENS.values() for place in places} | BEYOND == set(PLACES)
