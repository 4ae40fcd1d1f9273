"""urllib.request on the drop-in."""

import json
import ssl
import urllib.error
import urllib.request
from http.client import IncompleteRead
from typing import Any

import pytest

LARGE = bytes(range(256)) * 4096
CHUNKED = b"one two " + LARGE + b" three"


def opener(cafile: str, **proxies: str) -> urllib.request.OpenerDirector:
    context = ssl.create_default_context(cafile=cafile)
    return urllib.request.build_opener(
        urllib.request.ProxyHandler(proxies), urllib.request.HTTPSHandler(context=context)
    )


def fetch(address: Any, cafile: str, data: Any = None, **proxies: str) -> bytes:
    with opener(cafile, **proxies).open(address, data, timeout=10) as response:
        content: bytes = response.read()
    return content


def check_get(url: str, cafile: str, proxy: str) -> None:
    with opener(cafile).open(url + "/hello", timeout=10) as response:
        assert (response.status, response.msg, response.url) == (200, "OK", url + "/hello")
        assert response.headers.get_all("X-Twice") == ["1", "2"]
        assert response.read() == b"hello"


def check_every_framing(url: str, cafile: str, proxy: str) -> None:
    assert fetch(url + "/large", cafile) == LARGE
    assert fetch(url + "/chunked", cafile) == CHUNKED
    assert fetch(url + "/until_close", cafile) == b"until the end"
    assert fetch(url + "/early", cafile) == b"after the hints"


def check_response_is_a_file(url: str, cafile: str, proxy: str) -> None:
    with opener(cafile).open(url + "/chunked", timeout=10) as response:
        assert b"".join(response) == CHUNKED


def check_uploads(url: str, cafile: str, proxy: str) -> None:
    assert fetch(url + "/echo", cafile, json.dumps({"a": 1}).encode()) == b'{"a": 1}'
    pieces = iter([b"one", b"two"])
    assert fetch(urllib.request.Request(url + "/echo", pieces, method="POST"), cafile) == b"onetwo"


def check_redirect_is_followed(url: str, cafile: str, proxy: str) -> None:
    assert fetch(url + "/redirect", cafile) == b"hello"


def check_status_is_an_error_that_can_be_read(url: str, cafile: str, proxy: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        fetch(url + "/missing", cafile)
    with caught.value:
        assert (caught.value.code, caught.value.read()) == (404, b"nothing here")


def check_cut_content_is_an_error(url: str, cafile: str, proxy: str) -> None:
    with pytest.raises(IncompleteRead) as caught:
        fetch(url + "/cut", cafile)
    assert (caught.value.partial, caught.value.expected) == (b"half", 6)


def check_proxy(url: str, cafile: str, proxy: str) -> None:
    content = fetch(url + "/hello", cafile, http=proxy, https=proxy)
    assert content == (b"hello" if url.startswith("https") else f"forwarded {url}/hello".encode())


def check_refused_tunnel_is_an_error(url: str, cafile: str, proxy: str) -> None:
    with pytest.raises(OSError) as caught:
        fetch("https://refused.test/", cafile, https=proxy)
    assert "Tunnel connection failed: 403 Forbidden" in str(caught.value)


def check_certificate_is_verified(url: str, cafile: str, proxy: str) -> None:
    if not url.startswith("https"):
        return
    with pytest.raises(urllib.error.URLError) as caught:
        urllib.request.urlopen(url + "/hello", timeout=10).close()
    assert isinstance(caught.value.reason, ssl.SSLCertVerificationError)
