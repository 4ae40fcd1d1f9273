"""The bytes of requests: those of CPython's http.client, except where we say otherwise."""

import array
import http.client
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench.protocol
from tests.protocol.peer import TIMEOUT_SECONDS, RecordingServer
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection
from workbench.protocol import tap as events

Calls = Callable[[Any], object]


def bytes_of(calls: Calls, module: Any, server: RecordingServer, **arguments: Any) -> bytes:
    """Make the calls on a connection of one module; give what came out of it."""
    connection = module.HTTPConnection(server.host, server.port, timeout=TIMEOUT_SECONDS, **arguments)
    try:
        calls(connection)
        connection.connect() if connection.sock is None else None
    finally:
        connection.close()
    return server.take()


def assert_same_bytes(calls: Calls, server: RecordingServer) -> bytes:
    theirs = bytes_of(calls, http.client, server)
    ours = bytes_of(calls, workbench.protocol, server)
    watch = Watch()
    tapped = bytes_of(calls, workbench.protocol, server, tap=watch)

    assert ours == theirs
    assert tapped == theirs
    watch.check()
    return ours


def get(connection: Any) -> None:
    connection.request("GET", "/")


def put_line_by_line(connection: Any) -> None:
    connection.putrequest("PUT", "/line")
    connection.putheader("Content-Length", 3)
    connection.putheader("X-Bytes", b"\xe9")
    connection.putheader("X-Latin", "caf\xe9")
    connection.putheader(b"X-Name-In-Bytes", "1")
    connection.endheaders(b"abc")


def put_and_send(connection: Any) -> None:
    connection.putrequest("PUT", "/send")
    connection.putheader("Content-Length", "9")
    connection.endheaders()
    connection.send(b"abc")
    connection.send(io.BytesIO(b"def"))
    connection.send([b"g", b"hi"])


def request(*args: Any, **kwargs: Any) -> Calls:
    return lambda connection: connection.request(*args, **kwargs)


def putrequest(*args: Any, **kwargs: Any) -> Calls:
    def calls(connection: Any) -> None:
        connection.putrequest(*args, **kwargs)
        connection.endheaders()

    return calls


def endheaders(*args: Any, **kwargs: Any) -> Calls:
    def calls(connection: Any) -> None:
        connection.putrequest("POST", "/")
        connection.endheaders(*args, **kwargs)

    return calls


def http10(connection: Any) -> None:
    connection._http_vsn = 10
    connection._http_vsn_str = "HTTP/1.0"
    connection.request("GET", "/old", headers={"X-A": "b"})


