"""What of the settings the screen judges, and what it makes of them."""

import re
import tomllib

import pytest

from tests.ui import states
from tests.ui.benches import StillBench
from tests.ui.driving import screen_text, settle, until
from workbench.config import Config, Settings, load_config
from workbench.ui.app import WorkbenchApp
from workbench.ui.bridge import LiveBench
from workbench.ui.keys import KeyTable
from workbench.ui.local_commands import BY_ID, PLACES
from workbench.ui.opening import Target
from workbench.ui.settings import example, judged, why_no_key


def config_of(tmp_path, text: str) -> Config:
    path = tmp_path / "config.toml"
    path.write_text(text)
    return judged(load_config(path))


def keymap_problems(tmp_path, text: str) -> list[tuple[int | None, str]]:
    config = config_of(tmp_path, f"[keymap]\n{text}")
    return [(problem.line, problem.reason) for problem in config.problems]


def test_usual_keys_are_keys_that_can_be_pressed():
    usual = KeyTable({})

    assert [why_no_key(key) for one in BY_ID for key in usual.keys(one) if why_no_key(key)] == []


def test_usual_keys_have_one_meaning_in_each_place():
    usual = KeyTable({})

    for place, commands in PLACES.items():
        keys = [key for command in commands for key in usual.keys(command.id)]
        assert len(keys) == len(set(keys)), place


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        pytest.param("f8", "", id="function"),
        pytest.param("?", "", id="character"),
        pytest.param("ctrl+t", "", id="control"),
        pytest.param("shift+tab", "", id="shift-tab"),
        pytest.param("alt+x", "", id="alt"),
        pytest.param("ctrl+h", "as Backspace", id="backspace"),
        pytest.param("ctrl+[", "as Esc", id="escape"),
        pytest.param("shift+enter", "as Enter", id="enter"),
        pytest.param("ctrl+shift+k", "as ctrl+k", id="shift-control"),
        pytest.param("ctrl+K", "as ctrl+k", id="capital"),
        pytest.param("shift+k", 'Write "K"', id="shift"),
        pytest.param("hyperr+k", "did you mean hyper?", id="modifier"),
        pytest.param("pagdown", "did you mean pagedown", id="name"),
        pytest.param("\t", "can be seen", id="tab"),
    ],
)
def test_key_that_cannot_be_pressed_is_told(key, reason):
    found = why_no_key(key)

    assert reason in found
    assert bool(found) == bool(reason)


def test_two_commands_cannot_have_one_key_in_one_place(tmp_path):
    problems = keymap_problems(tmp_path, 'step_over = "f8"\nrestart = "f8"\ncopy = "ctrl+q"\n')

    assert problems == [
        (3, 'The key "f8" is already that of "step_over", in the same place'),
        (4, 'The key "ctrl+q" is already that of "quit", in the same place'),
    ]


def test_command_cannot_have_a_key_that_moves_the_cursor_of_every_pane(tmp_path):
    assert keymap_problems(tmp_path, 'step_over = "j"\n') == [
        (2, 'The key "j" is already that of "list-down", in the same place')
    ]
    assert keymap_problems(tmp_path, 'step_over = "j"\nlist-down = "down"\n') == []


def test_two_commands_can_change_their_keys_with_each_other(tmp_path):
    assert keymap_problems(tmp_path, 'step_over = "m"\nmessage_tab = "n"\ntree-toggle = "n"\n') == []


def test_example_holds_every_command_with_what_holds_anyway(tmp_path):
    text = example()
    uncommented = "\n".join(
        line.removeprefix("# ") if re.match(r"# [\w-]+ = ", line) else line for line in text.splitlines()
    )

    document = tomllib.loads(text)
    config = config_of(tmp_path, uncommented)

    assert document == {"timeouts": {}, "redaction": {}, "keymap": {}}
    assert config.problems == ()
    assert set(config.settings.keymap) == set(BY_ID)
    assert {one: KeyTable(config.settings.keymap).keys(one) for one in BY_ID} == {
        one: KeyTable({}).keys(one) for one in BY_ID
    }


async def test_screen_starts_with_what_is_right_and_tells_what_is_wrong(tmp_path):
    config = config_of(
        tmp_path, 'theme = "nord"\npolicy = "no"\n[keymap]\nstep_over = "f8"\nquit = "ctrl+m"\n'
    )
    app = WorkbenchApp(StillBench(states.start()), config)
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        text = screen_text(app)

        assert app.theme == "nord"
        assert "F8 Next" in text.splitlines()[-1]
        assert "2 mistakes in " in text
        assert """line 2: Unknown "policy" 'no'""" in text
        assert """line 5: Most terminals send "ctrl+m" as Enter""" in text
        await pilot.press("f8")
        assert app.bench.given == [("step_over",)]


def test_settings_without_a_file_are_the_defaults(tmp_path):
    assert judged(load_config(tmp_path / "none.toml")).settings == Settings()


@pytest.mark.parametrize(
    ("settings", "scenario", "error"),
    [
        pytest.param(Settings(policy="strict"), "cl-twice", "FramingError", id="policy"),
        pytest.param(Settings(silence_seconds=0.1), "stall", "TimeoutError", id="silence"),
    ],
)
async def test_session_on_the_screen_keeps_to_the_settings(settings, scenario, error):
    app = WorkbenchApp(LiveBench(Target(lab_name=scenario), settings), Config(settings))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await until(pilot, lambda: scenario in screen_text(app))
        await pilot.press("c")
        await until(pilot, lambda: f"✗ {error}" in screen_text(app))

        assert ("strict policy" in screen_text(app)) == (settings.policy == "strict")
