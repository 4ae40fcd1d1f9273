"""The transcript of a recording, from the file alone."""

import io

import pytest

from tests.session.storage.recorded import live_recording, record_scenario
from workbench.lab import LabServer, find_scenario
from workbench.session.headless import run_script
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.replay import RecordingRefusedError, print_recording
from workbench.session.retelling import transcript_lines
from workbench.session.script import parse_script
from workbench.session.script_run import run_recorded


def printed(path):
    out, err = io.StringIO(), io.StringIO()
    code = print_recording(path, out=out, err=err)
    return code, out.getvalue(), err.getvalue()


def test_recording_is_printed_as_its_run_was(tmp_path):
    path = tmp_path / "session.jsonl"
    record_scenario("hello", live_recording(path))

    code, out, err = printed(path)

    lines = [line.strip() for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert lines[0] == "lab: hello: 6 steps"
    assert "= HTTPResponse 200 OK" in lines
    assert "> GET /hello HTTP/1.1␍␊" in lines
    assert "< Hello, world␊" in lines
    assert "= b'Hello, world\\n'" in lines
    assert lines[-1] == "done: every call succeeded"


def test_run_that_is_recorded_tells_as_much_as_one_that_is_not():
    more = "conn\nr1\nr1.msg\nhttp.client\nhttp.client.HTTPException\nhttp.client.HTTPConnection\nr1.status\nNone\n"
    out, recording = io.StringIO(), Recording()
    with LabServer() as lab:
        source = f"import http.client\n{lab.script_for(find_scenario('hello'))}\n{more}"
        script = parse_script(source, "hello")

        run_script(script, out=out, err=out, timeout_seconds=5)
        run_recorded(script, Recorder(recording), timeout_seconds=5)

    assert transcript_lines(recording) == out.getvalue().splitlines()


def test_recording_of_an_exception_ends_with_it(tmp_path):
    path = tmp_path / "session.jsonl"
    record_scenario("garbage-status-line", live_recording(path))

    code, out, _ = printed(path)

    assert code == 1
    assert "! BadStatusLine: " in out
    assert "stopped at an error" in out.splitlines()[-1]


def test_recording_that_was_cut_says_so(tmp_path):
    path = tmp_path / "session.jsonl"
    record_scenario("hello", live_recording(path))
    path.write_bytes(path.read_bytes()[:-3])

    _, out, err = printed(path)

    assert out.endswith("the recording ends here\n")
    assert "The last event was cut while it was written" in err


@pytest.mark.parametrize("content", [None, b"", b"{}\n"], ids=["no file", "empty", "something else"])
def test_what_is_no_recording_is_refused(tmp_path, content):
    path = tmp_path / "session.jsonl"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(RecordingRefusedError, match=r"session\.jsonl"):
        printed(path)
