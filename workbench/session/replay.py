"""The transcript of a recording: what `workbench run` printed, or would have, from the file alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TextIO

from workbench.endings import ExitCode
from workbench.session.headless import Lines, complain
from workbench.session.retelling import retell
from workbench.session.storage.format import NotARecordingError
from workbench.session.storage.loader import RecordingLoader


class RecordingRefusedError(Exception):
    """The file cannot be read. The message names it."""


def print_recording(
    path: Path,
    *,
    out: TextIO,
    err: TextIO,
    reading: Callable[[RecordingLoader], AbstractContextManager[object]] = nullcontext,
) -> ExitCode:
    """Print what happened in a recording, a run after the other.

    Args:
        path: Of the file.
        out: Takes the transcript.
        err: Takes what is to be said about damage.
        reading: Gives what is entered while the file is read, to tell how far that is.

    Returns:
        How the last run ended: 0, or 1 when a call of it raised.

    Raises:
        RecordingRefusedError: It is no recording, or cannot be read.
        OSError: The transcript cannot be written; `BrokenPipeError` where nobody reads it.
    """
    try:
        loader = RecordingLoader(path)
        with reading(loader):
            recording = loader.load()
    except (OSError, NotARecordingError) as error:
        raise RecordingRefusedError(f"{path}: {error}") from error
    lines = Lines(out)
    retell(recording, lines.write, lambda: lines.failure is not None)
    if loader.damage is not None:
        complain(err, "workbench run", f"{path}: {loader.damage}")
    if lines.failure is not None:
        raise lines.failure
    return ExitCode.RAISED if recording.at().failure else ExitCode.SUCCEEDED
