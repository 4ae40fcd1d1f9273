"""The lab as the screen uses it: its server, its scenarios, and its log. One for each session.

The server starts when it is first needed. Every method may be called from any thread; those that
may have to start the server, or to make certificates, say that they can take a second.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.lab import LabEvent, LabServer, Scenario, ScenarioError, find_scenario, load_scenarios
from workbench.session.status import CommandRefused
from workbench.ui.held_server import HeldServer
from workbench.ui.opening import Source, open_scenario

MOST_FAULTS = 3
"""Wrong files of the user's own that are told at once. Further ones are counted: the list needs the screen."""

MOST_LOGGED = 200
"""Events of the log that are shown for one scenario."""


class NotHeld(CommandRefused):
    """The server plays by itself, so no key has it go on."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The scenarios there are."""

    scenarios: dict[str, Scenario]
    """By name, in teaching order."""

    error: str = ""
    """What is wrong with the user's own files: a line for each, with its line. The others are there."""


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
        self._subscribers: list[Callable[[LabEvent], object]] = [self._note]
        self._opened: dict[str, str] = {}
        self.known: dict[str, Scenario] = {}
        """Those that the session has loaded, by name, as their files were then."""

        self._loaded: Scenario | None = None
        self._by_hand = False
        self._waiting: dict[int, LabEvent] = {}
        """Of each connection of the lab that waits for a key, what it said last."""
        self.changed: Callable[[], object] = lambda: None
        """Called when there is something else to show, in any thread."""

    def subscribe(self, subscriber: Callable[[LabEvent], object]) -> None:
        """Call `subscriber` with each event of the log, in the server's thread. Before the server starts."""
        self._subscribers.append(subscriber)

    def catalogue(self) -> Catalogue:
        """Read the scenarios, as their files are now."""
        faults: list[ScenarioError] = []
        try:
            scenarios = load_scenarios(self._directory, faults)
            return Catalogue(scenarios, _few(faults))
        except ScenarioError as error:
            if self._directory is None:
                raise  # A mistake of ours.
            return Catalogue(load_scenarios(), str(error))

    def open(self, name: str) -> Source:
        """Have the server listen for a scenario, and make its script. It may take a second.

        Raises:
            UnknownScenario: There is none of this name.
            ScenarioError: Its file is wrong.
            OSError: The server cannot listen.
        """
        return self._open(find_scenario(name, self._directory))

    def load(self, name: str, *, by_hand: bool = True) -> Source:
        """Open a scenario, as `open` does, for the script of the session.

        Args:
            name: Which one.
            by_hand: Leave it as it is where it is played by hand already. Any other is played by itself.
        """
        scenario = find_scenario(name, self._directory)
        if not by_hand or self._loaded is None or self._loaded.name != name:
            self.leave()
        source = self._open(scenario)
        self._loaded = self.known[name] = scenario
        return source

    def leave(self) -> None:
        """Note that the script of the session is no scenario's any more."""
        if self._by_hand:
            self.release()
        self._loaded = None

    def _open(self, scenario: Scenario) -> Source:
        with self._lock:
            source = open_scenario(scenario, self._running())
            self._opened[scenario.name] = source.origin
        return source

    def listening(self, scenario: Scenario) -> Listening | None:
        """Say where a scenario can be reached, and what has come of it; None while nothing listens."""
        origin, server = self._opened.get(scenario.name), self._server
        if origin is None or server is None:
            return None
        log = [event for event in server.log.snapshot() if event.scenario == scenario.name]
        return Listening(origin, server.cafile if scenario.tls else None, tuple(log[-MOST_LOGGED:]))

    # --- playing by hand ----------------------------------------------------------------

    @property
    def held(self) -> HeldServer | None:
        """What the server waits for, where it waits for a key; None where it plays by itself."""
        loaded = self._loaded
        waiting = [
            event for event in list(self._waiting.values()) if loaded and event.scenario == loaded.name
        ]
        if not self._by_hand and not waiting:
            return None
        if not waiting:
            return HeldServer(by_hand=True)
        # Several connections may wait; a permit is for the one that has waited longest.
        event = waiting[0]
        return HeldServer(self._by_hand, True, event.note.removeprefix("next: "), event.left, len(waiting))

    def hold(self) -> None:
        """Play the scenario of the session by hand from now on.

        Raises:
            CommandRefused: The session has none.
        """
        server, scenario = self._playing()
        self._by_hand = True
        server.hold(scenario)
        self.changed()

    def release(self) -> None:
        """Have the server play by itself again."""
        server, scenario = self._playing()
        self._by_hand = False
        server.release(scenario)
        self.changed()

    def play_step(self) -> None:
        """Let the server play one step, or go on after a pause.

        Raises:
            NotHeld: It plays by itself.
            CommandRefused: It does not wait for a key.
        """
        server, scenario = self._waiting_for_key()
        if self._by_hand:
            server.allow_step(scenario)
        else:
            server.resume(scenario)

    def play_bytes(self, count: int) -> None:
        """Let the server send so many bytes.

        Raises:
            NotHeld: It plays by itself.
            CommandRefused: It does not wait for a key.
        """
        server, scenario = self._waiting_for_key()
        if self._by_hand:
            server.allow_bytes(scenario, count)
        else:
            server.resume(scenario)

    def _playing(self) -> tuple[LabServer, Scenario]:
        if self._server is None or self._loaded is None:
            raise CommandRefused("This script is no scenario of the lab, whose server could be held")
        return self._server, self._loaded

    def _waiting_for_key(self) -> tuple[LabServer, Scenario]:
        server, scenario = self._playing()
        held = self.held
        if held is None:
            raise NotHeld("The server plays by itself")
        if not held.waits:
            raise CommandRefused("The server has nothing to send now: it is the client's turn")
        return server, scenario

    def _note(self, event: LabEvent) -> None:
        """Keep what waits for a key. Called in the server's thread."""
        # The dictionary is in the order in which they began to wait: who waits anew stands at its end.
        self._waiting.pop(event.connection, None)
        if event.kind in ("held", "paused"):
            self._waiting[event.connection] = event
        self.changed()

    # --- the server ---------------------------------------------------------------------

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


def _few(faults: Sequence[ScenarioError]) -> str:
    """Say what is wrong with some files, and how many others are wrong too."""
    lines = [str(fault) for fault in faults[:MOST_FAULTS]]
    if len(faults) > MOST_FAULTS:
        lines.append(f"wrong files not shown: {len(faults) - MOST_FAULTS}")
    return "\n".join(lines)
