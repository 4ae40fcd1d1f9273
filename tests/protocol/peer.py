"""The other end of a connection: a server that plays bytes, in a thread of its own.

A play is a function that is given the server's side of one connection. The first connection gets
the first play, the second one the second, and so on.
"""

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from workbench.protocol import HTTPConnection, HTTPSConnection

TIMEOUT_SECONDS = 10.0
"""Longest wait of a test for something that should come at once."""

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


class Peer:
    """The server's side of one connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.received = bytearray()
        """Everything that came, also what a play has taken already."""

        self._taken = 0

    def take_head(self) -> bytes:
        """Receive up to and including the next empty line."""
        while (end := self.received.find(b"\r\n\r\n", self._taken)) < 0:
            self._receive()
        return self._take(end + 4)

    def take(self, count: int) -> bytes:
        """Receive so many bytes."""
        while len(self.received) < self._taken + count:
            self._receive()
        return self._take(self._taken + count)

    def take_all(self) -> bytes:
        """Receive until the client closes its side."""
        with suppress(EOFError, ConnectionError):
            while True:
                self._receive()
        return self._take(len(self.received))

    def send(self, *pieces: bytes) -> None:
        """Send pieces, each in a segment of its own."""
        for piece in pieces:
            self.sock.sendall(piece)

    def answer(self, *responses: bytes) -> None:
        """Answer so many requests without content, then wait until the client closes."""
        for response in responses:
            self.take_head()
            self.send(response)
        self.take_all()

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def half_close(self) -> None:
        """Say that nothing more comes, and go on receiving."""
        self.sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close both directions."""
        self.sock.close()

    def _receive(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise EOFError("the client closed its side")
        self.received += data

    def _take(self, end: int) -> bytes:
        data = bytes(self.received[self._taken : end])
        self._taken = end
        return data


Play = Callable[[Peer], object]


def answers(*responses: bytes) -> Play:
    """A play that answers so many requests, then waits until the client closes."""
    return lambda peer: peer.answer(*responses)


def answers_and_closes(response: bytes) -> Play:
    """A play that answers one request and closes."""

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(response)

    return play


class ByteServer:
    """Listens on a loopback port and plays.

    Args:
        plays: One for each connection.
        context: A TLS context; None for plain TCP.
        host: The loopback address to listen on.
    """

    def __init__(
        self, plays: tuple[Play, ...], context: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self.host = host
        self.port: int = self._listener.getsockname()[1]
        self.peers: list[Peer] = []
        self.errors: list[Exception] = []
        self._plays = plays
        self._context = context
        self._clients: list[Any] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def connection(self, cls: Any = HTTPConnection, host: str | None = None, **arguments: Any) -> Any:
        """Make a connection object to this server, closed at the end of the test."""
        arguments.setdefault("timeout", TIMEOUT_SECONDS)
        return self.closing(cls(host or self.host, self.port, **arguments))

    def secure_connection(self, **arguments: Any) -> Any:
        """Make a TLS connection object to this server."""
        return self.connection(HTTPSConnection, "localhost", **arguments)

    def closing(self, client: Any) -> Any:
        """Close this too at the end of the test."""
        self._clients.append(client)
        return client

    def wait(self) -> None:
        """Wait until all plays are over."""
        self._thread.join(TIMEOUT_SECONDS)
        assert not self._thread.is_alive(), "a play did not end"

    def stop(self) -> None:
        """Close everything; raise what went wrong in a play."""
        for client in self._clients:
            client.close()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.wait()
        for error in self.errors:
            raise error

    def _run(self) -> None:
        for play in self._plays:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                # The test is over and has made fewer connections than it has plays.
                return
            sock.settimeout(TIMEOUT_SECONDS)
            self._play(play, sock)

    def _play(self, play: Play, sock: socket.socket) -> None:
        peer = Peer(sock)
        try:
            if self._context is not None:
                peer.sock = self._context.wrap_socket(sock, server_side=True, suppress_ragged_eofs=False)
            self.peers.append(peer)
            play(peer)
        except (OSError, EOFError):
            # The client has gone away, or does not like our certificate: the test says so itself.
            pass
        except Exception as error:  # noqa: BLE001 - raised again in the thread of the test
            self.errors.append(error)
        finally:
            peer.close()


class RecordingServer:
    """Keeps what clients send and answers nothing.

    It needs no thread: the kernel accepts connections, and keeps what comes until it is asked for.
    So a request must fit into the kernel's buffers.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self._listener.settimeout(TIMEOUT_SECONDS)
        self.host = host
        self.port: int = self._listener.getsockname()[1]

    def take(self) -> bytes:
        """Give everything that the next client has sent; it must have closed."""
        sock, _ = self._listener.accept()
        with sock:
            sock.settimeout(TIMEOUT_SECONDS)
            return b"".join(iter(lambda: sock.recv(65536), b""))

    def close(self) -> None:
        """Listen no more."""
        self._listener.close()
