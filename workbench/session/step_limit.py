"""How long one step of a run may take in all, for runs that nobody watches."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from workbench.protocol import HTTPConnection

STEP_FACTOR = 20
"""How many times the timeout one step may take in all. A peer that sends a byte now and then is
never silent, and would hold the program forever."""


class StepLimit:
    """Interrupts the connections of a run when a step takes too long.

    Args:
        timeout_seconds: How long a peer may be silent.

    Attributes:
        seconds: How long a step may take.
    """

    def __init__(self, timeout_seconds: float) -> None:
        self.seconds = timeout_seconds * STEP_FACTOR
        self._connections: list[HTTPConnection] = []
        self._expired = threading.Event()

    def watch(self, connection: HTTPConnection) -> None:
        """Note a connection of the run."""
        self._connections.append(connection)

    @property
    def expired(self) -> bool:
        """Whether a step was interrupted."""
        return self._expired.is_set()

    @property
    def advice(self) -> str:
        """What to say of a step that was."""
        return f"The step took more than {self.seconds:g} s in all. Allow more with --timeout SECONDS"

    @contextmanager
    def step(self) -> Iterator[None]:
        """Bound what is done inside."""
        timer = threading.Timer(self.seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _expire(self) -> None:
        self._expired.set()
        for connection in self._connections:
            connection.interrupt()
