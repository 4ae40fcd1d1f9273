"""Writing a recording that was made in memory."""

from pathlib import Path

from workbench.session.recording import Recording
from workbench.session.storage.format import Header
from workbench.session.storage.writer import RecordingWriter


def save_recording(recording: Recording, path: Path, name: str) -> None:
    """Write a whole recording to a new file.

    Args:
        recording: What was recorded.
        path: There must be no such file.
        name: What was recorded, for people.

    Raises:
        OSError: It cannot be written, or is there already (`FileExistsError`).
    """
    copy_recording(recording, RecordingWriter(path, Header.now(name)))


def copy_recording(recording: Recording, writer: RecordingWriter) -> None:
    """Write a whole recording to a file that was begun, and end it there. A part of it is not left behind.

    Raises:
        OSError: It cannot be written.
    """
    try:
        for entry in recording.entries:
            writer.write(entry.event, entry.line)
    except BaseException:
        writer.take_away()
        raise
    writer.close()
