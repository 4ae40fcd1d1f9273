"""What an exporter writes to be run is run: it sends the same bytes, and its expectations hold."""

import ast
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.export.conftest import RecordScenario, record
from tests.ports import closed_port
from tests.protocol.peer import OK, ByteServer, Peer
from workbench.export import Subject, find_exporter
from workbench.export.curl import curl_command
from workbench.lab import LabServer, find_scenario
from workbench.lab.log import LabEvent
from workbench.protocol import HTTPConnection
from workbench.session.plan import Proxy, RequestPlan, plan_of, serialized
from workbench.session.plan_script import CannotWriteCalls, script_of
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording

NAMES = ["hello", "post-echo", "post-chunked", "keep-alive-twice", "basic-auth", "head-request"]


def exported(name: str, recording: Recording) -> bytes:
    return b"".join(find_exporter(name).export(Subject.of(recording, secrets=True)))


class Requests:
    """What the lab received since the last question, for each connection."""

    def __init__(self, lab: LabServer) -> None:
        self._events: list[LabEvent] = []
        self._changed = threading.Condition()
        self.end = lab.subscribe(self._note)

    def _note(self, event: LabEvent) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify()

    def take(self, least: int = 0) -> list[bytes]:
        """Wait for so many bytes, where nobody has waited for an answer to them."""
        found: dict[int, bytes] = {}
        with self._changed:
            assert self._changed.wait_for(
                lambda: sum(len(event.data) for event in self._events if event.kind == "received") >= least,
                20,
            )
        for event in self._events:
            if event.kind == "received":
                found[event.connection] = found.get(event.connection, b"") + event.data
        self._events.clear()
        return list(found.values())


@pytest.fixture
def requests(lab: LabServer) -> Iterator[Requests]:
    made = Requests(lab)
    yield made
    made.end()


def run(path: Path, *before: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*before, str(path)], capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.parametrize("name", NAMES)
def test_program_sends_the_recorded_bytes(
    name: str, record_scenario: RecordScenario, requests: Requests, tmp_path: Path
) -> None:
    recording = record_scenario(name)
    recorded = requests.take()
    path = tmp_path / "program.py"
    path.write_bytes(exported("python", recording))

    result = run(path, sys.executable, "-I")

    assert (result.returncode, result.stderr) == (0, "")
    assert requests.take() == recorded
    assert recorded


@pytest.mark.parametrize("name", NAMES)
def test_script_sends_the_recorded_bytes(
    name: str, record_scenario: RecordScenario, requests: Requests
) -> None:
    """Not the script that was recorded: the one that is made of each exchange."""
    recording = record_scenario(name)
    recorded = b"".join(requests.take())
    for one in recording.exchanges:
        record(script_of(plan_of(recording, one)))
    sent = b"".join(requests.take())

    assert sent == recorded


@pytest.mark.parametrize("name", ["hello", "post-echo", "post-chunked", "basic-auth", "head-request"])
def test_curl_command_sends_the_recorded_fields(
    name: str, record_scenario: RecordScenario, requests: Requests, tmp_path: Path
) -> None:
    recording = record_scenario(name)
    exchanges = [one for connection in requests.take() for one in heads(connection)]
    path = tmp_path / "command.sh"
    path.write_bytes(exported("curl", recording))

    result = run(path, "bash")

    assert (result.returncode, result.stderr) == (0, "")
    assert [one for connection in requests.take() for one in heads(connection)] == exchanges


