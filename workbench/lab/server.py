"""The lab's server: one thread, one event loop, one listening port for each scenario in use.

`LabServer` is what other threads talk to. Everything on a connection happens in the loop's thread,
so the log's order is the order of events. Stopping cancels every wait at once, because no wait
blocks the thread.
"""

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, Self

from workbench.lab.certificates import CertificateShop
from workbench.lab.channel import Channel, PlainTransport, TlsTransport, Transport
from workbench.lab.hand import Hand
from workbench.lab.log import EventLog, LabEvent
from workbench.lab.play import Play
from workbench.lab.scenario import Scenario

CONNECTION_CAP = 256
"""Connections open at a time, over all scenarios. Below the usual limit of 1024 open files."""

IDLE_SECONDS = 900.0
"""How long a connection may keep the server waiting. Long, because a person steps the client."""

BACKLOG = 128
ACCEPT_RETRY_SECONDS = 0.2
STOP_SECONDS = 5.0
"""How long `stop` waits for the thread, which only a subscriber that blocks can hold up."""

_logger = logging.getLogger(__name__)
# Without a handler, logging's last resort writes to stderr, which is somebody's screen.
_logger.addHandler(logging.NullHandler())


@dataclass(slots=True)
class _Listener:
    """A scenario's own port."""

    scenario: Scenario
    context: ssl.SSLContext | None
    sock: socket.socket
    resumed: asyncio.Event = field(default_factory=asyncio.Event)
    hand: Hand = field(default_factory=Hand)
    accepted: int = 0
    """How many connections it had, for scenarios that play each one differently."""

    @property
    def port(self) -> int:
        return int(self.sock.getsockname()[1])