SAME = [
    pytest.param(get, id="GET"),
    pytest.param(request("GET", ""), id="empty target"),
    pytest.param(request("OPTIONS", "*"), id="asterisk"),
    pytest.param(request("GET", "/a%20b?c=d&e"), id="query"),
    pytest.param(request("GET", "http://example.test/x"), id="absolute target"),
    pytest.param(request("GET", "http://example.test:8080/x?y"), id="absolute target with port"),
    pytest.param(request("GET", "http://[::1]:8080/x"), id="absolute target with IPv6"),
    pytest.param(request("GET", "https://example.test"), id="absolute target without a path"),
    pytest.param(request("DELETE", "/"), id="None for DELETE"),
    pytest.param(request("POST", "/"), id="None for POST"),
    pytest.param(request("PUT", "/"), id="None for PUT"),
    pytest.param(request("PATCH", "/"), id="None for PATCH"),
    pytest.param(request("post", "/"), id="method in lower case"),
    pytest.param(request("GET", "/", ""), id="empty str body"),
    pytest.param(request("POST", "/", b""), id="empty bytes body"),
    pytest.param(request("POST", "/", "caf\xe9"), id="str body"),
    pytest.param(request("POST", "/", b"\0\xff" * 1000), id="bytes body"),
    pytest.param(request("POST", "/", bytearray(b"abc")), id="bytearray body"),
    pytest.param(request("POST", "/", memoryview(b"abc")), id="memoryview body"),
    pytest.param(request("POST", "/", array.array("H", [1, 2, 3])), id="array body"),
    pytest.param(request("POST", "/", [b"abc", b"", b"defg"]), id="list body"),
    pytest.param(request("POST", "/", (b"abc",)), id="tuple body"),
    pytest.param(request("POST", "/", {b"key": 1}), id="dict body"),
    pytest.param(request("POST", "/", io.BytesIO(b"abc" * 5000)), id="BytesIO body"),
    pytest.param(
        request("POST", "/", [b"abc"], {"Transfer-Encoding": "chunked"}, encode_chunked=True),
        id="the caller's chunked, encoded here",
    ),
    pytest.param(
        request("POST", "/", [b"3\r\nabc\r\n0\r\n\r\n"], {"Transfer-Encoding": "chunked"}),
        id="the caller's chunked, encoded there",
    ),
    pytest.param(
        request("POST", "/", [b"abc"], {"Content-Length": "3"}, encode_chunked=True),
        id="the caller's Content-Length",
    ),
    pytest.param(request("GET", "/", headers={"B": "1", "A": "2", "C": "3"}), id="order of fields"),
    pytest.param(request("GET", "/", headers={"hOsT": "other.test"}), id="Host of the caller"),
    pytest.param(
        request("GET", "/", headers={"ACCEPT-encoding": "gzip"}), id="Accept-Encoding of the caller"
    ),
    pytest.param(request("GET", "/", headers={"X-Int": 5, "X-Bytes": b"b"}), id="values of other types"),
    pytest.param(request("GET", "/", headers={"X-Empty": ""}), id="empty value"),
    pytest.param(request("GET", "/", headers={"X-Spaced": "  a  "}), id="value with spaces around"),
    pytest.param(put_line_by_line, id="line by line"),
    pytest.param(put_and_send, id="send"),
    pytest.param(putrequest("GET", "/", skip_host=True), id="skip_host"),
    pytest.param(putrequest("GET", "/", skip_accept_encoding=True), id="skip_accept_encoding"),
    pytest.param(putrequest("GET", "/", True, True), id="both skipped"),
    pytest.param(endheaders(b"a bytes body"), id="endheaders with bytes"),
    pytest.param(endheaders([b"a", b"bc"], encode_chunked=True), id="endheaders in chunks"),
    pytest.param(endheaders(io.BytesIO(b"abc"), encode_chunked=True), id="endheaders with a file in chunks"),
    pytest.param(endheaders(io.BytesIO(b"")), id="endheaders with an empty file"),
    pytest.param(endheaders([], encode_chunked=True), id="endheaders without chunks"),
    pytest.param(http10, id="HTTP/1.0"),
]


@pytest.mark.parametrize("calls", SAME)
def test_bytes_are_those_of_http_client(calls: Calls, recording_server: RecordingServer) -> None:
    assert_same_bytes(rewound(calls), recording_server)


def rewound(calls: Calls) -> Calls:
    """Bodies that are files are read three times, from the start each time."""
    cells = [cell.cell_contents for cell in calls.__closure__ or ()]
    files = [item for cell in cells if isinstance(cell, tuple) for item in cell if hasattr(item, "seek")]

    def again(connection: Any) -> None:
        for file in files:
            file.seek(0)
        calls(connection)

    return again


def test_values_of_one_putheader_are_folded_as_in_http_client(recording_server: RecordingServer) -> None:
    def calls(connection: Any) -> None:
        connection.putrequest("GET", "/")
        connection.putheader("X-Many", "one", 2, b"three")
        connection.endheaders()

    sent = assert_same_bytes(calls, recording_server)

    assert b"X-Many: one\r\n\t2\r\n\tthree\r\n" in sent


