"""The screen in ASCII alone."""

import dataclasses

import pytest
from rich.cells import cell_len

from tests.ui import states
from tests.ui.benches import StillBench
from tests.ui.driving import press, screen_text, settle
from tests.ui.test_snapshots import STATES, draw
from workbench.config import Config, Settings
from workbench.session.visible import show_controls_in_ascii, visible
from workbench.ui.app import WorkbenchApp
from workbench.ui.ascii_filter import ascii_text
from workbench.ui.presentation.waiting import FRAMES

IN_ASCII = Config(Settings(ascii=True))


@pytest.fixture(autouse=True)
def pictures_afterwards():
    yield
    show_controls_in_ascii(False)


SHARES = 4
"""Tests that share the states: one app for each, and none that takes long."""


@pytest.mark.parametrize("share", range(SHARES))
async def test_every_cell_of_every_state_is_ascii(share):
    size = [(80, 24), (120, 36), (160, 45)][share % 3]
    bench = StillBench(states.start())
    app = WorkbenchApp(bench, IN_ASCII)
    async with app.run_test(size=size) as pilot:
        for state in STATES[share::SHARES]:
            view, keys = state.values
            bench.show(view())
            await draw(pilot)
            await press(pilot, *keys)
            await draw(pilot)
            text = screen_text(app)

            assert {character for character in text if not character.isascii()} == set(), state.id
            assert {cell_len(line) for line in text.split("\n")} == {size[0]}, state.id
            while len(app.screen_stack) > 1:
                await app.pop_screen()
            await press(pilot, "escape", "1")


def test_controls_are_written_as_people_write_them():
    show_controls_in_ascii(True)

    assert visible(b"a\r\n\t\x1b\x00\x7f") == r"a\r\n\t^[^@^?"
    assert visible("\x1b\u202e") == "^[‹U+202E›"


@pytest.mark.parametrize("text", ["日本 ü e\u0301 🔎 ‹U+202E›", "─│╭▐▌▁█░", *FRAMES], ids=ascii)
def test_text_in_ascii_takes_the_same_cells(text):
    assert ascii_text(text).isascii()
    assert cell_len(ascii_text(text)) == cell_len(text)


async def test_letters_that_ascii_lacks_are_question_marks():
    view = dataclasses.replace(states.start(), source='conn = "Jürgen"\n')
    app = WorkbenchApp(StillBench(view), IN_ASCII)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)

        assert 'conn = "J?rgen"' in screen_text(app)
