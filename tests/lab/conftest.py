"""What the lab's tests share: a lab that does not wait, and a client that speaks bytes."""

import queue
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.lab import LabEvent, LabServer, Scenario, load_scenario

TIMEOUT_SECONDS = 10.0
"""Longest wait of a test for something that should come at once."""

FILE = """
name = "made-up"
group = "Tests"
title = "A scenario of a test"
teaches = "Nothing. Nothing at all."
section = "RFC 9112"
script = '''
conn = HTTPConnection("{host}", {port})
'''

[promise]
status = 200
"""
"""A scenario file without steps."""


class EventQueue:
    """Waits for events of a lab without polling."""

    def __init__(self, lab: LabServer) -> None:
        self._queue: queue.Queue[LabEvent] = queue.Queue()
        lab.subscribe(self._queue.put)

    def wait_for_any(self) -> LabEvent:
        """Take the next event."""
        return self._queue.get(timeout=TIMEOUT_SECONDS)

    def wait_for(self, kind: str, note: str = "") -> LabEvent:
        """Take events until one is of this kind and has `note` in its note."""
        while True:
            event = self.wait_for_any()
            if event.kind == kind and note in event.note:
                return event


@pytest.fixture
def lab() -> Iterator[LabServer]:
    """A lab that leaves waits out. Whatever a test did to it, no mistake of its own is in its log."""
    with LabServer(pace=0) as server:
        yield server

    assert [event for event in server.log if "mistake" in event.note] == []


@pytest.fixture
def events(lab: LabServer) -> EventQueue:
    return EventQueue(lab)


@pytest.fixture
def make_scenario(tmp_path: Path) -> Callable[[str], Scenario]:
    """Make a scenario of the steps that a test writes in TOML."""

    def make(steps: str, top: str = "") -> Scenario:
        file = tmp_path / "made-up.toml"
        file.write_text(top + FILE + steps)
        return load_scenario(file)

    return make


@pytest.fixture
def connect(lab: LabServer) -> Iterator[Callable[[Scenario], socket.socket]]:
    """Connect plain sockets to scenarios; they are closed after the test."""
    sockets = []

    def open_socket(scenario: Scenario) -> socket.socket:
        sock = socket.create_connection(lab.open(scenario), timeout=TIMEOUT_SECONDS)
        sockets.append(sock)
        return sock

    yield open_socket
    for sock in sockets:
        sock.close()
