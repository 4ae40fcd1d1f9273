"""The stepper: what each command does, and what it says about itself."""

import pytest

from tests.session.fake_script import FakeScript
from workbench.protocol import tap
from workbench.session.breakpoint_text import parse_breakpoint
from workbench.session.events import LineRaised, LineReturned, Printed, ScriptExtended, ScriptFinished
from workbench.session.status import CommandRefused


def place(stepper) -> tuple[str, int, bool, str]:
    status = stepper.wait_until_idle(10)
    return status.mode, status.line, status.inside_call, status.reason


def events_of(stepper) -> list[object]:
    return [entry.event for entry in stepper.recorder.recording.entries]


# --- stepping ----------------------------------------------------------------------------


def test_stepper_stands_on_the_first_step_before_anything_runs(make_stepper, fixtures):
    stepper = make_stepper("import\nquiet\nquiet")

    assert place(stepper) == ("ready", 2, False, "")
    assert fixtures.interpreters[0].executed == []


def test_step_over_executes_one_statement_and_runs_imports_along(make_stepper, fixtures):
    stepper = make_stepper("import\nquiet\nimport\nquiet")

    stepper.step_over()
    assert place(stepper) == ("paused", 4, False, "step")
    assert fixtures.interpreters[0].executed == ["import", "quiet", "import"]

    stepper.step_over()
    assert place(stepper) == ("finished", 0, False, "end of the script")
    assert events_of(stepper)[-1].outcome == "finished"


def test_continue_runs_to_the_end(make_stepper):
    stepper = make_stepper("quiet\nquiet\nquiet")

    stepper.continue_()

    assert place(stepper)[0] == "finished"


def test_script_without_a_step_finishes_at_once(make_stepper):
    stepper = make_stepper("import")
    assert place(stepper) == ("ready", 0, False, "")

    stepper.step_over()

    assert place(stepper)[0] == "finished"


def test_continue_stops_at_a_line_breakpoint(make_stepper):
    stepper = make_stepper("quiet\nquiet\nquiet")
    stepper.breakpoints.toggle_line(3)

    stepper.continue_()

    assert place(stepper) == ("paused", 3, False, "breakpoint on line 3")


def test_run_to_line_stops_before_it(make_stepper):
    stepper = make_stepper("quiet\n\nquiet\n\nquiet")

    stepper.run_to_line(2)
    assert place(stepper) == ("paused", 3, False, "line 3")

    stepper.run_to_line(5)
    assert place(stepper) == ("paused", 5, False, "line 5")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param(1, "Line 1 is behind; restart to run to it", id="already executed"),
        pytest.param(2, "Line 2 is next already", id="where it stands"),
        pytest.param(9, "No statement is left at line 9 or after it", id="after the end"),
    ],
)
def test_run_to_a_line_that_cannot_be_reached_is_refused(make_stepper, line, words):
    stepper = make_stepper("quiet\nquiet\nquiet")
    stepper.step_over()
    stepper.wait_until_idle(10)

    with pytest.raises(CommandRefused, match=words):
        stepper.run_to_line(line)


def test_run_to_a_line_before_the_first_step_is_not_sent_to_a_restart(make_stepper):
    stepper = make_stepper("\n\nquiet")

    with pytest.raises(CommandRefused, match="Line 3 is next already"):
        stepper.run_to_line(2)


def test_step_into_shows_the_events_one_by_one(make_stepper):
    stepper = make_stepper("events\nquiet")
    seen = []

    for _ in range(4):
        stepper.step_into()
        assert place(stepper) == ("paused", 1, True, "step")
        status = stepper.status
        seen.append(type(stepper.recorder.recording.entries[status.entry_index].event))
        assert status.entry_index == len(stepper.recorder.recording.entries) - 1

    stepper.step_into()
    assert place(stepper) == ("paused", 2, False, "step")
    assert seen == [tap.CallStarted, tap.StateChanged, tap.FramingDecided, tap.CallReturned]


def test_step_over_from_inside_a_call_finishes_it(make_stepper):
    stepper = make_stepper("events\nquiet")
    stepper.step_into()
    stepper.wait_until_idle(10)

    stepper.step_over()

    assert place(stepper) == ("paused", 2, False, "step")


