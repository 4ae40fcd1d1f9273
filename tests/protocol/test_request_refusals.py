"""What a request cannot hold, and what is raised before a byte of it is sent."""

import io
import os
from pathlib import Path
from typing import Any

import pytest

from tests.protocol.test_request_bytes import Sink
from tests.protocol.watching import Watch
from workbench.protocol import (
    HTTPConnection,
    HTTPSConnection,
    InvalidURL,
    NotConnected,
    UnimplementedFileMode,
)
from workbench.protocol.policy import LENIENT, STRICT
from workbench.protocol.wire.state import State


def connected(**arguments: Any) -> HTTPConnection:
    """A connection whose socket keeps what is sent."""
    connection = HTTPConnection("example.test", **arguments)
    connection.sock = Sink()
    return connection


def sent(connection: HTTPConnection) -> bytes:
    return bytes(connection.sock.sent)


HOSTS = [
    pytest.param("example.test:http", None, id="port in letters"),
    pytest.param("example.test", "http", id="port in letters beside the host"),
    pytest.param("example.test:-1", None, id="negative port"),
    pytest.param("example.test", -1, id="negative port beside the host"),
    pytest.param("example.test:99999", None, id="port above 65535"),
    pytest.param("example.test", 65536, id="port above 65535 beside the host"),
    pytest.param("example.test:" + "9" * 5000, None, id="port of 5000 digits"),
    pytest.param("example.test:8_0", None, id="underscore, which int() takes"),
    pytest.param("example.test:\u0664\u0662", None, id="digits that are not ASCII's"),
    pytest.param("example.test: 80", None, id="space before the port"),
    pytest.param("example.test:80:81", None, id="two ports"),
    pytest.param("::1", None, id="IPv6 without brackets and port"),
    pytest.param("[::1", None, id="bracket that is not closed"),
    pytest.param("::1]", 80, id="bracket that was not opened"),
    pytest.param("[::1:80", None, id="port inside the bracket"),
    pytest.param("example.test\r\nX-Injected: 1", 80, id="CR and LF (CVE-2019-18348)"),
    pytest.param("example test", 80, id="space"),
    pytest.param("example\x7f.test", 80, id="DEL"),
    pytest.param("example\0.test", None, id="NUL"),
]


@pytest.mark.parametrize("cls", [HTTPConnection, HTTPSConnection])
@pytest.mark.parametrize(("host", "port"), HOSTS)
def test_host_that_cannot_be_one_is_refused(cls: Any, host: str, port: Any) -> None:
    with pytest.raises(InvalidURL):
        cls(host, port)


@pytest.mark.parametrize(("host", "port"), HOSTS)
def test_tunnel_host_that_cannot_be_one_is_refused(host: str, port: Any) -> None:
    connection = HTTPConnection("proxy.test")

    with pytest.raises(InvalidURL):
        connection.set_tunnel(host, port)

    assert connection.sock is None


def test_place_in_a_target_is_told_as_an_index() -> None:
    """The command line counts characters from 1 on, the library counts everything from 0 on: the word says which."""
    with pytest.raises(InvalidURL, match="got ' ' at index 2 of '/a b'"):
        HTTPConnection("example.test").putrequest("GET", "/a b")


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("/a b", id="space"),
        pytest.param("/a\r\nX-Injected: 1", id="CR and LF (CVE-2019-9740)"),
        pytest.param("/a\nb", id="LF"),
        pytest.param("/a\tb", id="tab"),
        pytest.param("/a\0b", id="NUL"),
        pytest.param("/a\x7fb", id="DEL"),
        pytest.param(" /", id="space in front"),
    ],
)
def test_target_that_would_split_the_request_line_is_refused(target: str) -> None:
    connection = connected()

    with pytest.raises(InvalidURL, match=r"RFC 9112 section 3.2"):
        connection.putrequest("GET", target)

    assert connection.state is State.IDLE
    assert_still_usable(connection)


def test_target_with_other_letters_than_ascii_is_refused() -> None:
    connection = connected()

    with pytest.raises(InvalidURL, match=r"ASCII.*RFC 9112 section 3.2"):
        connection.putrequest("GET", "/caf\xe9")

    assert_still_usable(connection)


