"""The clients that are measured, each behind the same few calls.

A session is one client with one connection that it keeps. The calls of a session that a client has nothing
for are missing, and it does not take part in works that need them.
"""

import http.client
import socket
import ssl
from collections import deque
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple, Protocol

import workbench.protocol
from tests.benchmarks.canned import Address
from workbench.protocol.notes import Note, NotingTap
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.storage.format import Header
from workbench.session.storage.log import LiveLog
from workbench.session.storage.writer import RecordingWriter


class Session(Protocol):
    """One client, and the connection that it keeps."""

    def fetch(self, method: str, target: str, body: bytes | None = None) -> bytes:
        """Send a request, and give all of the content of its response."""

    def close(self) -> None:
        """Close the connection."""


class Client(NamedTuple):
    """One column of the table."""

    name: str
    open: Callable[[Address], Any]
    tapped: bool = False


class LikeHttpClient:
    """A session of anything that has the API of `http.client`."""

    def __init__(self, module: Any, address: Address) -> None:
        if address.authority is None:
            self._connection = module.HTTPConnection(address.host, address.port)
        else:
            context = ssl.create_default_context(cafile=address.authority)
            self._connection = module.HTTPSConnection(address.host, address.port, context=context)

    def fetch(self, method: str, target: str, body: bytes | None = None) -> bytes:
        self._connection.request(method, target, body)
        content: bytes = self._connection.getresponse().read()
        return content

    def pieces(self, target: str, size: int) -> Iterator[bytes]:
        self._connection.request("GET", target)
        response = self._connection.getresponse()
        while piece := response.read(size):
            yield piece

    def read_into(self, target: str, buffer: bytearray) -> int:
        self._connection.request("GET", target)
        response = self._connection.getresponse()
        length = 0
        while count := response.readinto(buffer):
            length += count
        return length

    def upload(self, target: str, file: Any, length: int) -> bytes:
        self._connection.request("POST", target, file, {"Content-Length": str(length)})
        content: bytes = self._connection.getresponse().read()
        return content

    def close(self) -> None:
        self._connection.close()


class Floor:
    """The least that a client in Python can do: it finds the end of the head, and Content-Length."""

    def __init__(self, address: Address) -> None:
        self._sock: Any = socket.create_connection((address.host, address.port))
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if address.authority is not None:
            context = ssl.create_default_context(cafile=address.authority)
            self._sock = context.wrap_socket(self._sock, server_hostname=address.host)

    def fetch(self, method: str, target: str, body: bytes | None = None) -> bytes:
        content, length = self._begin(method, target, body or b"")
        while len(content) < length:
            content += self._sock.recv(65536)
        return content

    def pieces(self, target: str, size: int) -> Iterator[bytes]:
        piece, left = self._begin("GET", target)
        while True:
            left -= len(piece)
            yield piece
            if not left:
                return
            piece = self._sock.recv(size)

    def read_into(self, target: str, buffer: bytearray) -> int:
        content, length = self._begin("GET", target)
        left = length - len(content)
        while left:
            left -= self._sock.recv_into(buffer)
        return length

    def upload(self, target: str, file: Any, length: int) -> bytes:
        head = f"POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n"
        self._sock.sendall(head.encode())
        self._sock.sendfile(file)
        return self._receive()[0]

    def close(self) -> None:
        self._sock.close()

    def _begin(self, method: str, target: str, body: bytes = b"") -> tuple[bytes, int]:
        head = f"{method} {target} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
        self._sock.sendall(head.encode() + body)
        return self._receive()

    def _receive(self) -> tuple[bytes, int]:
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._sock.recv(65536)
        at = received.index(b"Content-Length:") + 15
        return received[end + 4 :], int(received[at : received.index(b"\r\n", at)])


def _tapped(name: str, make_tap: Callable[[Address], Callable[[Any], object]]) -> Client:
    def open_session(address: Address) -> LikeHttpClient:
        tap = make_tap(address)

        def connection(*arguments: Any, **named: Any) -> workbench.protocol.HTTPConnection:
            return workbench.protocol.HTTPConnection(*arguments, tap=tap, **named)

        return LikeHttpClient(SimpleNamespace(HTTPConnection=connection), address)

    return Client(name, open_session, tapped=True)


class Ignores(NotingTap):
    """A tap that takes notes, and looks at none."""

    def __init__(self) -> None:
        self.note = deque[Note](maxlen=0).append


def _disk_recorder(address: Address) -> Recorder:
    folder = address.scratch
    number = sum(1 for _ in folder.glob("*.jsonl"))
    path = folder / f"{number}.jsonl"
    return Recorder(Recording(LiveLog(lambda: RecordingWriter(path, Header.now("benchmark")))))


BASE = Client("http.client", lambda address: LikeHttpClient(http.client, address))
OWN = Client("workbench", lambda address: LikeHttpClient(workbench.protocol, address))
FLOOR = Client("floor", Floor)
TAPPED = [
    _tapped("no-op tap", lambda _: lambda _: None),
    _tapped("no-op notes", lambda _: Ignores()),
    _tapped("recorder", lambda _: Recorder(Recording())),
    _tapped("on disk", _disk_recorder),
]
