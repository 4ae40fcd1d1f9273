"""What the lab did and saw, in order, in bounded memory.

The log is written by the server's one thread and read from any. Times are of the clock that the
client's tap uses, so that both ends can be drawn on one scale.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, overload

LabEventKind = Literal[
    "opened",  # a client connected
    "tls",  # the TLS handshake is done; the note names version and cipher
    "waiting",  # for what the note says
    "paused",  # in a step that waits for a key
    "held",  # by whoever plays by hand; the note says what comes next
    "received",  # data came from the client
    "sent",  # data went to the client
    "half_closed",  # the server closed its sending direction
    "peer_closed",  # the client closed its sending direction
    "closed",  # the server closed
    "reset",  # the server tore the connection down
    "refused",  # a connection over the cap was closed at once
    "error",  # the play could not go on; the note says why
]

MAX_EVENTS = 20_000
MAX_BYTES = 16 * 1024 * 1024
"""Data bytes kept over all events. A classroom's afternoon fits; a 1 GB body does not have to."""


@dataclass(frozen=True, slots=True)
class LabEvent:
    """One fact about one connection."""

    time_ns: int
    """`time.perf_counter_ns()`, taken beside the I/O."""

    scenario: str
    """Name of the scenario that was played."""

    connection: int
    """Number of the connection, from 1, in the order in which this lab accepted them."""

    kind: LabEventKind
    """What happened."""

    data: bytes = b""
    """The bytes of `sent` and `received`; over TLS, before encryption and after decryption."""

    note: str = ""
    """Words for people, where the kind alone does not say enough. It may quote the peer's bytes
    only as a `repr`."""

    ports: tuple[int, int] = (0, 0)
    """Of `opened`: the server's port and the client's, by which a client knows its own connection."""

    left: int = 0
    """Of `held`: how many bytes of the step are still to be sent. 0 for a step that sends none."""


Subscriber = Callable[[LabEvent], object]


class EventLog(Sequence[LabEvent]):
    """The events of a lab, oldest first. When it is full, the oldest make room.

    Args:
        max_events: How many events are kept.
        max_bytes: How many bytes of data are kept over all events.
    """

    def __init__(self, max_events: int = MAX_EVENTS, max_bytes: int = MAX_BYTES) -> None:
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._events: deque[LabEvent] = deque()
        self._size = 0
        self._dropped = 0
        self._subscribers: list[Subscriber] = []

    @property
    def dropped(self) -> int:
        """How many events had to make room for later ones."""
        return self._dropped

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call `subscriber` with each event from now on, in the server's thread.

        A subscriber that raises is taken off the list, and the log says so.

        Returns:
            A function that ends the subscription.
        """
        with self._lock:
            self._subscribers.append(subscriber)
        return lambda: self._unsubscribe(subscriber)

    def add(
        self,
        scenario: str,
        connection: int,
        kind: LabEventKind,
        data: bytes = b"",
        note: str = "",
        *,
        time_ns: int = 0,
        ports: tuple[int, int] = (0, 0),
        left: int = 0,
    ) -> None:
        """Append one event and tell the subscribers. For the server alone.

        Args:
            scenario: As in `LabEvent`, like the other arguments.
            connection: Its number.
            kind: What happened.
            data: The bytes.
            note: Words.
            time_ns: When it began, where that is not now.
            ports: Of the two ends.
            left: Bytes that are still to be sent.
        """
        time_ns = time_ns or time.perf_counter_ns()
        self._append(LabEvent(time_ns, scenario, connection, kind, data, note, ports, left))

    def _append(self, event: LabEvent) -> None:
        with self._lock:
            self._events.append(event)
            self._size += len(event.data)
            while len(self._events) > self._max_events or self._size > self._max_bytes:
                self._size -= len(self._events.popleft().data)
                self._dropped += 1
            subscribers = tuple(self._subscribers)
        for subscriber in subscribers:
            try:
                subscriber(event)
            except Exception as error:  # noqa: BLE001 - a listener's mistake must not end the play
                self._unsubscribe(subscriber)
                note = f"A subscriber raised {type(error).__name__} and was taken off the list"
                self._append(LabEvent(event.time_ns, event.scenario, event.connection, "error", note=note))

    def _unsubscribe(self, subscriber: Subscriber) -> None:
        with self._lock:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

    def snapshot(self) -> tuple[LabEvent, ...]:
        """Copy all events at one moment."""
        with self._lock:
            return tuple(self._events)

    def __len__(self) -> int:
        with self._lock:
            return len(self._events)

    def __iter__(self) -> Iterator[LabEvent]:
        return iter(self.snapshot())

    @overload
    def __getitem__(self, index: int) -> LabEvent: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[LabEvent, ...]: ...
    def __getitem__(self, index: int | slice) -> LabEvent | tuple[LabEvent, ...]:
        return self.snapshot()[index]
