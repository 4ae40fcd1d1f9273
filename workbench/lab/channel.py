"""One accepted connection as the plays see it: bytes in, bytes out, three ways to end, and a log.

Plain TCP and TLS have one shape. TLS runs over memory buffers instead of `SSLSocket`, because only
so can a scenario close without the closure alert, or reset under a TLS session.
"""

import asyncio
import select
import socket
import ssl
import struct
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from workbench.lab.log import EventLog, LabEventKind

RECEIVE_SIZE = 64 * 1024
SEND_SIZE = 64 * 1024
"""Bytes given to the system, and logged, at a time. Smaller messages go out in one piece."""

Result = TypeVar("Result")

LINGER_SECONDS = 2.0
LINGER_BYTES = 16 * 1024 * 1024
"""How long, and how much, the server reads after it closed its sending direction."""


class Transport(Protocol):
    """What plain TCP and TLS have in common. Every method may raise OSError."""

    async def receive(self) -> bytes:
        """Wait for bytes; `b""` is the end of the stream."""

    async def send(self, data: bytes) -> None:
        """Send all of `data`."""

    async def finish(self) -> None:
        """Say that nothing more will be sent, above TCP. TCP's own FIN is the channel's task."""


class PlainTransport:
    """Bytes as they are."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    async def receive(self) -> bytes:
        """Wait for bytes; `b""` is the end of the stream."""
        return await asyncio.get_running_loop().sock_recv(self._socket, RECEIVE_SIZE)

    async def send(self, data: bytes) -> None:
        """Send all of `data`."""
        await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def finish(self) -> None:
        """TCP needs no word of its own before its FIN."""


class TlsTransport:
    """A TLS server session over a plain transport.

    Args:
        plain: What carries the records.
        context: The server's certificate and options.
        close_notify: Whether `finish` sends the closure alert.
        early: Records that were received already.
    """

    def __init__(
        self, plain: PlainTransport, context: ssl.SSLContext, *, close_notify: bool, early: bytes = b""
    ) -> None:
        self._plain = plain
        self._close_notify = close_notify
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._incoming.write(early)
        self._session = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    async def handshake(self) -> str:
        """Do the TLS handshake.

        Returns:
            Version and cipher, in words.

        Raises:
            ssl.SSLError: The client refused, or does not speak TLS.
        """
        await self._run(self._session.do_handshake)
        cipher = self._session.cipher()
        return f"{self._session.version()} {cipher[0] if cipher else ''}"

    async def receive(self) -> bytes:
        """Wait for decrypted bytes; `b""` is the end of the stream, with closure alert or without."""
        try:
            return await self._run(lambda: self._session.read(RECEIVE_SIZE))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    async def send(self, data: bytes) -> None:
        """Encrypt and send all of `data`."""
        rest = memoryview(data)
        while rest:
            piece = rest
            rest = rest[await self._run(lambda: self._session.write(piece)) :]  # noqa: B023 - run at once

    async def finish(self) -> None:
        """Send the closure alert (RFC 9112 section 9.8), unless the scenario leaves it out."""
        if not self._close_notify:
            return
        try:
            self._session.unwrap()
        except ssl.SSLWantReadError:
            pass  # The alert is in the outgoing buffer; the client's own alert need not be awaited.
        await self._flush()

    async def _run(self, operation: Callable[[], Result]) -> Result:
        """Repeat an operation of the session until it has all the records it needs."""
        while True:
            try:
                return operation()
            except ssl.SSLWantReadError:
                await self._flush()
                if records := await self._plain.receive():
                    self._incoming.write(records)
                else:
                    self._incoming.write_eof()
            finally:
                # Also after a failure: an alert tells the client why.
                await self._flush()

    async def _flush(self) -> None:
        """Send what the session has written."""
        if records := self._outgoing.read():
            await self._plain.send(records)


class Channel:
    """One connection: its transport, its number, its idle limit, and its place in the log.

    Args:
        sock: An accepted, non-blocking socket. The channel owns it.
        transport: How bytes travel over it.
        log: Where everything is recorded.
        scenario: Name of the scenario that is played.
        number: Number of the connection.
        idle_seconds: How long one wait for the client may take.
    """

    def __init__(
        self,
        sock: socket.socket,
        transport: Transport,
        log: EventLog,
        scenario: str,
        number: int,
        idle_seconds: float,
    ) -> None:
        self._socket = sock
        self._transport = transport
        self._log = log
        self.scenario = scenario
        """Changes where a path leads to another one."""

        self._number = number
        self._peer_closed = False
        self._sending_closed = False
        self.idle_seconds = idle_seconds
        self.ended = False
        """Closed or reset by the server."""

    def record(
        self, kind: LabEventKind, data: bytes = b"", note: str = "", *, time_ns: int = 0, left: int = 0
    ) -> None:
        """Append an event of this connection to the log."""
        self._log.add(self.scenario, self._number, kind, data, note, time_ns=time_ns, left=left)

    async def receive(self) -> bytes:
        """Wait for bytes, at most `idle_seconds`; `b""` is the end of the stream."""
        async with asyncio.timeout(self.idle_seconds):
            data = await self._transport.receive()
        if data:
            self.record("received", data)
        elif not self._peer_closed:
            self._peer_closed = True
            self.record("peer_closed")
        return data

    def client_has_left(self) -> bool:
        """Whether the client has closed its sending direction, read or not read yet. It asks the system."""
        if not self._peer_closed:
            poll = select.poll()
            poll.register(self._socket, getattr(select, "POLLRDHUP", select.POLLHUP))
            if poll.poll(0):
                self._peer_closed = True
                self.record("peer_closed")
        return self._peer_closed

    async def send(self, data: bytes) -> None:
        """Send all of `data`. A client that does not read may hold this up for `idle_seconds`."""
        for start in range(0, len(data), SEND_SIZE):
            piece = data[start : start + SEND_SIZE]
            # The time from before: a client on this machine may have them before the call returns.
            time_ns = time.perf_counter_ns()
            async with asyncio.timeout(self.idle_seconds):
                await self._transport.send(piece)
            self.record("sent", piece, time_ns=time_ns)

    async def start_tls(self, context: ssl.SSLContext, *, close_notify: bool, early: bytes) -> None:
        """Go on over TLS.

        Args:
            context: The server's certificate and options.
            close_notify: Whether closing sends the closure alert.
            early: Records that were received together with what came before them.
        """
        transport = TlsTransport(
            PlainTransport(self._socket), context, close_notify=close_notify, early=early
        )
        async with asyncio.timeout(self.idle_seconds):
            self.record("tls", note=await transport.handshake())
        self._transport = transport

    async def half_close(self) -> None:
        """Close the sending direction."""
        await self._close_sending()
        self.record("half_closed")

    async def _close_sending(self) -> None:
        """Send the closure alert, where there is one, and TCP's FIN. Once."""
        if not self._sending_closed:
            self._sending_closed = True
            await self._transport.finish()
            self._socket.shutdown(socket.SHUT_WR)

    async def close(self) -> None:
        """Close so that the client gets everything that was sent.

        RFC 9112 section 9.6: a server that closes at once while the client still sends makes TCP
        answer with a reset, which can destroy the response before the client reads it. So the
        sending direction is closed first, then what comes is read and dropped for a while.
        """
        self.ended = True
        try:
            try:
                await self._close_sending()
            finally:
                self.record("closed")
            await self._drain()
        finally:
            self._socket.close()

    async def _drain(self) -> None:
        """Read and drop until the client closes too, within limits."""
        loop = asyncio.get_running_loop()
        dropped = 0
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                while dropped < LINGER_BYTES:
                    # Below TLS: the session is over, and only the end of the stream matters.
                    data = await loop.sock_recv(self._socket, RECEIVE_SIZE)
                    if not data:
                        return
                    dropped += len(data)
        except (TimeoutError, ConnectionError):
            return  # The client keeps its end open, or is gone; the socket is closed either way.

    def reset(self) -> None:
        """Tear the connection down: no lingering, unsent bytes dropped, TCP sends RST."""
        self.ended = True
        # SO_LINGER with a time of zero is how the sockets API spells an abortive close.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()
        self.record("reset")

    def abandon(self) -> None:
        """Close at once, without a word, when the lab stops or the connection is broken."""
        if not self.ended:
            self.ended = True
            self._socket.close()
            self.record("closed")
