"""requests on the drop-in: sessions, streams, uploads, redirects, proxies."""

import io
from collections.abc import Iterator

import pytest
import requests

LARGE = bytes(range(256)) * 4096
CHUNKED = b"one two " + LARGE + b" three"


def session(cafile: str) -> requests.Session:
    made = requests.Session()
    made.verify = cafile
    made.trust_env = False
    return made


def check_get(url: str, cafile: str, proxy: str) -> None:
    with session(cafile) as client:
        response = client.get(url + "/hello", timeout=10)
    assert (response.status_code, response.reason, response.text) == (200, "OK", "hello")
    assert response.headers["X-Twice"] == "1, 2"


def check_head_has_no_content(url: str, cafile: str, proxy: str) -> None:
    with session(cafile) as client:
        response = client.head(url + "/hello", timeout=10)
    assert (response.content, response.headers["Content-Length"]) == (b"", "5")


def check_connection_is_reused(url: str, cafile: str, proxy: str) -> None:
    with session(cafile) as client:
        paths = ["/hello", "/chunked", "/gzip", "/missing", "/early", "/hello"]
        numbers = {client.get(url + path, timeout=10).headers["X-Connection"] for path in paths}
    assert len(numbers) == 1, numbers


def check_interim_response_is_not_the_answer(url: str, cafile: str, proxy: str) -> None:
    with session(cafile) as client:
        assert client.get(url + "/early", timeout=10).text == "after the hints"
        assert client.get(url + "/hello", timeout=10).text == "hello"


def check_content_is_streamed(url: str, cafile: str, proxy: str) -> None:
    with session(cafile) as client:
        for path, content in [("/large", LARGE), ("/chunked", CHUNKED), ("/until_close", b"until the end")]:
            with client.get(url + path, stream=True, timeout=10) as response:
                assert b"".join(response.iter_content(5000)) == content


def check_stream_can_be_left(url: str, cafile: str, proxy: str) -> None:
    with session(cafile) as client:
        for path in ("/large", "/chunked"):
            with client.get(url + path, stream=True, timeout=10) as response:
                assert next(response.iter_content(100))
            assert client.get(url + "/hello", timeout=10).text == "hello"


def check_content_coding_is_undone(url: str, cafile: str, proxy: str) -> None:
    with session(cafile) as client:
        assert client.get(url + "/gzip", timeout=10).text == "squeezed"


def check_redirect_is_followed(url: str, cafile: str, proxy: str) -> None:
    with session(cafile) as client:
        response = client.get(url + "/redirect", timeout=10)
    assert (response.text, [past.status_code for past in response.history]) == ("hello", [302])


def check_uploads(url: str, cafile: str, proxy: str) -> None:
    def generate() -> Iterator[bytes]:
        yield b"a" * 70000
        yield b"b"

    with session(cafile) as client:
        for body, sent, framing in [
            (b"bytes", b"bytes", "length"),
            (io.BytesIO(LARGE), LARGE, "length"),
            (generate(), b"a" * 70000 + b"b", "chunked"),
            ({"k": "v w"}, b"k=v+w", "length"),
        ]:
            response = client.post(url + "/echo", data=body, timeout=10)
            assert (response.content, response.headers["X-Framing"]) == (sent, framing)


def check_cut_content_is_an_error(url: str, cafile: str, proxy: str) -> None:
    with session(cafile) as client:
        with pytest.raises(requests.exceptions.ChunkedEncodingError) as caught:
            client.get(url + "/cut", timeout=10)
        assert "IncompleteRead" in str(caught.value)


def check_proxy(url: str, cafile: str, proxy: str) -> None:
    with session(cafile) as client:
        client.proxies = {"http": proxy, "https": proxy}
        text = client.get(url + "/hello", timeout=10).text
    assert text == ("hello" if url.startswith("https") else f"forwarded {url}/hello")


def check_refused_tunnel_is_an_error(url: str, cafile: str, proxy: str) -> None:
    with session(cafile) as client:
        client.proxies = {"https": proxy}
        with pytest.raises(requests.exceptions.ProxyError) as caught:
            client.get("https://refused.test/", timeout=10)
        assert "403 Forbidden" in str(caught.value)


def check_closed_port_is_an_error(url: str, cafile: str, proxy: str) -> None:
    with session(cafile) as client:
        try:
            client.get("http://127.0.0.1:1/", timeout=10)
        except requests.exceptions.ConnectionError:
            return
    raise AssertionError("nobody listens there, and nobody said so")
