"""What a program is given by others must not become more of a request than it says.

Each test is named after a published case. Nothing is sent: the connection is not even opened.
"""

from collections.abc import Callable
from typing import Any

import pytest

from workbench.protocol import HTTPConnection, HTTPSConnection, InvalidURL

Refused = Callable[[HTTPConnection], object]

CONTROLS = [pytest.param(chr(code), id=f"{code:#04x}") for code in (0, 9, 10, 13, 31, 32, 127)]
LINE_ENDS = [
    pytest.param("\r\n", id="CRLF"),
    pytest.param("\n", id="LF"),
    pytest.param("\r", id="CR"),
    pytest.param("\0", id="NUL"),
]


def refuse(error: type[Exception], call: Refused, host: str = "example.test") -> None:
    """Check that a call on a new connection raises, and that nothing was sent or opened."""
    connection = HTTPConnection(host)

    with pytest.raises(error):
        call(connection)

    assert connection.sock is None


@pytest.mark.parametrize("control", LINE_ENDS)
def test_cve_2016_5699_line_end_in_a_field_value_is_refused(control: str) -> None:
    refuse(ValueError, lambda c: c.request("GET", "/", headers={"X": f"a{control}Injected: 1"}))


@pytest.mark.parametrize("control", LINE_ENDS)
def test_cve_2016_5699_line_end_in_a_field_name_is_refused(control: str) -> None:
    refuse(ValueError, lambda c: c.request("GET", "/", headers={f"X: a{control}Injected": "1"}))


@pytest.mark.parametrize("control", CONTROLS)
def test_cve_2019_9740_control_in_the_query_is_refused(control: str) -> None:
    refuse(InvalidURL, lambda c: c.request("GET", f"/?q={control}HTTP/1.1"))


@pytest.mark.parametrize("control", CONTROLS)
def test_cve_2019_9947_control_in_the_path_is_refused(control: str) -> None:
    refuse(InvalidURL, lambda c: c.request("GET", f"/a{control}b"))


@pytest.mark.parametrize("cls", [HTTPConnection, HTTPSConnection])
@pytest.mark.parametrize("control", CONTROLS)
def test_cve_2019_18348_control_in_the_host_is_refused(cls: Any, control: str) -> None:
    with pytest.raises(InvalidURL):
        cls(f"example.test{control}X-Injected: 1", 80)


def test_cve_2019_18348_host_that_was_changed_later_is_checked_again() -> None:
    def change(connection: HTTPConnection) -> None:
        connection.host = "example.test\r\nX-Injected: 1"
        connection.request("GET", "/")

    refuse(ValueError, change)


@pytest.mark.parametrize("control", [*CONTROLS, pytest.param(":", id="no token")])
def test_cve_2020_26116_method_that_is_no_token_is_refused(control: str) -> None:
    refuse(ValueError, lambda c: c.request(f"GET{control}/x HTTP/1.1", "/"))


@pytest.mark.parametrize("control", LINE_ENDS)
def test_cve_2026_1502_line_end_in_the_host_of_a_tunnel_is_refused(control: str) -> None:
    refuse(InvalidURL, lambda c: c.set_tunnel(f"server.test{control}X-Injected: 1", 443))


@pytest.mark.parametrize("control", LINE_ENDS)
@pytest.mark.parametrize("place", ["name", "value"])
def test_cve_2026_1502_line_end_in_a_field_for_the_proxy_is_refused(control: str, place: str) -> None:
    text = f"a{control}X-Injected"
    fields = {text: "1"} if place == "name" else {"X": text}

    refuse(ValueError, lambda c: c.set_tunnel("server.test", 443, headers=fields))


@pytest.mark.parametrize(
    "host", [pytest.param("\u00fc" * 100_000, id="IDNA"), pytest.param("a" * 256, id="ASCII")]
)
def test_cve_2022_45061_long_host_is_refused_before_it_is_encoded(host: str) -> None:
    with pytest.raises(InvalidURL, match="up to 255 characters"):
        HTTPConnection(host, 80)


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("example.c\u2100m", id="account of, which is a/c"),
        pytest.param("example.test\uff0f.evil.test", id="fullwidth solidus"),
        pytest.param("example.test\uff1f", id="fullwidth question mark"),
        pytest.param("example.test\uff03", id="fullwidth number sign"),
    ],
)
def test_cve_2019_9636_letter_that_becomes_a_delimiter_is_refused(host: str) -> None:
    with pytest.raises(InvalidURL, match="IDNA form"):
        HTTPConnection(host, 80)


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("user\uff20example.test", id="fullwidth at"),
        pytest.param("example.test\uff1a80", id="fullwidth colon"),
    ],
)
def test_cve_2019_10160_letter_that_becomes_a_delimiter_of_the_authority_is_refused(host: str) -> None:
    with pytest.raises(InvalidURL, match="IDNA form"):
        HTTPConnection(host, 80)


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("[example.test]", id="name"),
        pytest.param("[127.0.0.1]", id="IPv4"),
        pytest.param("[::1]example.test[::1]", id="name between two"),
        pytest.param("[v1.example]", id="a version that nobody has"),
        pytest.param("[]", id="nothing"),
    ],
)
def test_cve_2025_0938_brackets_around_no_ipv6_address_are_refused(host: str) -> None:
    with pytest.raises(InvalidURL, match="between \\[ and \\]"):
        HTTPConnection(host, 80)


@pytest.mark.parametrize("host", ["[::1]", "[fe80::1%eth0]"])
def test_cve_2025_0938_brackets_around_an_ipv6_address_are_taken_off(host: str) -> None:
    assert HTTPConnection(host, 80).host == host[1:-1]


def test_host_with_a_label_that_no_dns_has_is_refused() -> None:
    with pytest.raises(InvalidURL, match="IDNA form"):
        HTTPConnection("\u00fc" * 100, 80)
