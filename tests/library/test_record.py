"""`from workbench import record`: what a program did, as a recording."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench import record
from workbench.export import CannotExport
from workbench.lab import LabServer, find_scenario
from workbench.protocol import HTTPConnection, HTTPException
from workbench.session.storage.loader import RecordingLoader


@pytest.fixture(scope="module")
def lab() -> Iterator[LabServer]:
    with LabServer() as server:
        yield server


def ask(lab: LabServer, name: str, method: str = "GET", target: str = "/hello", **options: object) -> None:
    host, port = lab.open(find_scenario(name))
    connection = HTTPConnection(host, port, timeout=10)
    try:
        connection.request(method, target, **options)
        connection.getresponse().read()
    finally:
        connection.close()


def test_exchange_can_be_asked_for_plain_values(lab: LabServer) -> None:
    with record("two") as recording:
        ask(lab, "post-echo", "POST", "/echo", body=b"spam", headers={"X-One": "1"})
        ask(lab, "chunked-trailers")

    post, get = recording.asked
    assert (post.method, post.target, post.status, post.reason) == ("POST", "/echo", 200, "OK")
    assert post.url.endswith("/echo")
    assert post.request_fields.get("x-one") == "1"
    assert post.request_content == post.content == b"spam"
    assert post.request_bytes.endswith(b"\r\n\r\nspam")
    assert post.complete
    assert post.error is None
    assert post.diagnostics == []
    assert get.chunk_sizes[-1] == 0
    assert len(get.trailers) > 0
    assert repr(post) == "<POST /echo: 200>"


def test_coded_content_is_given_decoded(lab: LabServer) -> None:
    with record() as recording:
        ask(lab, "gzip-json")

    assert json.loads(recording.asked[0].content)


def test_interim_responses_and_findings_are_told(lab: LabServer) -> None:
    with record() as recording:
        ask(lab, "interim-103")
        ask(lab, "bare-lf")

    assert recording.asked[0].interim_statuses == [103]
    assert "BARE_LF" in {found.code.name for found in recording.asked[1].diagnostics}


def test_exception_of_a_call_is_in_the_recording_and_passes_through(lab: LabServer) -> None:
    with record() as recording, pytest.raises(HTTPException):
        ask(lab, "truncated-body")

    exchange = recording.asked[0]
    assert exchange.error is not None
    assert exchange.error.class_name == "IncompleteRead"
    assert not exchange.complete
    assert repr(recording.runs[0].endings.at(1 << 62)) == "'finished'"


def test_exception_that_leaves_the_block_ends_the_run(lab: LabServer) -> None:
    with pytest.raises(HTTPException), record() as recording:
        ask(lab, "truncated-body")

    assert recording.runs[0].endings.at(1 << 62) == "failed"


def test_threads_are_recorded_and_connections_after_the_block_are_not(lab: LabServer) -> None:
    with record() as recording:
        threads = [threading.Thread(target=ask, args=(lab, "hello")) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    ask(lab, "hello")

    assert [one.status for one in recording.asked] == [200] * 4


def test_recording_is_saved_and_opens_again(lab: LabServer, tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    with record("saved") as recording:
        ask(lab, "hello")
    recording.save(path)

    loader = RecordingLoader(path)
    opened = loader.load()
    assert loader.damage is None
    assert [entry.event for entry in opened.entries] == [entry.event for entry in recording.entries]
    with pytest.raises(FileExistsError):
        recording.save(path)


def test_recording_is_exported_without_secrets(lab: LabServer) -> None:
    with record() as recording:
        ask(lab, "hello", headers={"Authorization": "Bearer canary-canary"})

    for form in ("har", "curl", "python", "script", "pytest", "text", "json"):
        assert b"canary-canary" not in recording.export(form)
        assert b"canary-canary" in recording.export(form, secrets=True)
    with pytest.raises(LookupError, match="found 'harr'"):
        recording.export("harr")
    with pytest.raises(CannotExport):
        recording.export("curl", exchanges=[2])


def test_transcript_tells_each_call(lab: LabServer) -> None:
    with record("program") as recording:
        ask(lab, "hello")

    lines = recording.transcript().splitlines()
    assert lines[0] == "program: calls of a program"
    assert any(line.strip().startswith("request('GET', '/hello'") for line in lines)
    assert any(line.strip() == "< HTTP/1.1 200 OK␍␊" for line in lines)
