"""What is measured: works, and the clients that do them.

A work is done by a function that is given a client's module, which has the API of `http.client`, and a
number of times.
"""

import http.client
import os
import socket
import ssl
import tempfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

import workbench.protocol
from tests.benchmarks.canned import MIB, Server
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording

PIECE = 64 * 1024
UPLOAD = 100 * MIB


class Work(NamedTuple):
    """One row of the table."""

    title: str
    times: int
    """How often it is done in one measurement: some tenths of a second."""

    do: Callable[[Any, Server, int], None]
    target: float
    """How many times faster than http.client it has to be."""

    small: bool = False
    """Whether the tapped clients are measured too."""


class Client(NamedTuple):
    """One column of the table."""

    name: str
    module: Any


def _get(target: str) -> Callable[[Any, Server, int], None]:
    def do(module: Any, server: Server, times: int) -> None:
        connection = module.HTTPConnection("127.0.0.1", server.port)
        for _ in range(times):
            connection.request("GET", target)
            assert len(connection.getresponse().read()) == 13
        connection.close()

    return do


def _post(module: Any, server: Server, times: int) -> None:
    content = bytes(1024)
    connection = module.HTTPConnection("127.0.0.1", server.port)
    for _ in range(times):
        connection.request("POST", "/13", content)
        assert len(connection.getresponse().read()) == 13
    connection.close()


def _get_over_tls(module: Any, server: Server, times: int) -> None:
    context = ssl.create_default_context(cafile=server.authority)
    connection = module.HTTPSConnection("127.0.0.1", server.tls_port, context=context)
    for _ in range(times):
        connection.request("GET", "/13")
        assert len(connection.getresponse().read()) == 13
    connection.close()


def _connect_and_get(module: Any, server: Server, times: int) -> None:
    for _ in range(times):
        connection = module.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", "/13")
        assert len(connection.getresponse().read()) == 13
        connection.close()


def _read_in_pieces(target: str) -> Callable[[Any, Server, int], None]:
    def do(module: Any, server: Server, times: int) -> None:
        connection = module.HTTPConnection("127.0.0.1", server.port)
        for _ in range(times):
            connection.request("GET", target)
            response = connection.getresponse()
            length = 0
            while piece := response.read(PIECE):
                length += len(piece)
            assert length == MIB
        connection.close()

    return do


def _read_into(module: Any, server: Server, times: int) -> None:
    connection = module.HTTPConnection("127.0.0.1", server.port)
    buffer = bytearray(PIECE)
    for _ in range(times):
        connection.request("GET", "/mib")
        response = connection.getresponse()
        length = 0
        while count := response.readinto(buffer):
            length += count
        assert length == MIB
    connection.close()


def _upload(module: Any, server: Server, times: int) -> None:
    with tempfile.TemporaryFile() as file:
        os.truncate(file.fileno(), UPLOAD)
        connection = module.HTTPConnection("127.0.0.1", server.port)
        for _ in range(times):
            file.seek(0)
            connection.request("POST", "/13", file, {"Content-Length": str(UPLOAD)})
            assert len(connection.getresponse().read()) == 13
        connection.close()


WORKS = [
    Work("GET 13 B, 12 fields", 400, _get("/13"), 3.8, small=True),
    Work("GET 13 B, 50 fields", 200, _get("/13-of-50-fields"), 5.5, small=True),
    Work("POST 1 KiB", 400, _post, 3.9, small=True),
    Work("GET over TLS", 400, _get_over_tls, 2.4),
    Work("connection per GET", 200, _connect_and_get, 1.7),
    Work("1 MiB, read(64 KiB)", 40, _read_in_pieces("/mib"), 1.6, small=True),
    Work("1 MiB, readinto(64 KiB)", 40, _read_into, 2.6),
    Work("1 MiB chunked, read(64 KiB)", 40, _read_in_pieces("/mib-chunked"), 1.5, small=True),
    Work("upload of 100 MiB", 1, _upload, 2.9),
]


class _Floor:
    """The least that a client in Python can do: it finds the end of the head and Content-Length."""

    def __init__(self, host: str, port: int) -> None:
        self._sock = socket.create_connection((host, port))
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""

    def request(self, method: str, target: str, body: bytes = b"") -> None:
        head = f"{method} {target} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
        self._sock.sendall(head.encode() + body)

    def getresponse(self) -> "_Floor":
        while (end := self._received.find(b"\r\n\r\n")) < 0:
            self._received += self._sock.recv(65536)
        at = self._received.index(b"Content-Length:") + 15
        self._length = int(self._received[at : self._received.index(b"\r\n", at)])
        self._received = self._received[end + 4 :]
        return self

    def read(self) -> bytes:
        while len(self._received) < self._length:
            self._received += self._sock.recv(65536)
        content, self._received = self._received[: self._length], self._received[self._length :]
        return content

    def close(self) -> None:
        self._sock.close()


def _tapped(make_tap: Callable[[], Callable[[Any], None]]) -> SimpleNamespace:
    def connection(*arguments: Any, **named: Any) -> workbench.protocol.HTTPConnection:
        return workbench.protocol.HTTPConnection(*arguments, tap=make_tap(), **named)

    return SimpleNamespace(HTTPConnection=connection)


def _no_operation(event: Any) -> None:
    pass


BASE = Client("http.client", http.client)
OWN = Client("workbench", workbench.protocol)
FLOOR = Client("floor", SimpleNamespace(HTTPConnection=_Floor))
TAPPED = [
    Client("no-op tap", _tapped(lambda: _no_operation)),
    Client("recorder", _tapped(lambda: Recorder(Recording()))),
]


def clients_of(work: Work) -> list[Client]:
    """Give the clients that can do a work."""
    floor = [FLOOR] if "GET 13 B" in work.title or work.do is _post else []
    return [BASE, OWN, *floor, *(TAPPED if work.small else [])]
