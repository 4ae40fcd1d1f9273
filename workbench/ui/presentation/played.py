"""Which scenarios were played in a session, and whether they kept their promises: read from its recording."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.lab import Scenario
from workbench.session.events import ScriptFinished
from workbench.session.recording import Recording
from workbench.ui.presentation.promise_check import Claim, check_promise, plays_scenario

NAME_PREFIX = "lab: "
"""What the name of a run begins with whose script is a scenario's."""


@dataclass(frozen=True, slots=True)
class Played:
    """The last run of a scenario's script that came to an end."""

    claims: tuple[Claim, ...]

    @property
    def kept(self) -> bool:
        """Whether all that was promised came true."""
        return all(claim.kept for claim in self.claims)


class PlayedScenarios:
    """Looks at each run once, when it has ended."""

    def __init__(self) -> None:
        self.results: dict[str, Played] = {}
        """By the name of the scenario."""

        self._recording: Recording | None = None
        self._next = 0

    def read(self, recording: Recording, scenarios: Mapping[str, Scenario]) -> None:
        """Look at what was recorded since the last look."""
        if recording is not self._recording:
            self._recording, self._next = recording, 0
        end = len(recording.entries)
        for index in recording.script_entries(self._next, end):
            if recording.entries.kind(index) is ScriptFinished:
                self._judge(recording, index, scenarios)
        self._next = end

    def _judge(self, recording: Recording, index: int, scenarios: Mapping[str, Scenario]) -> None:
        run = recording.run_at(index)
        scenario = scenarios.get(run.name.removeprefix(NAME_PREFIX)) if run is not None else None
        if run is None or scenario is None or not plays_scenario(run, scenario):
            return
        claims = check_promise(scenario, recording, run)
        if claims:
            self.results[scenario.name] = Played(tuple(claims))

    @property
    def tally(self) -> str:
        """Say how many were played, and how many of these kept their promise."""
        if not self.results:
            return "none played yet"
        kept = sum(one.kept for one in self.results.values())
        return f"{len(self.results)} played, {kept} as promised"