def test_continue_stops_inside_a_call_at_an_event_breakpoint(make_stepper):
    stepper = make_stepper("quiet\nevents\nquiet")
    stepper.breakpoints.add(parse_breakpoint("event FramingDecided"))

    stepper.continue_()
    assert place(stepper) == ("paused", 2, True, "breakpoint on event FramingDecided")

    stepper.run_to_line(3)
    assert place(stepper) == ("paused", 3, False, "line 3")


def test_breakpoints_survive_a_restart(make_stepper):
    stepper = make_stepper("quiet\nquiet")
    stepper.breakpoints.toggle_line(2)
    stepper.restart()

    stepper.continue_()

    assert place(stepper) == ("paused", 2, False, "breakpoint on line 2")


def test_event_of_another_thread_never_waits_in_the_gate(make_stepper):
    """The garbage collector may close a connection in the thread that draws the screen."""
    stepper = make_stepper("garbage\nquiet")

    stepper.step_into()

    assert place(stepper) == ("paused", 2, False, "step")
    assert tap.ConnectionClosed in [type(event) for event in events_of(stepper)]


# --- outcomes ----------------------------------------------------------------------------


def test_exception_fails_the_run_and_keeps_the_line(make_stepper):
    stepper = make_stepper("quiet\nraise\nquiet")

    stepper.continue_()

    status = stepper.wait_until_idle(10)
    assert (status.mode, status.line, status.reason) == ("failed", 2, "the call raised")
    assert (status.error.class_name, status.error.message) == ("ValueError", "as asked")
    assert [type(event) for event in events_of(stepper)[-2:]] == [LineRaised, ScriptFinished]
    with pytest.raises(CommandRefused, match="The script has ended"):
        stepper.step_over()


def test_result_of_a_line_is_recorded_cut(make_stepper):
    stepper = make_stepper("quiet\nbig")

    stepper.continue_()
    stepper.wait_until_idle(10)

    results = [event.result for event in events_of(stepper) if isinstance(event, LineReturned)]
    assert results[0] == "1"
    assert len(results[1]) == 200
    assert results[1].startswith("b'\\x00")
    assert results[1].endswith("…")


def test_output_is_recorded_with_its_line(make_stepper):
    stepper = make_stepper("quiet\nprint")

    stepper.continue_()
    stepper.wait_until_idle(10)

    printed = [(event.line, event.text) for event in events_of(stepper) if isinstance(event, Printed)]
    assert printed == [(2, "hello\n")]
    assert stepper.recorder.recording.at().outcomes[2].text == ""


def test_every_entry_of_a_statement_has_its_line(make_stepper):
    stepper = make_stepper("quiet\nevents")

    stepper.continue_()
    stepper.wait_until_idle(10)

    lines = [entry.line for entry in stepper.recorder.recording.entries if isinstance(entry.event, tap.Event)]
    assert lines == [2, 2, 2, 2]


# --- the call line -----------------------------------------------------------------------


def test_call_line_runs_now_and_goes_back(make_stepper, fixtures):
    stepper = make_stepper("quiet\nquiet")
    stepper.step_over()
    stepper.wait_until_idle(10)

    stepper.run_call("events")

    assert place(stepper) == ("paused", 2, False, "step")
    assert stepper.script.source == "quiet\nquiet\nevents"
    assert fixtures.interpreters[0].executed == ["quiet", "events"]
    extended = next(event for event in events_of(stepper) if isinstance(event, ScriptExtended))
    assert (extended.line, extended.source) == (3, "quiet\nquiet\nevents")

    stepper.continue_()
    assert place(stepper)[0] == "finished"
    assert fixtures.interpreters[0].executed == ["quiet", "events", "quiet"]


def test_call_line_before_the_first_step_runs_the_imports(make_stepper, fixtures):
    stepper = make_stepper("import\nquiet")

    stepper.run_call("print")

    assert place(stepper) == ("ready", 2, False, "")
    assert fixtures.interpreters[0].executed == ["import", "print"]


def test_call_line_goes_on_after_the_end(make_stepper):
    stepper = make_stepper("quiet")
    stepper.continue_()
    stepper.wait_until_idle(10)

    stepper.run_call("quiet")
    assert place(stepper)[0] == "finished"

    stepper.run_call("raise")
    assert place(stepper) == ("failed", 3, False, "the call raised")

    stepper.run_call("quiet")
    assert place(stepper)[:2] == ("failed", 3)
    assert stepper.recorder.recording.at().failure is None


