"""A script of one-word lines, whose connections are real sockets on the loopback interface.

It stands in for the script language and for the protocol, so that the stepper is tested alone:

- `import` is run along; `quiet` does nothing; `print` prints; `raise` raises ValueError;
- `events` is a call that emits four events; `garbage` emits one from another thread;
- `receive` waits for a server that never answers; `connect` for a connection that nobody accepts;
- `late` does what `receive` does once `Fixtures.release` is set, and makes its connection then;
- `lookup` is in a look-up and `stuck` in something else that cannot be interrupted, until
  `Fixtures.release` is set.
"""

import contextlib
import select
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workbench.protocol import tap

STATE = ("IDLE", "REQUEST_STARTED", "putrequest")


@dataclass(frozen=True)
class FakeStatement:
    line: int
    source: str

    @property
    def end_line(self) -> int:
        return self.line

    @property
    def is_step(self) -> bool:
        return self.source != "import"


@dataclass(frozen=True)
class FakeScript:
    source: str
    name: str = "fake.py"

    @property
    def statements(self) -> tuple[FakeStatement, ...]:
        return tuple(
            FakeStatement(number, text) for number, text in enumerate(self.source.split("\n"), 1) if text
        )

    def extended(self, source: str) -> "FakeScript":
        if source == "error":
            raise SyntaxError(source)
        return FakeScript(f"{self.source}\n{source}", self.name)


class SilentServer:
    """Accepts connections and never says a word."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = self.listener.getsockname()

    def close(self) -> None:
        self.listener.close()


class DeafServer:
    """Its queue is full, so that a connection to it stays half-way."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        self.address = self.listener.getsockname()
        self.crowd = [socket.socket() for _ in range(4)]
        for client in self.crowd:
            client.setblocking(False)
            client.connect_ex(self.address)

    def close(self) -> None:
        for client in (*self.crowd, self.listener):
            client.close()


@dataclass
class Fixtures:
    """What the lines of a script talk to."""

    silent: SilentServer = field(default_factory=SilentServer)
    deaf: DeafServer = field(default_factory=DeafServer)
    release: threading.Event = field(default_factory=threading.Event)
    entered: threading.Event = field(default_factory=threading.Event)
    connections: "list[FakeConnection]" = field(default_factory=list)
    interpreters: "list[FakeInterpreter]" = field(default_factory=list)

    def interpreter(self, **options: Any) -> "FakeInterpreter":
        made = FakeInterpreter(self, **options)
        self.interpreters.append(made)
        return made

    def close(self) -> None:
        self.release.set()
        self.silent.close()
        self.deaf.close()


class FakeConnection:
    """Blocks in real system calls, and can be woken up by `interrupt()`."""

    _numbers = iter(range(1, 1_000_000))

    def __init__(self, listen: Callable[[tap.Event], None]) -> None:
        self.listen = listen
        self.number = next(self._numbers)
        self.seq = 0
        self.socket = socket.socket()
        self.wake, self.woken = socket.socketpair()
        self.closed = False

    def tell(self, kind: type[tap.Event], *values: object) -> None:
        self.seq += 1
        self.listen(kind(self.seq, self.seq, self.number, 0, *values))

    def receive_from(self, address: tuple[str, int]) -> None:
        self.socket.connect(address)
        self.tell(tap.CallStarted, "receive", "")
        self._wait([self.socket], [])

    def connect_to(self, address: tuple[str, int]) -> None:
        self.tell(tap.ConnectStarted, *address)
        self.socket.setblocking(False)
        self.socket.connect_ex(address)
        self._wait([], [self.socket])

    def _wait(self, readable: list[socket.socket], writable: list[socket.socket]) -> None:
        ready = select.select([*readable, self.woken], writable, [], 30)
        if self.woken in ready[0]:
            raise ConnectionAbortedError("interrupted")
        raise AssertionError(f"Nobody was expected to answer: {ready}")

    def interrupt(self) -> None:
        with contextlib.suppress(OSError):
            self.wake.send(b"!")

    def close(self) -> None:
        self.closed = True
        for end in (self.socket, self.wake, self.woken):
            end.close()


class FakeInterpreter:
    """Carries out one-word lines."""

    def __init__(
        self,
        fixtures: Fixtures,
        *,
        tap: Callable[[tap.Event], None],
        on_connection: Callable[[Any], None],
        output: Callable[[str], None],
    ) -> None:
        self.fixtures = fixtures
        self.tap = tap
        self.on_connection = on_connection
        self.output = output
        self.namespace: dict[str, Any] = {}
        self.executed: list[str] = []

    def execute(self, statement: FakeStatement) -> object:
        self.executed.append(statement.source)
        return getattr(self, f"do_{statement.source}")()

    def close(self) -> None:
        if "conn" in self.namespace:
            self.namespace["conn"].close()

    def connection(self) -> FakeConnection:
        if "conn" not in self.namespace:
            connection = FakeConnection(self.tap)
            self.namespace["conn"] = connection
            self.fixtures.connections.append(connection)
            self.on_connection(connection)
        return self.namespace["conn"]

    def do_import(self) -> None:
        pass

    def do_quiet(self) -> int:
        return len(self.executed)

    def do_print(self) -> None:
        self.output("hello\n")

    def do_raise(self) -> None:
        raise ValueError("as asked")

    def do_big(self) -> bytes:
        return bytes(10_000_000)

    def do_events(self) -> str:
        connection = self.connection()
        connection.tell(tap.CallStarted, "getresponse", "")
        connection.tell(tap.StateChanged, *STATE)
        connection.tell(tap.FramingDecided, 6, "length", 4, "rule 6")
        connection.tell(tap.CallReturned, "getresponse", "None")
        return "done"

    def do_garbage(self) -> None:
        other = threading.Thread(target=self.connection().tell, args=(tap.ConnectionClosed, "collected"))
        other.start()
        other.join(5)
        assert not other.is_alive()

    def do_receive(self) -> None:
        self.connection().receive_from(self.fixtures.silent.address)

    def do_connect(self) -> None:
        self.connection().connect_to(self.fixtures.deaf.address)

    def do_late(self) -> None:
        self.fixtures.entered.set()
        assert self.fixtures.release.wait(30)
        self.do_receive()

    def do_lookup(self) -> None:
        self.connection().tell(tap.HostLookupStarted, "slow.example", 80)
        assert self.fixtures.release.wait(30)
        self.connection().tell(tap.HostLookupFinished, ())

    def do_stuck(self) -> None:
        self.connection().tell(tap.CallStarted, "open", "")
        assert self.fixtures.release.wait(30)
