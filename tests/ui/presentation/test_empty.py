"""What empty panes say: it fits the smallest screen that shows them, and names the next key."""

import dataclasses

import pytest

from tests.ui import states
from tests.ui.reading import text_of
from workbench.session.script_error import ScriptError
from workbench.session.status import StepperStatus
from workbench.ui.keys import USUAL_KEYS
from workbench.ui.presentation.empty import empty_lines
from workbench.ui.presentation.layout import MINIMUM_WIDTH, Pane
from workbench.ui.presentation.message_tab import MessageTab
from workbench.ui.presentation.piece import Role, width_of
from workbench.ui.view import NOTHING

BORDERS = 2
BROKEN = ScriptError("Expected a call", line=1)


@pytest.mark.parametrize("what", [*Pane, *MessageTab], ids=lambda what: f"{type(what).__name__} {what.value}")
def test_words_of_an_empty_pane_are_not_cut(what):
    lines = empty_lines(what, NOTHING, lambda command: command)

    assert max(width_of(line) for line in lines) <= MINIMUM_WIDTH - BORDERS


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (NOTHING, "Nothing is loaded yet."),
        (dataclasses.replace(states.start(), source=""), "The script has no calls yet."),
        (dataclasses.replace(states.start(), source="", recorded="then"), "This recording has no script."),
    ],
    ids=["nothing", "script", "recording"],
)
def test_pane_without_a_script_says_which_it_lacks(view, words):
    assert words in text_of(empty_lines(Pane.SCRIPT, view, USUAL_KEYS.word))


@pytest.mark.parametrize(
    ("view", "key"),
    [
        pytest.param(states.start(), "n", id="a call is next"),
        pytest.param(dataclasses.replace(states.start(), script_error=BROKEN), "r", id="script error"),
        pytest.param(
            dataclasses.replace(states.start(), status=StepperStatus("finished", 0)), "r", id="script ended"
        ),
        pytest.param(dataclasses.replace(states.start(), source=""), "e", id="no script yet"),
        pytest.param(
            dataclasses.replace(states.start(), source="", status=StepperStatus("finished", 0)),
            "e",
            id="no script was run",
        ),
        pytest.param(dataclasses.replace(states.start(), source="", recorded="then"), "u", id="recording"),
        pytest.param(NOTHING, "^q", id="nothing is loaded"),
    ],
)
@pytest.mark.parametrize("pane", [*Pane, *MessageTab])
def test_empty_pane_names_the_next_key(pane, view, key):
    keys = [
        piece.text
        for line in empty_lines(pane, view, USUAL_KEYS.word)
        for piece in line
        if piece.role is Role.KEY
    ]

    assert keys[0] == key
