"""HAR 1.2: valid for whatever happened, and nothing of it lost."""

import base64
import json
from typing import Any

import pytest

from tests.export.conftest import RecordScenario
from tests.export.har_schema import har_faults
from tests.session.told import Told
from workbench.export import Subject, find_exporter
from workbench.session.recording import Recording


def har(recording: Recording, **options: Any) -> dict[str, Any]:
    data = b"".join(find_exporter("har").export(Subject.of(recording, **options)))
    document: dict[str, Any] = json.loads(data)
    return document


@pytest.mark.parametrize(
    "name",
    [
        "hello",
        "hello-tls",
        "post-echo",
        "gzip-json",
        "gzip-corrupt",
        "chunked-trailers",
        "interim-103",
        "keep-alive-twice",
        "truncated-body",
        "reset-before-head",
        "no-response",
        "garbage-status-line",
        "http09",
        "tunnel-with-credentials",
        "refused-tunnel",
        "terminal-escapes",
        "obs-text",
        "send-anything",
        "fields-of-one-name",
    ],
)
def test_archive_of_any_exchange_is_valid(name: str, record_scenario: RecordScenario) -> None:
    document = har(record_scenario(name))

    assert har_faults(document) == []


def test_checker_of_the_schema_finds_faults(record_scenario: RecordScenario) -> None:
    """A check that finds nothing would hold for anything."""
    document = har(record_scenario("hello"))
    entry = document["log"]["entries"][0]
    entry["request"]["headersSize"] = "12"
    entry["colour"] = "red"
    entry["time"] += 1
    del entry["response"]["content"]["size"]

    assert har_faults(document) == [
        "$.log.entries[0].colour is not in HAR",
        "$.log.entries[0].request.headersSize has the wrong type: '12'",
        "$.log.entries[0].response.content.size is missing",
        f"the timings do not add up to {entry['time']}",
    ]


def test_chunks_and_trailers_are_kept_in_custom_fields(record_scenario: RecordScenario) -> None:
    response = har(record_scenario("chunked-trailers"))["log"]["entries"][0]["response"]

    assert [chunk["size"] for chunk in response["_chunks"]][-1] == 0
    assert sum(chunk["size"] for chunk in response["_chunks"]) == response["bodySize"]
    assert response["_trailers"]
    assert response["_framing"]["kind"] == "chunked"


def test_interim_responses_and_diagnostics_are_kept(record_scenario: RecordScenario) -> None:
    interim = har(record_scenario("interim-103"))["log"]["entries"][0]["_interim"]
    found = har(record_scenario("bare-lf"))["log"]["entries"][0]["_diagnostics"]

    assert [one["status"] for one in interim] == [103]
    assert "BARE_LF" in {one["code"] for one in found}


def test_coded_content_is_decoded_and_its_compression_said(record_scenario: RecordScenario) -> None:
    content = har(record_scenario("gzip-json"))["log"]["entries"][0]["response"]["content"]

    assert json.loads(content["text"])
    assert content["compression"] == content["size"] - har_size(record_scenario)


def har_size(record_scenario: RecordScenario) -> int:
    size: int = har(record_scenario("gzip-json"))["log"]["entries"][0]["response"]["bodySize"]
    return size


def test_content_with_control_characters_is_base64(record_scenario: RecordScenario) -> None:
    content = har(record_scenario("terminal-escapes"))["log"]["entries"][0]["response"]["content"]

    assert content["encoding"] == "base64"
    assert b"\x1b]0;content" in base64.b64decode(content["text"])


def test_exchange_that_failed_has_its_error_and_no_status(record_scenario: RecordScenario) -> None:
    entry = har(record_scenario("no-response"))["log"]["entries"][0]

    assert entry["response"]["status"] == 0
    assert entry["_error"]["class"] == "RemoteDisconnected"


def test_each_set_cookie_is_one_cookie_with_its_date_in_iso_form() -> None:
    told = Told((recording := Recording()).append)
    told.request()
    values = (
        "id=1; Priority=High; Path=/; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Domain=a.test",
        "old=1; expires=Wednesday, 09-Jun-27 10:18:14 GMT",
        "part=2; Secure; HttpOnly; Partitioned; Expires=never",
        'json={"a":1}; path=',
        "space=a b c",
        "no cookie",
        "no cookie; path=/",
        "=no name",
    )
    told.head(200, "OK", *(("Set-Cookie", value) for value in values))
    document = har(recording, secrets=True)

    neither = {"httpOnly": False, "secure": False}
    assert har_faults(document) == []
    assert document["log"]["entries"][0]["response"]["cookies"] == [
        {
            "name": "id",
            "value": "1",
            "path": "/",
            "domain": "a.test",
            "expires": "2027-06-09T10:18:14.000Z",
            **neither,
        },
        {"name": "old", "value": "1", "expires": "2027-06-09T10:18:14.000Z", **neither},
        {"name": "part", "value": "2", "httpOnly": True, "secure": True},
        {"name": "json", "value": '{"a":1}', **neither},
        {"name": "space", "value": "a b c", **neither},
    ]


def test_archive_says_whether_secrets_are_in_it(record_scenario: RecordScenario) -> None:
    recording = record_scenario("basic-auth")
    redacted, whole = har(recording), har(recording, secrets=True)

    assert redacted["log"]["comment"].startswith("Secrets are redacted (Authorization, ")
    assert whole["log"]["comment"].startswith("Secrets are left in")
    assert fields(redacted)["Authorization"] == "*" * 30
    assert fields(whole)["Authorization"].startswith("Basic ")


def fields(document: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in document["log"]["entries"][-1]["request"]["headers"]}