@pytest.mark.parametrize("policy", [STRICT], ids=["strict"])
@pytest.mark.parametrize("target", ["/a#b", "http://user:secret@example.test/"])
def test_strict_policy_refuses_what_would_be_left_out(policy: Any, target: str) -> None:
    connection = connected(policy=policy)

    with pytest.raises(InvalidURL) as caught:
        connection.putrequest("GET", target)

    assert "secret" not in str(caught.value)
    assert_still_usable(connection)


def test_lenient_policy_sends_the_fragment() -> None:
    connection = connected(policy=LENIENT)

    connection.request("GET", "/a#b")

    assert sent(connection).startswith(b"GET /a#b HTTP/1.1\r\n")


def test_target_of_nothing_but_a_fragment_is_the_root() -> None:
    connection = connected()

    connection.request("GET", "#b")

    assert sent(connection).startswith(b"GET / HTTP/1.1\r\n")


METHODS = [
    pytest.param("GET POST", id="space"),
    pytest.param("GET\r\nX: y", id="CR and LF (CVE-2020-26116)"),
    pytest.param("GE:T", id="colon"),
    pytest.param("", id="empty"),
    pytest.param("GET\x7f", id="DEL"),
    pytest.param("GET\0", id="NUL"),
]


@pytest.mark.parametrize("method", METHODS)
def test_method_that_is_no_token_is_refused(method: str) -> None:
    connection = connected()

    with pytest.raises(ValueError, match=r"RFC 9110 section 9.1"):
        connection.request(method, "/")

    assert_still_usable(connection)


def test_method_with_other_letters_than_ascii_is_refused() -> None:
    connection = connected()

    with pytest.raises(UnicodeEncodeError):
        connection.request("GET\xe9", "/")

    assert_still_usable(connection)


NAMES = [
    pytest.param("X Y", id="space"),
    pytest.param("X\0", id="NUL"),
    pytest.param("X:", id="colon"),
    pytest.param("", id="empty"),
    pytest.param("X\r\nY", id="CR and LF"),
    pytest.param(" X", id="space in front"),
    pytest.param(b"X(Y)", id="parentheses"),
]


@pytest.mark.parametrize("name", NAMES)
def test_field_name_that_is_no_token_is_refused(name: Any) -> None:
    connection = connected()
    connection.putrequest("GET", "/")

    with pytest.raises(ValueError, match=r"^Invalid header name: .*RFC 9110 section 5.1"):
        connection.putheader(name, "value")

    assert connection.state is State.REQUEST_STARTED


VALUES = [
    pytest.param(["a\r\nX-Injected: 1"], id="CR and LF (CVE-2016-5699)"),
    pytest.param(["a\nX-Injected: 1"], id="LF"),
    pytest.param(["a\rb"], id="CR"),
    pytest.param(["a\0b"], id="NUL"),
    pytest.param(["a\r\n"], id="CR and LF at the end"),
    pytest.param(["a\r", "b"], id="CR before a fold of ours"),
    pytest.param(["a\n", "b"], id="LF before a fold of ours"),
    pytest.param(["a", "b\r\nX-Injected: 1"], id="second value"),
    pytest.param([b"a\r\nb"], id="bytes"),
]


@pytest.mark.parametrize("values", VALUES)
def test_field_value_that_would_end_its_line_is_refused(values: list[Any]) -> None:
    connection = connected()
    connection.putrequest("GET", "/")

    with pytest.raises(ValueError, match=r"^Invalid header value: .*RFC 9110 section 5.5"):
        connection.putheader("X", *values)

    connection.endheaders()
    assert b"Injected" not in sent(connection)
    assert b"X:" not in sent(connection)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        pytest.param(1.5, TypeError, id="float"),
        pytest.param(None, TypeError, id="None"),
        pytest.param(["a"], TypeError, id="list"),
        pytest.param("\u20ac", UnicodeEncodeError, id="no latin-1"),
    ],
)
def test_field_value_of_another_type_is_refused(value: Any, error: type[Exception]) -> None:
    connection = connected()
    connection.putrequest("GET", "/")

    with pytest.raises(error):
        connection.putheader("X", value)


