"""urllib3 on the drop-in: its pool, its own reading of chunks, TLS, proxies, uploads, retries."""

import io
from collections.abc import Iterator

import pytest
import urllib3
from urllib3.util import Retry, Timeout

LARGE = bytes(range(256)) * 4096
CHUNKED = b"one two " + LARGE + b" three"


def pool(url: str, cafile: str) -> urllib3.PoolManager:
    return urllib3.PoolManager(ca_certs=cafile, timeout=Timeout(10), retries=False)


def check_get(url: str, cafile: str, proxy: str) -> None:
    with pool(url, cafile) as client:
        response = client.request("GET", url + "/hello")
    assert (response.status, response.reason, response.data, response.version) == (200, "OK", b"hello", 11)
    assert response.headers.getlist("X-Twice") == ["1", "2"]


def check_pool_keeps_one_connection(url: str, cafile: str, proxy: str) -> None:
    with pool(url, cafile) as client:
        for path in ["/hello", "/chunked", "/early", "/missing", "/hello"]:
            client.request("GET", url + path)
        connections = client.connection_from_url(url)
    assert (connections.num_connections, connections.num_requests) == (1, 5)


def check_chunks_are_streamed(url: str, cafile: str, proxy: str) -> None:
    with pool(url, cafile) as client:
        first = client.request("GET", url + "/chunked", preload_content=False)
        # This one is urllib3's own parser, which reads from `fp`.
        assert b"".join(first.read_chunked(3000)) == CHUNKED
        second = client.request("GET", url + "/chunked", preload_content=False)
        assert b"".join(second.stream(3000)) == CHUNKED
        third = client.request("GET", url + "/chunked", preload_content=False)
        assert third.read() == CHUNKED
        assert len({each.headers["X-Connection"] for each in (first, second, third)}) == 1


def check_content_is_read_like_a_file(url: str, cafile: str, proxy: str) -> None:
    with pool(url, cafile) as client:
        response = client.request("GET", url + "/large", preload_content=False)
        assert response.read(10) == LARGE[:10]
        assert response.read1(10) == LARGE[10:20]
        buffer = bytearray(10)
        assert response.readinto(buffer) == 10
        assert buffer == LARGE[20:30]
        assert response.read() == LARGE[30:]
        response.release_conn()


def check_unread_response_can_be_drained(url: str, cafile: str, proxy: str) -> None:
    with pool(url, cafile) as client:
        first = client.request("GET", url + "/hello", preload_content=False)
        first.drain_conn()
        first.release_conn()
        second = client.request("GET", url + "/hello")
    assert first.headers["X-Connection"] == second.headers["X-Connection"]


def check_uploads(url: str, cafile: str, proxy: str) -> None:
    def generate() -> Iterator[bytes]:
        yield b"a" * 70000
        yield b"b"

    with pool(url, cafile) as client:
        for body, sent, framing in [
            (b"bytes", b"bytes", "length"),
            (LARGE, LARGE, "length"),
            (io.BytesIO(LARGE), LARGE, "chunked"),
            (generate(), b"a" * 70000 + b"b", "chunked"),
        ]:
            response = client.request("POST", url + "/echo", body=body)
            assert (response.data, response.headers["X-Framing"]) == (sent, framing)


def check_cut_content_is_an_error(url: str, cafile: str, proxy: str) -> None:
    with pool(url, cafile) as client:
        with pytest.raises(urllib3.exceptions.ProtocolError) as caught:
            client.request("GET", url + "/cut")
        assert "IncompleteRead(4 bytes read, 6 more expected)" in str(caught.value)


def check_retries_and_redirects(url: str, cafile: str, proxy: str) -> None:
    with pool(url, cafile) as client:
        response = client.request("GET", url + "/redirect", retries=Retry(3))
        assert (response.data, response.geturl()) == (b"hello", "/hello")
        with pytest.raises(urllib3.exceptions.MaxRetryError) as caught:
            client.request(
                "GET", url + "/missing", retries=Retry(2, status_forcelist=[404], backoff_factor=0)
            )
        assert "too many 404" in str(caught.value.reason)


def check_certificate_is_verified(url: str, cafile: str, proxy: str) -> None:
    if not url.startswith("https"):
        return
    with urllib3.PoolManager(retries=False, timeout=Timeout(10)) as client:
        with pytest.raises(urllib3.exceptions.SSLError) as caught:
            client.request("GET", url + "/hello")
        assert "CERTIFICATE_VERIFY_FAILED" in str(caught.value)


def check_proxy(url: str, cafile: str, proxy: str) -> None:
    client = urllib3.ProxyManager(proxy, ca_certs=cafile, timeout=Timeout(10), retries=False)
    with client:
        first = client.request("GET", url + "/hello")
        second = client.request("GET", url + "/hello")
    if url.startswith("https"):
        assert first.data == second.data == b"hello"
        assert first.headers["X-Connection"] == second.headers["X-Connection"]
    else:
        assert first.data.decode() == f"forwarded {url}/hello"


def check_refused_tunnel_is_an_error(url: str, cafile: str, proxy: str) -> None:
    with urllib3.ProxyManager(proxy, timeout=Timeout(10), retries=False) as client:
        with pytest.raises(urllib3.exceptions.ProxyError) as caught:
            client.request("GET", "https://refused.test/")
        assert "403 Forbidden" in str(caught.value.original_error)
