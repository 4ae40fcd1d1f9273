"""What a stepper says about itself, and why it refuses a command."""

from dataclasses import dataclass
from typing import Literal

from workbench.protocol.tap import ErrorFact

Mode = Literal["ready", "running", "paused", "finished", "failed", "aborted"]


@dataclass(frozen=True, slots=True)
class StepperStatus:
    """Where the run stands. A value: it never changes, another one takes its place."""

    mode: Mode
    """`ready`: nothing but imports was executed. `paused`: before a statement, or inside a call.
    `running`: a command is being carried out. `finished`, `failed`, `aborted`: the run ended;
    calls from the call line go on."""

    line: int
    """`ready` and `paused`: the line that is next, or that is being executed. `running`: the line
    being executed. `failed` and `aborted`: the line that it ended in. 0 where there is none."""

    inside_call: bool = False
    """Whether it is paused inside a call, at an event, with the I/O thread held."""

    entry_index: int = -1
    """The index of the last entry of the recording at that moment."""

    error: ErrorFact | None = None
    """The exception that the line just executed raised, also when it came from the call line."""

    reason: str = ""
    """Why it paused or ended: `step`, `line 4`, `breakpoint on line 4`, `breakpoint on
    event FramingDecided`, `end of the script`, ...; while it runs, what it is waiting for on the
    user's behalf: `aborting`."""

    @property
    def idle(self) -> bool:
        """Whether the worker waits for a command."""
        return self.mode != "running"

    @property
    def ended(self) -> bool:
        """Whether the run ended."""
        return self.mode in ("finished", "failed", "aborted")


class CommandRefused(Exception):  # noqa: N818 - it is an answer to a command, not a fault
    """A command makes no sense now. The message says why, in words for the user."""