@pytest.mark.parametrize("shell", ["bash", "sh"])
@pytest.mark.parametrize(
    "content",
    [b"-\xe9", b"--\0", b"z" * 200_000, b"it's 5 %", b"{\r\n\t1}\n"],
    ids=["option", "options", "long", "quotes", "lines"],
)
def test_curl_command_sends_any_content(content: bytes, shell: str, tmp_path: Path) -> None:
    received: list[bytes] = []

    def play(peer: Peer) -> None:
        peer.take_head()
        received.append(peer.take(len(content)))
        peer.send(OK)

    server = ByteServer([play], None, "127.0.0.1")
    path = tmp_path / "command.sh"
    plan = RequestPlan("http", "127.0.0.1", server.port, "POST", "/", content=content)
    path.write_text(curl_command(plan))

    result = run(path, shell)

    server.stop()
    assert (result.returncode, result.stderr) == (0, "")
    assert received == [content]


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(RequestPlan("http", "", 0, "GET", "/a#b?c"), id="fragment"),
        pytest.param(RequestPlan("http", "", 0, "GET", "/\xe9"), id="target that is not ASCII"),
        pytest.param(RequestPlan("http", "", 0, "GET", "/a/../'\"$`\\?[1-3]{a,b}"), id="other characters"),
        pytest.param(
            RequestPlan("http", "", 0, "HEAD", "/", (("Content-Length", "2"),), b"xx"), id="content of HEAD"
        ),
        pytest.param(
            RequestPlan("http", "", 0, "GET", "/", http_version="HTTP/1.0"), id="HTTP/1.0 without Host"
        ),
        pytest.param(
            RequestPlan("http", "", 0, "GET", "/", (("X", "\xe9\\x41'!$A"), ("X", "2"))), id="values"
        ),
    ],
)
def test_curl_command_sends_any_request(plan: RequestPlan, tmp_path: Path) -> None:
    received: list[bytes] = []

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.take(len(plan.content or b""))
        received.append(bytes(peer.received))
        peer.send(b"HTTP/1.1 204 No Content\r\n\r\n")

    server = ByteServer([play], None, "127.0.0.1")
    path = tmp_path / "command.sh"
    plan = replace(plan, host="127.0.0.1", port=server.port, accept_encoding_field=False)
    path.write_text(curl_command(plan))

    result = run(path, "bash")

    server.stop()
    assert (result.returncode, result.stderr) == (0, "")
    assert [sorted(one.split(b"\r\n")) for one in received] == [sorted(serialized(plan).split(b"\r\n"))]


def test_value_runs_nothing_in_a_shell_without_ansi_quotes(tmp_path: Path) -> None:
    path, made = tmp_path / "command.sh", tmp_path / "made"
    with closed_port() as port:
        plan = RequestPlan("http", "127.0.0.1", port, "GET", "/", (("X", f"\xe9'; touch {made} #"),))
        path.write_text(curl_command(plan))

        run(path, "sh")

    assert not made.exists()


def test_bytes_that_curl_cannot_send_go_over_tls_where_they_did(tmp_path: Path) -> None:
    plan = RequestPlan("https", "::1", 443, "", "", raw=b"GET /\r\n")

    assert curl_command(plan).endswith(
        "printf 'GET /\\015\\012' | openssl s_client -quiet -connect '[::1]:443'"
    )


def test_proxy_with_an_ipv6_address_stands_in_brackets() -> None:
    plan = RequestPlan("http", "h", 80, "GET", "/", proxy=Proxy("::1", 3128))

    assert "--proxy 'http://[::1]:3128'" in curl_command(plan)


def heads(data: bytes) -> list[tuple[bytes, frozenset[bytes]]]:
    """The request-line of each request, and its fields in any order: curl has an order of its own."""
    found = []
    for head in data.split(b"\r\n\r\n"):
        lines = head.split(b"\r\n")
        at = next((i for i, line in enumerate(lines) if b" HTTP/1." in line), None)
        if at is not None:
            found.append((lines[at], frozenset(lines[at + 1 :])))
    return found


def test_pytest_case_passes_and_fails_where_the_answer_differs(
    record_scenario: RecordScenario, tmp_path: Path
) -> None:
    path = tmp_path / "test_recorded.py"
    cases = b"\n\n".join(
        exported("pytest", record_scenario(name)).replace(b"def test_", f"def test_{i}_".encode())
        for i, name in enumerate(
            [*NAMES, "gzip-json", "chunked-trailers", "no-response", "fields-of-one-name"]
        )
    )
    path.write_bytes(cases)
    other = tmp_path / "test_other.py"
    other.write_bytes(exported("pytest", record_scenario("hello")).replace(b'(200, "OK")', b'(201, "OK")'))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--rootdir",
        str(tmp_path),
    ]

    passed = subprocess.run([*command, str(path)], capture_output=True, text=True, timeout=100, check=False)
    failed = subprocess.run([*command, str(other)], capture_output=True, text=True, timeout=100, check=False)

    assert passed.returncode == 0, passed.stdout
    assert "10 passed" in passed.stdout
    assert failed.returncode == 1
    assert "assert (200, 'OK') == (201, 'OK')" in failed.stdout


