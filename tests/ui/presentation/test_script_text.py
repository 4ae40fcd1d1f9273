"""The lines of the script pane, and the lines below them: what comes next."""

import dataclasses

import pytest

from tests.ui import states
from tests.ui.reading import text_of
from workbench.protocol import tap
from workbench.protocol.tap import ErrorFact
from workbench.session.run_record import LineOutcome
from workbench.session.script_error import ScriptError
from workbench.session.status import StepperStatus
from workbench.ui.keys import USUAL_KEYS
from workbench.ui.presentation.piece import Role, plain
from workbench.ui.presentation.script_text import ScriptText, next_lines

KEYS = USUAL_KEYS.word


def test_script_has_arrow_breakpoint_and_outcomes():
    view = states.buffered()
    text = ScriptText(view.source, arrow=5, breakpoints=frozenset({6}), outcomes=view.moment.outcomes)

    assert plain(text.line(4, 80)) == " ▶ 5 conn.endheaders()"
    assert plain(text.line(5, 80)) == "●  6 r1 = conn.getresponse()"
    assert plain(text.line(1, 80)).endswith("→ HTTPConnection")
    assert plain(text.line(2, 80)).endswith("✓")


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        pytest.param("running", None, "… under way", id="running"),
        pytest.param("aborted", ErrorFact("ConnectionAbortedError", (), ""), "✗ aborted", id="aborted"),
        pytest.param("raised", ErrorFact("BadStatusLine", (), ""), "✗ BadStatusLine", id="raised"),
    ],
)
def test_outcome_stands_behind_its_line(kind, error, words):
    outcome = LineOutcome(1, kind, "", error, 0, None)

    assert plain(ScriptText("read()", outcomes={1: outcome}).line(0, 80)).endswith(words)


def test_line_that_makes_a_connection_says_once_where_it_leads():
    outcome = LineOutcome(1, "returned", "HTTPSConnection to a.example port 443", None, 0, None)
    text = ScriptText('conn = HTTPSConnection("a.example")', outcomes={1: outcome})

    assert plain(text.line(0, 80)).endswith('("a.example")   → HTTPSConnection')


def test_script_error_stands_behind_its_line():
    error = ScriptError("Expected a call", line=1, column=3, hint="write one")

    assert plain(ScriptText("x", error=error).line(0, 80)).endswith("✗ column 3")
    assert text_of(next_lines(dataclasses.replace(states.start(), script_error=error), KEYS)) == (
        "line 1, column 3: Expected a call\nwrite one\ne mends it here; or correct the file, then r reads it again"
    )


@pytest.mark.parametrize(
    ("status", "key"),
    [
        pytest.param(StepperStatus("ready", 2), "n", id="ready"),
        pytest.param(StepperStatus("paused", 2), "n", id="paused"),
        pytest.param(StepperStatus("paused", 2, inside_call=True, entry_index=5), "s", id="inside a call"),
        pytest.param(StepperStatus("running", 2), "x", id="running"),
        pytest.param(StepperStatus("finished", 0), "r", id="finished"),
        pytest.param(StepperStatus("failed", 2, error=ErrorFact("E", (), "")), "r", id="failed, then a call"),
        pytest.param(StepperStatus("aborted", 2, error=ErrorFact("E", (), "")), "r", id="aborted"),
    ],
)
def test_every_mode_says_which_key_comes_next(status, key):
    view = dataclasses.replace(states.exchanged(), status=status)
    keys = [piece.text for line in next_lines(view, KEYS) for piece in line if piece.role is Role.KEY]

    assert keys[0] == key


def test_script_without_calls_has_no_line_to_run():
    view = dataclasses.replace(states.start(), status=StepperStatus("ready", 0), preview=None)

    assert text_of(next_lines(view, KEYS)) == "no calls yet: e edits the script, i adds a call"


def test_card_is_pointed_at_where_there_is_one():
    assert text_of(next_lines(states.failed(), KEYS)) == (
        "line 6 raised BadStatusLine\n4 explains it, r runs the script again, i adds a call"
    )


@pytest.mark.parametrize(
    ("reason", "why"),
    [("step", ""), ("breakpoint on Connected", "  (breakpoint on Connected)")],
    ids=["step", "breakpoint"],
)
def test_event_that_a_call_is_held_at_is_named(reason, why):
    view = states.exchanged()
    index = next(
        index for index, entry in enumerate(view.recording.entries) if isinstance(entry.event, tap.Connected)
    )
    status = StepperStatus("paused", 5, inside_call=True, entry_index=index, reason=reason)

    assert text_of(next_lines(dataclasses.replace(view, status=status), KEYS)) == (
        "inside line 5, at Connected 127.0.0.1 port 8080 from port 40000"
        f"{why}\n"
        "s goes to the next event, n finishes the line"
    )


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        pytest.param("line 5", "n runs line 5", id="the line itself"),
        pytest.param("breakpoint on line 5", "n runs line 5 (breakpoint on line 5)", id="breakpoint"),
    ],
)
def test_line_that_was_run_to_is_named_once(reason, why):
    view = dataclasses.replace(
        states.buffered(), status=StepperStatus("paused", 5, reason=reason), preview=None
    )

    assert text_of(next_lines(view, KEYS)) == why


def test_preview_shows_what_it_does_and_its_bytes():
    assert text_of(next_lines(states.buffered(), KEYS)) == (
        "n runs line 5: sends 91 bytes → Request-sent\n  → ␍␊"
    )


def test_line_that_was_aborted_is_no_exception_of_the_server():
    text = text_of(next_lines(states.aborted(), KEYS))

    assert text == "you aborted line 1: r runs the script again, i adds a call"
