"""From what a connection does to the events that its tap gets.

A connection has a reporter only where it has a tap. Everywhere else the test for None is all
that the tap costs.
"""

import itertools
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType, MethodType
from typing import Any, TypeVarTuple

from workbench.protocol import tap as events
from workbench.protocol.errors import explain
from workbench.protocol.unmade import FieldLines
from workbench.protocol.wire.diagnostics import Diagnostic, facts
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.framing import Framing
from workbench.protocol.wire.serializer import chunk_leaves
from workbench.protocol.wire.span import Leaf, Span, tile

Tap = Callable[[events.Event], object]
"""What is given as `tap=`. Its result is not looked at.

One that has a true `takes_several` is given those of the field lines of a section at once, as `unmade.FieldLines`.
"""

_Values = TypeVarTuple("_Values")
_log = logging.getLogger(__name__)

_numbers = itertools.count(1)
next_number = _numbers.__next__
_named = tuple.__new__
"""Makes a `Span` or `Leaf` of a tuple; their own way takes three times as long."""

new_event = object.__new__
"""Makes an event without asking for all of its fields: those that are missing are made when they are looked at (`late`)."""

_connection_numbers = itertools.count(1)

_program_taps: list[Tap] = []
"""The taps of the `tapped` blocks that are being executed, in any thread."""


@contextmanager
def tapped(tap: Tap) -> Iterator[None]:
    """Attach a tap to every connection that is made inside the block, in any thread.

    A connection keeps the tap when the block has ended. A tap of its own comes first.

    Args:
        tap: Called with each event, in the thread that does the I/O.
    """
    _program_taps.append(tap)
    try:
        yield
    finally:
        _program_taps.remove(tap)


def make_reporter(tap: Tap | None) -> "Reporter | None":
    """Give a reporter for a new connection, or None where nobody listens."""
    taps = tuple(_program_taps) if tap is None else (tap, *_program_taps)
    if not taps:
        return None
    return Reporter(taps[0] if len(taps) == 1 else _Several(taps))


def _directly(tap: Tap) -> Tap:
    """Give what is called where a tap is: of an object that can be called, the method, which is faster."""
    method = getattr(type(tap), "__call__", None)  # noqa: B004 - it is wanted itself
    return MethodType(method, tap) if isinstance(method, FunctionType) else tap


def _nobody(event: events.Event) -> None:
    """Stands where a tap was detached."""


class _Several:
    """Several taps, told one after the other."""

    def __init__(self, taps: tuple[Tap, ...]) -> None:
        self._taps = taps

    def __call__(self, event: events.Event) -> None:
        for tap in self._taps:
            try:
                tap(event)
            except Exception:  # noqa: BLE001 - the exchange is worth more than whoever watches it
                _log_detached(tap)
                # Another tuple: somebody may be going through this one.
                self._taps = tuple(other for other in self._taps if other is not tap)


def _log_detached(tap: Tap) -> None:
    """Called while what the tap raised is handled."""
    _log.exception("a tap raised and was detached: %r", tap)


