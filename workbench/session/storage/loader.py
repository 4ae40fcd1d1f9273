"""Opening a recording: its events go into a `Recording` one after the other, as they once did.

Where the indexes of a long one were laid by (`index_file`), they are taken instead, and nothing is read but what is
looked at. Otherwise a recording that is being opened is one that grows, and can be looked at meanwhile. It is opened up to the last
good line: a line that was cut when its writer died, one that somebody has changed, or one of a newer version.
"""

from pathlib import Path
from typing import Any

from workbench.protocol import tap
from workbench.protocol.wire.span import Span, StreamName
from workbench.protocol.wire.state import State
from workbench.session.recording import Recording
from workbench.session.storage.damage import Damage
from workbench.session.storage.files import RecordingFiles
from workbench.session.storage.format import EventDecoder
from workbench.session.storage.index_file import SMALLEST, load_index, save_index, stamp_of
from workbench.session.storage.log import OpenedLog
from workbench.session.storage.values import Spilled, spilled_of


class RecordingLoader:
    """Opens a recording, step by step.

    Args:
        path: Of the file of lines.

    Raises:
        OSError: It cannot be read.
        NotARecordingError: It is none.
    """

    def __init__(self, path: Path) -> None:
        self._files = RecordingFiles(path)
        self._log = OpenedLog(self._files)
        self._decoder = EventDecoder(self._files.header)
        self._offset = self._files.header_length
        self._bodies_size = self._files.bodies_size
        self._line = 2
        self._lengths: dict[tuple[int, StreamName], int] = {}
        """Of the streams of each connection, in bytes, all events included that were checked."""
        self.header = self._files.header
        self.recording = Recording(self._log)
        self.size = self._files.size
        """Of the file of lines, in bytes, when it was opened. What is written to it later is not looked at."""
        self._stamp = stamp_of(self._files)
        self.done = False
        self.damage: Damage | None = None
        indexed = load_index(self._files) if self.size >= SMALLEST else None
        if indexed is not None:
            self.recording, self.damage = indexed
            self.done = True

    @property
    def progress(self) -> float:
        """How much of it is in, from 0 to 1."""
        return 1.0 if self.done else self._offset / self.size

    def load(self) -> Recording:
        """Load all of it."""
        while not self.step():
            pass
        return self.recording

    def step(self) -> bool:
        """Load some more.

        Returns:
            Whether all of it is in, or as much as is good.
        """
        if not self.done:
            self.done = not self._step()
            if self.done:
                save_index(self.recording, self._files, self._stamp, self.damage)
        return self.done

    def _step(self) -> bool:
        lines = self._files.lines(self._offset, self.size)
        for line in lines:
            try:
                self._take(line)
            except ValueError as error:
                self._stop(str(error))
                return False
        if not lines and self._offset < self.size:
            self._stop("expected a line end", cut=True)
        return bool(lines)

    def _take(self, line: bytes) -> None:
        events, number = self._decoder.decode(line)
        for event in events:
            self._check(event)
        self._log.expect(self._offset)
        for event in events[:-1]:
            self.recording.append(event, number)
        self._offset += len(line) + 1
        self._log.expect(self._offset)
        self.recording.append(events[-1], number)
        self._line += 1

    def _stop(self, reason: str, *, cut: bool = False) -> None:
        if self.header.newer:
            reason += (
                f" (written by version {self.header.program}, whose format {self.header.version} is newer)"
            )
        self.damage = Damage(self._line, self._offset, self.size - self._offset, reason, cut)

    # --- what a reader relies on ----------------------------------------------------------

    def _check(self, event: Any) -> None:
        """Refuse an event that contradicts what came before it.

        Raises:
            ValueError: It does.
        """
        for spilled in spilled_of(event):
            self._check_body(spilled)
        if isinstance(event, tap.StateChanged):
            _check_states(event)
        span = getattr(event, "span", None)
        # What a server reports may not have come yet.
        if span is not None and isinstance(event, tap.Event):
            self._check_span(event, span, getattr(event, "data", None))

    def _check_body(self, spilled: Spilled) -> None:
        end = spilled.offset + spilled.length
        if end > self._bodies_size:
            self._bodies_size = self._files.bodies_size
        if end > self._bodies_size:
            raise ValueError(
                f"expected {end} bytes in {self._files.bodies_name}, which has {self._bodies_size}"
                if self._bodies_size
                else f"expected the file {self._files.bodies_name} beside it, which holds the large bodies"
            )

    def _check_span(self, event: Any, span: Span, data: bytes | Spilled | None) -> None:
        stream = event.connection, span.stream
        length = self._lengths.get(stream, 0)
        if data is not None:
            if span.start != length or span.end - span.start != len(data):
                raise ValueError(f"expected the bytes from {length} on, found {span}")
            self._lengths[stream] = span.end
        elif span.end > length and not _is_about_what_comes(event, span):
            raise ValueError(f"expected a range within {length} bytes, found {span}")
        position = None
        for _, start, end in getattr(event, "leaves", ()):
            if position not in (None, start) or not span.start <= start <= end <= span.end:
                raise ValueError(f"expected leaves side by side, found {event.leaves!r:.200}")
            position = end


def _check_states(event: tap.StateChanged) -> None:
    for name in (event.before, event.after):
        if name not in State.__members__:
            raise ValueError(f"expected the state of a connection, found {name!r:.80}")


def _is_about_what_comes(event: Any, span: Span) -> bool:
    """Whether the bytes of a span may not be queued yet: a fault is found before, and may be why they never are."""
    return isinstance(event, tap.DiagnosticFound) and span.stream == "sent"
