"""The recorder: the tap that writes a recording."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, cast

from workbench.protocol.late import Late
from workbench.protocol.tap import CallRaised, CallReturned, CallStarted, Event
from workbench.protocol.unmade import FieldLines
from workbench.session.connection_record import OF_AN_EXCHANGE
from workbench.session.events import LineStarted, RecordedEvent, ScriptFinished, ScriptStarted
from workbench.session.listeners import Listener, Listeners
from workbench.session.recording import Recording


class Recorder:
    """Appends events to a recording, from any thread.

    It gives the connections the numbers of the recording (from 1 on, by first appearance). It is
    a tap itself, for programs; the runs of a script write with a `Pen` each.

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
        self._waiting: deque[RecordedEvent | FieldLines | tuple[RecordedEvent, int]] = deque()
        """Events that are not appended yet, those of a line of the script with the line. One is put here in a single
        step, so that needs no lock."""
        self._numbers: dict[int, int] = {}
        self._exchanges: dict[int, int] = {}
        """For each connection the exchange that began last, by their numbers in the recording."""
        self._calls: list[int] = []
        """For each call that has not ended, the connection that it began on."""
        self._listeners = Listeners()
        self._pen: Pen | None = None
        self._runs = 0
        self._to_file = not recording.log.can_wait
        """Each event has to be in a file at once, and nobody wants to hear of it."""
        self._listened = False
        """Somebody wants to hear of each event."""
        self._log = recording.log
        recording.follow(self._catch_up)

    takes_several = True
    """It may be called with field lines of which no events are made yet."""

    def __call__(self, event: RecordedEvent | FieldLines) -> None:
        """Record an event, or several, that no line of a script made. This is what makes it a tap."""
        if not self._to_file:
            self._waiting.append(event)
            if self._listened:
                self._tell()
            return
        events = event.make() if isinstance(event, FieldLines) else (event,)
        # Here and not in `_put_waiting`: what does not have to wait takes half as long.
        with self._lock:
            if self._appending:
                self._waiting.extend(events)
                return
            self._appending = True
            try:
                number, exchange = self._place(events[0])
                if not self._log.put(events, 0, number, exchange):
                    self._append(events, 0, number, exchange)
            finally:
                self._appending = False
        if self._waiting:
            self._put_waiting()

    def _go_on(self) -> None:
        if self._to_file:
            self._put_waiting()
        elif self._listened:
            self._tell()

    def _tell(self) -> None:
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
        self._go_on()
        return pen

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have a listener called after each append. Call what is returned to end that."""
        self._listened, self._to_file = True, False
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
                kept.append((event, pen.line))
            self._waiting.extend(kept)
            if retire:
                self._pen = None
        self._go_on()
        return True

    def _put_waiting(self) -> None:
        """Put what waits into the file, and make nothing of it."""
        with self._lock:
            if self._appending:
                return
            self._appending = True
            try:
                for event, line in self._take_waiting():
                    number, exchange = self._place(event)
                    if not self._log.put((event,), line, number, exchange):
                        self._append((event,), line, number, exchange)
            finally:
                self._appending = False

    def _take_waiting(self) -> Iterator[tuple[RecordedEvent, int]]:
        """Take what waits, with the lines of the script; also what begins to wait meanwhile."""
        waiting = self._waiting
        while waiting:
            item = waiting.popleft()
            if isinstance(item, FieldLines):
                waiting.extendleft(reversed(item.make()))
            elif isinstance(item, tuple):
                yield item
            else:
                yield item, 0

    def _append(self, events: Sequence[RecordedEvent], line: int, connection: int, exchange: int) -> None:
        """Append what the file does not take, behind all that is in it."""
        self.recording.take_in()
        for event in events:
            self.recording.append(_with_numbers(event, connection, exchange), line)

    def _catch_up(self) -> None:
        """Append what happened since somebody read: what is in the file, then what waits."""
        with self._lock:
            if self._appending:
                return
            self._appending = True
            append = self.recording.append
            try:
                self.recording.take_in()
                for event, line in self._take_waiting():
                    append(_with_numbers(event, *self._place(event)), line)
            finally:
                self._appending = False

    def _place(self, event: RecordedEvent) -> tuple[int, int]:
        """Give the connection and the exchange that an event has in the recording; zeros for one of no connection."""
        kind = event.__class__
        if kind not in _INSIDE_CALLS:
            return self._place_call(event)
        connection, exchange = event.connection, event.exchange  # type: ignore[union-attr]
        number = self._numbers.get(connection) or self._new_number(connection)
        if exchange > self._exchanges.get(number, -1) and kind in OF_AN_EXCHANGE:
            self._exchanges[number] = exchange
        return number, exchange

    def _place_call(self, event: RecordedEvent) -> tuple[int, int]:
        if not isinstance(event, Event):
            if isinstance(event, LineStarted):
                # Calls of a line that was given up never end.
                self._calls.clear()
            return 0, 0
        number = self._numbers.get(event.connection)
        if event.__class__ is CallStarted:
            number = number or self._new_number(event.connection)
            self._calls.append(number)
        elif event.__class__ in _CALL_ENDS and self._calls:
            begun_on = self._calls.pop()
            if begun_on != number:
                # A call that closes its connection ends when the next pair of streams has begun.
                # It belongs to the one that it began on, or a failed exchange would lose its error.
                return begun_on, self._exchanges.get(begun_on, 0)
        return number or self._new_number(event.connection), event.exchange

    def _new_number(self, connection: int) -> int:
        return self._numbers.setdefault(connection, len(self._numbers) + 1)


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


_CALL_ENDS = frozenset({CallReturned, CallRaised})

_INSIDE_CALLS = frozenset(Event.__subclasses__()) - {CallStarted} - _CALL_ENDS
"""The events of the tap but for those that begin or end a call. A call that fails before anything of an exchange is
queued begins none."""


def _with_numbers(event: RecordedEvent, connection: int, exchange: int) -> RecordedEvent:
    """Return an event of the tap with other numbers. Others may listen too, so the event itself stays as it is."""
    if not isinstance(event, Event) or (event.connection == connection and event.exchange == exchange):
        return event
    kind = type(event)
    source = getattr(event, "source", None)
    if source is None:
        seq, time_ns, _, _, *rest = _VALUES[kind](event)
        return kind(seq, time_ns, connection, exchange, *rest)
    # What nobody has looked at is not made for this.
    copied = object.__new__(kind)
    copied.seq, copied.time_ns, copied.connection, copied.exchange = (
        event.seq,
        event.time_ns,
        connection,
        exchange,
    )
    copied.source = source
    for name in cast("Late", event).given:
        setattr(copied, name, getattr(event, name))
    return copied


class _Values(dict[type[Event], Callable[[Any], tuple[Any, ...]]]):
    """For each class of events what reads all its fields at once, made when it is first needed."""

    def __missing__(self, kind: type[Event]) -> Callable[[Any], tuple[Any, ...]]:
        getter = attrgetter(*(field.name for field in fields(kind)))
        self[kind] = getter
        return getter


_VALUES = _Values()
