"""From an address to a script, or to a sentence that says what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.session.stand_in import parse
from workbench.session.address import AddressError, script_for_url


def test_script_for_url_makes_one_call_a_line():
    assert script_for_url("http://localhost:8000/path?a=1&b=%20#top") == (
        "from http.client import HTTPConnection\n"
        "# The fragment #top stays here: it is never sent.\n"
        'conn = HTTPConnection("localhost", 8000)\n'
        'conn.putrequest("GET", "/path?a=1&b=%20")\n'
        "conn.endheaders()\n"
        "r1 = conn.getresponse()\n"
        "r1.read()\n"
    )


@pytest.mark.parametrize(
    ("url", "call"),
    [
        pytest.param("http://example.org", 'HTTPConnection("example.org")', id="no path"),
        pytest.param("HTTPS://example.org/", 'HTTPSConnection("example.org")', id="https"),
        pytest.param("http://example.org:/", 'HTTPConnection("example.org")', id="empty port"),
        pytest.param("http://[::1]:8000/", 'HTTPConnection("::1", 8000)', id="IPv6 with port"),
        pytest.param("http://[0:0::1]/", 'HTTPConnection("[::1]")', id="IPv6 without port"),
        pytest.param(
            "http://[fe80::1%25eth0]:1/", 'HTTPConnection("fe80::1%eth0", 1)', id="IPv6 with a zone"
        ),
        pytest.param("http://bücher.example/", 'HTTPConnection("xn--bcher-kva.example")', id="IDNA"),
        pytest.param("http://x", 'putrequest("GET", "/")', id="target without path"),
        pytest.param("http://x?a=b", 'putrequest("GET", "/?a=b")', id="target with a query alone"),
        pytest.param("http://x/?", 'putrequest("GET", "/?")', id="target with an empty query"),
        pytest.param("http://x/é\"\\'", 'putrequest("GET", "/%C3%A9%22%5C\'")', id="quotes in the target"),
        pytest.param("http://x//y/../z", 'putrequest("GET", "//y/../z")', id="target as it stands"),
    ],
)
def test_script_for_url_calls_what_the_url_says(url, call):
    assert call in script_for_url(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param("", "write http://HOST/PATH", id="nothing"),
        pytest.param("localhost:8000/x", "write http://localhost:8000/x", id="no scheme"),
        pytest.param("//localhost/x", "write http://localhost/x", id="no scheme but slashes"),
        pytest.param("http:///x", "without a host", id="no host"),
        pytest.param("http://:80/", "without a host", id="port without a host"),
        pytest.param("http://[]/", "without a host", id="empty brackets"),
        pytest.param("http:foo", "without a host", id="no slashes"),
        pytest.param("http://", "without a host", id="scheme alone"),
        pytest.param("ftp://host/", "found ftp://", id="other scheme"),
        pytest.param("http://host:http/", "a port from 1 to 65535, found 'http'", id="port in words"),
        pytest.param("http://host:0/", "a port from 1 to 65535, found '0'", id="port 0"),
        pytest.param("http://host:65536/", "a port from 1 to 65535", id="port too large"),
        pytest.param("http://host:-1/", "a port from 1 to 65535", id="negative port"),
        pytest.param("http://host:٣/", "a port from 1 to 65535", id="port in other digits"),
        pytest.param("http://a:1:2/", "needs brackets", id="two ports"),
        pytest.param("http://user:secret@host/", "user name", id="user and password"),
        pytest.param("http://a b/", "a space at position 9; write it as %20", id="space"),
        pytest.param("http://a/\r\nX: 1", "U+000D at position 10; write it as %0D", id="line end"),
        pytest.param("http://a/\u202e", "U+202E", id="bidirectional control"),
        pytest.param("http://a/\ud800", "U+D800", id="lone surrogate"),
        pytest.param("http://a/\udcff", "the byte 0xFF at position 10; write it as %FF", id="no UTF-8"),
        pytest.param("http://[::1", "needs brackets", id="open bracket"),
        pytest.param("http://::1]/", "Expected", id="closing bracket"),
        pytest.param("http://[::1]x/", "Expected", id="text behind brackets"),
        pytest.param("http://[v1.x]/", "Expected", id="future address"),
        pytest.param("http://[zz]/", "Expected", id="no address in brackets"),
        pytest.param("http://::1/", "needs brackets", id="IPv6 without brackets"),
        pytest.param('http://a"b/', "the name of a host", id="quote in the host"),
        pytest.param("http://a\\b/", "the name of a host", id="backslash in the host"),
        pytest.param(f"http://{'a' * 300}/", "the name of a host", id="long host"),
        pytest.param(f"http://{'é' * 100}/", "the name of a host", id="long label"),
    ],
)
def test_address_that_is_none_is_refused_with_the_way_out(url, words):
    with pytest.raises(AddressError) as caught:
        script_for_url(url)

    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


@given(st.one_of(st.text(), st.from_regex(r"https?://[^/]{0,20}(/.{0,20})?", fullmatch=True)))
def test_any_address_gives_a_script_or_an_address_error(url):
    try:
        source = script_for_url(url)
    except AddressError:
        return

    steps = [statement for statement in parse(source).statements if statement.is_step]
    assert [statement.calls[-1] for statement in steps] == [
        "HTTPSConnection" if url.lower().startswith("https") else "HTTPConnection",
        "putrequest",
        "endheaders",
        "getresponse",
        "read",
    ]
