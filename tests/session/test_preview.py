"""The preview: what a statement would do, tried on copies, with nothing left behind."""

from collections.abc import Callable, Iterator

import pytest

from workbench.lab import LabServer, find_scenario
from workbench.session.preview import Preview
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.script import parse_script
from workbench.session.stepper import Stepper

IMPORT = "from http.client import HTTPConnection\n"


@pytest.fixture
def address() -> Iterator[str]:
    with LabServer() as lab:
        host, port = lab.open(find_scenario("hello"))
        yield f"{host}:{port}"


@pytest.fixture
def preview_after(address: str) -> Iterator[Callable[[str, str], Preview]]:
    """Runs some lines of a script, and gives the preview of the one that follows."""
    made: list[Stepper] = []

    def preview(done: str, following: str) -> Preview:
        source = f"{IMPORT}conn = HTTPConnection({address!r})\n{done}\n{following}\n"
        stepper = Stepper(parse_script(source), Recorder(Recording()))
        made.append(stepper)
        last = source.rstrip("\n").count("\n") + 1
        stepper.run_to_line(last)
        status = stepper.wait_until_idle(10)
        assert (status.mode, status.line) == ("paused", last)
        entries = len(stepper.recorder.recording.entries)

        found = stepper.preview()

        assert len(stepper.recorder.recording.entries) == entries
        assert found == stepper.preview()
        return found

    yield preview
    for stepper in made:
        stepper.close()


PUT = 'conn.putrequest("GET", "/", skip_host=True, skip_accept_encoding=True)'


@pytest.mark.parametrize(
    ("done", "following", "expected"),
    [
        pytest.param(
            "",
            PUT,
            Preview(
                "queues 16 bytes → Request-started",
                b"GET / HTTP/1.1\r\n",
                state_after="REQUEST_STARTED",
            ),
            id="queueing the request-line",
        ),
        pytest.param(
            PUT,
            'conn.putheader("X-Id", "7")',
            Preview("queues 9 bytes", b"X-Id: 7\r\n", state_after="REQUEST_STARTED"),
            id="queueing one field line",
        ),
        pytest.param(
            PUT,
            "conn.endheaders()",
            Preview(
                "connects first, then sends 18 bytes → Request-sent",
                b"GET / HTTP/1.1\r\n\r\n",
                sends=True,
                state_after="REQUEST_SENT",
            ),
            id="sending over a connection that is not open yet",
        ),
        pytest.param(
            f"conn.connect()\n{PUT}",
            "conn.endheaders()",
            Preview(
                "sends 18 bytes → Request-sent",
                b"GET / HTTP/1.1\r\n\r\n",
                sends=True,
                state_after="REQUEST_SENT",
            ),
            id="sending over an open connection",
        ),
        pytest.param(
            "",
            'conn.putheader("X-Id", "7")',
            Preview("raises CannotSendHeader", error="CannotSendHeader"),
            id="a call that is illegal in this state",
        ),
        pytest.param(
            "",
            "conn.getresponse()",
            Preview("raises ResponseNotReady", error="ResponseNotReady"),
            id="waiting for a response that nothing asked for",
        ),
        pytest.param(
            'conn.request("GET", "/")',
            "r1 = conn.getresponse()",
            Preview("waits for the response → Unread-response", state_after="UNREAD_RESPONSE"),
            id="waiting for the response",
        ),
        pytest.param(
            'conn.request("GET", "/")\nr1 = conn.getresponse()',
            "r1.read()",
            Preview("reads the content → Idle", state_after="IDLE"),
            id="reading the content",
        ),
        pytest.param(
            PUT,
            "conn.close()",
            Preview("closes the connection → Idle", state_after="IDLE"),
            id="closing",
        ),
        pytest.param(
            "",
            'other = HTTPConnection("127.0.0.1", 1)',
            Preview("makes a connection; nothing is sent yet", state_after="IDLE"),
            id="making a connection",
        ),
        pytest.param(
            "",
            'other = HTTPConnection("127.0.0.1:no")',
            Preview("raises InvalidURL", error="InvalidURL"),
            id="making a connection to no port",
        ),
        pytest.param("x = 'spam'", "print(x)", Preview("prints spam␊"), id="printing"),
        pytest.param("", "x = 1", Preview("sends nothing"), id="no call at all"),
        pytest.param("", "conn.timeout = 5", Preview("sets conn.timeout"), id="setting an attribute"),
        pytest.param(
            "", "conn.set_debuglevel(0)", Preview("sends nothing", state_after="IDLE"), id="setting"
        ),
        pytest.param(
            "",
            'HTTPConnection("127.0.0.1", 1).request("GET", "/")',
            Preview("calls HTTPConnection, request"),
            id="a connection without a name is never opened",
        ),
    ],
)
def test_preview_says_what_a_statement_would_do(preview_after, done, following, expected):
    found = preview_after(done, following)

    if expected.error == "InvalidURL":
        assert found.text.startswith("raises InvalidURL: ")
        assert found.error == "InvalidURL"
    else:
        assert found == expected


