"""The recorder: the tap that writes a recording."""

import threading
import time
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from workbench.protocol.notes import Note, NotingTap, each, make_event
from workbench.protocol.tap import Event
from workbench.session.entries import OfLine, Told
from workbench.session.events import RecordedEvent, ScriptFinished, ScriptStarted
from workbench.session.listeners import Listener, Listeners
from workbench.session.recording import Recording


class Recorder(NotingTap):
    """Appends events to a recording, from any thread.

    It gives the connections the numbers of the recording (from 1 on, by first appearance). It is
    a tap itself, for programs, one that takes notes; the runs of a script write with a `Pen` each.

    Nothing is made of an event until somebody reads the recording, or subscribes: until then it waits in memory, or,
    where it has to be in a file at once, there. So recording costs an exchange no more than it must.

    Its lock is a leaf: nothing is called with it held that could wait for anything.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        # Reentrant, because appending allocates, allocating may collect garbage, and a connection
        # that is collected closes itself, which is an event. Such an event waits, too.
        self._lock = threading.RLock()
        self._appending = False
        self._waiting: list[Told] = []
        """What is not appended yet. One is put here in a single step, so that needs no lock. So are they taken away,
        and only when they are where they belong: nothing is lost when ctrl+c, or whatever else a signal raises, comes
        in between."""

        self.note = self._waiting.append

        self._numbers: dict[int, int] = {}
        """The numbers of the connections in the recording, by those that they have in the process."""

        self._listeners = Listeners()
        self._pen: Pen | None = None
        self._runs = 0
        self._to_file = not recording.log.can_wait
        """What waits has to be in a file soon, and nobody wants to hear of it."""
        self._listened = False
        """Somebody wants to hear of each event."""
        self._log = recording.log
        recording.follow(self._show_reader)

    def __call__(self, event: RecordedEvent, /) -> None:
        """Record an event that no line of a script made. This is what makes it a tap."""
        self._waiting.append(event)
        self.take()

    def take(self) -> None:
        """Put what waits into the file, or have those hear of it who want to."""
        if self._to_file:
            self._put_waiting()
        elif self._listened:
            self._catch_up()
            self._listeners.tell()

    def start_run(self, name: str, source: str) -> "Pen":
        """Begin a run of a script and return the pen that writes it.

        The pen of the run before is retired: what its thread still has to say is ignored.
        """
        pen = Pen(self)
        with self._lock:
            self._pen = pen
            self._runs += 1
            started = ScriptStarted(time.perf_counter_ns(), self._runs, name, source, time.time_ns())
            self._waiting.append(started)
        self.take()
        return pen

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have a listener called after each append. Call what is returned to end that."""
        self._listened, self._to_file = True, False
        self._catch_up()
        return self._listeners.subscribe(listener)

    def close(self) -> None:
        """Write nothing any more to the file of the recording, where it has one."""
        with self._lock:
            self._catch_up()
            self.recording.log.close()
            self._to_file = False

    def write(self, pen: "Pen", events: tuple[RecordedEvent, ...], *, retire: bool = False) -> bool:
        """Record events of a run, unless its pen is retired; `Pen` calls this.

        Args:
            pen: The pen of the run.
            events: What to record, with nothing in between.
            retire: Record nothing from this pen after these.

        Returns:
            Whether they were recorded.
        """
        with self._lock:
            if pen is not self._pen:
                return False
            kept = []
            for event in events:
                if isinstance(event, ScriptFinished):
                    # The worker and the user's thread may both see the end of the same run.
                    if pen.finished:
                        continue
                    pen.finished = True
                kept.append(OfLine(event, pen.line))
            self._waiting.extend(kept)
            if retire:
                self._pen = None
        self.take()
        return True

    def _show_reader(self) -> None:
        # Where somebody listens, whoever tells of an event appends it. A reader would wait for him each time, and seldom
        # have the luck to find him between two events.
        if not self._listened:
            self._catch_up()

    def _put_waiting(self) -> None:
        """Put what waits into the file, and make nothing of it."""
        waiting = self._waiting
        with self._lock:
            if self._appending:
                return
            self._appending = True
            try:
                while waiting:
                    count = len(waiting)
                    if self._log.put(waiting[:], self._number):
                        # Ctrl+c comes in when a call has ended: none does between the file's and this.
                        del waiting[:count]
                    else:
                        # The file does not take it: it goes behind all that is in it.
                        self.recording.take_in()
                        self._append_waiting()
            finally:
                self._appending = False

    def _catch_up(self) -> None:
        """Append what happened since somebody read: what is in the file, then what waits."""
        with self._lock:
            if self._appending:
                return
            self._appending = True
            try:
                self.recording.take_in()
                self._append_waiting()
            finally:
                self._appending = False

    def _append_waiting(self) -> None:
        """Append what waits, also what begins to wait meanwhile."""
        waiting, done = self._waiting, 0
        try:
            while done < len(waiting):
                told = waiting[done]
                done += 1
                self._append(told)
        finally:
            del waiting[:done]

    def _append(self, told: Any) -> None:
        line = 0
        if told.__class__ is OfLine:
            told, line = told
        if isinstance(told, tuple):
            for note in each(self._numbered(told)):
                self.recording.append(make_event(note), line)
        else:
            self.recording.append(self._numbered_event(told), line)

    def _numbered_event(self, event: RecordedEvent) -> RecordedEvent:
        """Give an event with the number of the recording. Others may listen too, so the event itself stays as it is."""
        if not isinstance(event, Event):
            return event
        # Looked up once: who looks at the event in another thread has its fields made, and the note is gone.
        if (note := event.note) is not None:
            return make_event(self._numbered(note), event.seq)
        connection = self._number(event.connection)
        if event.connection == connection:
            return event
        seq, time_ns, _, *rest = _VALUES[type(event)](event)
        return type(event)(seq, time_ns, connection, *rest)

    def _numbered(self, note: Note) -> Note:
        kind, time_ns, connection, *rest = note
        return kind, time_ns, self._number(connection), *rest

    def _number(self, connection: int) -> int:
        return self._numbers.get(connection) or self._numbers.setdefault(connection, len(self._numbers) + 1)


class Pen:
    """What one run of a script writes its events with.

    A run that was given up may have a thread that is still stuck in the operating system. Its pen
    is retired, so that nothing it says later gets into the recording.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.line = 0
        """The line being executed, which every entry is stamped with; 0 for none."""
        self.finished = False
        """Whether the end of the run is recorded, which it is once."""

    def write(self, event: RecordedEvent) -> bool:
        """Record an event, and return whether the pen was still good for it."""
        return self._recorder.write(self, (event,))

    def retire(self, *last_events: RecordedEvent) -> bool:
        """Record the last events of the run, and nothing after them.

        Returns:
            False when the pen was retired before, and nothing was recorded.
        """
        return self._recorder.write(self, last_events, retire=True)


class _Values(dict[type[Event], Callable[[Any], tuple[Any, ...]]]):
    """For each class of events what reads all its fields at once, made when it is first needed."""

    def __missing__(self, kind: type[Event]) -> Callable[[Any], tuple[Any, ...]]:
        getter = attrgetter(*(field.name for field in fields(kind)))
        self[kind] = getter
        return getter


_VALUES = _Values()