class LabServer:
    """A loopback server that plays scenarios, each on a port of its own.

    A lab is used as a context manager, or with `start` and `stop`. Its methods may be called from
    any thread but the server's own.

    Args:
        host: The address to listen on. Anything but a loopback address lets others connect.
        connection_cap: How many connections may be open at a time; one more is closed at once.
        idle_seconds: How long a connection may keep the server waiting for the client.
        pace: Factor on the waits of scenarios. 1 plays them as written, 0 leaves them out.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        *,
        connection_cap: int = CONNECTION_CAP,
        idle_seconds: float = IDLE_SECONDS,
        pace: float = 1.0,
    ) -> None:
        self.host = host
        self.log = EventLog()
        self._connection_cap = connection_cap
        self._idle_seconds = idle_seconds
        self._pace = pace
        self._lock = threading.RLock()
        self._listeners: dict[str, _Listener] = {}
        self._shop: CertificateShop | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._open_connections = 0
        self._last_number = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    # For other threads.

    def start(self) -> None:
        """Start the server's thread. Nothing listens until a scenario is opened."""
        with self._lock:
            if self._thread is not None:
                raise RuntimeError("Expected a lab that is stopped, but it runs already")
            runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
            self._loop = runner.get_loop()
            self._stopping = asyncio.Event()
            self._thread = threading.Thread(
                target=self._run, args=(runner, self._stopping), name="workbench-lab", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Close every port and connection, and wait for the thread. A stopped lab may start anew."""
        with self._lock:
            if self._thread is None or self._loop is None:
                return
            self._loop.call_soon_threadsafe(self._stopping.set)
            thread, self._thread, self._loop = self._thread, None, None
            listeners, self._listeners = self._listeners, {}
            shop, self._shop = self._shop, None
        # Without the lock, which a subscriber in the server's thread may be waiting for.
        thread.join(STOP_SECONDS)
        for listener in listeners.values():
            listener.sock.close()
        if shop is not None:
            shop.close()

    def open(self, scenario: Scenario) -> tuple[str, int]:
        """Listen for clients of a scenario.

        The same scenario again gives the same port. So does another of the same name, which is
        played from then on: a scenario can be edited while its client waits.

        Returns:
            Host and port to connect to.

        Raises:
            RuntimeError: The lab is not running.
            OSError: The address cannot be listened on.
        """
        with self._lock:
            if self._loop is None:
                raise RuntimeError("Expected a lab that runs: call start() or use it in a with statement")
            context = self._context(scenario)
            listener = self._listeners.get(scenario.name)
            if listener is None:
                listener = _Listener(scenario, context, _listen(self.host))
                self._listeners[scenario.name] = listener
                self._loop.call_soon_threadsafe(self._spawn_accept, listener)
            listener.scenario, listener.context = scenario, context
            return self._reachable_host(), listener.port

    def origin(self, scenario: Scenario) -> str:
        """Open a scenario and give its origin, as `http://127.0.0.1:41873`."""
        host, port = self.open(scenario)
        if scenario.secure:
            return f"https://localhost:{port}"
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def script_for(self, scenario: Scenario) -> str:
        """Open a scenario and give its script with host, port and CA file filled in."""
        host, port = self.open(scenario)
        values = {"{host}": "localhost" if scenario.tls is not None else host, "{port}": str(port)}
        if self._shop is not None:
            files = {"{cafile}": self._shop.cafile, "{client_certificate}": self._shop.client_certificate}
            for name, file in files.items():
                # Inside a string literal: a temporary directory may have a backslash or a quote.
                values[name] = str(file).replace("\\", "\\\\").replace('"', '\\"')
        text = scenario.script
        for name, value in values.items():
            text = text.replace(name, value)
        return text

    @property
    def cafile(self) -> str | None:
        """The file with the authority that TLS scenarios ask clients to trust. None before the first."""
        return None if self._shop is None else str(self._shop.cafile)

    @property
    def client_certificate(self) -> str | None:
        """The file with the key and certificate for clients that are asked for one. None before the first."""
        return None if self._shop is None else str(self._shop.client_certificate)

    def resume(self, scenario: Scenario) -> None:
        """Let every play of a scenario that waits in a `pause` go on."""
        with self._lock:
            listener = self._listeners.get(scenario.name)
            if listener is not None and self._loop is not None:
                self._loop.call_soon_threadsafe(_pulse, listener)

    def rewind(self, scenario: Scenario) -> None:
        """Have the next connection play what the first one plays."""
        with self._lock:
            if (listener := self._listeners.get(scenario.name)) is not None:
                listener.accepted = 0

    def hold(self, scenario: Scenario) -> None:
        """Play a scenario by hand from now on: nothing is sent before it is permitted."""
        self._by_hand(scenario, Hand.hold)

    def release(self, scenario: Scenario) -> None:
        """Play a scenario by itself again."""
        self._by_hand(scenario, Hand.release)

    def allow_step(self, scenario: Scenario) -> None:
        """Permit one step of a scenario that is played by hand."""
        self._by_hand(scenario, Hand.allow_step)

    def allow_bytes(self, scenario: Scenario, count: int) -> None:
        """Permit so many bytes of a scenario that is played by hand."""
        self._by_hand(scenario, lambda hand: hand.allow_bytes(count))

    def _by_hand(self, scenario: Scenario, action: Callable[[Hand], None]) -> None:
        with self._lock:
            listener = self._listeners.get(scenario.name)
            if listener is not None and self._loop is not None:
                self._loop.call_soon_threadsafe(action, listener.hand)

    def subscribe(self, subscriber: Callable[[LabEvent], object]) -> Callable[[], None]:
        """Call `subscriber` with each event from now on, in the server's thread.

        Returns:
            A function that ends the subscription.
        """
        return self.log.subscribe(subscriber)

    def _context(self, scenario: Scenario) -> ssl.SSLContext | None:
        """Give the TLS context of a scenario. The first one makes the certificate authority."""
        if scenario.tls is None:
            return None
        if self._shop is None:
            self._shop = CertificateShop(self.host)
        return self._shop.context(scenario.tls)

    def _reachable_host(self) -> str:
        """The address for clients. One cannot connect to a wildcard address everywhere."""
        return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    # In the server's thread.

    def _run(self, runner: asyncio.Runner, stopping: asyncio.Event) -> None:
        """Be the thread. Leaving the runner cancels every play and awaits its end."""
        with runner:
            runner.run(_wait(stopping))

    def _spawn_accept(self, listener: _Listener) -> None:
        self._spawn(self._accept(listener))

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Run a coroutine as a task, and keep it: the loop itself holds tasks only weakly."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _accept(self, listener: _Listener) -> None:
        """Accept connections of one scenario for as long as the lab runs."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                sock, _ = await loop.sock_accept(listener.sock)
            except OSError as error:
                # A client that left the queue early is no matter; no free file is, for a while.
                self.log.add(listener.scenario.name, 0, "error", note=_describe(error))
                await asyncio.sleep(ACCEPT_RETRY_SECONDS)
                continue
            self._last_number += 1
            if self._open_connections >= self._connection_cap:
                note = f"The cap of {self._connection_cap} open connections is reached"
                self.log.add(listener.scenario.name, self._last_number, "refused", note=note)
                sock.close()
                continue
            self._open_connections += 1
            task = self._spawn(self._serve(listener, sock, self._last_number))
            # Not a finally in the task: one that is cancelled before it began runs none.
            task.add_done_callback(partial(self._forget, sock))

    def _forget(self, sock: socket.socket, _: "asyncio.Task[None]") -> None:
        """Give a connection's place to the next one."""
        sock.close()
        self._open_connections -= 1

    async def _serve(self, listener: _Listener, sock: socket.socket, number: int) -> None:
        """Serve one connection from its first byte to its end."""
        scenario, context = listener.scenario, listener.context
        plays = scenario.plays
        steps = plays[listener.accepted % len(plays)]
        listener.accepted += 1
        self.log.add(scenario.name, number, "opened", ports=(listener.port, _peer_port(sock)))
        try:
            # Each send of a scenario is a segment of its own, without Nagle's delay.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            transport: Transport = (plain := PlainTransport(sock))
            if context is not None and scenario.tls is not None and scenario.secure:
                tls = TlsTransport(plain, context, close_notify=scenario.tls.close_notify)
                async with asyncio.timeout(self._idle_seconds):
                    note = await tls.handshake()
                self.log.add(scenario.name, number, "tls", note=note)
                transport = tls
        except OSError as error:
            self.log.add(scenario.name, number, "error", note=f"Before the first byte: {_describe(error)}")
            self.log.add(scenario.name, number, "closed")
            return
        channel = Channel(sock, transport, self.log, scenario.name, number, self._idle_seconds)
        try:
            await Play(
                scenario,
                channel,
                listener.resumed,
                self._pace,
                steps=steps,
                hand=listener.hand,
                context=context,
            ).run()
        except Exception as error:
            # A mistake of the lab's own. It must be seen, and must not end the other plays.
            _logger.exception("A play of %s failed", scenario.name)
            self.log.add(scenario.name, number, "error", note=f"A mistake in the lab: {_describe(error)}")


async def _wait(event: asyncio.Event) -> None:
    """Wait for an event, as a coroutine that a runner can run."""
    await event.wait()


def _listen(host: str) -> socket.socket:
    """Make a listening, non-blocking socket on a free port.

    Raises:
        OSError: Its `strerror` says why the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.create_server((host, 0), family=family, backlog=BACKLOG)
    sock.setblocking(False)
    return sock


def _peer_port(sock: socket.socket) -> int:
    """Give the port of the client; 0 when it is gone already."""
    try:
        return int(sock.getpeername()[1])
    except OSError:
        return 0


def _pulse(listener: _Listener) -> None:
    """Wake every play that waits, and none that comes later."""
    listener.resumed.set()
    listener.resumed.clear()


def _describe(error: BaseException) -> str:
    """Name an error for the log."""
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{type(error).__name__}: {words}"