class Reporter:
    """Tells the tap of one pair of byte streams what happens to it.

    It knows how long the two streams are, so that it can say where each element lies.

    What happens dozens of times in an exchange is put together here step by step. A call that would
    save a line takes as long as all that is done in it.
    """

    def __init__(self, tap: Tap) -> None:
        self._tap = tap
        self.tell = _directly(tap)
        """The tap, as it is called with an event: what it raises goes to `detach`."""

        self._takes_several: bool = getattr(tap, "takes_several", False)

        self.connection = next(_connection_numbers)
        self.exchange = 0
        """The exchange that is being sent, from 1 on."""

        self.reading_exchange = 0
        """The exchange whose response is being read."""

        self.queued_length = 0
        """The bytes of the `sent` stream, those included that are still queued."""

        self.sent_length = 0
        self.received_length = 0

    def renew(self) -> "Reporter":
        """Give the reporter of the next pair of streams, with the taps that are still attached."""
        return Reporter(self._tap)

    # --- emitting ------------------------------------------------------------------------

    def emit(self, fact: Callable[[int, int, int, int, *_Values], events.Event], *values: *_Values) -> None:
        """Tell about the request, the connection or a call."""
        event = fact(next_number(), time.perf_counter_ns(), self.connection, self.exchange, *values)
        try:
            self.tell(event)
        except Exception:  # noqa: BLE001 - the exchange is worth more than whoever watches it
            self.detach()

    def emit_read(
        self, fact: Callable[[int, int, int, int, *_Values], events.Event], *values: *_Values
    ) -> None:
        """Tell about the response that is being read, which may be of an earlier exchange."""
        event = fact(next_number(), time.perf_counter_ns(), self.connection, self.reading_exchange, *values)
        try:
            self.tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    def detach(self) -> None:
        """Tell the tap nothing any more; called while what it raised is handled."""
        _log_detached(self._tap)
        self._tap = self.tell = _nobody
        self._takes_several = False

    # --- the connection ------------------------------------------------------------------

    def connection_reused(self, idle_since_ns: int) -> None:
        """A request begins on a connection that was kept."""
        now = time.perf_counter_ns()
        event = new_event(events.ConnectionReused)
        event.seq = next_number()
        event.time_ns = now
        event.connection = self.connection
        event.exchange = self.exchange
        event.idle_ns = now - idle_since_ns
        try:
            self.tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    def state_changed(self, before: str, after: str, cause: str) -> None:
        """The logical state is another."""
        event = new_event(events.StateChanged)
        event.seq = next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self.connection
        event.exchange = self.exchange
        event.before = before
        event.after = after
        event.cause = cause
        try:
            self.tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    # --- bytes ---------------------------------------------------------------------------

    def _queue(self, data: bytes) -> Span:
        """Append to the `sent` stream; what was appended is sent later."""
        start = self.queued_length
        self.queued_length += len(data)
        return _named(Span, ("sent", start, self.queued_length))

    def sent(self, count: int, started_ns: int) -> None:
        """The kernel took so many of the queued bytes."""
        start = self.sent_length
        self.sent_length += count
        span = _named(Span, ("sent", start, self.sent_length))
        now = time.perf_counter_ns()
        event = new_event(events.BytesSent)
        event.seq = next_number()
        event.time_ns = now
        event.connection = self.connection
        event.exchange = self.exchange
        event.span = span
        event.elapsed_ns = now - started_ns
        try:
            self.tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    def received(self, data: bytes, started_ns: int, tls_truncated: bool = False) -> None:
        """A receive call gave bytes, or none at the end of the stream."""
        now = time.perf_counter_ns()
        if not data:
            self.emit_read(events.EndOfStreamReceived, tls_truncated, now - started_ns)
            return
        start = self.received_length
        self.received_length += len(data)
        span = _named(Span, ("received", start, self.received_length))
        event = new_event(events.BytesReceived)
        event.seq = next_number()
        event.time_ns = now
        event.connection = self.connection
        event.exchange = self.reading_exchange
        event.span = span
        event.data = data
        event.elapsed_ns = now - started_ns
        try:
            self.tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    # --- elements of the request -----------------------------------------------------------

    def queued_request_line(self, method: str, target: str, http_version: str, line: bytes) -> None:
        """A request-line was queued; `line` is without its CRLF."""
        event = new_event(events.RequestLineBuffered)
        event.seq = next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self.connection
        event.exchange = self.exchange
        event.data = line + b"\r\n"
        event.method = method
        event.target = target
        event.http_version = http_version
        event.source = self.queued_length
        self.queued_length += len(event.data)
        try:
            self.tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    def queued_field_line(self, line: bytes, automatic: bool) -> None:
        """A field line was queued; `line` is without its CRLF."""
        event = new_event(events.FieldLineBuffered)
        event.seq = next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self.connection
        event.exchange = self.exchange
        event.data = line + b"\r\n"
        event.automatic = automatic
        event.source = self.queued_length
        self.queued_length += len(event.data)
        try:
            self.tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    def queued_section_end(self) -> None:
        """The empty line behind the field lines was queued."""
        event = new_event(events.HeaderSectionBuffered)
        event.seq = next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self.connection
        event.exchange = self.exchange
        event.data = b"\r\n"
        event.source = self.queued_length
        self.queued_length += 2
        try:
            self.tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    def queued_chunk(self, chunk: bytes, length: int) -> None:
        """A chunk with so many bytes of data was queued."""
        span = self._queue(chunk)
        self.emit(events.ContentBuffered, span, chunk, chunk_leaves(span.start, length))

    def queued_body(self, data: bytes, kind: str) -> None:
        """Bytes were queued that need no framing; `kind` is that of their leaf."""
        span = self._queue(data)
        self.emit(events.ContentBuffered, span, data, tile(span.start, (kind, len(data))))

    # --- elements of the response ----------------------------------------------------------

    def status_line(self, line: bytes, start: int) -> None:
        """A status-line was parsed; `line` is with its line end."""
        event = new_event(events.StatusLineParsed)
        event.seq = next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self.connection
        event.exchange = self.reading_exchange
        event.source = line, start
        try:
            self.tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    def field_lines(self, section: FieldSection, kind: str, first: int, end: int) -> None:
        """Lines of a section were parsed, or passed over; all at one time.

        Args:
            section: Of the lines.
            kind: `header` or `trailer`.
            first: The number of the first line to be told of, from 0 on.
            end: The number of the line behind the last one.
        """
        if not section.regular:
            self._irregular_lines(section, kind, first, end)
            return
        now, connection, exchange = time.perf_counter_ns(), self.connection, self.reading_exchange
        if self._takes_several:
            if first < end:
                seqs = tuple(itertools.islice(_numbers, end - first))
                self._tell_several(FieldLines(seqs, now, connection, exchange, section, kind, first))
            return
        field_line_parsed, tell = events.FieldLineParsed, self.tell
        for index in range(first, end):
            event = new_event(field_line_parsed)
            event.seq = next_number()
            event.time_ns = now
            event.connection = connection
            event.exchange = exchange
            event.section = kind
            event.index = index
            event.source = section
            try:
                tell(event)
            except Exception:  # noqa: BLE001 - likewise
                self.detach()
                tell = self.tell

    def _tell_several(self, lines: FieldLines) -> None:
        tell: Any = self.tell
        try:
            tell(lines)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    def _irregular_lines(self, section: FieldSection, kind: str, first: int, end: int) -> None:
        """Tell of lines some of which may be no field lines."""
        now, connection, exchange = time.perf_counter_ns(), self.connection, self.reading_exchange
        index = sum(bool(line.name) for line in section.lines[:first])
        for line in section.lines[first:end]:
            span = Span("received", line.start, line.end)
            event: events.FieldLineParsed | events.BytesSkipped
            if line.name:
                name, value = line.name.decode("latin-1"), line.value.decode("latin-1")
                event = events.FieldLineParsed(
                    next_number(), now, connection, exchange, span, line.leaves, kind, index, name, value
                )
                index += 1
            else:
                event = events.BytesSkipped(
                    next_number(), now, connection, exchange, span, line.leaves, "no field line"
                )
            try:
                self.tell(event)
            except Exception:  # noqa: BLE001 - likewise
                self.detach()

    def header_section_end(self, section: FieldSection, end: bytes) -> None:
        """The empty line behind the lines of a header section was parsed, if it came."""
        if not end:
            return
        event = new_event(events.HeaderSectionParsed)
        event.seq = next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self.connection
        event.exchange = self.reading_exchange
        event.source = section, len(end)
        try:
            self.tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    def content_expected(self, framing: Framing, persistent: bool, why: str) -> None:
        """It was decided how the end of the content is found, and what comes behind it."""
        now, connection, exchange = time.perf_counter_ns(), self.connection, self.reading_exchange
        framed = events.FramingDecided(
            next_number(),
            now,
            connection,
            exchange,
            framing.rule,
            framing.kind,
            framing.length,
            framing.reason,
        )
        try:
            self.tell(framed)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()
        kept = events.PersistenceDecided(next_number(), now, connection, exchange, persistent, why)
        try:
            self.tell(kept)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    def content(self, start: int, length: int, content_offset: int) -> None:
        """Content was handed out, or laid by."""
        if not length:
            return
        event = new_event(events.ContentParsed)
        event.seq = next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self.connection
        event.exchange = self.reading_exchange
        event.content_offset = content_offset
        event.source = start, length
        try:
            self.tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    def message_completed(self, complete: bool, reason: str, content_length: int) -> None:
        """The response ended."""
        event = new_event(events.MessageCompleted)
        event.seq = next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self.connection
        event.exchange = self.reading_exchange
        event.complete = complete
        event.reason = reason
        event.content_length = content_length
        try:
            self.tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self.detach()

    def diagnostic(self, diagnostic: Diagnostic, raised: bool, stream: str = "received") -> None:
        """A fault was found, and is raised or accepted."""
        rule = facts(diagnostic.code)
        words = explain(diagnostic) if raised else f"{rule.words} ({rule.section})"
        span = Span("sent" if stream == "sent" else "received", diagnostic.start, diagnostic.end)
        action = "raised" if raised else "accepted"
        emit = self.emit if stream == "sent" else self.emit_read
        emit(events.DiagnosticFound, diagnostic.code, rule.severity, span, rule.section, action, words)

    def one_leaf(
        self, fact: Callable[..., events.Event], kind: str, start: int, length: int, *more: Any
    ) -> None:
        """Tell about received bytes that have one meaning."""
        if length:
            end = start + length
            leaf = _named(Leaf, (kind, start, end))
            self.emit_read(fact, _named(Span, ("received", start, end)), (leaf,), *more)
