"""HTTPMessage and parse_headers, which other programs use on files of their own."""

import email.message
import http.client
import io
import socket

import pytest

import workbench.protocol
from workbench.protocol import HTTPException, HTTPMessage, InvalidHeaderLine, parse_headers

SECTION = b"Set-Cookie: a=1\r\nX-Two:  spaced \r\nset-cookie: b=2\r\nX-Latin: caf\xe9\r\n\r\n"


def test_fields_are_found_in_any_case_and_in_order() -> None:
    message = parse_headers(io.BytesIO(SECTION))

    assert type(message) is HTTPMessage
    assert message["x-two"] == "spaced"
    assert message.get_all("SET-COOKIE") == ["a=1", "b=2"]
    assert message.keys() == ["Set-Cookie", "X-Two", "set-cookie", "X-Latin"]
    assert message["X-Latin"] == "caf\xe9"
    assert len(message) == 4
    assert message.get_payload() == ""


def test_section_without_faults_is_read_as_in_http_client() -> None:
    clean = SECTION.replace(b"  spaced ", b" spaced")

    assert parse_headers(io.BytesIO(clean)).items() == http.client.parse_headers(io.BytesIO(clean)).items()


def test_all_matching_headers_are_given_as_lines() -> None:
    """CPython's method has given an empty list since 3.0 (bpo-5053)."""
    message = parse_headers(io.BytesIO(SECTION))

    assert message.getallmatchingheaders("SET-cookie") == ["Set-Cookie: a=1\r\n", "set-cookie: b=2\r\n"]
    assert message.getallmatchingheaders("absent") == []


@pytest.mark.parametrize(
    ("section", "rest"),
    [
        pytest.param(b"A: b\r\n\r\nrest\r\n", b"rest\r\n", id="CRLF"),
        pytest.param(b"\r\nrest\r\n", b"rest\r\n", id="empty section"),
        pytest.param(b"A: b\r\n", b"", id="end of the file"),
    ],
)
def test_file_is_read_to_the_empty_line_and_no_further(section: bytes, rest: bytes) -> None:
    file = io.BytesIO(section)

    parse_headers(file)

    assert file.read() == rest


def test_limit_of_parsing_comes_without_advice_that_cannot_be_followed() -> None:
    with pytest.raises(HTTPException, match=r"^got more than 100 headers$"):
        parse_headers(io.BytesIO(b"A: b\r\n" * 101 + b"\r\n"))


def test_socket_file_is_read_to_the_empty_line_and_no_further() -> None:
    one, other = socket.socketpair()
    with one, other, other.makefile("rb") as file:
        one.sendall(SECTION + b"rest\n")

        message = parse_headers(file)

        assert message["X-Two"] == "spaced"
        assert file.readline() == b"rest\n"


def test_class_of_the_caller_is_filled() -> None:
    message = parse_headers(io.BytesIO(SECTION), email.message.Message)

    assert type(message) is email.message.Message
    assert message["X-Two"] == "spaced"


@pytest.mark.parametrize("module", [http.client, workbench.protocol], ids=["http.client", "ours"])
def test_line_of_more_than_65536_bytes_is_too_long(module: object) -> None:
    with pytest.raises(module.LineTooLong, match="got more than 65536 bytes when reading header line"):
        module.parse_headers(io.BytesIO(b"X: " + b"y" * 65536 + b"\r\n\r\n"))


def test_line_of_65536_bytes_is_read() -> None:
    value = b"y" * (65536 - len(b"X: \r\n"))

    assert parse_headers(io.BytesIO(b"X: %s\r\n\r\n" % value))["X"] == value.decode()


def test_hundred_fields_are_read_and_one_more_is_too_many() -> None:
    lines = b"".join(b"X-%d: y\r\n" % number for number in range(100))

    assert len(parse_headers(io.BytesIO(lines + b"\r\n"))) == 100
    with pytest.raises(HTTPException, match="got more than 100 headers"):
        parse_headers(io.BytesIO(lines + b"One-More: y\r\n\r\n"))


def test_sections_of_many_long_lines_are_limited_together() -> None:
    lines = b"".join(b"X: %s\r\n" % (b"y" * 60_000) for _ in range(5))

    with pytest.raises(HTTPException, match="got more than 262144 bytes of headers"):
        parse_headers(io.BytesIO(lines + b"\r\n"))


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"no colon", id="no colon"),
        pytest.param(b": no name", id="no name"),
        pytest.param(b"X Y: z", id="space in the name"),
        pytest.param(b"X: a\rContent-Length: 5", id="bare CR"),
        pytest.param(b"X: a\0b", id="NUL"),
    ],
)
def test_line_that_the_default_policy_refuses_is_an_error(line: bytes) -> None:
    with pytest.raises(InvalidHeaderLine):
        parse_headers(io.BytesIO(b"A: b\r\n" + line + b"\r\nC: d\r\n\r\n"))
