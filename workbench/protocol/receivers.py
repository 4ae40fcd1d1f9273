"""Where received bytes come from: a socket, or a file.

`SocketReceiver` takes from a socket as much as is there. `FileReceiver` stands in front of a file that
somebody else made, and takes from it never more than it was asked for.
"""

import time
from typing import Any, Protocol

from workbench.protocol.limits import RECEIVE_SIZE
from workbench.protocol.receive import Receiver
from workbench.protocol.reporter import Reporter
from workbench.protocol.wire.regular_head import RegularHead

_left_behind: list[RegularHead | None] = [None]
"""The last head of the connection that ended last: the next one is often to the same server, and perhaps for
one request only."""


class ReadableFile(Protocol):
    """What we need of a file: `socket.makefile("rb")` has it, and so has `io.BytesIO`."""

    def read(self, size: int = -1, /) -> bytes:
        """Read exactly so many bytes, fewer only at the end."""

    def readline(self, size: int = -1, /) -> bytes:
        """Read up to and including the next LF, or so many bytes."""

    def close(self) -> None:
        """Give up what is held."""


class SocketReceiver(Receiver):
    """Receives from a socket; `sock` is anything with `recv` and `recv_into`."""

    __slots__ = ("_channel", "users")

    def __init__(self, channel: "ReceivingChannel", reporter: Reporter | None) -> None:
        super().__init__(reporter)
        self._channel = channel
        self.users = 1
        """How many will close it, each once."""

        self.last_head = _left_behind[0]
        if reporter is not None:
            self.consumed_before = reporter.received_length

    def receive(self, size: int) -> bytes:
        """Take what is there, at most `size` bytes."""
        if self.reporter is not None:
            return self._receive_and_report(size)
        data = self._channel.recv(size)
        if not data:
            self._note_end()
        return data

    def receive_ahead(self, size: int) -> bytes:
        """Take what is there; ask for more than a small size, which saves calls."""
        return self.receive(max(size, RECEIVE_SIZE))

    def receive_line(self, limit: int) -> bytes:
        """Take whatever is there."""
        return self.receive(RECEIVE_SIZE)

    def _wait_for_head(self) -> None:
        # Nearly always the first bytes of a message bring all of its head.
        self.consumed_before += self.position
        self.data, self.position = b"", 0
        if self.reporter is not None:
            self.data = self._receive_and_report(RECEIVE_SIZE, answer=True)
            return
        # As `receive` does it, in a call less: there is one for each answer.
        channel = self._channel
        data = channel.recv_answer(RECEIVE_SIZE)
        if data is None:
            data = channel.recv(RECEIVE_SIZE)
        self.data = data
        if not data:
            self._note_end()

    def some_into(self, view: memoryview, ahead: bool = True) -> int:
        """Receive into the caller's memory where nothing is buffered."""
        if self.position < len(self.data) or self.ended or (ahead and len(view) < RECEIVE_SIZE):
            return super().some_into(view, ahead)
        if self.data:
            # All of it was parsed: nothing of it is kept.
            self.consumed_before += self.position
            self.data, self.position = b"", 0
        if self.reporter is not None:
            return self._receive_into_and_report(view)
        count = self._channel.recv_into(view)
        if not count:
            self._note_end()
        self.consumed_before += count
        return count

    def _receive_into_and_report(self, view: memoryview) -> int:
        assert self.reporter is not None
        self.reporter.show()
        started = self._channel.started_ns = time.perf_counter_ns()
        count = self._channel.recv_into(view)
        if not count:
            self._note_end()
        self.reporter.received(bytes(view[:count]), started, self.tls_truncated)
        self.consumed_before += count
        return count

    def _receive_and_report(self, size: int, answer: bool = False) -> bytes:
        assert self.reporter is not None
        started = self._channel.started_ns = time.perf_counter_ns()
        data = self._channel.recv_answer(size) if answer else None
        if data is None:
            self.reporter.show()
            data = self._channel.recv(size)
        if not data:
            self._note_end()
        self.reporter.received(data, started, self.tls_truncated)
        return data

    def _note_end(self) -> None:
        self.ended = True
        self.tls_truncated = self._channel.tls_truncated

    def feed(self, data: bytes) -> None:
        """Take bytes that somebody else has received; none of them at the end of the stream."""
        if self.reporter is not None:
            self.reporter.received(data, time.perf_counter_ns())
        self._append(data)
        self.ended = not data

    @property
    def raw(self) -> Any:
        """The socket as a file without a buffer, for programs that take the connection over."""
        return self._channel.sock.makefile("rb", buffering=0)

    def fileno(self) -> int:
        """The number of the socket."""
        return self._channel.fileno()

    def close(self) -> None:
        """Give up one share; the last one lets the socket go."""
        try:
            self.users -= 1
        except AttributeError:
            # Ctrl+c came in the constructor. What was made is closed when it is collected, as all files are.
            return
        if not self.users:
            super().close()
            _left_behind[0] = self.last_head
            self._channel.release(self.offset, len(self.data) - self.position)


class ReceivingChannel(Protocol):
    """The socket, as a receiver needs it."""

    sock: Any
    tls_truncated: bool
    started_ns: int

    def recv_answer(self, size: int, /) -> bytes | None:
        """Wait for at most so many bytes of an answer, a moment long; None where they have not come."""

    def recv(self, size: int, /) -> bytes:
        """Wait for at most so many bytes."""

    def recv_into(self, view: memoryview, /) -> int:
        """Wait for bytes, into the view."""

    def fileno(self) -> int:
        """The number of the socket."""

    def release(self, offset: int, left: int, /) -> None:
        """Nobody receives any more, and so many bytes from there on were not parsed."""


class FileReceiver(Receiver):
    """Stands in front of a file and keeps nothing back: the file is at the byte that we are at."""

    def __init__(self, file: ReadableFile, reporter: Reporter | None = None) -> None:
        super().__init__(reporter)
        self.file = file
        if reporter is not None:
            self.consumed_before = reporter.received_length

    def receive(self, size: int) -> bytes:
        """Read at most `size` bytes, in one call of the file where it has one for that."""
        self._show()
        read1 = getattr(self.file, "read1", None)
        return self._received(read1(size) if read1 is not None else self.file.read(size))

    def receive_line(self, limit: int) -> bytes:
        """Read to the end of the line."""
        self._show()
        return self._received(self.file.readline(limit))

    def _show(self) -> None:
        if self.reporter is not None:
            self.reporter.show()

    def _received(self, data: bytes) -> bytes:
        if self.reporter is not None:
            self.reporter.received(data, time.perf_counter_ns())
        self.ended = not data
        return data

    def close(self) -> None:
        """Close the file."""
        super().close()
        self.file.close()
