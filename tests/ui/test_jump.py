"""Jump mode: letters on every place, and the way to each."""

import pytest

from tests.ui import states
from tests.ui.driving import screen_text, settle, still_app, until
from workbench.ui.presentation.jump_labels import LETTERS, jump_labels
from workbench.ui.screens.jump import HINT, JumpScreen


def letters_of(app, wanted) -> str:
    """The letters of the one place that a test is after."""
    (label,) = [label for label, place in app.screen._places.items() if wanted(place)]
    return label


async def jump(app, pilot, wanted) -> None:
    await pilot.press("g")
    await until(pilot, lambda: isinstance(app.screen, JumpScreen))
    await pilot.press(*letters_of(app, wanted))
    await until(pilot, lambda: not isinstance(app.screen, JumpScreen))


@pytest.mark.parametrize("count", [0, 1, 26, 27, 400])
def test_labels_are_of_one_length_and_all_different(count):
    labels = jump_labels(count)

    assert len(labels) == len(set(labels)) == count
    assert len({len(label) for label in labels}) <= 1
    assert set("".join(labels)) <= set(LETTERS)


async def test_letters_lead_to_lines_tabs_inputs_and_the_footer():
    async with still_app(states.exchanged(), (120, 36)) as (app, pilot, bench):
        await jump(app, pilot, lambda place: place.widget.id == "wire-lines" and place.row == 5)
        assert app.screen.focused.id == "wire-lines"
        assert app.screen.focused.cursor == 5
        # The other panes went along, as they do for a key or a click.
        assert app.screen.query_one("#event-lines").cursor > 0

        await jump(app, pilot, lambda place: place.action == "screen.pane('message')")
        assert app.screen.focused.id == "tree-lines"

        await jump(app, pilot, lambda place: place.action == "screen.message_show('timing')")
        assert app.screen.focused.id == "tab-lines"

        await jump(app, pilot, lambda place: place.widget.id == "call")
        assert app.screen.focused.id == "call"

        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, JumpScreen))
        await pilot.press(*letters_of(app, lambda place: place.action == "screen.back()"))
        await until(pilot, lambda: getattr(app.screen.focused, "id", "") == "tab-lines")
        await jump(app, pilot, lambda place: place.action == "screen.restart()")
        await until(pilot, lambda: ("restart",) in bench.given)


async def test_nothing_that_is_not_to_be_seen_has_letters():
    async with still_app(states.exchanged(), (80, 24)) as (app, pilot, _):
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, JumpScreen))

        places = app.screen._places.values()

        assert {place.widget.id for place in places} & {"wire-lines", "event-lines", "tree-lines"} == set()
        assert all(0 <= place.at.x < 80 and 0 <= place.at.y < 24 for place in places)
        assert HINT.strip() in screen_text(app)


@pytest.mark.parametrize("key", ["escape", "1", "question_mark", "ctrl+c"])
async def test_any_other_key_goes_back_and_does_nothing_else(key):
    async with still_app(states.exchanged(), (80, 24)) as (app, pilot, bench):
        before = screen_text(app)
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, JumpScreen))
        await pilot.press(key)
        await until(pilot, lambda: not isinstance(app.screen, JumpScreen))

        assert screen_text(app) == before
        assert bench.given == []


async def test_letters_that_were_typed_are_taken_off_and_put_back():
    async with still_app(states.exchanged(), (160, 45)) as (app, pilot, _):
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, JumpScreen))
        label = letters_of(app, lambda place: place.widget.id == "script-lines" and place.row == 2)
        assert len(label) == 2
        await pilot.press(label[0])
        await pilot.pause()
        assert app.screen._layer.typed == label[0]
        await pilot.press("backspace", *label)
        await until(pilot, lambda: not isinstance(app.screen, JumpScreen))

        assert app.screen.focused.id == "script-lines"
        assert app.screen.focused.cursor == 2


async def test_dialog_can_be_jumped_in():
    async with still_app(states.several(), (120, 36)) as (app, pilot, _):
        await pilot.press("C")
        await settle(pilot)
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, JumpScreen))
        rows = {place.row for place in app.screen._places.values()}
        await pilot.press(*letters_of(app, lambda place: place.row == 1))
        await until(pilot, lambda: not isinstance(app.screen, JumpScreen))

        assert {0, 1, 2} <= rows
        assert type(app.screen).__name__ == "ConnectionsScreen"
        assert app.screen.focused.cursor == 1


async def test_jumping_ends_when_the_terminal_changes_its_size():
    async with still_app(states.exchanged(), (120, 36)) as (app, pilot, _):
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, JumpScreen))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not isinstance(app.screen, JumpScreen))
