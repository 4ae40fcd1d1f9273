"""A recording from a file in the place of a session: everything can be looked at, and nothing runs."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Literal

from workbench.lab import UnknownScenario, find_scenario
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.status import StepperStatus
from workbench.session.storage.damage import Damage
from workbench.session.storage.directory import delete_recording
from workbench.session.storage.format import NotARecordingError
from workbench.session.storage.index_file import save_index, stamp_of
from workbench.session.storage.loader import RecordingLoader
from workbench.session.storage.log import LiveLog
from workbench.ui.opening import LAB_PREFIX, CannotOpen

_ENDINGS: dict[str | None, Literal["finished", "failed", "aborted"]] = {
    "finished": "finished",
    "failed": "failed",
}


def end_recording(recorder: Recorder) -> None:
    """Write nothing any more; a session in which nothing happened leaves no file."""
    log = recorder.recording.entries
    writer = log.writer if isinstance(log, LiveLog) else None
    recorder.close()
    if writer is None:
        return
    if not _worth_keeping(recorder.recording):
        with suppress(OSError):
            delete_recording(writer.path)
    elif isinstance(log, LiveLog) and (files := log.written) is not None:
        save_index(recorder.recording, files, stamp_of(files))


def _worth_keeping(recording: Recording) -> bool:
    return bool(recording.connections) or any(len(run.sources) > 1 or run.printed for run in recording.runs)


class RecordedSession:
    """A recording that is being read, or was.

    Args:
        path: Of the file.

    Raises:
        CannotOpen: It is no recording, or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._loader = RecordingLoader(path)
        except NotARecordingError as error:
            raise CannotOpen(f"{path}: {error}") from error
        except OSError as error:
            raise CannotOpen(f"Cannot read the recording {path}: {error.strerror}") from error
        self.path = path
        self._status: tuple[int, StepperStatus] | None = None

    @property
    def recording(self) -> Recording:
        """What was read so far."""
        return self._loader.recording

    @property
    def name(self) -> str:
        """What ran last, such as `lab: hello`, else what was recorded; else what the file is called."""
        recording = self.recording
        run = recording.run_at(len(recording.entries) - 1)
        return (run.name if run else "") or self._loader.header.name or self.path.stem

    @property
    def words(self) -> str:
        """When it was recorded, and how much of it is there."""
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(self._loader.header.unix_time_ns // 10**9))
        if not self._loader.done:
            return f"recorded {when}, {self._loader.progress:.0%} read"
        return f"recorded {when}" + (", damaged" if self._loader.damage else "")

    @property
    def damage(self) -> Damage | None:
        """What of it could not be read."""
        return self._loader.damage

    @property
    def scenario(self) -> str | None:
        """The scenario of the lab that was run, if this lab has it."""
        name = self.name.removeprefix(LAB_PREFIX)
        if name == self.name:
            return None
        try:
            return find_scenario(name).name
        except UnknownScenario:
            return None

    @property
    def source(self) -> str:
        """The script of the last run, calls from the call line included."""
        return self.recording.at().script_source

    @property
    def status(self) -> StepperStatus:
        """How the last run ended."""
        moment = self.recording.at()
        if self._status is None or self._status[0] != moment.index:
            outcome = moment.last_outcome
            mode = _ENDINGS.get(moment.ending, "aborted")
            line = outcome.line if outcome and mode != "finished" else 0
            reason = "recorded" if moment.ending else "the recording ends here"
            self._status = (
                moment.index,
                StepperStatus(mode, line, False, moment.index, moment.failure, reason),
            )
        return self._status[1]

    def read_on(self) -> bool:
        """Read some more, and say whether all of it was read."""
        return self._loader.step()