@pytest.mark.parametrize("value", ["a\n b", "a\r\n\tb"])
def test_folded_value_is_sent_and_reported(value: str, watch: Watch) -> None:
    """The documented API sends folds (RFC 9112 section 5.2 forbids them)."""
    connection = connected(tap=watch)

    connection.request("GET", "/", headers={"X": value})

    assert b"X: " + value.encode() + b"\r\n" in sent(connection)
    assert watch.codes() == ["SENT_OBS_FOLD"]
    watch.check()


def test_strict_policy_refuses_several_values() -> None:
    connection = connected(policy=STRICT)
    connection.putrequest("GET", "/")

    with pytest.raises(ValueError, match=r"RFC 9112 section 5.2"):
        connection.putheader("X", "a", "b")


def test_lenient_policy_sends_what_it_is_given() -> None:
    connection = connected(policy=LENIENT)
    connection.putrequest("GE(T", "/")
    connection.putheader("X Y", "a\0b")
    connection.endheaders()

    assert sent(connection).startswith(b"GE(T / HTTP/1.1\r\n")
    assert b"X Y: a\0b\r\n" in sent(connection)


BODIES = [
    pytest.param(5, TypeError, id="int"),
    pytest.param(1.5, TypeError, id="float"),
    pytest.param(["text"], TypeError, id="list of str"),
    pytest.param("\u20ac", UnicodeEncodeError, id="no latin-1"),
]


@pytest.mark.parametrize(("body", "error"), BODIES)
def test_body_of_another_type_is_refused(body: Any, error: type[Exception]) -> None:
    connection = connected()

    with pytest.raises(error):
        connection.request("POST", "/", body)


def test_body_that_is_no_latin_1_says_what_to_do() -> None:
    connection = connected()

    with pytest.raises(UnicodeEncodeError, match=r"Use body.encode\('utf-8'\)"):
        connection.request("POST", "/", "price: \u20ac")


@pytest.mark.parametrize("data", ["text", 5, ["text"], None])
def test_data_to_send_that_is_no_bytes_is_refused(data: Any) -> None:
    with pytest.raises(TypeError):
        connected().send(data)


@pytest.mark.parametrize("mode", ["wb", "ab", "w", "a", "xb"])
@pytest.mark.parametrize("call", ["request", "endheaders", "send"])
def test_file_that_cannot_be_read_is_refused_before_a_byte_is_sent(
    tmp_path: Path, mode: str, call: str
) -> None:
    connection = connected()
    if call == "endheaders":
        connection.putrequest("POST", "/")
    before = connection.state

    with (tmp_path / "file").open(mode) as file, pytest.raises(UnimplementedFileMode) as caught:
        connection.request("POST", "/", file) if call == "request" else getattr(connection, call)(file)

    assert isinstance(caught.value, io.UnsupportedOperation)
    assert repr(mode) in str(caught.value)
    assert sent(connection) == b""
    assert connection.state is before


def test_writing_end_of_a_pipe_is_refused() -> None:
    reading, writing = os.pipe()
    os.close(reading)

    with os.fdopen(writing, "wb") as file, pytest.raises(UnimplementedFileMode):
        connected().request("POST", "/", file)


def test_sending_without_a_connection_opens_none_when_it_must_not() -> None:
    connection = HTTPConnection("example.test")
    connection.auto_open = 0

    with pytest.raises(NotConnected):
        connection.send(b"abc")
    with pytest.raises(NotConnected):
        connection.request("GET", "/")

    connection.close()
    assert connection.state is State.IDLE


def test_tunnel_cannot_be_set_on_an_open_connection() -> None:
    with pytest.raises(RuntimeError, match="Can't set up tunnel for established connection"):
        connected().set_tunnel("example.test")


def test_key_without_a_certificate_is_refused() -> None:
    with pytest.raises(ValueError, match="cert_file together with key_file"):
        HTTPSConnection("example.test", key_file="key.pem")


def assert_still_usable(connection: HTTPConnection) -> None:
    assert connection.state is State.IDLE
    connection.request("GET", "/")
    assert sent(connection).endswith(b"Accept-Encoding: identity\r\n\r\n")
    assert sent(connection).count(b"HTTP/1.1") == 1
