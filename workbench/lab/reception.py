"""The half of the lab that runs in the server's thread: it takes connections in, up to a cap.

Whoever comes when the cap is reached is told, and not left to wonder: a 503 goes out before the connection
is closed. How many can be told at a time is bounded too; the rest is closed at once.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from workbench.lab.channel import Channel, PlainTransport, TlsTransport, Transport
from workbench.lab.log import EventLog
from workbench.lab.page import Page, serialize_page

MAX_REFUSALS = 64
"""Connections over the cap that are told so at a time."""

REFUSAL_SECONDS = 2.0
"""How long one of them may take to hear it."""

ACCEPT_RETRY_SECONDS = 0.2

BACKLOG = 512
"""Connections that the system keeps while the server is busy. A whole class may press Enter at once."""

_logger = logging.getLogger(__name__)
# Without a handler, logging's last resort writes to stderr, which is somebody's screen.
_logger.addHandler(logging.NullHandler())


@dataclass(slots=True)
class Door:
    """A listening port, and who serves what comes in."""

    sock: socket.socket
    name: str
    """The scenario that the connections are for. Empty where their requests say it."""

    serve: Callable[[Channel], Awaitable[None]]
    """Serves a connection from its first byte to its end."""

    context: ssl.SSLContext | None = None
    """For connections that begin with TLS."""

    close_notify: bool = True
    """Whether TLS is closed with its closure alert."""

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.sock.getsockname()[1])


class Reception:
    """Takes connections in, and hands each to whom it is for. For the server's thread alone.

    Args:
        log: Where everything is recorded.
        cap: How many connections may be open at a time.
        idle_seconds: How long a connection may keep the server waiting for the client.
    """

    def __init__(self, log: EventLog, cap: int, idle_seconds: float) -> None:
        self._log = log
        self._cap = cap
        self._idle_seconds = idle_seconds
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = 0
        self._refusals = 0
        self._last_number = 0

    def admit(self, door: Door) -> None:
        """Take in whoever comes to a door, from now on."""
        self._spawn(self._accept(door))

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Run a coroutine as a task, and keep it: the loop itself holds tasks only weakly."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _accept(self, door: Door) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                sock, address = await loop.sock_accept(door.sock)
            except OSError as error:
                # A client that left the queue early is no matter; no free file is, for a while.
                self._log.add(door.name, 0, "error", note=describe_error(error))
                await asyncio.sleep(ACCEPT_RETRY_SECONDS)
                continue
            self._last_number += 1
            if self._open >= self._cap:
                self._turn_away(door, sock, address, self._last_number)
                continue
            self._open += 1
            task = self._spawn(self._serve(door, sock, address, self._last_number))
            # Not a finally in the task: one that is cancelled before it began runs none.
            task.add_done_callback(partial(self._forget, sock))

    def _forget(self, sock: socket.socket, _: "asyncio.Task[None]") -> None:
        """Give a connection's place to the next one."""
        sock.close()
        self._open -= 1

    async def _serve(self, door: Door, sock: socket.socket, address: Any, number: int) -> None:
        """Serve one connection from its first byte to its end."""
        self._log.add(door.name, number, "opened", note=_client(address), ports=(door.port, address[1]))
        try:
            channel = await self._begin(door, sock, number, self._idle_seconds)
        except OSError as error:
            note = f"Before the first byte: {describe_error(error)}"
            self._log.add(door.name, number, "error", note=note)
            self._log.add(door.name, number, "closed")
            return
        try:
            await door.serve(channel)
        except Exception as error:
            # A mistake of the lab's own. It must be seen, and must not end the other plays.
            _logger.exception("A connection to %s failed", door.name or "the origin")
            channel.record("error", note=f"A mistake in the lab: {describe_error(error)}")
            channel.abandon()

    async def _begin(self, door: Door, sock: socket.socket, number: int, seconds: float) -> Channel:
        """Do the TLS handshake, where there is one.

        Raises:
            OSError: It failed, or took too long.
        """
        # Each send of a scenario is a segment of its own, without Nagle's delay.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport: Transport = (plain := PlainTransport(sock))
        if door.context is not None:
            tls = TlsTransport(plain, door.context, close_notify=door.close_notify)
            async with asyncio.timeout(seconds):
                note = await tls.handshake()
            self._log.add(door.name, number, "tls", note=note)
            transport = tls
        return Channel(sock, transport, self._log, door.name, number, self._idle_seconds)

    # --- over the cap -----------------------------------------------------------------------

    def _turn_away(self, door: Door, sock: socket.socket, address: Any, number: int) -> None:
        note = f"The cap of {self._cap} open connections is reached"
        self._log.add(door.name, number, "refused", note=f"{note}; {_client(address)}")
        if self._refusals >= MAX_REFUSALS:
            sock.close()
            self._log.add(door.name, number, "closed")
            return
        self._refusals += 1
        self._spawn(self._refuse(door, sock, number, note)).add_done_callback(partial(self._refused, sock))

    def _refused(self, sock: socket.socket, _: "asyncio.Task[None]") -> None:
        sock.close()
        self._refusals -= 1

    async def _refuse(self, door: Door, sock: socket.socket, number: int, note: str) -> None:
        """Say why, and close so that it can be read."""
        page = Page(503, f"{note}. Try again when one of them has ended.\n", fields=("Retry-After: 1",))
        try:
            async with asyncio.timeout(REFUSAL_SECONDS):
                channel = await self._begin(door, sock, number, REFUSAL_SECONDS)
                await channel.send(serialize_page(page, close=True))
                await channel.close()
        except OSError as error:
            self._log.add(door.name, number, "error", note=describe_error(error))
            self._log.add(door.name, number, "closed")


def describe_error(error: BaseException) -> str:
    """Name an error for the log."""
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{type(error).__name__}: {words}".removesuffix(": ")


def _client(address: Any) -> str:
    """Name the client of a connection."""
    host, port = address[:2]
    return f"from [{host}]:{port}" if ":" in host else f"from {host}:{port}"
