"""What connections are called."""

import pytest

from tests.ui.conversation import Conversation
from workbench.lab import LabServer, find_scenario
from workbench.session.connection_name import connection_name
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.script import parse_script
from workbench.session.stepper import Stepper

TOP = """from http.client import HTTPConnection
a = HTTPConnection("{host}", {port})
"""


@pytest.fixture(scope="module")
def lab():
    with LabServer() as server:
        yield server


def names(lab, calls):
    """Run a script and give the names of its connections, each with what opened a tunnel for it."""
    host, port = lab.open(find_scenario("redirect"))
    source = (TOP + calls).format(host=host, port=port)
    stepper = Stepper(parse_script(source), Recorder(Recording()))
    stepper.continue_()
    stepper.wait_until_idle(20)
    stepper.close()
    recording = stepper.recorder.recording
    return [connection_name(recording, one) for one in recording.at().connections]


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        pytest.param('a.request("GET", "/")', ["a"], id="request"),
        pytest.param('a.putrequest("GET", "/")\na.endheaders()', ["a"], id="putrequest"),
        pytest.param("a.connect()", ["a"], id="connect"),
        pytest.param(
            'b = HTTPConnection("{host}", {port})\nb.connect()\na.connect()',
            ["b", "a"],
            id="two, in order of use",
        ),
        pytest.param('both = [a]\nboth[0].request("GET",\n  "/")', ["both[0]"], id="item of a list"),
        pytest.param('HTTPConnection("{host}", {port}).connect()', [""], id="no name at all"),
        pytest.param("a.connect()\na.close()\na.connect()", ["a", "a"], id="opened again"),
    ],
)
def test_connection_has_the_name_that_the_script_opened_it_with(lab, calls, expected):
    assert names(lab, calls) == expected


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("while True: conn.request()", id="not in the script language"),
        pytest.param("", id="no such line"),
    ],
)
def test_connection_of_another_program_has_no_name(source):
    talk = Conversation(source)
    talk.start_line(1)
    talk.call("request")
    talk.put_request("GET", "/")

    assert connection_name(talk.recording, talk.recording.at().connection) == ""


def test_connection_that_no_call_opened_has_no_name():
    talk = Conversation("conn.request()")
    talk.put_request("GET", "/")

    assert connection_name(talk.recording, talk.recording.at().connection) == ""
