"""Aborting and restarting, whatever the worker is blocked in, and any commands in any order."""

import threading
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.session.fake_script import FakeScript, Fixtures
from workbench.protocol import tap
from workbench.session import worker as worker_module
from workbench.session.breakpoint_text import parse_breakpoint
from workbench.session.events import LineRaised, ScriptFinished
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.status import CommandRefused
from workbench.session.stepper import Stepper

SECONDS = 10


def wait_for_event(stepper: Stepper, kind: type) -> None:
    """Wait until an event of this kind is recorded: the call is about to block."""
    seen = threading.Event()

    def look() -> None:
        if any(type(entry.event) is kind for entry in stepper.recorder.recording.entries):
            seen.set()

    leave = stepper.recorder.subscribe(look)
    look()
    assert seen.wait(SECONDS)
    leave()


BLOCKED = [
    pytest.param("receive", tap.CallStarted, id="receiving from a server that never answers"),
    pytest.param("connect", tap.ConnectStarted, id="connecting to a server that never accepts"),
]


@pytest.mark.parametrize(("call", "event"), BLOCKED)
def test_abort_ends_a_blocked_call(make_stepper, call, event):
    stepper = make_stepper(f"quiet\n{call}\nquiet")
    stepper.continue_()
    wait_for_event(stepper, event)

    stepper.abort()

    status = stepper.wait_until_idle(SECONDS)
    assert (status.mode, status.line, status.reason) == ("aborted", 2, "aborted")
    assert status.error.class_name == "ConnectionAbortedError"
    raised, finished = (entry.event for entry in stepper.recorder.recording.entries[-2:])
    assert isinstance(raised, LineRaised)
    assert raised.aborted
    assert finished.outcome == "aborted"
    assert stepper.recorder.recording.at().outcomes[2].kind == "aborted"


def test_abort_reaches_a_connection_that_is_made_after_it(make_stepper, fixtures):
    stepper = make_stepper("late")
    stepper.step_over()
    assert fixtures.entered.wait(SECONDS)
    stepper.abort()

    fixtures.release.set()

    status = stepper.wait_until_idle(SECONDS)
    assert (status.mode, status.line, status.reason) == ("aborted", 1, "aborted")
    assert status.error.class_name == "ConnectionAbortedError"


@pytest.mark.parametrize(("call", "event"), BLOCKED)
def test_restart_leaves_a_blocked_call_behind(make_stepper, fixtures, call, event):
    stepper = make_stepper(f"{call}\nquiet")
    stepper.step_over()
    wait_for_event(stepper, event)
    old_thread = stepper._worker.thread

    stepper.restart(FakeScript("quiet"))
    stepper.continue_()

    assert stepper.wait_until_idle(SECONDS).mode == "finished"
    old_thread.join(SECONDS)
    assert not old_thread.is_alive()
    assert [connection.closed for connection in fixtures.connections] == [True]
    assert stepper.recorder.recording.at().run == 2


@pytest.mark.parametrize(("call", "event"), BLOCKED)
def test_call_line_goes_on_after_an_abort(make_stepper, fixtures, call, event):
    stepper = make_stepper(call)
    stepper.step_over()
    wait_for_event(stepper, event)
    stepper.abort()
    stepper.wait_until_idle(SECONDS)

    stepper.run_call("quiet")

    assert stepper.wait_until_idle(SECONDS).mode == "aborted"
    assert fixtures.interpreters[0].executed == [call, "quiet"]


def test_abort_opens_the_gate(make_stepper):
    stepper = make_stepper("events\nquiet")
    stepper.step_into()
    stepper.wait_until_idle(SECONDS)

    stepper.abort()

    status = stepper.wait_until_idle(SECONDS)
    assert (status.mode, status.line, status.inside_call) == ("aborted", 1, False)


def test_restart_opens_the_gate(make_stepper):
    stepper = make_stepper("events\nquiet")
    stepper.step_into()
    stepper.wait_until_idle(SECONDS)
    old_thread = stepper._worker.thread

    stepper.restart()

    assert stepper.wait_until_idle(SECONDS).mode == "ready"
    old_thread.join(SECONDS)
    assert not old_thread.is_alive()


def test_abort_between_two_statements_ends_the_run(make_stepper):
    stepper = make_stepper("quiet\nquiet")
    stepper.step_over()
    stepper.wait_until_idle(SECONDS)

    stepper.abort()

    status = stepper.wait_until_idle(SECONDS)
    assert (status.mode, status.line, status.error) == ("aborted", 2, None)


def test_abort_of_a_call_from_the_call_line_ends_that_call_alone(make_stepper):
    stepper = make_stepper("quiet\nquiet")
    stepper.step_over()
    stepper.wait_until_idle(SECONDS)
    stepper.run_call("receive")
    wait_for_event(stepper, tap.CallStarted)

    stepper.abort()

    status = stepper.wait_until_idle(SECONDS)
    assert (status.mode, status.line, status.reason) == ("paused", 2, "after a call that was aborted")
    stepper.step_over()
    assert stepper.wait_until_idle(SECONDS).mode == "finished"


def test_abort_of_a_call_that_has_not_begun_ends_that_call_alone(make_stepper):
    """The user's thread gives both commands before the worker's has looked at the first."""
    stepper = make_stepper("quiet\nquiet")
    stepper.step_over()
    stepper.wait_until_idle(SECONDS)
    with stepper._condition:
        stepper.run_call("quiet")
        stepper.abort()

    status = stepper.wait_until_idle(SECONDS)
    assert (status.mode, status.line, status.reason) == ("paused", 2, "after a call that was aborted")
    stepper.step_over()
    assert stepper.wait_until_idle(SECONDS).mode == "finished"


