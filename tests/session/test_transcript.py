"""A run without a screen, against the lab and against servers that do not behave."""

import errno
import io
import re
import socket
import threading

import pytest

from tests.ports import closed_port
from tests.protocol.peer import ByteServer
from workbench.lab import LabServer, find_scenario
from workbench.protocol import tap
from workbench.session.folding import Folding
from workbench.session.headless import run_script
from workbench.session.script import parse_script
from workbench.session.step_limit import StepLimit
from workbench.session.transcript import Transcript


class Result:
    def __init__(self, source, timeout_seconds=20.0, out=None):
        self.out, self.err = out or io.StringIO(), io.StringIO()
        script = parse_script(source, "test.py")
        self.code = run_script(script, out=self.out, err=self.err, timeout_seconds=timeout_seconds)
        self.text, self.error = self.out.getvalue(), self.err.getvalue()


@pytest.fixture
def lab():
    with LabServer() as lab:
        yield lab


@pytest.fixture
def silent_server():
    """Accepts and never answers, unless it is asked to send something every now and then."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def without_ports(text):
    return re.sub(r"\b\d{4,5}\b", "PORT", text)


HELLO = """\
test.py: 6 steps
   + queued, not sent yet   > sent   < received   = value   ! problem
2  conn = HTTPConnection("127.0.0.1", PORT)
     = HTTPConnection to 127.0.0.1 port PORT
3  conn.putrequest("GET", "/hello")
     + GET /hello HTTP/1.1␍␊
     + Host: 127.0.0.1:PORT␍␊   (added by the library)
     + Accept-Encoding: identity␍␊   (added by the library)
       state: Idle → Request-started
4  conn.putheader("Accept", "text/plain")
     + Accept: text/plain␍␊
5  conn.endheaders()
       connected to 127.0.0.1 port PORT
     > GET /hello HTTP/1.1␍␊
     > Host: 127.0.0.1:PORT␍␊
     > Accept-Encoding: identity␍␊
     > Accept: text/plain␍␊
     > ␍␊
       sent 93 bytes
       state: Request-started → Request-sent
