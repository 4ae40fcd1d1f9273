"""A command that is refused, and the keys that work instead."""

import dataclasses

import pytest

from tests.ui import states
from workbench.session.script_error import ScriptError
from workbench.ui.presentation.piece import plain
from workbench.ui.presentation.refusal import refusal_line, refusal_ways


@pytest.mark.parametrize(
    ("view", "busy", "words"),
    [
        pytest.param(states.exchanged(), False, "No: r runs it again, i adds a call", id="script ended"),
        pytest.param(states.start(), True, "No: x aborts it", id="a call runs"),
        pytest.param(states.start(), False, "No", id="nothing else to do"),
        pytest.param(states.held(), False, "No: n finishes the line, r restarts", id="inside a call"),
        pytest.param(
            dataclasses.replace(states.start(), script_error=ScriptError("Expected a call", line=1)),
            False,
            "No: r reads the script again once it is corrected",
            id="script error",
        ),
    ],
)
def test_refusal_names_the_keys_that_work(view, busy, words):
    ways = refusal_ways(view, busy, restart="r", abort="x", call="i", finish="n")

    assert plain(refusal_line("No", ways)) == words
