"""The whole session, nothing faked: the script language, the protocol, and a server."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.ports import closed_port
from tests.session.fake_script import DeafServer, SilentServer
from workbench.lab import LabServer, find_scenario
from workbench.protocol import tap
from workbench.session.breakpoint import LineBreakpoint
from workbench.session.breakpoint_text import parse_breakpoint
from workbench.session.leaves import NOT_PARSED_YET
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.script import parse_script
from workbench.session.stepper import Stepper

SECONDS = 10


@pytest.fixture
def step() -> Iterator[Callable[[str], Stepper]]:
    """Makes steppers, and sees their threads end."""
    made: list[Stepper] = []

    def make(source: str) -> Stepper:
        stepper = Stepper(parse_script(source), Recorder(Recording()))
        made.append(stepper)
        return stepper

    yield make
    for stepper in made:
        stepper.close()
        stepper._worker.thread.join(SECONDS)
        assert not stepper._worker.thread.is_alive()


@pytest.fixture
def lab() -> Iterator[LabServer]:
    with LabServer() as server:
        yield server


def wait_for(stepper: Stepper, what: type | str) -> None:
    """Wait until an event of this kind is recorded, or the begin of a call: it is about to block."""
    seen = threading.Event()

    def look() -> None:
        events = (entry.event for entry in stepper.recorder.recording.entries)
        if any(what in (type(event), getattr(event, "name", "")) for event in events):
            seen.set()

    leave = stepper.recorder.subscribe(look)
    look()
    assert seen.wait(SECONDS)
    leave()


def test_first_example_is_over_after_six_steps(step, lab):
    stepper = step(lab.script_for(find_scenario("hello")))
    lines = []

    for _ in range(6):
        assert stepper.status.mode in ("ready", "paused")
        lines.append(stepper.status.line)
        stepper.step_over()
        stepper.wait_until_idle(SECONDS)

    moment = stepper.recorder.recording.at()
    assert stepper.status.mode == "finished"
    assert moment.exchange.response.status_line.event.status_code == 200
    assert moment.exchange.response.completion.event.complete
    assert sorted(moment.outcomes) == [1, *lines]
    assert {outcome.kind for outcome in moment.outcomes.values()} == {"returned"}


@pytest.mark.parametrize("name", ["hello", "keep-alive-twice"])
def test_every_byte_of_both_streams_has_a_leaf_at_every_moment(step, lab, name):
    stepper = step(lab.script_for(find_scenario(name)))
    stepper.continue_()
    assert stepper.wait_until_idle(SECONDS).mode == "finished"
    recording = stepper.recorder.recording

    for index in range(len(recording.entries)):
        for connection in recording.at(index).connections:
            for stream in ("sent", "received"):
                leaves = list(connection.leaves(stream, 0, connection.length(stream)))
                position = 0
                for leaf in leaves:
                    assert leaf.start == position
                    position = leaf.end
                assert position == connection.length(stream)

    for connection in recording.at().connections:
        kinds = {leaf.kind for leaf in connection.leaves("received", 0, connection.received_length)}
        assert NOT_PARSED_YET not in kinds


def test_bytes_received_and_not_parsed_are_seen_as_such_inside_a_call(step, lab):
    stepper = step(lab.script_for(find_scenario("hello")))
    stepper.breakpoints.add(parse_breakpoint("event BytesReceived"))

    stepper.continue_()

    assert stepper.wait_until_idle(SECONDS).inside_call
    connection = stepper.recorder.recording.at().connection
    assert connection.received_length > 0
    assert [leaf.kind for leaf in connection.leaves("received", 0, 10**6)] == [NOT_PARSED_YET]
    assert [entry.event.name for entry in stepper.recorder.recording.at().open_calls][-1].endswith(
        "getresponse"
    )


@pytest.mark.parametrize(
    ("scenario", "text", "line", "event"),
    [
        pytest.param("hello", "event FramingDecided", 6, tap.FramingDecided, id="event"),
        pytest.param("hello", "header HOST", 3, tap.FieldLineBuffered, id="header sent"),
        pytest.param("hello", "header content-length", 6, tap.FieldLineParsed, id="header received"),
        pytest.param("hello", "state Unread-response", 6, tap.StateChanged, id="state"),
        pytest.param("hello", "sent 1", 5, tap.BytesSent, id="bytes sent"),
        pytest.param("hello", "received 17", 6, tap.BytesReceived, id="bytes received"),
        pytest.param("garbage-status-line", "exception HTTPException", 5, tap.CallRaised, id="exception"),
    ],
)
def test_breakpoint_pauses_inside_the_call_and_says_which_it_was(step, lab, scenario, text, line, event):
    stepper = step(lab.script_for(find_scenario(scenario)))
    stepper.breakpoints.add(LineBreakpoint(2))
    stepper.breakpoints.add(parse_breakpoint(text))

    for _ in range(2):
        stepper.continue_()

        status = stepper.wait_until_idle(SECONDS)
        assert (status.mode, status.inside_call, status.line) == ("paused", True, line)
        assert status.reason == f"breakpoint on {parse_breakpoint(text)}"
        assert type(stepper.recorder.recording.entries[status.entry_index].event) is event

        # Every run begins to count anew.
        stepper.restart()


def test_exception_has_left_the_call_when_the_run_goes_on(step, lab):
    stepper = step(lab.script_for(find_scenario("garbage-status-line")))
    stepper.breakpoints.add(parse_breakpoint("exception BadStatusLine"))
    stepper.continue_()
    stepper.wait_until_idle(SECONDS)

    stepper.continue_()

    status = stepper.wait_until_idle(SECONDS)
    assert (status.mode, status.error.class_name) == ("failed", "BadStatusLine")


def test_stepping_into_a_call_goes_through_all_of_its_events(step, lab):
    stepper = step(lab.script_for(find_scenario("hello")))
    for _ in range(500):
        stepper.step_into()
        status = stepper.wait_until_idle(SECONDS)
        assert status.mode in ("paused", "finished")
        if status.mode == "finished":
            break

    assert stepper.status.mode == "finished"
    assert stepper.recorder.recording.at().exchange.response.completion.event.complete


BLOCKED = [
    pytest.param("request", DeafServer, tap.ConnectStarted, id="connecting"),
    pytest.param("getresponse", SilentServer, "HTTPConnection.getresponse", id="receiving"),
    pytest.param("tls", SilentServer, tap.TlsStarted, id="in the TLS handshake"),
    pytest.param("send", SilentServer, "HTTPConnection.send", id="sending more than anybody takes"),
]


def source_for(call: str, address: tuple[str, int]) -> str:
    kind = "HTTPSConnection" if call == "tls" else "HTTPConnection"
    lines = [f"from http.client import {kind}", f"conn = {kind}({address[0]!r}, {address[1]})"]
    if call == "send":
        lines += ['conn.putrequest("POST", "/")', "conn.endheaders()", 'conn.send(b"x" * 30000000)']
    else:
        lines += ['conn.request("GET", "/")']
    if call == "getresponse":
        lines += ["conn.getresponse()"]
    return "\n".join(lines)


@pytest.mark.parametrize(("call", "server_class", "event"), BLOCKED)
def test_abort_ends_whatever_is_blocked(step, call, server_class, event):
    server = server_class()
    stepper = step(source_for(call, server.address))
    stepper.continue_()
    wait_for(stepper, event)

    stepper.abort()

    status = stepper.wait_until_idle(SECONDS)
    server.close()
    assert status.mode == "aborted"
    assert status.error.class_name == "ConnectionAbortedError"
    assert status.reason == "aborted"
    assert not stepper._worker.retired


@pytest.mark.parametrize(("call", "server_class", "event"), BLOCKED)
def test_restart_leaves_whatever_is_blocked(step, lab, call, server_class, event):
    server = server_class()
    stepper = step(source_for(call, server.address))
    stepper.continue_()
    wait_for(stepper, event)
    old_thread = stepper._worker.thread

    stepper.restart(parse_script(lab.script_for(find_scenario("hello"))))
    stepper.continue_()

    assert stepper.wait_until_idle(SECONDS).mode == "finished"
    old_thread.join(SECONDS)
    server.close()
    assert not old_thread.is_alive()
    assert stepper.recorder.recording.at().exchange.response.status_line.event.status_code == 200


def test_abort_in_a_look_up_sends_nothing_afterwards(step, monkeypatch):
    release, looking = threading.Event(), threading.Event()
    server = SilentServer()
    look_up = socket.getaddrinfo

    def look_up_slowly(*arguments, **options):
        looking.set()
        assert release.wait(SECONDS)
        return look_up(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up_slowly)
    stepper = step(source_for("request", server.address))
    stepper.continue_()
    assert looking.wait(SECONDS)

    stepper.abort()

    status = stepper.status
    entries = len(stepper.recorder.recording.entries)
    assert (status.mode, status.line, status.error.class_name) == ("aborted", 3, "ConnectionAbortedError")

    release.set()
    stepper._worker.thread.join(SECONDS)

    server.listener.settimeout(0)
    with pytest.raises(BlockingIOError):
        server.listener.accept()
    server.close()
    assert len(stepper.recorder.recording.entries) == entries


def test_refused_connection_fails_the_line_and_shows_no_response(step):
    with closed_port() as port:
        stepper = step(
            f'from http.client import HTTPConnection\nconn = HTTPConnection("127.0.0.1", {port})\nconn.request("GET", "/")'
        )

        stepper.continue_()

        status = stepper.wait_until_idle(SECONDS)
    exchange = stepper.recorder.recording.at().exchange
    assert (status.mode, status.line, status.error.class_name) == ("failed", 3, "ConnectionRefusedError")
    assert exchange.response is None
    assert exchange.error.event.error.class_name == "ConnectionRefusedError"


def test_restart_ends_on_fresh_connections(step, lab):
    stepper = step(lab.script_for(find_scenario("hello")))
    for _ in range(2):
        stepper.continue_()
        stepper.wait_until_idle(SECONDS)
        stepper.restart()
    stepper.continue_()

    assert stepper.wait_until_idle(SECONDS).mode == "finished"
    recording = stepper.recorder.recording
    assert [run.endings.at(len(recording.entries)) for run in recording.runs] == ["finished"] * 3
    assert [connection.run for connection in recording.connections if connection.exchanges] == [1, 2, 3]