def test_order_is_request_line_host_accept_encoding_framing_and_the_callers(
    recording_server: RecordingServer,
) -> None:
    sent = assert_same_bytes(request("POST", "/x", b"abc", {"B": "1", "A": "2"}), recording_server)

    host = f"Host: 127.0.0.1:{recording_server.port}".encode()
    assert sent.split(b"\r\n") == [
        b"POST /x HTTP/1.1",
        host,
        b"Accept-Encoding: identity",
        b"Content-Length: 3",
        b"B: 1",
        b"A: 2",
        b"",
        b"abc",
    ]


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        pytest.param("example.test", None, b"example.test", id="default port"),
        pytest.param("example.test", 80, b"example.test", id="default port, given"),
        pytest.param("example.test:81", None, b"example.test:81", id="port in the host"),
        pytest.param("example.test", 81, b"example.test:81", id="port beside the host"),
        pytest.param("example.test:", None, b"example.test", id="empty port"),
        pytest.param("127.0.0.1", 81, b"127.0.0.1:81", id="IPv4"),
        pytest.param("[::1]", None, b"[::1]", id="IPv6 in brackets"),
        pytest.param("[::1]:81", None, b"[::1]:81", id="IPv6 with port"),
        pytest.param("::1", 81, b"[::1]:81", id="IPv6 without brackets"),
        pytest.param("fe80::1%eth0", 80, b"[fe80::1]", id="zone is for this machine only"),
        pytest.param("[fe80::1%eth0]:81", None, b"[fe80::1]:81", id="zone in brackets"),
        pytest.param("b\xfccher.test", None, b"xn--bcher-kva.test", id="IDNA"),
    ],
)
def test_host_field_names_the_host_as_in_http_client(host: str, port: int | None, expected: bytes) -> None:
    def host_sent_by(module: Any) -> list[bytes]:
        sink = Sink()
        connection = module.HTTPConnection(host, port)
        connection.sock = sink
        connection.request("GET", "/")
        return [line for line in bytes(sink.sent).split(b"\r\n") if line.startswith(b"Host:")]

    assert host_sent_by(workbench.protocol) == [b"Host: " + expected]
    assert host_sent_by(http.client) == [b"Host: " + expected] or "%" in host


class Sink:
    """Stands for a socket that takes everything."""

    def __init__(self) -> None:
        self.sent = bytearray()

    def setsockopt(self, *option: int) -> None:
        pass

    def sendall(self, data: Any) -> None:
        self.sent += data

    def close(self) -> None:
        pass


def test_socket_that_only_looks_like_one_is_sent_everything(watch: Watch) -> None:
    connection = HTTPConnection("example.test", tap=watch, expect_timeout=5)
    connection.sock = Sink()
    connection.interrupt()

    connection.request("PUT", "/", [b"a", b"bc"], {"Expect": "100-continue"})

    assert bytes(connection.sock.sent).endswith(b"\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n")
    connection.close()
    watch.check()


# --- where we do otherwise -----------------------------------------------------------------


@pytest.fixture
def file() -> Iterator[Any]:
    with tempfile.TemporaryFile() as opened:
        opened.write(b"0123456789" * 2000)
        opened.seek(0)
        yield opened


def test_regular_file_has_its_length_from_fstat(file: Any, recording_server: RecordingServer) -> None:
    """The documentation of 3.1 says so; http.client has sent such a body in chunks since 3.6."""
    ours = bytes_of(request("POST", "/", file), workbench.protocol, recording_server)

    head, _, body = ours.partition(b"\r\n\r\n")
    assert b"\r\nContent-Length: 20000" in head
    assert b"Transfer-Encoding" not in head
    assert body == b"0123456789" * 2000


def test_file_that_was_begun_is_sent_from_where_it_stands(
    file: Any, recording_server: RecordingServer
) -> None:
    file.seek(19_990)

    ours = bytes_of(request("POST", "/", file), workbench.protocol, recording_server)

    head, _, body = ours.partition(b"\r\n\r\n")
    assert b"\r\nContent-Length: 10" in head
    assert body == b"0123456789"


def test_pipe_is_sent_in_chunks(recording_server: RecordingServer) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"from a pipe")
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        ours = bytes_of(request("POST", "/", file), workbench.protocol, recording_server)

    assert ours.endswith(b"\r\nTransfer-Encoding: chunked\r\n\r\nB\r\nfrom a pipe\r\n0\r\n\r\n")


def test_text_file_is_sent_in_chunks_of_latin_1(tmp_path: Path, recording_server: RecordingServer) -> None:
    path = tmp_path / "text"
    path.write_text("caf\xe9", encoding="utf-8")

    with path.open(encoding="utf-8") as file:
        ours = bytes_of(request("POST", "/", file), workbench.protocol, recording_server)

    assert ours.endswith(b"\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ncaf\xe9\r\n0\r\n\r\n")


