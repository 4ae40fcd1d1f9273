"""A view: everything that the screen shows at one moment, as one value."""

from dataclasses import dataclass, field

from workbench.session.moment import Moment
from workbench.session.preview import Preview
from workbench.session.recording import Recording
from workbench.session.script_error import ScriptError
from workbench.session.status import StepperStatus


@dataclass(frozen=True)
class View:
    """What is shown. Two views are equal when they look the same, so that nothing is drawn twice."""

    name: str
    """What is loaded, such as `lab: hello`."""

    origin: str
    """Where it goes, such as `http://127.0.0.1:8000`; empty when the script alone knows."""

    source: str
    """The text of the script."""

    recording: Recording = field(compare=False)
    last_index: int
    """The entry after which it is; -1 before the first."""

    status: StepperStatus
    breakpoints: frozenset[int] = frozenset()
    preview: Preview | None = None
    script_error: ScriptError | None = None
    """Why the script cannot be run."""

    @property
    def moment(self) -> Moment:
        """The recording as of this view."""
        return self.recording.at(self.last_index)

    @property
    def arrow(self) -> int:
        """The line that the arrow stands on; 0 for none."""
        return 0 if self.status.ended else self.status.line

    @property
    def failed(self) -> bool:
        """Whether the line that ended last raised."""
        return self.moment.failure is not None


NOTHING = View(
    name="", origin="", source="", recording=Recording(), last_index=-1, status=StepperStatus("ready", 0)
)
"""Before anything is loaded."""
