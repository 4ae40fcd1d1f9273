"""What the tests of the client share: a server that plays bytes, TLS for it, responses of bytes, and a tap."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import trustme

from tests.protocol.peer import ByteServer, RecordingServer, answers_and_closes
from tests.protocol.response_bytes import FakeSocket
from tests.protocol.watching import Watch
from workbench.protocol import HTTPResponse, allowance

Serve = Callable[..., ByteServer]
MakeResponse = Callable[[bytes], HTTPResponse]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers: `serve(play, ...)`. What went wrong in a play fails the test."""
    servers: list[ByteServer] = []

    def start(*plays: object, context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> ByteServer:
        servers.append(ByteServer(plays, context, host))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(params=["connection", "socket", "file"])
def make_response(request: pytest.FixtureRequest, serve: Serve) -> Iterator[MakeResponse]:
    """Make a response of bytes: from a connection, from a socket, from a file."""
    opened: list[Any] = []

    def make(data: bytes) -> HTTPResponse:
        if request.param == "connection":
            connection = serve(answers_and_closes(data)).connection()
            connection.request("GET", "/")
            opened.append(connection.getresponse())
        elif request.param == "socket":
            one, other = socket.socketpair()
            opened.extend((one, other))
            one.sendall(data)
            one.shutdown(socket.SHUT_WR)
            opened.append(HTTPResponse(other))
            opened[-1].begin()
        else:
            opened.append(HTTPResponse(FakeSocket(data)))
            opened[-1].begin()
        return opened[-1]

    yield make
    for item in opened:
        item.close()


@pytest.fixture
def recording_server() -> Iterator[RecordingServer]:
    server = RecordingServer()
    yield server
    server.close()


@pytest.fixture
def watch() -> Watch:
    return Watch()


class Authority(NamedTuple):
    """A certificate authority of the tests."""

    ca: trustme.CA
    cafile: Path

    def server_context(self, *names: str, **validity: object) -> ssl.SSLContext:
        """Make the TLS context of a server that shows a certificate for these names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*(names or ("localhost", "127.0.0.1")), **validity).configure_cert(context)
        return context


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    ca = trustme.CA()
    cafile = tmp_path_factory.mktemp("authority") / "ca.pem"
    ca.cert_pem.write_to_path(str(cafile))
    return Authority(ca, cafile)


@pytest.fixture(scope="session")
def server_context(authority: Authority) -> ssl.SSLContext:
    """The context of a server whose certificate is as it should be."""
    return authority.server_context()


class LeapingClock:
    """Goes as the real one, and leaps when it is told to."""

    def __init__(self) -> None:
        self._leaps = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self._leaps

    def leap(self, seconds: float) -> None:
        self._leaps += seconds


@pytest.fixture
def deadline_clock(monkeypatch: pytest.MonkeyPatch) -> LeapingClock:
    """The clock that deadlines are read from. What comes before the leap may take its time."""
    clock = LeapingClock()
    monkeypatch.setattr(allowance, "time", clock)
    return clock