def test_preview_of_connect_names_the_address(preview_after, address):
    assert preview_after("", "conn.connect()").text == f"connects to {address}"


def test_preview_of_a_request_shows_all_that_is_sent(preview_after, address):
    found = preview_after("", 'conn.request("POST", "/echo", body=b"spam=1")')

    assert found.data.startswith(b"POST /echo HTTP/1.1\r\nHost: " + address.encode() + b"\r\n")
    assert found.data.endswith(b"\r\n\r\nspam=1")
    assert found.text == f"connects first, then sends {len(found.data)} bytes → Request-sent"


def test_preview_shows_control_characters_as_glyphs(preview_after):
    found = preview_after('x = "\\x1b]0;title\\x07"', "print(x)")

    assert found.text == "prints ␛]0;title␇␊"


def test_preview_does_not_read_a_body_file(preview_after, tmp_path):
    path = tmp_path / "body.txt"
    path.write_bytes(b"spam")

    opening = preview_after("", f'f = open({str(path)!r}, "rb")')
    sending = preview_after(f'f = open({str(path)!r}, "rb")', 'conn.request("POST", "/", body=f)')

    assert opening.text == "opens a file"
    assert sending.text == "calls request"


def test_preview_sets_no_attribute(address: str) -> None:
    lines = f"import ssl\n{IMPORT}conn = HTTPConnection({address!r})\ncontext = ssl.create_default_context()"
    stepper = Stepper(
        parse_script(f"{lines}\nconn.auto_open = context.check_hostname = 0\n"), Recorder(Recording())
    )
    stepper.run_to_line(5)
    stepper.wait_until_idle(10)

    found = stepper.preview()
    variables = dict(stepper._worker.interpreter.namespace)
    stepper.close()

    assert found == Preview("sets conn.auto_open, context.check_hostname")
    assert variables["conn"].auto_open == 1
    assert variables["context"].check_hostname is True


def test_preview_that_fails_is_a_sentence(preview_after, monkeypatch):
    def fail(connection: object) -> None:
        raise RuntimeError("no copy\x1b")

    monkeypatch.setattr("workbench.session.preview.rehearse", fail)

    found = preview_after("", PUT)

    assert found == Preview("no preview: RuntimeError: no copy␛")


def test_nothing_is_previewed_inside_a_call_or_after_the_end(address):
    stepper = Stepper(
        parse_script(f"{IMPORT}conn = HTTPConnection({address!r})\n{PUT}"), Recorder(Recording())
    )
    stepper.step_over()
    stepper.wait_until_idle(10)
    stepper.step_into()
    assert stepper.wait_until_idle(10).inside_call

    assert stepper.preview() is None
    stepper.step_over()
    stepper.wait_until_idle(10)
    assert stepper.preview() is None
    stepper.close()


def test_preview_runs_the_imports_before_the_first_step(address: str) -> None:
    stepper = Stepper(parse_script(f"{IMPORT}conn = HTTPConnection({address!r})\n"), Recorder(Recording()))

    found = stepper.preview()
    stepper.close()

    assert found == Preview("makes a connection; nothing is sent yet", state_after="IDLE")