def test_abort_that_comes_after_the_end_changes_nothing(make_stepper):
    """The run may end between the look at its status and the abort."""
    stepper = make_stepper("quiet")
    stepper.step_over()
    status = stepper.wait_until_idle(SECONDS)

    stepper._worker.abort()

    assert stepper.status == status
    stepper.run_call("quiet")
    assert stepper.wait_until_idle(SECONDS).mode == "finished"
    outcomes = [
        entry.event.outcome
        for entry in stepper.recorder.recording.entries
        if isinstance(entry.event, ScriptFinished)
    ]
    assert outcomes == ["finished"]


def test_nothing_to_abort_is_refused(make_stepper):
    stepper = make_stepper("quiet")
    with pytest.raises(CommandRefused, match="Nothing is running"):
        stepper.abort()
    stepper.step_over()
    stepper.wait_until_idle(SECONDS)

    with pytest.raises(CommandRefused, match="Nothing is running"):
        stepper.abort()


def test_look_up_is_left_behind_at_once(make_stepper, fixtures):
    stepper = make_stepper("lookup\nquiet")
    stepper.step_over()
    wait_for_event(stepper, tap.HostLookupStarted)
    thread = stepper._worker.thread

    stepper.abort()

    status = stepper.status
    assert (status.mode, status.line) == ("aborted", 1)
    assert "looked up" in status.reason
    recording = stepper.recorder.recording
    assert isinstance(recording.entries[-1].event, ScriptFinished)
    length = len(recording.entries)

    fixtures.release.set()
    thread.join(SECONDS)

    assert not thread.is_alive()
    assert len(recording.entries) == length
    assert fixtures.connections[0].closed
    with pytest.raises(CommandRefused, match="The run was given up; restart to go on"):
        stepper.run_call("quiet")
    stepper.restart(FakeScript("quiet"))
    stepper.step_over()
    assert stepper.wait_until_idle(SECONDS).mode == "finished"


def test_call_that_cannot_be_interrupted_is_left_behind_after_a_moment(make_stepper, monkeypatch):
    monkeypatch.setattr(worker_module, "ABORT_GRACE_SECONDS", 0.05)
    stepper = make_stepper("stuck")
    stepper.step_over()
    wait_for_event(stepper, tap.CallStarted)

    stepper.abort()

    status = stepper.wait_until_idle(SECONDS)
    assert (status.mode, status.reason) == ("aborted", "Aborted in a call that cannot be interrupted")
    assert status.error.class_name == "ConnectionAbortedError"


def test_close_leaves_a_blocked_call_behind(make_stepper):
    stepper = make_stepper("receive")
    stepper.step_over()
    wait_for_event(stepper, tap.CallStarted)
    thread = stepper._worker.thread

    stepper.close()

    thread.join(SECONDS)
    assert not thread.is_alive()
    assert stepper.status.mode == "aborted"


COMMANDS = {
    "step_over": Stepper.step_over,
    "step_into": Stepper.step_into,
    "continue": Stepper.continue_,
    "run_to_line": lambda stepper: stepper.run_to_line(3),
    "abort": Stepper.abort,
    "restart": Stepper.restart,
    "call": lambda stepper: stepper.run_call("events"),
    "failing call": lambda stepper: stepper.run_call("raise"),
    "blocking call": lambda stepper: stepper.run_call("receive"),
    "breakpoint": lambda stepper: stepper.breakpoints.toggle_line(3),
    "event breakpoint": lambda stepper: stepper.breakpoints.add(parse_breakpoint("event FramingDecided")),
    "wait": lambda stepper: stepper.status.idle or stepper.wait_until_idle(0.005),
}

LINES = st.sampled_from(["quiet", "events", "import", "raise", "receive", "connect", "print"])


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINES, min_size=1, max_size=4), st.lists(st.sampled_from(list(COMMANDS)), max_size=12))
def test_any_commands_in_any_order_end_in_a_legal_status(lines, commands):
    fixtures = Fixtures()
    stepper = Stepper(
        FakeScript("\n".join(lines)), Recorder(Recording()), interpreter_factory=fixtures.interpreter
    )
    threads = [stepper._worker.thread]
    try:
        for name in commands:
            try:
                COMMANDS[name](stepper)
            except (CommandRefused, TimeoutError):
                pass
            threads.append(stepper._worker.thread)
        if not stepper.status.idle:
            try:
                stepper.wait_until_idle(0.005)
            except TimeoutError:
                with suppress(CommandRefused):  # It has ended meanwhile.
                    stepper.abort()
        status = stepper.wait_until_idle(SECONDS)
        script_lines = range(len(stepper.script.source.split("\n")) + 1)
    finally:
        stepper.close()
        fixtures.close()
    for thread in threads:
        thread.join(SECONDS)

    assert not any(thread.is_alive() for thread in threads)
    assert all(connection.closed for connection in fixtures.connections)
    assert status.line in script_lines
    assert status.mode in ("ready", "paused", "finished", "failed", "aborted")
    assert status.inside_call is (status.inside_call and status.mode == "paused")
    recording = stepper.recorder.recording
    assert recording.at().run == len(recording.runs)
    for run in recording.runs:
        assert len(run.endings) == 1
        kinds = [history.at(len(recording.entries)).kind for history in run.outcomes.values()]
        assert "running" not in kinds