def test_string_file_is_sent_in_chunks_of_latin_1(recording_server: RecordingServer) -> None:
    body = io.StringIO("caf\xe9")

    assert_same_bytes(
        lambda connection: (body.seek(0), connection.request("POST", "/", body)), recording_server
    )


def test_file_is_read_in_blocks(recording_server: RecordingServer) -> None:
    asked: list[int] = []

    class File(io.BytesIO):
        def read(self, size: int = -1) -> bytes:
            asked.append(size)
            return super().read(size)

    calls = request("POST", "/", File(b"x" * 10))
    bytes_of(calls, workbench.protocol, recording_server, blocksize=4)

    assert asked == [4, 4, 4, 4]


def test_target_loses_its_userinfo_and_its_fragment(recording_server: RecordingServer) -> None:
    """http.client puts the password into the Host field (RFC 9110 section 4.2.4)."""
    watch = Watch()
    calls = request("GET", "http://user:secret@example.test/x#fragment")

    ours = bytes_of(calls, workbench.protocol, recording_server, tap=watch)

    assert ours.startswith(b"GET http://example.test/x HTTP/1.1\r\nHost: example.test\r\n")
    assert watch.codes() == ["FRAGMENT", "USERINFO"]
    told = [event for event in watch.events if not isinstance(event, events.CallStarted)]
    assert "secret" not in repr(told)


def test_scheme_of_the_target_may_be_in_any_case(recording_server: RecordingServer) -> None:
    ours = bytes_of(request("GET", "HTTP://Example.test/x"), workbench.protocol, recording_server)

    assert ours.startswith(b"GET HTTP://Example.test/x HTTP/1.1\r\nHost: Example.test\r\n")


def test_names_of_fields_may_be_bytes(recording_server: RecordingServer) -> None:
    ours = bytes_of(request("GET", "/", headers={b"Host": "a"}), workbench.protocol, recording_server)

    assert ours.count(b"Host:") == 1


# --- any sequence of legal calls -------------------------------------------------------------

TOKENS = st.text("ABCdef019-_.!~", min_size=1, max_size=12)
VALUES = st.one_of(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=30),
    st.binary(max_size=20).filter(lambda value: not set(value) & set(b"\r\n\0")),
    st.integers(-(10**9), 10**9),
)
TARGETS = st.one_of(
    st.text("/abc?=&%09.-", max_size=20).map(lambda text: "/" + text),
    st.sampled_from(["", "*", "http://example.test/a", "http://example.test:81", "path"]),
)
FRAMING = {"content-length", "transfer-encoding", "host", "accept-encoding"}
FIELDS = st.lists(st.tuples(TOKENS.filter(lambda name: name.lower() not in FRAMING), VALUES), max_size=5)
PIECES = st.lists(st.binary(max_size=40), max_size=4)
BODIES = st.one_of(st.none(), st.binary(max_size=100), st.text("abc\xe9", max_size=40), PIECES)


@st.composite
def call_lists(draw: st.DrawFn) -> list[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    """Draw a legal sequence of calls that sends one or more requests without reading."""
    if draw(st.booleans()):
        fields = dict(draw(FIELDS))
        return [("request", (draw(TOKENS), draw(TARGETS), draw(BODIES), fields), {})]
    calls: list[Any] = [
        ("putrequest", (draw(TOKENS), draw(TARGETS), draw(st.booleans()), draw(st.booleans())), {})
    ]
    calls += [("putheader", (name, *values), {}) for name, values in draw(fields_of_many_values())]
    body = draw(st.one_of(st.none(), st.binary(max_size=100), PIECES))
    calls.append(("endheaders", (body,), {"encode_chunked": draw(st.booleans())}))
    calls += [("send", (piece,), {}) for piece in draw(PIECES)]
    return calls


def fields_of_many_values() -> Any:
    return st.lists(st.tuples(TOKENS, st.lists(VALUES, max_size=3)), max_size=4)


@settings(max_examples=100)
@given(calls=call_lists())
def test_any_legal_calls_send_the_bytes_of_http_client(calls: list[Any]) -> None:
    def make(connection: Any) -> None:
        for name, args, kwargs in calls:
            getattr(connection, name)(*args, **kwargs)

    server = RecordingServer()
    try:
        assert_same_bytes(make, server)
    finally:
        server.close()
