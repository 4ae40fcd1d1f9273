"""Where `continue` stops in a recording: where a run would have stopped."""

import itertools

import pytest

from tests.ui.conversation import Conversation
from workbench.lab import LabServer, find_scenario
from workbench.protocol import tap
from workbench.protocol.tap import ErrorFact
from workbench.protocol.wire.span import Span
from workbench.session import events
from workbench.session.breakpoint_text import parse_breakpoint
from workbench.session.breakpoints import Breakpoints
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.script import parse_script
from workbench.session.stepper import Stepper
from workbench.session.stops import Stop, next_stop

SOURCE = """from http.client import HTTPConnection
conn = HTTPConnection("127.0.0.1", 8080)
conn.request(
    "GET",
    "/")
r1 = conn.getresponse()
"""

ERROR = ErrorFact("BadStatusLine", ("BadStatusLine", "HTTPException", "Exception"), "as asked")


def breakpoints(*texts):
    return Breakpoints(parse_breakpoint(text) for text in texts)


@pytest.fixture
def recording():
    """A request, and a response that fails; each kind of breakpoint finds something here."""
    talk = Conversation(SOURCE)
    talk.start_line(1)
    talk.end_line()
    talk.start_line(2)
    talk.end_line()
    talk.start_line(3)
    talk.call("request", "'GET', '/'")
    talk.put_request("GET", "/")
    talk.put_field("Host", "127.0.0.1:8080", automatic=True)
    talk.end_header_section()
    talk.send()
    talk.state("REQUEST_SENT", "request")
    talk.returned("request")
    talk.end_line()
    talk.start_line(6)
    talk.call("getresponse")
    talk.receive(b"HTTP/1.1 2")
    talk.receive(b"x0 OK\r\n")
    talk.call("close")
    talk.raised("close", ERROR)
    talk.raised("getresponse", ERROR)
    talk.fail_line(ERROR)
    return talk.recording


def all_stops(recording, *texts):
    """Continue from the beginning to the end; what each stop came after, and why."""
    placed, stops = breakpoints(*texts), [Stop(0, "")]
    last = len(recording.entries) - 1
    while stops[-1].entry < last:
        stops.append(next_stop(recording, stops[-1].entry, placed))
        assert stops[-1].entry > stops[-2].entry
    return [(type(recording.entries.event(one.entry)).__name__, one.reason) for one in stops[1:]]


END = ("ScriptFinished", "")


@pytest.mark.parametrize(
    ("texts", "stops"),
    [
        pytest.param([], [END], id="none"),
        pytest.param(["line 2"], [("LineReturned", "breakpoint on line 2"), END], id="line"),
        pytest.param(["line 4"], [("LineReturned", "breakpoint on line 4"), END], id="line of a statement"),
        pytest.param(["line 99"], [END], id="no such line"),
        pytest.param(
            ["event BytesReceived"],
            [("BytesReceived", "breakpoint on event BytesReceived")] * 2 + [END],
            id="event",
        ),
        pytest.param(["header host"], [("FieldLineBuffered", "breakpoint on header host"), END], id="header"),
        pytest.param(
            ["state Request-sent"], [("StateChanged", "breakpoint on state Request-sent"), END], id="state"
        ),
        pytest.param(
            ["exception HTTPException"],
            [("CallRaised", "breakpoint on exception HTTPException"), END],
            id="exception, once",
        ),
        pytest.param(["received 11"], [("BytesReceived", "breakpoint on received 11"), END], id="bytes"),
        pytest.param(["sent 1"], [("BytesSent", "breakpoint on sent 1"), END], id="sent bytes"),
        pytest.param(
            ["line 6", "header host"],
            [
                ("FieldLineBuffered", "breakpoint on header host"),
                ("LineReturned", "breakpoint on line 6"),
                END,
            ],
            id="whichever comes first",
        ),
    ],
)
def test_continue_stops_at_each_breakpoint_of_the_recording(recording, texts, stops):
    assert all_stops(recording, *texts) == stops


def test_bytes_are_counted_from_the_beginning_of_the_run_wherever_one_starts(recording):
    second = [entry.index for entry in recording.entries if isinstance(entry.event, tap.BytesReceived)][1]

    stop = next_stop(recording, second - 1, breakpoints("received 11"))

    assert stop == (second, "breakpoint on received 11")
    assert next_stop(recording, second, breakpoints("received 11")).reason == ""


def test_each_run_counts_its_own_bytes_and_stops_at_its_end():
    recording, times = Recording(), itertools.count(1)
    for run in (1, 2):
        recording.append(events.ScriptStarted(next(times), run, "two.py", "a\n", 0))
        recording.append(events.LineStarted(next(times), 1), 1)
        span = Span("received", 0, 8)
        recording.append(tap.BytesReceived(next(times), next(times), run, 1, span, b"x" * 8, 0), 1)
        recording.append(events.ScriptFinished(next(times), "finished"))

    assert all_stops(recording, "received 8") == [
        ("BytesReceived", "breakpoint on received 8"),
        END,
        ("BytesReceived", "breakpoint on received 8"),
        END,
    ]
    assert all_stops(recording, "received 9") == [END, END]


def test_script_outside_the_language_stops_at_the_first_line_of_a_statement():
    talk = Conversation("while True:\n    pass\n")
    for line in (1, 2):
        talk.start_line(line)
        talk.end_line()

    stop = next_stop(talk.recording, 0, breakpoints("line 2"))

    assert stop == (2, "breakpoint on line 2")


@pytest.fixture(scope="module")
def lab():
    with LabServer() as server:
        yield server


TEXTS = [
    ["line 3"],
    ["event CallStarted"],
    ["event FieldLineParsed", "line 5"],
    ["header content-length"],
    ["state Idle"],
    ["received 60", "sent 3"],
]


@pytest.mark.parametrize("texts", TEXTS, ids=" + ".join)
def test_past_stops_where_the_present_did(lab, texts):
    """The same breakpoints, the same stops: the run itself is what the walk is compared with."""
    scenario = find_scenario("hello")
    lab.open(scenario)
    stepper = Stepper(
        parse_script(lab.script_for(scenario)), Recorder(Recording()), breakpoints=breakpoints(*texts)
    )
    present = []
    while not stepper.status.ended:
        stepper.continue_()
        status = stepper.wait_until_idle(20)
        if not status.ended:
            present.append((status.entry_index, status.reason))
    stepper.close()
    recording = stepper.recorder.recording

    past, index = [], 0
    while index < len(recording.entries) - 1:
        stop = next_stop(recording, index, stepper.breakpoints)
        index = stop.entry
        past.append(tuple(stop))

    assert past[:-1] == present
    assert len(present) >= 1
