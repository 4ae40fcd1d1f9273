"""Sockets whose bytes come from a list: nothing is sent, and nobody has to be waited for."""

import io
import socket
from collections.abc import Iterable, Iterator
from typing import Any


class ScriptedSocket(socket.socket):
    """A socket that receives prepared pieces, one by each receive call.

    Args:
        pieces: What the peer sends, cut as the network cut it. May be endless.
        ends: The peer closes its side behind them. Else it is silent, and waiting times out.
    """

    def __init__(self, pieces: Iterable[bytes], *, ends: bool) -> None:
        super().__init__(socket.AF_UNIX, socket.SOCK_STREAM)
        self._pieces: Iterator[bytes] = iter(pieces)
        self._rest = b""
        self._ends = ends
        self.received = 0
        """Bytes handed out so far."""

    def recv(self, size: int, *args: Any) -> bytes:
        piece = self._rest or next(self._pieces, b"")
        piece, self._rest = piece[:size], piece[size:]
        if not piece and not self._ends:
            raise TimeoutError("timed out")
        self.received += len(piece)
        return piece

    def recv_into(self, buffer: Any, *args: Any) -> int:
        data = self.recv(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def send(self, data: Any, *args: Any) -> int:
        return len(data)

    def sendmsg(self, buffers: Any, *args: Any) -> int:
        return sum(map(len, buffers))


class ForeignSocket:
    """What a program may set as `sock` that is no socket: it can be sent to and read as a file."""

    def __init__(self, data: bytes, *, ends: bool) -> None:
        self._file = io.BufferedReader(_Tape(data, ends))

    def sendall(self, data: Any) -> None:
        """The request reaches nobody."""

    def makefile(self, mode: str, *args: Any) -> io.BufferedReader:
        return self._file

    def close(self) -> None:
        """The file is closed by whoever reads it."""


class _Tape(io.RawIOBase):
    def __init__(self, data: bytes, ends: bool) -> None:
        self._data = data
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._data and not self._ends:
            raise TimeoutError("timed out")
        count = min(len(buffer), len(self._data))
        buffer[:count], self._data = self._data[:count], self._data[count:]
        return count
