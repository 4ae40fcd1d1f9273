"""The line of an event: every event has one, and nothing that a peer wrote breaks it."""

import dataclasses
import inspect

import pytest

from workbench.protocol import tap
from workbench.protocol.tap import ErrorFact
from workbench.session import events as session_events
from workbench.ui.presentation.events import DESCRIPTIONS, event_line
from workbench.ui.presentation.piece import plain


def all_events(module, base):
    return {
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, base) and value is not base
    }


def test_every_event_has_words():
    events = all_events(tap, tap.Event) | all_events(session_events, session_events.SessionEvent)

    assert set(DESCRIPTIONS) == events


@pytest.mark.parametrize(
    "kind", sorted(DESCRIPTIONS, key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__
)
def test_line_of_event_is_printable_whatever_a_peer_wrote(kind):
    event = kind(**{field.name: sample(field) for field in dataclasses.fields(kind)})

    line = plain(event_line(event, start_ns=0, script_line=3))

    assert line.isprintable()
    assert kind.__name__ in line


def test_event_before_the_run_began_has_no_time():
    """A script is loaded, and then read: how long that took is nobody's time."""
    loaded = session_events.ScriptStarted(1_000_000, 1, "two.py", "", 0)
    started = session_events.LineStarted(9_000_000_000, 1)

    lines = [plain(event_line(one, start_ns=9_000_000_000, script_line=None)) for one in (loaded, started)]

    assert lines[0].startswith(" " * 15)
    assert lines[1].startswith("     0.000 ")


def sample(field):
    kind = str(field.type)
    if "ErrorFact" in kind:
        return ErrorFact("BadStatusLine", ("BadStatusLine", "Exception"), "\x1b[2J\x9b\u202e")
    if "Span" in kind:
        return tap.Span("received", 0, 5)
    if "tuple" in kind:
        return ("\x1b[2J",)
    if "bytes" in kind:
        return b"\x1b[2J"
    if "bool" in kind:
        return False
    if "float" in kind or "int" in kind:
        return 1
    return "\x1b[2J\x9b\u202e"
