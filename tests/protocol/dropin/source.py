"""Responses from bytes, and connections whose socket is a list of bytes."""

import io
from typing import Any

from workbench.protocol.dropin import HTTPConnection, HTTPResponse

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class Source:
    """What a response takes for a socket: bytes, and no more."""

    def __init__(self, data: bytes) -> None:
        self.file = io.BytesIO(data)
        self.sent = b""

    def makefile(self, mode: str) -> io.BytesIO:
        return self.file

    def sendall(self, data: bytes) -> None:
        self.sent += data

    def setsockopt(self, *option: int) -> None:
        """There is nothing to set."""

    def close(self) -> None:
        """There is nothing to close."""


def begun(data: bytes, **arguments: Any) -> HTTPResponse:
    response = HTTPResponse(Source(data), **arguments)
    response.begin()
    return response


def connected(data: bytes = b"") -> HTTPConnection:
    connection = HTTPConnection("example.test")
    connection.sock = Source(data)
    return connection
