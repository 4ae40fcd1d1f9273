"""Request-targets and hosts (RFC 9112 section 3.2, RFC 9110 section 4.2)."""

import pytest

from workbench.protocol.wire.target import (
    AbsoluteTarget,
    check_host,
    host_field,
    parse_host,
    split_absolute,
    target_form,
    to_ascii_host,
)


@pytest.mark.parametrize(
    ("method", "target", "form"),
    [
        ("GET", "/a?b", "origin-form"),
        ("GET", "http://h/", "absolute-form"),
        ("GET", "x-y.z+1:a", "absolute-form"),
        ("OPTIONS", "*", "asterisk-form"),
        ("CONNECT", "h:443", "authority-form"),
        ("CONNECT", "/a", "authority-form"),
        ("GET", "a", ""),
        ("GET", "1x:a", ""),
        ("GET", "", ""),
    ],
)
def test_form_of_a_target_is_one_of_four_or_none(method: str, target: str, form: str) -> None:
    assert target_form(method, target) == form


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        pytest.param("/a", None, id="not absolute"),
        pytest.param("ftp://h/", None, id="another scheme"),
        pytest.param("http:/h", None, id="no authority"),
        pytest.param("http://h", AbsoluteTarget("h", "http://h", False), id="no path"),
        pytest.param("http://h?q@r", AbsoluteTarget("h", "http://h?q@r", False), id="an @ in the query"),
        pytest.param("http://h/p@q", AbsoluteTarget("h", "http://h/p@q", False), id="an @ in the path"),
        pytest.param("HTTPS://h:1/", AbsoluteTarget("h:1", "HTTPS://h:1/", False), id="upper case"),
        pytest.param("http://u:p@h/", AbsoluteTarget("h", "http://h/", True), id="userinfo"),
        pytest.param("http://u@v@h/", AbsoluteTarget("h", "http://h/", True), id="two @"),
        pytest.param("http://@h/", AbsoluteTarget("h", "http://h/", True), id="empty userinfo"),
        pytest.param("http://[::1]:2/", AbsoluteTarget("[::1]:2", "http://[::1]:2/", False), id="IPv6"),
    ],
)
def test_absolute_target_is_taken_apart(target: str, parts: AbsoluteTarget | None) -> None:
    assert split_absolute(target) == parts


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("h", None, ("h", None)),
        ("h:", None, ("h", None)),
        ("h:0", None, ("h", 0)),
        ("h:65535", None, ("h", 65535)),
        ("h:0000000080", None, ("h", 80)),
        ("h", 80, ("h", 80)),
        ("h", "80", ("h", 80)),
        ("[::1]", None, ("::1", None)),
        ("[::1]:80", None, ("::1", 80)),
        ("[::1]", 80, ("::1", 80)),
        ("::1", 80, ("::1", 80)),
        ("[fe80::1%eth0]:1", None, ("fe80::1%eth0", 1)),
        ("", None, ("", None)),
    ],
)
def test_port_is_split_off_a_host(
    host: str, port: int | str | None, expected: tuple[str, int | None]
) -> None:
    assert parse_host(host, port) == expected


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [
        pytest.param("h:x", None, "nonnumeric port: 'x'", id="letters"),
        pytest.param("h:8_0", None, "nonnumeric port: '8_0'", id="an underscore, which int() takes"),
        pytest.param("h:+80", None, "nonnumeric port", id="a sign, which int() takes"),
        pytest.param("h:\u0664", None, "nonnumeric port", id="a digit of another script"),
        pytest.param("h", "x", "nonnumeric port", id="letters as an argument"),
        pytest.param("h", -1, "from 0 to 65535, got -1", id="a negative port"),
        pytest.param("h:65536", None, "got 65536", id="a port out of range"),
        pytest.param("h:" + "9" * 5000, None, "got 999999", id="a port that int() would not convert"),
        pytest.param("h:1:2", None, "Expected one port", id="two ports"),
        pytest.param("[::1", None, "between [ and ]", id="no closing bracket"),
        pytest.param("[::1", 80, "between [ and ]", id="no closing bracket, port given"),
        pytest.param("::1]", 80, "between [ and ]", id="no opening bracket"),
    ],
)
def test_host_that_cannot_be_one_is_refused(host: str, port: int | str | None, message: str) -> None:
    with pytest.raises(ValueError) as raised:
        parse_host(host, port)

    assert message in str(raised.value)


@pytest.mark.parametrize("host", ["h\r\nX", "a b", "h\0", "h\x7f"])
def test_host_that_would_split_the_request_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="control characters and spaces"):
        check_host(host)


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("h", 80, "h"),
        ("h", None, "h"),
        ("h", 8080, "h:8080"),
        ("::1", 80, "[::1]"),
        ("::1", 8080, "[::1]:8080"),
        ("fe80::1%eth0", 80, "[fe80::1]"),
    ],
)
def test_host_field_has_brackets_and_no_zone_and_no_default_port(
    host: str, port: int | None, expected: str
) -> None:
    assert host_field(host, port, 80) == expected


def test_host_in_other_letters_is_sent_in_its_idna_form() -> None:
    assert to_ascii_host("b\u00fccher.example") == "xn--bcher-kva.example"
    assert to_ascii_host("h.example") == "h.example"
