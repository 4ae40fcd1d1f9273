"""The rows of the conformance table about what is sent: R1 to R9 and R15 to R17, over real sockets."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, TIMEOUT_SECONDS, RecordingServer, answers
from tests.protocol.rows import row
from tests.protocol.watching import Watch, sent_by
from workbench.protocol import HTTPConnection, HTTPException, InvalidURL
from workbench.protocol import tap as events
from workbench.protocol.policy import DEFAULT, LENIENT, STRICT, Policy
from workbench.protocol.wire.state import State

Calls = Callable[[Any], object]


class Attempt(NamedTuple):
    """What came of calls that send a request."""

    error: Exception | None
    data: bytes
    """What the server received."""

    codes: list[str]
    found: list[bytes]
    """The bytes of the `sent` stream at which each diagnostic points."""


def attempt(calls: Calls, server: RecordingServer, policy: Policy) -> Attempt:
    """Make the calls; whatever comes of them, the object can be used again after `close()`."""
    watch = Watch()
    connection = HTTPConnection(server.host, server.port, timeout=TIMEOUT_SECONDS, policy=policy, tap=watch)
    error = None
    try:
        calls(connection)
    except (ValueError, HTTPException) as raised:
        error = raised
    connection.close()
    stream = sent_by(watch.events)
    diagnostics = watch.of(events.DiagnosticFound)
    data = server.take() if watch.of(events.Connected) else b""
    connection.request("GET", "/again")
    connection.close()
    assert server.take().startswith(b"GET /again HTTP/1.")
    watch.check()
    return Attempt(
        error,
        data,
        [event.code.value for event in diagnostics],
        [stream[event.span.start : event.span.end] for event in diagnostics],
    )


def request(*args: Any, **kwargs: Any) -> Calls:
    return lambda connection: connection.request(*args, **kwargs)


def get(target: str) -> Calls:
    return request("GET", target)


def field(name: Any, *values: Any) -> Calls:
    def calls(connection: Any) -> None:
        connection.putrequest("GET", "/")
        connection.putheader(name, *values)
        connection.endheaders()

    return calls


def assert_refused(tried: Attempt, error: type[Exception], code: str | None = None) -> None:
    """Nothing of it was sent."""
    assert type(tried.error) is error
    assert tried.data == b""
    assert tried.codes == ([] if code is None else [code])


def assert_sent(tried: Attempt, data: bytes, *codes: str) -> None:
    assert tried.error is None
    assert data in tried.data
    assert tried.codes == list(codes)


# --- the request-line and the field lines --------------------------------------------------------


@row("R1")
@pytest.mark.parametrize("method", ["GE T", "GET:", "GE\x7fT", ""], ids=["space", "colon", "DEL", "empty"])
def test_method_that_is_no_token_needs_the_lenient_policy(
    recording_server: RecordingServer, policy: Policy, method: str
) -> None:
    tried = attempt(request(method, "/"), recording_server, policy)

    if policy is LENIENT:
        assert_sent(tried, method.encode() + b" / HTTP/1.1\r\n", "METHOD_TOKEN")
        assert tried.found == [method.encode()]
    else:
        assert_refused(tried, ValueError, "METHOD_TOKEN")


@row("R2")
@pytest.mark.parametrize("target", ["/a b", "/a\r\nX: y", "/a\0", "/a\x7f", "/caf\xe9", "/\u2603"], ids=ascii)
def test_target_that_would_split_the_request_line_is_refused(
    recording_server: RecordingServer, policy: Policy, target: str
) -> None:
    assert_refused(attempt(get(target), recording_server, policy), InvalidURL)


@row("R3")
def test_fragment_is_left_out_or_refused_or_sent_on_purpose(
    recording_server: RecordingServer, policy: Policy
) -> None:
    tried = attempt(get("/a#b"), recording_server, policy)

    if policy is STRICT:
        assert_refused(tried, InvalidURL, "FRAGMENT")
    else:
        assert_sent(tried, b"GET /a#b " if policy is LENIENT else b"GET /a HTTP/1.1", "FRAGMENT")


@row("R4")
def test_userinfo_is_never_sent(recording_server: RecordingServer, policy: Policy) -> None:
    tried = attempt(get("http://user:secret@example.test/"), recording_server, policy)

    if policy is STRICT:
        assert_refused(tried, InvalidURL, "USERINFO")
    else:
        line = b"GET http://example.test/ HTTP/1.1\r\nHost: example.test\r\n"
        assert_sent(tried, line, "USERINFO")
    assert b"secret" not in tried.data
    assert "secret" not in str(tried.error)


@row("R5")
def test_scheme_in_any_case_makes_the_target_absolute(
    recording_server: RecordingServer, policy: Policy
) -> None:
    tried = attempt(get("HTTP://other.test/x"), recording_server, policy)

    assert_sent(tried, b"GET HTTP://other.test/x HTTP/1.1\r\nHost: other.test\r\n")


@row("R6")
@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        pytest.param("X Y", "a", "SENT_NAME_TOKEN", id="space in the name"),
        pytest.param("X\0", "a", "SENT_NAME_TOKEN", id="NUL in the name"),
        pytest.param("X", "a\0b", "SENT_VALUE", id="NUL in the value"),
    ],
)
def test_field_line_that_is_none_needs_the_lenient_policy(
    recording_server: RecordingServer, policy: Policy, name: str, value: str, code: str
) -> None:
    tried = attempt(field(name, value), recording_server, policy)

    if policy is LENIENT:
        assert_sent(tried, f"\r\n{name}: {value}\r\n".encode(), code)
        assert tried.found == [(name if code == "SENT_NAME_TOKEN" else value).encode()]
    else:
        assert_refused(tried, ValueError, code)


@row("R7")
@pytest.mark.parametrize(
    ("values", "line"),
    [
        pytest.param(("a\n b",), b"X: a\n b\r\n", id="folded by the caller"),
        pytest.param(("v1", "v2"), b"X: v1\r\n\tv2\r\n", id="several values"),
    ],
)
def test_folded_field_value_is_sent_unless_the_policy_is_strict(
    recording_server: RecordingServer, policy: Policy, values: tuple[str, ...], line: bytes
) -> None:
    tried = attempt(field("X", *values), recording_server, policy)

    if policy is STRICT:
        assert_refused(tried, ValueError, "SENT_OBS_FOLD")
    else:
        assert_sent(tried, line, "SENT_OBS_FOLD")


@row("R8", "R9")
@pytest.mark.parametrize(
    ("host", "port"),
    [("h", -1), ("h", 99999), ("h", "8_0"), ("h:8_0", None), ("h:80:81", None), ("[::1", None)],
)
def test_host_or_port_that_cannot_be_one_is_refused(policy: Policy, host: str, port: Any) -> None:
    with pytest.raises(InvalidURL):
        HTTPConnection(host, port, policy=policy)

    proxy = HTTPConnection("proxy.test", policy=policy)
    with pytest.raises(InvalidURL):
        proxy.set_tunnel(host, port)


# --- the framing of the body ---------------------------------------------------------------------

CHUNKED = {"Transfer-Encoding": "chunked"}


@row("R15")
def test_length_beside_a_transfer_coding_is_refused_by_the_strict_policy(
    recording_server: RecordingServer, policy: Policy
) -> None:
    """RFC 9112 section 6.2: a sender must not send both."""
    calls = request("POST", "/", b"3\r\nabc\r\n0\r\n\r\n", {**CHUNKED, "Content-Length": "3"})
    tried = attempt(calls, recording_server, policy)

    assert tried.found == [b"Content-Length: 3"]
    if policy is STRICT:
        assert_refused(tried, ValueError, "SENT_CL_TE")
    else:
        assert_sent(tried, b"Content-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "SENT_CL_TE")


def send_after_head(*pieces: bytes, length: str) -> Calls:
    def calls(connection: Any) -> None:
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", length)
        connection.endheaders()
        for piece in pieces:
            connection.send(piece)

    return calls


@row("R15")
@pytest.mark.parametrize(
    ("calls", "before", "whole", "found"),
    [
        pytest.param(
            request("POST", "/", b"abcdef", {"Content-Length": "4"}),
            None, b"abcdef", b"Content-Length: 4", id="bytes, too many",
        ),
        pytest.param(
            request("POST", "/", b"abc", {"Content-Length": "4"}),
            None, b"abc", b"Content-Length: 4", id="bytes, too few",
        ),
        pytest.param(
            request("POST", "/", b"abc", {"Content-Length": "many"}),
            None, b"abc", b"Content-Length: many", id="no number",
        ),
        pytest.param(
            request("POST", "/", [b"abc", b"def"], {"Content-Length": "4"}),
            b"abc", b"abcdef", b"ef", id="pieces, too many",
        ),
        pytest.param(
            request("POST", "/", [b"abc", b"def", b"ghi"], {"Content-Length": "4"}),
            b"abc", b"abcdefghi", b"ef", id="pieces, far too many",
        ),
        pytest.param(
            request("POST", "/", b"abc", {"Content-Length": "3", "content-length": "4"}),
            None, b"abc", b"content-length: 4", id="two lengths",
        ),
        pytest.param(
            request("POST", "/", [b"abc"], {"Content-Length": "4"}),
            b"abc", b"abc", b"", id="pieces, too few",
        ),
        pytest.param(
            lambda connection: (connection.putrequest("POST", "/"), connection.endheaders(b"abc")),
            None, b"abc", b"", id="a body that no field announces",
        ),
        pytest.param(
            send_after_head(b"ab", b"cde", length="4"),
            b"ab", b"abcde", b"e", id="sent piece by piece, too many",
        ),
    ],
)  # fmt: skip
def test_length_that_the_body_does_not_have_is_refused_by_the_strict_policy(
    recording_server: RecordingServer,
    policy: Policy,
    calls: Calls,
    before: bytes | None,
    whole: bytes,
    found: bytes,
) -> None:
    """`before` is what has been sent when it shows; None when it shows before anything is."""
    tried = attempt(calls, recording_server, policy)

    assert tried.codes == ["SENT_CL_MISMATCH"]
    if policy is STRICT:
        assert type(tried.error) is ValueError
        assert tried.data.partition(b"\r\n\r\n")[2] == (before or b"")
        assert before is not None or tried.data == b""
    else:
        assert tried.error is None
        assert tried.data.partition(b"\r\n\r\n")[2] == whole
        assert tried.found == [found]


@row("R15")
def test_response_to_half_a_body_is_not_waited_for_unsaid(serve: Serve, watch: Watch, policy: Policy) -> None:
    """The server may answer, but the connection is at an unknown place of the request."""
    connection = serve(answers(OK), answers(OK)).connection(policy=policy, tap=watch)
    send_after_head(b"ab", length="4")(connection)

    if policy is STRICT:
        with pytest.raises(ValueError, match=r"Content-Length does not fit the body that is sent.*2 bytes"):
            connection.getresponse()
        assert connection.state is State.IDLE
    else:
        response = connection.getresponse()
        assert response.read() == b"ok"
        assert response.persistence_reason == "the request was not as long as declared"

    assert watch.codes() == ["SENT_CL_MISMATCH"]
    assert connection.sock is None
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()


@row("R16")
def test_coding_without_chunked_behind_it_is_completed(
    recording_server: RecordingServer, policy: Policy
) -> None:
    """RFC 9112 section 6.1: chunked is the last transfer coding of a request that has any."""
    calls = request("POST", "/", [b"abc"], {"Transfer-Encoding": "gzip"}, encode_chunked=True)
    tried = attempt(calls, recording_server, policy)

    assert tried.found == [b"Transfer-Encoding: gzip"]
    if policy is STRICT:
        assert_refused(tried, ValueError, "SENT_TE_NOT_CHUNKED")
    else:
        more = b"" if policy is LENIENT else b"Transfer-Encoding: chunked\r\n"
        expected = b"Transfer-Encoding: gzip\r\n" + more + b"\r\n3\r\nabc\r\n0\r\n\r\n"
        assert_sent(tried, expected, "SENT_TE_NOT_CHUNKED")


@row("R16")
def test_chunks_that_no_field_announces_are_reported(
    recording_server: RecordingServer, policy: Policy
) -> None:
    """They are sent as in http.client: the caller has put no field that could be completed."""

    def calls(connection: Any) -> None:
        connection.putrequest("POST", "/")
        connection.endheaders([b"abc"], encode_chunked=True)

    tried = attempt(calls, recording_server, policy)

    if policy is STRICT:
        assert_refused(tried, ValueError, "SENT_TE_NOT_CHUNKED")
    else:
        assert_sent(tried, b"identity\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "SENT_TE_NOT_CHUNKED")


@pytest.mark.parametrize("value", ["chunked", "gzip, chunked", "Chunked ", "gzip ,\tchunked"])
def test_coding_with_chunked_behind_it_is_right(recording_server: RecordingServer, value: str) -> None:
    calls = request("POST", "/", [b"abc"], {"Transfer-Encoding": value}, encode_chunked=True)

    assert_sent(attempt(calls, recording_server, STRICT), b"\r\n\r\n3\r\nabc\r\n0\r\n\r\n")


def as_http_1_0(*args: Any) -> Calls:
    def calls(connection: Any) -> None:
        connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"
        connection.request(*args)

    return calls


@row("R17")
def test_body_of_unknown_length_is_not_chunked_for_http_1_0(
    recording_server: RecordingServer, policy: Policy
) -> None:
    tried = attempt(as_http_1_0("POST", "/", [b"abc", b"def"]), recording_server, policy)

    if policy is STRICT:
        assert_refused(tried, ValueError, "SENT_TE_HTTP10")
    elif policy is DEFAULT:
        assert_sent(tried, b"Content-Length: 6\r\n\r\nabcdef", "SENT_TE_HTTP10")
        assert b"Transfer-Encoding" not in tried.data
    else:
        assert_sent(tried, b"Transfer-Encoding: chunked\r\n\r\nabcdef", "SENT_TE_HTTP10")


@row("R17")
def test_transfer_coding_of_the_caller_is_reported_for_http_1_0(
    recording_server: RecordingServer, policy: Policy
) -> None:
    tried = attempt(as_http_1_0("POST", "/", b"abc", CHUNKED), recording_server, policy)

    assert tried.found == [b"Transfer-Encoding: chunked"]
    if policy is STRICT:
        assert_refused(tried, ValueError, "SENT_TE_HTTP10")
    else:
        assert_sent(tried, b"Transfer-Encoding: chunked\r\n\r\nabc", "SENT_TE_HTTP10")


# --- raw bytes -----------------------------------------------------------------------------------


@row("R2")
@pytest.mark.parametrize(
    "data",
    [
        b"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET / HTTP/1.1\r\nX Y: 1\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\n",
        b"\0",
    ],
    ids=ascii,
)
def test_raw_bytes_that_are_no_request_need_the_lenient_policy(
    recording_server: RecordingServer, policy: Policy, data: bytes
) -> None:
    tried = attempt(lambda connection: connection.send(data), recording_server, policy)

    if policy is LENIENT:
        assert_sent(tried, data, "SENT_RAW")
        assert tried.found == [data]
    else:
        assert_refused(tried, ValueError, "SENT_RAW")


@row("R15")
def test_raw_request_is_sent_and_its_framing_looked_at(
    recording_server: RecordingServer, policy: Policy
) -> None:
    right = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
    wrong = right.replace(b"Host: h", b"Transfer-Encoding: chunked")

    assert_sent(attempt(lambda connection: connection.send(right), recording_server, policy), right)
    tried = attempt(lambda connection: connection.send(wrong), recording_server, policy)
    if policy is STRICT:
        assert_refused(tried, ValueError, "SENT_CL_TE")
    else:
        assert_sent(tried, wrong, "SENT_CL_TE")
        assert tried.found == [b"Content-Length: 3"]
