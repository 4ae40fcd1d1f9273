"""Raw requests, archives and traces: as scripts, and as recordings that need no server."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.export.conftest import record
from tests.protocol.peer import OK, ByteServer, Peer
from workbench.cli.importing import FORMS as CLI_FORMS
from workbench.export import Subject, find_exporter
from workbench.imports import FORMS, CannotImport, import_text
from workbench.imports.raw_request import import_raw_request
from workbench.lab import LabServer, find_scenario
from workbench.session.plan import serialized
from workbench.session.recording import Recording

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def test_help_has_every_form() -> None:
    assert CLI_FORMS == FORMS


CHUNKED = b"GET / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n"


# --- raw requests ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", id="no content"),
        pytest.param(b"POST /x?y HTTP/1.0\r\nHost: h:8000\r\nContent-Length: 3\r\n\r\n\0\xff\n", id="content"),
        pytest.param(b"PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab\n\r\nA\r\n0123456789\r\n0\r\n\r\n", id="chunks"),
        pytest.param(b"GET http://h/abs HTTP/1.1\r\nHost: h\r\nX: \xe9\r\nx: 2\r\n\r\n", id="absolute target, other letters"),
    ],
)  # fmt: skip
def test_raw_request_keeps_its_bytes(data: bytes) -> None:
    assert serialized(import_raw_request(data)) == data


def test_lines_of_an_editor_are_taken_too() -> None:
    plan = import_raw_request(b"\nGET /x HTTP/1.1\nHost: h:81\nX:  y \n\nrest\n")

    assert (plan.host, plan.port, plan.target, plan.content) == ("h", 81, "/x", b"rest\n")
    assert plan.fields == (("Host", "h:81"), ("X", "y"))


def test_empty_lines_behind_the_last_chunk_are_those_of_an_editor() -> None:
    for end in (b"", b"\n", b"\n\n\n"):
        assert import_raw_request(CHUNKED + b"3\nabc\n0\n" + end).content == b"abc"


def test_origin_says_with_whom() -> None:
    plan = import_raw_request(b"GET /x HTTP/1.1\r\n\r\n", "https://other:1")

    assert (plan.scheme, plan.host, plan.port, plan.target) == ("https", "other", 1, "/x")


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        pytest.param(b"", (1, 1), "a request-line", id="empty"),
        pytest.param(b"GET /a b HTTP/1.1\r\n\r\n", (1, 8), "a request-line", id="space in the target"),
        pytest.param(b"GET / HTTP/2\r\n\r\n", (1, 12), "a request-line", id="version"),
        pytest.param(b"GET / HTTP/1.1\r\nHost h\r\n\r\n", (2, 5), "NAME: VALUE", id="no colon"),
        pytest.param(b"GET / HTTP/1.1\nHost: h\nBad Name: x\n\n", (3, 4), "NAME: VALUE", id="space in a name"),
        pytest.param(b"GET / HTTP/1.1\nHost: h\n folded\n\n", (3, 1), "folded", id="fold"),
        pytest.param(b"GET / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\nzz\n", (5, 1), "size of a chunk", id="chunk size"),
        pytest.param(b"GET / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n5\nabc\n", (6, 1), "5 bytes", id="short chunk"),
        pytest.param(b"GET / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n1\na\n0\nX: y\n\n", (8, 1), "nothing behind", id="trailer field"),
        pytest.param(b"GET / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n0\n\nGET / HTTP/1.1\n\n", (7, 1), "nothing behind", id="second request"),
        pytest.param(CHUNKED + b"3;x=y\nabc\n0\n\n", (5, 2), "no extension, found b'3;x=y'", id="chunk extension"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", (1, 1), "a Host field", id="nobody to ask"),
    ],
)  # fmt: skip
def test_wrong_raw_request_is_refused_with_its_place(data: bytes, place: tuple[int, int], words: str) -> None:
    with pytest.raises(CannotImport) as caught:
        import_raw_request(data)

    assert words in str(caught.value)
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.timeout(20)
def test_raw_request_takes_no_longer_for_each_byte_of_a_long_one() -> None:
    head = b"GET / HTTP/1.1\r\nHost: h\r\nX:" + b" " * 500_000 + b"a" + b" " * 500_000 + b"b\r\n"
    chunks = b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 500_000 + b"0\r\n\r\n"

    plan = import_raw_request(head + chunks)

    assert len(plan.fields[1][1]) == 500_002
    assert plan.content == b"a" * 500_000


# --- archives --------------------------------------------------------------------------------------


def recorded(name: str) -> Recording:
    with LabServer() as lab:
        return record(lab.script_for(find_scenario(name)))


def har_of(recording: Recording) -> bytes:
    return b"".join(find_exporter("har").export(Subject.of(recording, secrets=True)))


@pytest.mark.parametrize(
    "name", ["post-echo", "gzip-json", "chunked-trailers", "head-request", "keep-alive-twice"]
)
def test_archive_is_replayed_offline(name: str) -> None:
    """The lab is gone by then."""
    original = recorded(name)
    imported = import_text("har", har_of(original))

    replayed = imported.recording("archive")

    assert replayed.runs[0].endings.at(1 << 62) == "finished"
    assert [summary(one) for one in entries(har_of(replayed))] == [
        summary(one) for one in entries(har_of(original))
    ]


def entries(har: bytes) -> list[Any]:
    found: list[Any] = json.loads(har)["log"]["entries"]
    return found


def summary(entry: Any) -> tuple[object, ...]:
    request, response = entry["request"], entry["response"]
    return (
        request["method"], request["url"], request["headers"], request.get("postData", {}).get("text"),
        response["status"], response["statusText"], response["content"].get("text"), entry["serverIPAddress"],
    )  # fmt: skip


def test_one_entry_can_be_chosen_and_its_script_says_what_is_made_up() -> None:
    imported = import_text("har", har_of(recorded("chunked-trailers")), entry=1)

    assert len(imported.conversations) == 1
    assert "# Imported: the answer is written anew" in imported.script
    assert "left out: Transfer-Encoding" in imported.script


def test_archive_of_http_2_loses_what_http_1_has_not() -> None:
    entry = {
        "request": {"method": "GET", "url": "https://h/x", "headers": [{"name": ":path", "value": "/x"}, {"name": "a", "value": "ü"}]},
        "response": {"status": 200, "statusText": "", "httpVersion": "h2", "headers": [], "content": {"text": "eA==", "encoding": "base64"}},
    }  # fmt: skip
    imported = import_text("har", json.dumps({"log": {"entries": [entry]}}).encode())
    replayed = imported.recording("h2")

    assert ":path" not in imported.script
    assert replayed.exchanges
    assert entries(har_of(replayed))[0]["response"]["content"]["text"] == "x"
    assert entries(har_of(replayed))[0]["request"]["url"] == "https://h/x"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        pytest.param('{"log":\n  {"entries": [}}', (2, 16), "Expected JSON", id="no JSON"),
        pytest.param("[1]", (1, 1), "an object in $.log", id="no log"),
        pytest.param('{"log": {"entries": []}}', (1, 1), "an entry in $.log.entries", id="empty"),
        pytest.param('{"log": {"entries": [{}]}}', (1, 1), "an object in $.log.entries[0].request", id="no request"),
        pytest.param('{"log": {"entries": [{"request": {"url": "x:", "method": "GET"}}]}}', (1, 1), "request.url", id="URL"),
        pytest.param('{"log": {"entries": [{"request": {"url": 1}}]}}', (1, 1), "a text in $.log.entries[0].request.url", id="type"),
    ],
)  # fmt: skip
def test_wrong_archive_is_refused(text: str, place: tuple[int, int], words: str) -> None:
    with pytest.raises(CannotImport) as caught:
        import_text("har", text.encode())

    assert words in str(caught.value)
    assert (caught.value.line, caught.value.column) == place


def archive(request: dict[str, Any], response: dict[str, Any] | None = None) -> bytes:
    entry = {"request": {"method": "GET", "url": "http://h/", "headers": [], **request}}
    if response is not None:
        entry["response"] = {"status": 200, "headers": [], **response}
    return json.dumps({"log": {"entries": [entry]}}).encode()


def test_number_of_any_length_in_an_archive_is_refused_in_words() -> None:
    with pytest.raises(CannotImport, match="4300 digits"):
        import_text("har", archive({})[:-1] + b', "x": ' + b"9" * 5000 + b"}")


def test_lone_surrogate_in_an_archive_is_kept_as_bytes() -> None:
    imported = import_text("har", archive({"headers": [{"name": "A", "value": "\ud800"}]}))

    assert imported.conversations[0].plan.fields == (("A", "\xed\xa0\x80"),)


def test_nothing_of_an_archive_becomes_code() -> None:
    """What is left out is named in a comment, which ends where its line does."""
    script = import_text("har", archive({}, {"headers": [{"name": ":x\nprint(1)#", "value": ""}]})).script

    assert "left out: :x␊print(1)#." in script
    assert "\nprint" not in script


def test_form_whose_parameters_alone_are_in_an_archive_is_sent() -> None:
    data = {
        "mimeType": "application/x-www-form-urlencoded",
        "params": [{"name": "a", "value": "b +ä"}, {"name": "c"}],
    }
    plan = import_text("har", archive({"method": "POST", "postData": data})).conversations[0].plan

    assert plan.content == b"a=b+%2B%C3%A4&c="
    assert plan.fields == (("Content-Length", "16"),)


def test_content_that_an_archive_has_lost_is_refused() -> None:
    data = {"mimeType": "multipart/form-data", "params": [{"name": "a", "fileName": "b"}]}

    with pytest.raises(CannotImport, match=r"the content in .*\.postData\.text"):
        import_text("har", archive({"method": "POST", "postData": data}))


def test_entry_that_is_not_there_is_refused() -> None:
    with pytest.raises(CannotImport, match="from 1 to 1, found 2"):
        import_text("har", har_of(recorded("hello")), entry=2)


def test_answer_cannot_add_lines_to_its_head() -> None:
    entry = {
        "request": {"method": "GET", "url": "http://h/", "headers": []},
        "response": {
            "status": 200,
            "statusText": "OK\r\nX: 1",
            "headers": [{"name": "A", "value": "b\r\nC: d"}],
        },
    }
    received = (
        import_text("har", json.dumps({"log": {"entries": [entry]}}).encode()).conversations[0].received
    )

    assert received.startswith(b"HTTP/1.1 200 OK  X: 1\r\nA: b  C: d\r\n")


# --- traces ----------------------------------------------------------------------------------------


@needs_curl
@pytest.mark.parametrize("option", ["--trace", "--trace-ascii"])
@pytest.mark.parametrize("name", ["hello", "chunked-trailers", "post-echo", "hello-tls", "interim-103"])
def test_trace_of_curl_is_replayed_offline(name: str, option: str, tmp_path: Path) -> None:
    path = tmp_path / "trace"
    with LabServer() as lab:
        lab.open(find_scenario(name))
        data = ["-d", "a=1"] if name == "post-echo" else []
        command = [
            "curl",
            "-q",
            "-s",
            "-k",
            option,
            str(path),
            "--trace-time",
            "-o",
            str(tmp_path / "out"),
            *data,
        ]
        subprocess.run([*command, lab.origin(find_scenario(name)) + "/hello"], check=True)

    replayed = import_text("trace", path.read_bytes()).recording("trace")

    entry = entries(har_of(replayed))[0]
    assert replayed.runs[0].endings.at(1 << 62) == "finished"
    assert entry["response"]["status"] == find_scenario(name).promise.status
    assert entry["request"]["url"].endswith("/hello")
    assert entry["request"]["url"].startswith("https://" if name == "hello-tls" else "http://")
    content = entry["response"]["content"]["text"].encode()
    exact = (tmp_path / "out").read_bytes()
    assert content == (exact if option == "--trace" else exact.replace(b"\n", b"."))


@needs_curl
def test_request_of_a_trace_is_with_whom_curl_was_connected(tmp_path: Path) -> None:
    def other(peer: Peer) -> None:
        peer.answer(OK)

    def first(peer: Peer) -> None:
        there = f"http://localhost:{second.port}/b"
        peer.answer(f"HTTP/1.1 302 Found\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n".encode(), OK)

    server, second = ByteServer([first], None, "127.0.0.1"), ByteServer([other], None, "127.0.0.1")
    path, origin = tmp_path / "trace", f"http://127.0.0.1:{server.port}"
    command = [
        "curl",
        "-q",
        "-s",
        "-4",
        "-L",
        "--max-time",
        "10",
        "--trace",
        str(path),
        f"{origin}/a",
        f"{origin}/c",
    ]
    subprocess.run(command, check=True, capture_output=True)
    server.stop()
    second.stop()

    plans = [one.plan for one in import_text("trace", path.read_bytes()).conversations]

    assert [(plan.target, plan.host, plan.port) for plan in plans] == [
        ("/a", "127.0.0.1", server.port),
        ("/b", "localhost", second.port),
        ("/c", "127.0.0.1", server.port),
    ]


def test_trace_of_a_newer_curl_says_last_with_whom_it_is_connected() -> None:
    """As curl 8.23 writes it."""
    request = "=> Send header, 27 bytes (0x1b)\n0000: GET / HTTP/1.1\n0010: Host: h\n0019: \n"
    trace = (
        "== Info:   Trying 192.0.2.1:443...\n"
        "== Info: ALPN: curl offers http/1.1\n"
        "== Info: SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / x25519 / id-ecPublicKey\n"
        f"== Info: Established connection to a.test (192.0.2.1 port 443) from 192.0.2.9 port 50600 \n{request}"
        "== Info:   Trying 192.0.2.2:80...\n"
        f"== Info: Established connection to b.test (192.0.2.2 port 80) from 192.0.2.9 port 50601 \n{request}"
        f"== Info: Reusing existing https: connection with host a.test\n{request}"
    )

    conversations = import_text("trace", trace.encode()).conversations

    assert [one.plan.url for one in conversations] == ["https://a.test/", "http://b.test/", "https://a.test/"]


def test_own_trace_comes_back_byte_for_byte() -> None:
    original = recorded("chunked-trailers")
    trace = b"".join(find_exporter("trace").export(Subject.of(original)))

    replayed = import_text("trace", trace).recording("trace")

    before, after = original.at().connections[0], replayed.at().connections[0]
    assert after.bytes("received") == before.bytes("received")
    assert after.bytes("sent") == before.bytes("sent")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param("", 1, "=> Send header", id="nothing"),
        pytest.param("hello\n", 1, "a line of a trace, found 'hello'", id="other text"),
        pytest.param("<= Recv data, 1 bytes (0x1)\n0000: 41 A\n", 1, "a request before", id="no request"),
        pytest.param(
            "=> Send header, 2 bytes (0x2)\n0000: 41 42 AB\n0009: 43 C\n",
            2,
            "a row of 9 bytes, found 2",
            id="gap",
        ),
        pytest.param("=> Send header, 20 bytes (0x14)\n0000: 41 42 AB\n", 2, "a row of 20 bytes", id="cut"),
        pytest.param(f"=> Send header, {'9' * 5000} bytes (0x1)\n", 1, "a line of a trace", id="long number"),
    ],
)
def test_wrong_trace_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(CannotImport) as caught:
        import_text("trace", text.encode())

    assert words in str(caught.value)
    assert caught.value.line == line


@pytest.mark.timeout(20)
def test_trace_takes_no_longer_for_each_row_of_a_long_one() -> None:
    data = bytes(4 << 20)
    rows = "".join(f"{at:04x}: {'00 ' * 16} {'.' * 16}\n" for at in range(0, len(data), 16))
    head = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n".hex(" ")
    trace = f"=> Send header, 27 bytes (0x1b)\n0000: {head[:48]}\n0010: {head[48:]} \n"

    imported = import_text(
        "trace", f"{trace}<= Recv data, {len(data)} bytes (0x{len(data):x})\n{rows}".encode()
    )

    assert imported.conversations[0].received == data


def test_form_without_answers_is_not_replayed() -> None:
    with pytest.raises(CannotImport, match="no answer in it"):
        import_text("curl", b"curl http://h/").recording("x")
