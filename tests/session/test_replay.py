"""The transcript of a recording, from the file alone."""

import io

import pytest

from tests.session.storage.recorded import live_recording, record_scenario
from workbench.session.replay import RecordingRefusedError, print_recording


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
    assert lines[0] == "hello: 6 steps"
    assert "= HTTPResponse" in lines
    assert "> GET /hello HTTP/1.1␍␊" in lines
    assert "< Hello, world␊" in lines
    assert "= b'Hello, world\\n'" in lines
    assert lines[-1] == "done: every call succeeded"


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
