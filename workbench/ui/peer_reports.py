"""What the lab's log says of the session's own connections, written into the session's recording.

The lab is another thread, and knows the client by its port alone; others may talk to it as well. So a
report waits until the client has said that a connection with these ports is its own. What the lab
says of anybody else's is dropped: a recording is about one session, and would grow without bound.
"""

import threading
from collections import deque
from typing import Any

from workbench.lab import LabEvent
from workbench.protocol import tap
from workbench.protocol.wire.span import Span, StreamName
from workbench.session.events import PEER_HEAD_BYTES, PeerReported, ScriptStarted
from workbench.session.recorder import Recorder

MOST_WAITING = 64
"""Connections of the lab that may wait for their owner, and reports of each."""

_STREAMS: dict[str, StreamName] = {"sent": "received", "received": "sent"}
"""The client's stream that holds what the server sent, or received."""

_ENDS = ("closed", "reset", "refused")


class _Peer:
    """One connection as the lab sees it."""

    def __init__(self) -> None:
        self.ports = (0, 0)
        self.waiting: deque[LabEvent] = deque(maxlen=MOST_WAITING)


class PeerReports:
    """Listens to a lab, and writes into a recording.

    Args:
        recorder: Writes the recording.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._lock = threading.Lock()
        self._peers: dict[int, _Peer] = {}
        self._next = 0
        self._owners: dict[tuple[int, int], list[tuple[int, int]]] = {}
        """By ports: from when on, and which connection of the recording has them."""
        self._opening: tuple[int, int] | None = None
        """The ports of a connection that asks a proxy for a tunnel, while nothing is known of the asking."""
        self._lengths: dict[tuple[int, StreamName], int] = {}

    def __call__(self, event: LabEvent) -> None:
        """Take in what the lab says. Called in the lab's thread."""
        with self._lock:
            peer = self._peers.get(event.connection)
            if peer is None:
                if event.kind != "opened":
                    return  # Nobody's: it was dropped.
                peer = self._peers[event.connection] = _Peer()
                peer.ports = event.ports
                for oldest in list(self._peers)[:-MOST_WAITING]:
                    del self._peers[oldest]
            peer.waiting.append(event)
            self._write()

    def flush(self) -> None:
        """Write what has waited for the client. Called in any thread."""
        with self._lock:
            self._write()

    def _write(self) -> None:
        self._look_for_owners()
        for number, peer in list(self._peers.items()):
            owners = self._owners.get(peer.ports)
            while owners and peer.waiting:
                event = peer.waiting.popleft()
                self._recorder(self._report(event, _at(owners, event.time_ns)))
                if event.kind in _ENDS:
                    del self._peers[number]

    def _report(self, event: LabEvent, connection: int) -> PeerReported:
        span = None
        stream = _STREAMS.get(event.kind)
        if stream is not None:
            start = self._lengths.get((connection, stream), 0)
            end = self._lengths[connection, stream] = start + len(event.data)
            span = Span(stream, start, end)
        head = event.data[:PEER_HEAD_BYTES]
        return PeerReported(event.time_ns, connection, event.kind, span, head, event.note, event.left)

    # --- whose connection it is ---------------------------------------------------------

    def _look_for_owners(self) -> None:
        log = self._recorder.recording.entries
        for index in range(self._next, len(log)):
            # The kind alone is known without reading the event, of which a call may make a million.
            if self._opening is not None or log.kind(index) in _TELLING:
                self._take_in(log.outline(index))
            self._next = index + 1

    def _take_in(self, event: Any) -> None:
        match event:
            case ScriptStarted():
                # What the connections of a run before it still come to is no matter of this one.
                for ports in self._owners:
                    self._forget(ports)
                self._owners.clear()
                self._lengths.clear()
                self._opening = None
            case tap.Connected():
                self._owners[event.port, event.local_port] = [(0, event.connection)]
            case tap.TunnelStarted() | tap.TunnelEstablished():
                self._opening = self._ports_of(event.connection)
                if isinstance(event, tap.TunnelEstablished):
                    self._give(self._opening, event)
            case tap.Event():
                # The talk with a proxy has streams of its own, and begins right after TunnelStarted.
                self._give(self._opening, event)

    def _give(self, ports: tuple[int, int] | None, event: tap.Event) -> None:
        if ports is not None:
            self._owners[ports].append((event.time_ns, event.connection))
        self._opening = None

    def _ports_of(self, connection: int) -> tuple[int, int] | None:
        return next((ports for ports, owners in self._owners.items() if owners[0][1] == connection), None)

    def _forget(self, ports: tuple[int, int]) -> None:
        for number in [number for number, peer in self._peers.items() if peer.ports == ports]:
            del self._peers[number]


_TELLING = frozenset({ScriptStarted, tap.Connected, tap.TunnelStarted, tap.TunnelEstablished})


def _at(owners: list[tuple[int, int]], time_ns: int) -> int:
    """Say whose connection it was at a time."""
    return next((number for since_ns, number in reversed(owners) if since_ns <= time_ns), owners[0][1])
