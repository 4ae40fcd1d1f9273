"""The lab's server: one thread, one event loop, and listening ports: one for a scenario, or one for all.

`LabServer` is what other threads talk to. Everything on a connection happens in the loop's thread,
so the log's order is the order of events. Stopping cancels every wait at once, because no wait
blocks the thread.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from workbench.lab.addresses import Addresses
from workbench.lab.budget import MEMORY_CAP, Budget
from workbench.lab.certificates import CertificateShop
from workbench.lab.hand import Hand
from workbench.lab.log import EventLog, LabEvent
from workbench.lab.origin import Origin
from workbench.lab.pages import Pages
from workbench.lab.reception import BACKLOG, Door, Reception
from workbench.lab.scenario import Scenario, TlsOptions
from workbench.lab.stage import Stage

CONNECTION_CAP = 256
"""Connections open at a time, over all scenarios. Below the usual limit of 1024 open files."""

IDLE_SECONDS = 900.0
"""How long a connection may keep the server waiting. Long, because a person steps the client."""

STOP_SECONDS = 5.0
"""How long `stop` waits for the thread, which only a subscriber that blocks can hold up."""


class LabServer:
    """A loopback server that plays scenarios, each on a port of its own, or all under one origin.

    A lab is used as a context manager, or with `start` and `stop`. Its methods may be called from
    any thread but the server's own.

    Args:
        host: The address to listen on. Anything but a loopback address lets others connect.
        connection_cap: How many connections may be open at a time; one more is told so and closed.
        idle_seconds: How long a connection may keep the server waiting for the client.
        memory_cap: Bytes of requests that may be held at a time, over all connections.
        pace: Factor on the waits of scenarios. 1 plays them as written, 0 leaves them out.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        *,
        connection_cap: int = CONNECTION_CAP,
        idle_seconds: float = IDLE_SECONDS,
        memory_cap: int = MEMORY_CAP,
        pace: float = 1.0,
    ) -> None:
        self.host = host
        self.log = EventLog()
        self._reception = Reception(self.log, connection_cap, idle_seconds)
        self._budget = Budget(memory_cap)
        self._pace = pace
        self._lock = threading.RLock()
        self._stages: dict[str, Stage] = {}
        self._doors: dict[str, Door] = {}
        self._origin_doors: tuple[Door, ...] = ()
        self._shop: CertificateShop | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()

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
            doors = (*self._doors.values(), *self._origin_doors)
            self._stages, self._doors, self._origin_doors = {}, {}, ()
            shop, self._shop = self._shop, None
        # Without the lock, which a subscriber in the server's thread may be waiting for.
        thread.join(STOP_SECONDS)
        for door in doors:
            door.sock.close()
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
            stage = self._stage(scenario)
            door = self._doors.get(scenario.name)
            if door is None:
                door = self._doors[scenario.name] = self._admit(
                    Door(_listen(self.host), scenario.name, stage.serve)
                )
            door.context = stage.context if scenario.secure else None
            door.close_notify = scenario.tls is None or scenario.tls.close_notify
            return self._reachable_host(), door.port

    def open_origin(self, scenarios: Iterable[Scenario], port: int = 0, tls_port: int = 0) -> Addresses:
        """Listen for clients of many scenarios under one origin, once over TCP and once over TLS.

        Scenarios that no path can reach are listed there all the same. Those that were opened before also
        have a port of their own.

        Args:
            scenarios: Which ones.
            port: Where to listen. 0 takes a free port.
            tls_port: The same for TLS.

        Returns:
            Where everything can be reached.

        Raises:
            RuntimeError: The lab is not running, or has an origin already.
            OSError: A port cannot be listened on.
        """
        with self._lock:
            if self._origin_doors:
                raise RuntimeError("Expected a lab without an origin, but it has one already")
            scenarios = tuple(scenarios)
            stages = {one.name: self._stage(one) for one in scenarios if not one.own_port}
            context = self._certificates.context(TlsOptions())
            plain = _listen(self.host, port)
            try:
                secure = _listen(self.host, tls_port)
            except OSError:
                plain.close()
                raise
            addresses = self._addresses(plain.getsockname()[1], secure.getsockname()[1])
            doors = []
            for sock, door_context in ((plain, None), (secure, context)):
                pages = Pages(scenarios, addresses, secure=door_context is not None)
                origin = Origin(stages, pages.answer, self._budget)
                doors.append(self._admit(Door(sock, "", origin.serve, door_context)))
            self._origin_doors = tuple(doors)
            return addresses

    def _addresses(self, port: int, tls_port: int) -> Addresses:
        shop = self._certificates
        return Addresses(
            origin=self._url("http", self._reachable_host(), port),
            tls_origin=self._url("https", "localhost", tls_port),
            own={name: self.origin(self._stages[name].scenario) for name in self._doors},
            cafile=str(shop.cafile),
            client_certificate=str(shop.client_certificate),
        )

    @staticmethod
    def _url(scheme: str, host: str, port: int) -> str:
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"

    def _admit(self, door: Door) -> Door:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._reception.admit, door)
        return door

    def _stage(self, scenario: Scenario) -> Stage:
        """Give the stage of a scenario, which plays this version of it from now on."""
        if self._loop is None:
            raise RuntimeError("Expected a lab that runs: call start() or use it in a with statement")
        context = None if scenario.tls is None else self._certificates.context(scenario.tls)
        stage = self._stages.get(scenario.name)
        if stage is None:
            stage = self._stages[scenario.name] = Stage(scenario, context, self._pace, self._budget)
        stage.scenario, stage.context = scenario, context
        return stage

    def origin(self, scenario: Scenario) -> str:
        """Open a scenario and give its origin, as `http://127.0.0.1:41873`."""
        host, port = self.open(scenario)
        return self._url("https", "localhost", port) if scenario.secure else self._url("http", host, port)

    def script_for(self, scenario: Scenario) -> str:
        """Open a scenario and give its script with host, port and CA file filled in."""
        text = scenario.script
        for place, value in self.filled_in(scenario).items():
            text = text.replace(place, value)
        return text

    def filled_in(self, scenario: Scenario) -> dict[str, str]:
        """Open a scenario and say what its script gets in each place, such as `{port}`."""
        host, port = self.open(scenario)
        values = {"{host}": "localhost" if scenario.tls is not None else host, "{port}": str(port)}
        if self._shop is not None:
            files = {"{cafile}": self._shop.cafile, "{client_certificate}": self._shop.client_certificate}
            for name, file in files.items():
                # Inside a string literal: a temporary directory may have a backslash or a quote.
                values[name] = str(file).replace("\\", "\\\\").replace('"', '\\"')
        return values

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
            stage = self._stages.get(scenario.name)
            if stage is not None and self._loop is not None:
                self._loop.call_soon_threadsafe(stage.pulse)

    def rewind(self, scenario: Scenario) -> None:
        """Have the next connection play what the first one plays."""
        with self._lock:
            if (stage := self._stages.get(scenario.name)) is not None:
                stage.begun = 0

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
            stage = self._stages.get(scenario.name)
            if stage is not None and self._loop is not None:
                self._loop.call_soon_threadsafe(action, stage.hand)

    def subscribe(self, subscriber: Callable[[LabEvent], object]) -> Callable[[], None]:
        """Call `subscriber` with each event from now on, in the server's thread.

        Returns:
            A function that ends the subscription.
        """
        return self.log.subscribe(subscriber)

    @property
    def _certificates(self) -> CertificateShop:
        """The shop of certificates. Who asks for it first has it opened."""
        if self._shop is None:
            self._shop = CertificateShop(self.host)
        return self._shop

    def _reachable_host(self) -> str:
        """The address for clients. One cannot connect to a wildcard address everywhere."""
        return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    # In the server's thread.

    def _run(self, runner: asyncio.Runner, stopping: asyncio.Event) -> None:
        """Be the thread. Leaving the runner cancels every play and awaits its end."""
        with runner:
            runner.run(_wait(stopping))


async def _wait(event: asyncio.Event) -> None:
    """Wait for an event, as a coroutine that a runner can run."""
    await event.wait()


def _listen(host: str, port: int = 0) -> socket.socket:
    """Make a listening, non-blocking socket.

    Raises:
        OSError: Its `strerror` says why the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.create_server((host, port), family=family, backlog=BACKLOG)
    sock.setblocking(False)
    return sock
