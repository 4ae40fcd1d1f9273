"""Hints print the keys of the user, whatever prints them."""

import dataclasses
import re

import pytest

from tests.ui import states
from tests.ui.benches import StillBench
from tests.ui.driving import screen_text, settle, until
from workbench.config import Config, Settings
from workbench.session.script_error import ScriptError
from workbench.session.status import CommandRefused, StepperStatus
from workbench.ui.app import WorkbenchApp
from workbench.ui.keys import USUAL_KEYS, KeyTable, key_words
from workbench.ui.local_commands import BY_ID
from workbench.ui.presentation.cheat_sheet import SHEET, cheat_lines
from workbench.ui.presentation.help_text import TOPICS, topic_lines
from workbench.ui.presentation.key_names import key_pieces, ways_line, with_keys
from workbench.ui.presentation.piece import Role, plain
from workbench.ui.view import NOTHING

STRANGE = {
    one: (f"alt+{letter}",) for one, letter in zip(BY_ID, map(chr, range(0x4E00, 0x5000)), strict=False)
}
"""A key for each command that nobody has, so that whatever else a hint prints was printed by itself."""

CONFIG = Config(Settings(keymap=STRANGE))

BROKEN = ScriptError("A loop is outside the script language", line=2)

VIEWS = [
    pytest.param(NOTHING, [], id="nothing"),
    pytest.param(states.start(), [], id="start"),
    pytest.param(dataclasses.replace(states.start(), script_error=BROKEN), [], id="broken"),
    pytest.param(dataclasses.replace(states.start(), status=StepperStatus("running", 2)), [], id="running"),
    pytest.param(states.exchanged(), ["message_tab"] * 5, id="tabs"),
    pytest.param(states.exchanged(), ["earlier"], id="past"),
    pytest.param(states.failed(), ["pane-message"], id="card"),
    pytest.param(states.several(), ["next_connection"], id="several"),
    pytest.param(states.exchanged(), ["find"], id="find"),
    pytest.param(states.start(), ["find_next-back", "copy_as", "next_connection"], id="hints"),
    pytest.param(states.start(), ["call_line"], id="call"),
    *(
        pytest.param(states.several(), [one], id=one)
        for one in ("breakpoints", "connections", "copy_as", "exceptions", "lab", "help", "cheat_sheet")
    ),
]


def usual_key_words(at_least: int = 1) -> re.Pattern[str]:
    """The usual keys as hints print them, those with so many characters."""
    words = {key_words(key) for one in BY_ID for key in USUAL_KEYS.keys(one)}
    # What an input of Textual's does with Enter has no command. Nobody calls a scrap of text Left or Home.
    words = {word for word in words if len(word) >= at_least} - {"Enter", "Left", "Right", "Home", "End"}
    return re.compile(
        rf"(?<![\w#-])(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})(?![\w-])"
    )


def key_texts(app: WorkbenchApp) -> list[str]:
    """What is drawn in the style of a key: bold, in the colour of keys."""
    drawn = app.screen._compositor.render_strips()
    key = app.get_css_variables()["text-accent"]
    return [
        segment.text.strip()
        for strip in drawn
        for segment in strip
        if segment.style and segment.style.bold and _colour(segment) == key.upper()
        # The prompts, and the digits of a list of choices, are in that style and are no keys of commands.
        if segment.text.strip(" >/") and not segment.text.startswith(" ")
    ]


def _colour(segment) -> str:
    triplet = segment.style.color.triplet if segment.style.color else None
    return triplet.hex.upper() if triplet else ""


@pytest.mark.timeout(240)  # some seconds of keys, and more on a busy machine
@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
async def test_no_hint_prints_a_key_that_the_user_has_not(size):
    """Every place of the screen, with keys that nobody has: what is printed must be one of them."""
    usual, named = usual_key_words(), usual_key_words(at_least=2)
    strange = [keys[0] for keys in STRANGE.values()]
    bench = StillBench(states.start())
    app = WorkbenchApp(bench, CONFIG)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for state in VIEWS:
            view, commands = state.values
            bench.show(view)
            await pilot.pause()
            for command in commands:
                await pilot.press(STRANGE[command][0])
                await pilot.pause()

            assert [text for text in key_texts(app) if usual.search(text)] == [], state.id
            assert any(key_words(key) in screen_text(app) for key in strange), state.id
            assert named.findall(screen_text(app)) == [], state.id
            while len(app.screen_stack) > 1:
                app.pop_screen()
            await pilot.press(STRANGE["back"][0], STRANGE["pane-script"][0])


async def test_remapped_keys_are_in_footer_hints_notices_and_cards():
    keymap = {"step_over": ("f8",), "restart": ("ctrl+r",), "call_line": ("ctrl+l",), "quit": ("ctrl+x",)}
    bench = StillBench(states.start())
    app = WorkbenchApp(bench, Config(Settings(keymap=keymap)))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert "F8 runs line 2" in screen_text(app)
        assert "F8 runs the next call" in screen_text(app)
        assert screen_text(app).splitlines()[-1].startswith(" F8 Next")

        bench.show(states.failed())
        await until(pilot, lambda: "BadStatusLine" in screen_text(app))
        assert "^r restarts · ^l types a call" in screen_text(app)
        bench.refusal = CommandRefused("The script has ended")
        await pilot.press("f8")
        await pilot.pause()
        assert "The script has ended: ^r runs it again, ^l adds a call" in screen_text(app)

        bench.refusal = None
        await pilot.press("ctrl+r")
        assert bench.given[-1] == ("restart",)
        await pilot.press("escape", "2", "ctrl+c")
        await pilot.press("1", "ctrl+l", "ctrl+c")
        await pilot.pause()
        assert app.is_running
        assert app.screen.focused.id == "call"


def test_command_without_a_key_is_hinted_at_by_the_palette():
    keys = KeyTable({"step_over": (), "palette": ("f4",)})

    assert keys.word("step_over") == "F4 Next"
    assert keys.words("step_over") == ""
    assert plain(key_pieces("{step_over} runs it", keys.word)) == "F4 Next runs it"


def test_keys_are_set_apart_from_the_words():
    line = key_pieces("{step_over} runs it, {quit} leaves", USUAL_KEYS.word)

    assert [(piece.text, piece.role is Role.KEY) for piece in line] == [
        ("n", True),
        (" runs it, ", False),
        ("^q", True),
        (" leaves", False),
    ]
    assert plain(ways_line((("copy-take", "copies"), ("copy-close", "closes")), USUAL_KEYS.word)) == (
        "Enter copies · Esc closes"
    )


def test_text_with_other_braces_stays_as_it_is():
    assert with_keys('{"a": 1} {step_over} {not a command}', USUAL_KEYS.word) == '{"a": 1} n {not a command}'


def test_every_topic_can_be_written_and_names_places_that_are_there():
    from workbench.ui.local_commands import PLACES

    for topic in TOPICS.values():
        assert set(topic.places) <= set(PLACES)
        text = "\n".join(plain(line) for line in topic_lines(topic, 76, USUAL_KEYS.word))
        assert "{" not in text
        assert all(len(line) <= 76 for line in text.split("\n"))


def test_cheat_sheet_fits_80x24_and_knows_its_commands():
    lines = [plain(line) for line in cheat_lines(78, USUAL_KEYS.word)]

    assert len(lines) <= 20
    assert all(len(line) <= 78 for line in lines)
    assert "…" not in "".join(lines)
    assert {one for _, rows in SHEET for commands, _ in rows for one in commands} <= set(BY_ID)
