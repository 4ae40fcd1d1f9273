"""A block of a program whose exchanges are recorded."""

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from workbench.export import Subject, find_exporter
from workbench.library.asked import Asked
from workbench.protocol import tapped
from workbench.session.events import ScriptFinished
from workbench.session.plan import asked_exchanges
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.retelling import transcript_lines
from workbench.session.storage.saving import save_recording


class ProgramRecording(Recording):
    """A recording with what a program needs of it.

    Beside what is here it has everything that the screen is drawn from: `entries`, `at()`, `connections`.

    Args:
        name: What is recorded, for people.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.name = name

    @property
    def asked(self) -> list[Asked]:
        """The exchanges in the order in which they began, as far as they have come."""
        return [Asked(self, record) for record in asked_exchanges(self)]

    def export(
        self, form: str, *, secrets: bool = False, redact: Collection[str] = (), exchanges: Sequence[int] = ()
    ) -> bytes:
        """Give the recording in the form of another program.

        Args:
            form: `har`, `json`, `curl`, `script`, `python`, `pytest`, `pcapng`, `trace`, `text`, `markdown`,
                `raw-sent` or `raw-received`.
            secrets: Whether credentials are left in. They are written over with asterisks otherwise.
            redact: Names of fields, parameters and JSON members that are secret beside the usual ones.
            exchanges: Which exchanges, from 1 on; all of them where there are none.

        Raises:
            LookupError: There is no such form.
            CannotExport: There is nothing that could stand in this form.
        """
        exporter = find_exporter(form)
        subject = Subject.of(self, secrets=secrets, listed=redact, numbers=exchanges)
        return b"".join(exporter.export(subject))

    def save(self, path: str | Path) -> None:
        """Write it to a new file, which `workbench FILE` opens. It holds everything, credentials included.

        Args:
            path: There must be no such file.

        Raises:
            FileExistsError: There is one.
            OSError: It cannot be written.
        """
        save_recording(self, Path(path), self.name)

    def transcript(self) -> str:
        """Tell it as text: each call, and what it did. No control character of a peer is in it."""
        return "\n".join(transcript_lines(self))


@contextmanager
def record(name: str = "") -> Iterator[ProgramRecording]:
    """Record every exchange that is made inside the block, in any thread.

    That is, on connections of `workbench.protocol` that are made inside the block, and on those of programs that
    use `workbench.protocol.dropin` in place of `http.client`. A connection that outlives the block is recorded on.

    Args:
        name: What is recorded, for people.

    Yields:
        The recording, which can be looked at inside the block and after it.

    Example:
        >>> from workbench import record
        >>> from workbench.protocol import HTTPConnection
        >>> with record() as recording:
        ...     connection = HTTPConnection("localhost", 8000)
        ...     connection.request("GET", "/")
        ...     text = connection.getresponse().read()
        ...     connection.close()
        >>> recording.asked[0].status
        200
        >>> recording.asked[0].fields.get("content-length")
        '13'
    """
    recording = ProgramRecording(name)
    recorder = Recorder(recording)
    pen = recorder.start_run(name, "")
    outcome = "failed"
    try:
        with tapped(recorder):
            yield recording
        outcome = "finished"
    finally:
        pen.write(ScriptFinished(time.perf_counter_ns(), outcome))