6  r1 = conn.getresponse()
"""


def test_transcript_of_hello_reads_as_a_story(lab):
    result = Result(lab.script_for(find_scenario("hello")))

    assert result.code == 0
    assert result.error == ""
    assert without_ports(result.text).startswith(HELLO)
    assert "     < Hello, world␊\n" in result.text
    assert "       framing: " in result.text
    assert "     = b'Hello, world\\n'\ndone: every call succeeded\n" in result.text


def test_transcript_numbers_every_line_of_a_statement():
    result = Result("print('a',\n      'b')\n")

    assert "\n1  print('a',\n2        'b')\n       printed: a b\n" in result.text


def test_transcript_shows_a_drip_as_lines(lab):
    result = Result(lab.script_for(find_scenario("slow-drip")))

    assert result.code == 0
    received = "".join(re.findall(r"^ +< (.*)$", result.text, re.MULTILINE))
    assert received.endswith("Slowly, slowly, byte by byte.␊")
    assert len(re.findall(r"^ +< ", result.text, re.MULTILINE)) < 10


def test_transcript_shows_no_control_character_of_a_server(lab):
    result = Result(
        lab.script_for(find_scenario("terminal-escapes")) + "print(r1.reason, r1.msg)\nr1.msg.items()\n"
    )

    assert result.code == 0
    assert all(line.isprintable() for line in (result.text + result.error).split("\n"))
    assert "␛]0;" in result.text


def test_debug_output_goes_into_the_transcript(lab):
    source = lab.script_for(find_scenario("terminal-escapes"))
    result = Result(source.replace("conn.putrequest", "conn.set_debuglevel(1)\nconn.putrequest"))

    assert "printed: send: b'GET /escapes" in result.text
    assert all(line.isprintable() for line in result.text.split("\n"))


def test_large_content_is_cut_in_the_transcript(lab):
    result = Result(lab.script_for(find_scenario("long-field-line")))

    assert result.code == 1
    assert "… the rest of this step's bytes is not shown" in result.text
    assert len(result.text) < 10_000


def test_notes_that_repeat_are_counted():
    lines = []
    transcript = Transcript(lines.append)
    transcript.step_started(parse_script("print(1)").statements[0])
    for seq in range(3):
        transcript.listen(tap.InterimResponseParsed(seq, seq, 1, 1, 103))
    transcript.step_returned(None)

    assert lines[1:] == [
        "       interim response 103: the final one is to come",
        "       … and the same 2 more times",
    ]


INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n"


def test_responses_that_repeat_in_one_segment_are_folded_and_counted():
    lines = received_interim_responses(segments=1, of=60)

    assert lines == [
        *["     < HTTP/1.1 100 Continue␍␊", "     < ␍␊"] * 2,
        "       … and the same 2 lines 58 more times",
        "       interim response 100: the final one is to come",
        "       … and the same 59 more times",
        "       received 1,500 bytes",
    ]


def test_responses_that_repeat_in_segments_of_their_own_are_folded_and_counted():
    lines = received_interim_responses(segments=60, of=1)

    one = [
        "     < HTTP/1.1 100 Continue␍␊",
        "     < ␍␊",
        "       interim response 100: the final one is to come",
    ]
    assert lines == [
        *one,
        *one,
        "       … and the same 3 lines 58 more times",
        "       received 1,500 bytes",
    ]


def received_interim_responses(segments, of):
    """What the transcript says of so many segments with so many interim responses each."""
    lines = []
    transcript = Transcript(lines.append)
    transcript.step_started(parse_script("print(1)").statements[0])
    for _ in range(segments):
        data = INTERIM * of
        transcript.listen(tap.BytesReceived(1, 1, 1, 1, tap.Span("received", 0, len(data)), data, 1))
        for _ in range(of):
            transcript.listen(tap.InterimResponseParsed(1, 1, 1, 1, 100))
    transcript.step_returned(None)
    return lines[1:]


def test_endless_responses_make_a_short_transcript(lab):
    result = Result(lab.script_for(find_scenario("endless-interim")))

    assert result.code == 1
    assert "… and the same" in result.text


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        pytest.param("abab", "abab", id="twice is shown"),
        pytest.param("ababab", ["a", "b", "a", "b", "2 lines 1 times"], id="a third time is folded"),
        pytest.param("aaaaab", ["a", "a", "1 lines 3 times", "b"], id="one line"),
        pytest.param("abababac", ["a", "b", "a", "b", "2 lines 1 times", "a", "c"], id="a part of a group"),
        pytest.param("ababac", "ababac", id="a part after two"),
        pytest.param("abcabdabe", "abcabdabe", id="nothing repeats"),
    ],
)
def test_folding_counts_and_loses_nothing(lines, written):
    output = []
    folding = Folding(output.append, lambda group, times: f"{group} lines {times} times")

    for line in lines:
        folding.write(line)
    folding.end()

    assert output == list(written)


@pytest.mark.parametrize(
    ("name", "error", "way_out"),
    [
        pytest.param("truncated-body", "IncompleteRead", "attribute partial", id="cut content"),
        pytest.param("garbage-status-line", "BadStatusLine", "not an HTTP response", id="garbage"),
        pytest.param("no-response", "RemoteDisconnected", "without an answer", id="no answer"),
        pytest.param("reset-midway", "ConnectionResetError", "cut the connection", id="reset"),
        pytest.param(
            "tls-untrusted", "SSLCertVerificationError", "create_default_context(cafile=...)", id="TLS"
        ),
        pytest.param("stall-timeout", "TimeoutError", "--timeout", id="silence"),
    ],
)
def test_exception_of_a_call_is_named_with_its_line_and_the_way_out(lab, name, error, way_out):
    result = Result(lab.script_for(find_scenario(name)))

    first, second, *rest = result.error.splitlines()
    assert (result.code, rest) == (1, [])
    assert re.match(rf"workbench run: test\.py:\d: .+\(\) raised {error}", first)
    assert way_out in second
    assert f"     ! {error}" in result.text
    assert "stopped at an error" in result.text.splitlines()[-1]


def test_refused_port_is_named():
    with closed_port() as port:
        result = Result(
            f"from http.client import HTTPConnection\nc = HTTPConnection('127.0.0.1', {port})\nc.connect()\nc.close()"
        )

    assert result.code == 1
    assert "test.py:3: c.connect() raised ConnectionRefusedError" in result.error
    assert f"Nothing listens on 127.0.0.1 port {port}." in result.error
    assert result.text.endswith("stopped at an error; 1 step not run\n")


def test_silent_server_ends_at_the_timeout(silent_server):
    host, port = silent_server.getsockname()
    result = Result(
        f"from http.client import HTTPConnection\nc = HTTPConnection({host!r}, {port})\nc.request('GET', '/')\nc.getresponse()",
        timeout_seconds=0.2,
    )

    assert result.code == 1
    assert f"{host} port {port} was silent for too long" in result.error


SILENT_AFTER = """\
from http.client import HTTPConnection
c = HTTPConnection("127.0.0.1", {port})
{call}
r = c.getresponse()
r.read()
"""
UPGRADE = 'c.request("GET", "/", headers={"Connection": "Upgrade", "Upgrade": "x"})'
SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nhello"
OPENED = b"HTTP/1.1 200 OK\r\n\r\n"


@pytest.mark.parametrize(
    ("call", "answer", "switched"),
    [
        pytest.param(UPGRADE, SWITCHED, True, id="101"),
        pytest.param('c.request("CONNECT", "h:1")', OPENED + b"hello", True, id="CONNECT"),
        pytest.param(UPGRADE, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", False, id="no upgrade"),
        pytest.param('c.set_tunnel("h", 1)\nc.request("GET", "/")', OPENED, False, id="HTTP in a tunnel"),
    ],
)
def test_silence_of_another_protocol_is_told_from_one_in_http(call, answer, switched):
    server = ByteServer((lambda peer: (peer.take_head(), peer.send(answer), peer.take_all()),))
    result = Result(SILENT_AFTER.format(port=server.port, call=call), timeout_seconds=0.2)
    server.stop()

    advice = result.error.splitlines()[1]
    assert result.code == 1
    assert ("speaks another protocol now" in advice, "was silent for too long" in advice) == (
        switched,
        not switched,
    )
    assert ("read1() gives what is there" in advice, "--timeout" in advice) == (switched, not switched)


def test_step_may_take_twenty_times_the_timeout():
    assert StepLimit(0.5).seconds == 10


def test_server_that_is_never_silent_ends_too(silent_server, monkeypatch):
    """Silence is what it must not end at, so the timeout is long, and a step may take a part of it only."""
    monkeypatch.setattr("workbench.session.step_limit.STEP_FACTOR", 0.05)

    def drip(ended):
        peer, _ = silent_server.accept()
        with peer:
            peer.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not ended.wait(0.02):
                try:
                    peer.sendall(b"H")
                except OSError:
                    return

    ended = threading.Event()
    thread = threading.Thread(target=drip, args=[ended])
    thread.start()
    host, port = silent_server.getsockname()
    try:
        result = Result(
            f"from http.client import HTTPConnection\nc = HTTPConnection({host!r}, {port})\nc.request('GET', '/')\nc.getresponse()",
            timeout_seconds=20,
        )
    finally:
        ended.set()
        thread.join()

    assert result.code == 1
    assert "The step took more than 1 s in all" in result.error


def test_fault_of_the_script_while_it_runs_is_a_bad_script():
    result = Result("x = 'a' * 9999\ny = [x] * 9999\n")

    assert result.code == 2
    assert result.error.startswith("workbench run: test.py:2:5: Expected a smaller value")


def test_output_of_a_pasted_session_is_passed_over():
    result = Result(">>> print(1)\n1\n")

    assert result.code == 0
    assert "passed over as output, without a prompt: line 2" in result.text


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(BrokenPipeError(errno.EPIPE, "Broken pipe"), id="reader gone"),
        pytest.param(OSError(errno.ENOSPC, "No space left on device"), id="disk full"),
    ],
)
def test_transcript_that_cannot_be_written_ends_the_run(lab, failure):
    class Output(io.StringIO):
        def write(self, text):
            if "putrequest" in text:
                raise failure
            return super().write(text)

    happened = []
    lab.subscribe(happened.append)

    with pytest.raises(OSError, match=failure.strerror):
        Result(lab.script_for(find_scenario("hello")), out=Output())
    assert happened == []


def test_object_is_told_without_its_address():
    result = Result("import ssl\ncontext = ssl.create_default_context()\n")

    assert "= SSLContext\n" in result.text
