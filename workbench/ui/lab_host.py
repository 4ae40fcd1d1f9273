"""The lab as the screen uses it: its server, its scenarios, and its log. One for each session.

The server starts when it is first needed. Every method may be called from any thread; those that
may have to start the server, or to make certificates, say that they can take a second.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbench.lab import LabEvent, LabServer, Scenario, ScenarioError, find_scenario, load_scenarios
from workbench.ui.opening import Source, open_scenario

MOST_LOGGED = 200
"""Events of the log that are shown for one scenario."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The scenarios there are."""

    scenarios: dict[str, Scenario]
    """By name, in teaching order."""

    error: str = ""
    """What is wrong with a file of the user's own, with its line; then only the built-in ones are there."""


@dataclass(frozen=True, slots=True)
class Listening:
    """A scenario that the server listens for."""

    origin: str
    """Such as `http://127.0.0.1:41873`."""

    cafile: str | None
    """The authority that a client has to trust; None without TLS."""

    log: tuple[LabEvent, ...]
    """What the server did and saw in it, the oldest first, at most `MOST_LOGGED` events."""


class LabHost:
    """Starts the lab when it is needed, and knows what it serves.

    Args:
        directory: Scenario files of the user's own, beside the built-in ones.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._server: LabServer | None = None
        self._subscribers: list[Callable[[LabEvent], object]] = []
        self._opened: dict[str, str] = {}

    def subscribe(self, subscriber: Callable[[LabEvent], object]) -> None:
        """Call `subscriber` with each event of the log, in the server's thread. Before the server starts."""
        self._subscribers.append(subscriber)

    def catalogue(self) -> Catalogue:
        """Read the scenarios, as their files are now."""
        try:
            return Catalogue(load_scenarios(self._directory))
        except ScenarioError as error:
            if self._directory is None:
                raise  # A mistake of ours.
            return Catalogue(load_scenarios(), str(error))

    def load(self, name: str) -> Source:
        """Have the server listen for a scenario, and make its script. It may take a second.

        Raises:
            UnknownScenario: There is none of this name.
            ScenarioError: A file is wrong.
            OSError: The server cannot listen.
        """
        scenario = find_scenario(name, self._directory)
        with self._lock:
            source = open_scenario(scenario, self._running())
            self._opened[name] = source.origin
        return source

    def listening(self, scenario: Scenario) -> Listening | None:
        """Say where a scenario can be reached, and what has come of it; None while nothing listens."""
        origin, server = self._opened.get(scenario.name), self._server
        if origin is None or server is None:
            return None
        log = [event for event in server.log.snapshot() if event.scenario == scenario.name]
        return Listening(origin, server.cafile if scenario.tls else None, tuple(log[-MOST_LOGGED:]))

    def stop(self) -> None:
        """End the server and every connection to it. It may take a second."""
        with self._lock:
            if self._server is not None:
                self._server.stop()

    def _running(self) -> LabServer:
        if self._server is None:
            server = LabServer()
            for subscriber in self._subscribers:
                server.subscribe(subscriber)
            server.start()
            self._server = server
        return self._server