def test_call_that_raises_does_not_end_a_script_that_is_under_way(make_stepper):
    stepper = make_stepper("quiet\nquiet")
    stepper.step_over()
    stepper.wait_until_idle(10)

    stepper.run_call("raise")

    assert place(stepper) == ("paused", 2, False, "after a call that raised")
    assert stepper.status.error.class_name == "ValueError"
    stepper.step_over()
    assert place(stepper)[0] == "finished"


def test_call_that_cannot_be_parsed_changes_nothing(make_stepper):
    stepper = make_stepper("quiet")

    with pytest.raises(SyntaxError):
        stepper.run_call("error")
    with pytest.raises(CommandRefused, match="There is no call in this line"):
        stepper.run_call("")

    assert stepper.script.source == "quiet"
    assert stepper.status.mode == "ready"


def test_call_line_is_refused_inside_a_call(make_stepper):
    stepper = make_stepper("events")
    stepper.step_into()
    stepper.wait_until_idle(10)

    with pytest.raises(CommandRefused, match="Inside a call"):
        stepper.run_call("quiet")


def test_call_line_stops_at_event_breakpoints(make_stepper):
    stepper = make_stepper("quiet\nquiet")
    stepper.breakpoints.add(parse_breakpoint("event StateChanged"))

    stepper.run_call("events")
    assert place(stepper) == ("paused", 3, True, "breakpoint on event StateChanged")

    stepper.step_into()
    assert place(stepper) == ("paused", 3, True, "step")
    stepper.step_over()
    assert place(stepper) == ("ready", 1, False, "")


# --- restart and close -------------------------------------------------------------------


def test_restart_begins_another_run_with_the_calls_from_the_call_line(make_stepper, fixtures):
    stepper = make_stepper("quiet")
    stepper.run_call("events")
    stepper.wait_until_idle(10)

    stepper.restart()
    stepper.continue_()

    assert place(stepper)[0] == "finished"
    assert fixtures.interpreters[1].executed == ["quiet", "events"]
    recording = stepper.recorder.recording
    assert [run.number for run in recording.runs] == [1, 2]
    assert [connection.run for connection in recording.connections] == [1, 2]
    assert recording.at(recording.runs[1].first_index - 1).ending == "aborted"


def test_restart_with_another_script_runs_that(make_stepper, fixtures):
    stepper = make_stepper("quiet")

    stepper.restart(FakeScript("print"))
    stepper.continue_()

    assert place(stepper)[0] == "finished"
    assert fixtures.interpreters[1].executed == ["print"]


def test_connections_of_a_run_are_closed_when_it_is_restarted(make_stepper, fixtures):
    stepper = make_stepper("events\nquiet")
    stepper.step_over()
    stepper.wait_until_idle(10)
    thread = stepper._worker.thread

    stepper.restart()
    thread.join(10)

    assert not thread.is_alive()
    assert [connection.closed for connection in fixtures.connections] == [True]


def test_everything_is_refused_after_close(make_stepper):
    stepper = make_stepper("quiet")
    stepper.close()
    stepper.close()

    assert stepper.wait_until_idle(10).mode == "aborted"
    for command in (stepper.step_over, stepper.continue_, stepper.abort, stepper.restart):
        with pytest.raises(CommandRefused, match="The session is closed"):
            command()
    with pytest.raises(CommandRefused, match="The session is closed"):
        stepper.run_call("quiet")


# --- listeners ---------------------------------------------------------------------------


def test_listener_hears_of_every_status(make_stepper):
    stepper = make_stepper("quiet\nquiet")
    modes: list[str] = []
    leave = stepper.subscribe(lambda: modes.append(stepper.status.mode))

    stepper.step_over()
    stepper.wait_until_idle(10)
    stepper.close()
    leave()

    assert set(modes) == {"running", "paused", "aborted"}
    assert modes[-1] == "aborted"


def test_waiting_for_a_call_that_blocks_has_a_bound(make_stepper):
    stepper = make_stepper("receive")
    stepper.step_over()

    with pytest.raises(TimeoutError, match=r"Line 1 still runs after 0\.01 s"):
        stepper.wait_until_idle(0.01)
    with pytest.raises(CommandRefused, match="A call is running"):
        stepper.step_over()
    with pytest.raises(CommandRefused, match="A call is running"):
        stepper.run_call("quiet")
