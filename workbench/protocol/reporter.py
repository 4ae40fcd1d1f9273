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
from workbench.protocol.errors import describe_error, explain
from workbench.protocol.late import describe, format_arguments, stay
from workbench.protocol.wire.diagnostics import Diagnostic, facts
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.serializer import chunk_leaves
from workbench.protocol.wire.span import Leaf, Span, tile

Tap = Callable[[events.Event], object]
"""What is given as `tap=`. Its result is not looked at."""

_Values = TypeVarTuple("_Values")
_log = logging.getLogger(__name__)

_next_number = itertools.count(1).__next__
_named = tuple.__new__
"""Makes a `Span` or `Leaf` of a tuple; their own way takes three times as long."""

_new = object.__new__
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
    taps = (*([tap] if tap is not None else []), *_program_taps)
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
        self._tell = _directly(tap)
        self._connection = next(_connection_numbers)
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
        event = fact(_next_number(), time.perf_counter_ns(), self._connection, self.exchange, *values)
        try:
            self._tell(event)
        except Exception:  # noqa: BLE001 - the exchange is worth more than whoever watches it
            self._detach()

    def emit_read(
        self, fact: Callable[[int, int, int, int, *_Values], events.Event], *values: *_Values
    ) -> None:
        """Tell about the response that is being read, which may be of an earlier exchange."""
        event = fact(_next_number(), time.perf_counter_ns(), self._connection, self.reading_exchange, *values)
        try:
            self._tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self._detach()

    def _detach(self) -> None:
        """Tell the tap nothing any more; called while what it raised is handled."""
        _log_detached(self._tap)
        self._tap = self._tell = _nobody

    # --- calls ---------------------------------------------------------------------------

    def call_started(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """A method was entered."""
        event = _new(events.CallStarted)
        event.seq = _next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self._connection
        event.exchange = self.exchange
        event.name = name
        if not args and not kwargs:
            event.arguments = ""
            event.source = None
        elif stay(args) and (not kwargs or stay(kwargs.values())):
            event.source = args, kwargs
        else:
            event.arguments = format_arguments(args, kwargs)
            event.source = None
        try:
            self._tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self._detach()

    def call_returned(self, name: str, result: object) -> None:
        """A method returned."""
        event = _new(events.CallReturned)
        event.seq = _next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self._connection
        event.exchange = self.exchange
        event.name = name
        if result is None:
            event.result = "None"
            event.source = None
        elif stay((result,)):
            event.source = result
        else:
            event.result = describe(result)
            event.source = None
        try:
            self._tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self._detach()

    def call_raised(self, name: str, exception: BaseException) -> None:
        """A method raised."""
        self.emit(events.CallRaised, name, describe_error(exception))

    # --- the connection ------------------------------------------------------------------

    def state_changed(self, before: str, after: str, cause: str) -> None:
        """The logical state is another."""
        event = events.StateChanged(
            _next_number(), time.perf_counter_ns(), self._connection, self.exchange, before, after, cause
        )
        try:
            self._tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self._detach()

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
        self.emit(events.BytesSent, span, time.perf_counter_ns() - started_ns)

    def received(self, data: bytes, started_ns: int, tls_truncated: bool = False) -> None:
        """A receive call gave bytes, or none at the end of the stream."""
        elapsed = time.perf_counter_ns() - started_ns
        if not data:
            self.emit_read(events.EndOfStreamReceived, tls_truncated, elapsed)
            return
        start = self.received_length
        self.received_length += len(data)
        span = _named(Span, ("received", start, self.received_length))
        self.emit_read(events.BytesReceived, span, data, elapsed)

    # --- elements of the request -----------------------------------------------------------

    def queued_request_line(self, method: str, target: str, http_version: str, line: bytes) -> None:
        """A request-line was queued; `line` is without its CRLF."""
        event = _new(events.RequestLineBuffered)
        event.seq = _next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self._connection
        event.exchange = self.exchange
        event.data = line + b"\r\n"
        event.method = method
        event.target = target
        event.http_version = http_version
        event.source = self.queued_length
        self.queued_length += len(event.data)
        try:
            self._tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self._detach()

    def queued_field_line(self, line: bytes, automatic: bool) -> None:
        """A field line was queued; `line` is without its CRLF."""
        event = _new(events.FieldLineBuffered)
        event.seq = _next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self._connection
        event.exchange = self.exchange
        event.data = line + b"\r\n"
        event.automatic = automatic
        event.source = self.queued_length
        self.queued_length += len(event.data)
        try:
            self._tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self._detach()

    def queued_section_end(self) -> None:
        """The empty line behind the field lines was queued."""
        event = _new(events.HeaderSectionBuffered)
        event.seq = _next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self._connection
        event.exchange = self.exchange
        event.data = b"\r\n"
        event.source = self.queued_length
        self.queued_length += 2
        try:
            self._tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self._detach()

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
        event = _new(events.StatusLineParsed)
        event.seq = _next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self._connection
        event.exchange = self.reading_exchange
        event.source = line, start
        try:
            self._tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self._detach()

    def field_lines(self, section: FieldSection, kind: str, first: int, end: int) -> None:
        """Lines of a section were parsed, or passed over; all at one time.

        Args:
            section: Of the lines.
            kind: `header` or `trailer`.
            first: The number of the first line to be told of, from 0 on.
            end: The number of the line behind the last one.
        """
        lines = () if section.regular else section.lines
        index = sum(bool(line.name) for line in lines[:first]) if lines else first
        now = time.perf_counter_ns()
        connection, exchange = self._connection, self.reading_exchange
        for number in range(first, end):
            event: events.FieldLineParsed | events.BytesSkipped
            if lines and not (line := lines[number]).name:
                span = Span("received", line.start, line.end)
                event = events.BytesSkipped(
                    _next_number(), now, connection, exchange, span, line.leaves, "no field line"
                )
            else:
                event = _new(events.FieldLineParsed)
                event.seq = _next_number()
                event.time_ns = now
                event.connection = connection
                event.exchange = exchange
                event.section = kind
                event.index = index
                event.source = section, number
                index += 1
            try:
                self._tell(event)
            except Exception:  # noqa: BLE001 - likewise
                self._detach()

    def header_section_end(self, section: FieldSection, end: bytes) -> None:
        """The empty line behind the lines of a header section was parsed, if it came."""
        if not end:
            return
        event = _new(events.HeaderSectionParsed)
        event.seq = _next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self._connection
        event.exchange = self.reading_exchange
        event.field_count = section.field_count
        event.source = section.end, len(end)
        try:
            self._tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self._detach()

    def content(self, start: int, length: int, content_offset: int) -> None:
        """Content was handed out, or laid by."""
        if not length:
            return
        event = _new(events.ContentParsed)
        event.seq = _next_number()
        event.time_ns = time.perf_counter_ns()
        event.connection = self._connection
        event.exchange = self.reading_exchange
        event.content_offset = content_offset
        event.source = start, length
        try:
            self._tell(event)
        except Exception:  # noqa: BLE001 - likewise
            self._detach()

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