@pytest.mark.parametrize("calls", ["r1.read(3)", "r1.read(0)"], ids=["a part", "nothing"])
def test_pytest_case_of_an_answer_that_was_not_read_to_its_end_passes(
    calls: str, lab: LabServer, tmp_path: Path
) -> None:
    source = lab.script_for(find_scenario("hello"))
    path = tmp_path / "test_recorded.py"
    path.write_bytes(exported("pytest", record(source.replace("r1.read()", calls))))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]

    result = subprocess.run([*command, str(path)], capture_output=True, text=True, timeout=100, check=False)

    assert "assert content[:" in path.read_text()
    assert result.returncode == 0, result.stdout


def test_bytes_that_no_calls_give_are_sent_by_the_program_as_they_are(
    lab: LabServer, requests: Requests, tmp_path: Path
) -> None:
    host, port = lab.open(find_scenario("hello"))
    raw = r'b"GET /hello HTTP/1.1\r\nHost: x\r\nBad Name : \x00\r\n\r\n"'
    recording = record(
        f"from workbench.protocol import LENIENT, HTTPConnection\n"
        f'conn = HTTPConnection("{host}", {port}, policy=LENIENT)\nconn.connect()\nconn.send({raw})\n'
    )
    path = tmp_path / "program.py"
    path.write_bytes(exported("python", recording))
    length = len(ast.literal_eval(raw))
    recorded = requests.take(length)

    run(path, sys.executable, "-I")

    assert requests.take(length) == recorded
    with pytest.raises(CannotWriteCalls, match=r"send\(\) alone"):
        script_of(plan_of(recording, recording.exchanges[0]))


TWO_VERSIONS = """from http.client import HTTPConnection
conn = HTTPConnection("{host}", {port})
conn._http_vsn = 10
conn._http_vsn_str = "HTTP/1.0"
conn.request("GET", "/old", headers={{"Connection": "keep-alive"}})
conn.getresponse().read()
conn._http_vsn = 11
conn._http_vsn_str = "HTTP/1.1"
conn.request("GET", "/new")
conn.getresponse().read()
conn._http_vsn_str = "HTTP/1.2"
conn.request("GET", "/next")
conn.getresponse().read()
"""


@pytest.mark.parametrize("form", ["python", "pytest"])
def test_requests_of_several_versions_keep_theirs(form: str, tmp_path: Path) -> None:
    sent: list[bytes] = []

    def serve(peer: Peer) -> None:
        for _ in range(3):
            sent.append(peer.take_head())
            peer.send(b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n")

    server = ByteServer((serve, serve))
    try:
        recording = record(TWO_VERSIONS.format(host=server.host, port=server.port))
        recorded = sent[:]
        sent.clear()
        path = tmp_path / "test_program.py"
        path.write_bytes(exported(form, recording))
        how = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
        result = run(path, sys.executable, *(how if form == "pytest" else ["-I"]))
    finally:
        server.stop()

    assert result.returncode == 0, result.stdout + result.stderr
    assert sent == recorded
    assert [head.split()[2] for head in sent] == [b"HTTP/1.0", b"HTTP/1.1", b"HTTP/1.2"]


def test_target_that_no_call_gives_is_sent_by_the_program_as_it_is(tmp_path: Path) -> None:
    """A program may have replaced what checks and encodes it, as some that are written for `http.client` do."""

    class Careless(HTTPConnection):
        def _validate_path(self, url: str) -> None:
            """All are good."""

        def _encode_request(self, request: str) -> bytes:
            return request.encode("latin-1")

    sent: list[bytes] = []

    def serve(peer: Peer) -> None:
        sent.append(peer.take_head())
        peer.send(OK)

    server = ByteServer((serve, serve))
    try:
        recording = Recording()
        pen = Recorder(recording).start_run("program.py", "")
        conn = Careless(server.host, server.port, tap=pen.write)
        conn.request("GET", "/caf\xe9 x")
        conn.getresponse().read()
        conn.close()
        path = tmp_path / "program.py"
        path.write_bytes(exported("python", recording))
        result = run(path, sys.executable, "-I")
    finally:
        server.stop()

    assert (result.returncode, result.stderr) == (0, "")
    assert sent[0] == sent[1]
    assert b"/caf\xe9 x" in sent[0]
