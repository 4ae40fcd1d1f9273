"""Other clients, as far as they are installed: `pip install -e '.[bench]'`."""

import importlib
import importlib.util
import ssl
from collections.abc import Callable, Iterator
from typing import Any

from tests.benchmarks.canned import Address
from tests.benchmarks.clients import Client


class Pycurl:
    """libcurl, written in C, through its thin binding."""

    def __init__(self, address: Address) -> None:
        self._pycurl = importlib.import_module("pycurl")
        self._curl = self._pycurl.Curl()
        self._url = address.url
        self._curl.setopt(self._pycurl.BUFFERSIZE, 65536)
        self._curl.setopt(self._pycurl.HTTPHEADER, ["Expect:"])
        if address.authority is not None:
            self._curl.setopt(self._pycurl.CAINFO, address.authority)

    def fetch(self, method: str, target: str, body: bytes | None = None) -> bytes:
        if body is None:
            self._curl.setopt(self._pycurl.HTTPGET, 1)
        else:
            self._curl.setopt(self._pycurl.POST, 1)
            self._curl.setopt(self._pycurl.POSTFIELDS, body)
        return b"".join(self._perform(target))

    def pieces(self, target: str, size: int) -> Iterator[bytes]:
        self._curl.setopt(self._pycurl.BUFFERSIZE, size)
        self._curl.setopt(self._pycurl.HTTPGET, 1)
        yield from self._perform(target)

    def upload(self, target: str, file: Any, length: int) -> bytes:
        self._curl.setopt(self._pycurl.POST, 1)
        self._curl.setopt(self._pycurl.POSTFIELDSIZE_LARGE, length)
        self._curl.setopt(self._pycurl.UPLOAD_BUFFERSIZE, 65536)
        self._curl.setopt(self._pycurl.READDATA, file)
        return b"".join(self._perform(target))

    def close(self) -> None:
        self._curl.close()

    def _perform(self, target: str) -> list[bytes]:
        found: list[bytes] = []
        self._curl.setopt(self._pycurl.URL, self._url + target)
        self._curl.setopt(self._pycurl.WRITEFUNCTION, found.append)
        self._curl.perform()
        return found


class Urllib3:
    """What requests, pip and botocore are built on; itself built on `http.client`."""

    def __init__(self, address: Address) -> None:
        urllib3 = importlib.import_module("urllib3")
        if address.authority is None:
            self._pool = urllib3.HTTPConnectionPool(address.host, address.port)
        else:
            self._pool = urllib3.HTTPSConnectionPool(address.host, address.port, ca_certs=address.authority)

    def fetch(self, method: str, target: str, body: bytes | None = None) -> bytes:
        content: bytes = self._pool.urlopen(method, target, body).data
        return content

    def pieces(self, target: str, size: int) -> Iterator[bytes]:
        response = self._pool.urlopen("GET", target, preload_content=False)
        while piece := response.read(size):
            yield piece
        response.release_conn()

    def read_into(self, target: str, buffer: bytearray) -> int:
        response = self._pool.urlopen("GET", target, preload_content=False)
        length = 0
        while count := response.readinto(buffer):
            length += count
        response.release_conn()
        return length

    def upload(self, target: str, file: Any, length: int) -> bytes:
        headers = {"Content-Length": str(length)}
        content: bytes = self._pool.urlopen("POST", target, file, headers=headers).data
        return content

    def close(self) -> None:
        self._pool.close()


class Requests:
    """The one that most programs use."""

    def __init__(self, address: Address) -> None:
        self._session = importlib.import_module("requests").Session()
        self._session.trust_env = False
        self._session.verify = address.authority or True
        self._url = address.url

    def fetch(self, method: str, target: str, body: bytes | None = None) -> bytes:
        content: bytes = self._session.request(method, self._url + target, data=body).content
        return content

    def pieces(self, target: str, size: int) -> Iterator[bytes]:
        response = self._session.get(self._url + target, stream=True)
        yield from response.iter_content(size)

    def upload(self, target: str, file: Any, length: int) -> bytes:
        content: bytes = self._session.post(self._url + target, data=file).content
        return content

    def close(self) -> None:
        self._session.close()


class Httpx:
    """Built on httpcore and h11, without `http.client`."""

    def __init__(self, address: Address) -> None:
        httpx = importlib.import_module("httpx")
        verify = address.authority is not None and ssl.create_default_context(cafile=address.authority)
        self._client = httpx.Client(verify=verify, trust_env=False)
        self._url = address.url

    def fetch(self, method: str, target: str, body: bytes | None = None) -> bytes:
        content: bytes = self._client.request(method, self._url + target, content=body).content
        return content

    def pieces(self, target: str, size: int) -> Iterator[bytes]:
        with self._client.stream("GET", self._url + target) as response:
            yield from response.iter_raw(size)

    def upload(self, target: str, file: Any, length: int) -> bytes:
        headers = {"Content-Length": str(length)}
        content: bytes = self._client.post(self._url + target, content=file, headers=headers).content
        return content

    def close(self) -> None:
        self._client.close()


_ALL: dict[str, Callable[[Address], Any]] = {
    "pycurl": Pycurl,
    "urllib3": Urllib3,
    "requests": Requests,
    "httpx": Httpx,
}


def installed_peers() -> list[Client]:
    """Give those that can be imported."""
    return [Client(name, session) for name, session in _ALL.items() if importlib.util.find_spec(name)]
