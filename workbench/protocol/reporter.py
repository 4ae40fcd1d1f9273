"""From what a connection does to the events that its tap gets.

A connection has a reporter only where it has a tap. Everywhere else the test for None is all
that the tap costs.
"""

import itertools
import logging
import time
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any, TypeVarTuple

from workbench.protocol import tap as events
from workbench.protocol.errors import explain
from workbench.protocol.late import CHUNK
from workbench.protocol.notes import KINDS, Note, each, next_number
from workbench.protocol.several import AUTOMATIC, BOUNDARY, HEAD, LINES
from workbench.protocol.wire.chunked import ChunkHeader
from workbench.protocol.wire.diagnostics import Diagnostic, facts
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.span import Leaf, Span
from workbench.protocol.wire.state import State

Tap = Callable[[events.Event], object]
"""What is given as `tap=`. Its result is not looked at.

A `notes.NotingTap` is told in notes, of which it can make events later.
"""

_Values = TypeVarTuple("_Values")
_log = logging.getLogger(__name__)

now_ns = time.perf_counter_ns
_named = tuple.__new__
"""Makes a `Span` or `Leaf` of a tuple; their own way takes three times as long."""

_new = object.__new__

_connection_numbers = itertools.count(1)


def _directly(tap: Tap) -> Tap:
    """Give what is called where a tap is: of an object that can be called, the method, which is faster."""
    method = getattr(type(tap), "__call__", None)  # noqa: B004 - it is wanted itself
    return MethodType(method, tap) if isinstance(method, FunctionType) else tap


def nobody(told: object) -> None:
    """Stands where a tap was detached."""


def log_detached(tap: Tap) -> None:
    """Say that a tap hears of nothing any more; called while what it raised is handled."""
    _log.exception("a tap raised and was detached: %r", tap)


class Reporter:
    """Tells the tap of one pair of byte streams what happens to it.

    It knows how long the two streams are, so that it can say where each element lies.

    All that happens is noted (`notes`), and an event is made of each note at once. A tap that takes notes has a
    reporter of its own (`holding`).
    """

    __slots__ = (
        "_tap", "_tell", "answer", "classes", "connection", "derives", "exchange", "idle_since_ns", "in_call", "note", "parsed", "queued_length",
        "reading_exchange", "received_length", "sent_length", "settled", "several",
    )  # fmt: skip

    takes_notes = False
    """Nobody looks at a note before the call has ended, or something may wait."""

    def __init__(self, tap: Tap) -> None:
        self._tap = tap
        self._tell = _directly(tap)
        self.classes: dict[type[Any], type[Any]] = {}
        """The classes of objects whose calls are told, by the classes that the program knows."""

        self.note: Callable[[Note], object] = self._make_and_tell
        """Called with each note that stands for one event."""

        self.several: Callable[[Note], object] = self._make_and_tell_each
        """Called with each note of `notes.SEVERAL`."""

        self.derives = False
        """An answer is held, of which nothing need be told that follows from its head."""

        self.answer: Any = None
        """The response of which so much was not told: `parsed` is the length of its head, `settled` its `Boundary.facts`."""

        self.parsed: Any = None
        self.settled: tuple[Any, ...] | None = None

        self.in_call = False
        """A call of the API has not ended: what it notes may wait for its end."""

        self.connection = next(_connection_numbers)
        self.exchange = 0
        """The exchange that is being sent, from 1 on."""

        self.reading_exchange = 0
        """The exchange whose response is being read."""

        self.idle_since_ns = 0
        """When the last exchange ended."""

        self.queued_length = 0
        """The bytes of the `sent` stream, those included that are still queued."""

        self.sent_length = 0
        self.received_length = 0

    def renew(self) -> "Reporter":
        """Give the reporter of the next pair of streams, with the taps that are still attached."""
        return Reporter(self._tap)

    # --- telling -------------------------------------------------------------------------

    def _make_and_tell(self, note: Note) -> None:
        # As `make_event` does it, with every field late: most taps look at few events.
        event = _new(KINDS[note[0]])
        event.seq = next_number()
        event.note = note
        # In a variable: CPython 3.11 is slow to call what is an attribute of an object.
        tell = self._tell
        try:
            tell(event)
        except Exception:  # noqa: BLE001 - the exchange is worth more than whoever watches it
            self.detach()

    def _make_and_tell_each(self, note: Note) -> None:
        for one in each(note):
            self._make_and_tell(one)

    def show(self) -> None:
        """Have a tap that takes notes look at them: something follows that may wait, or the program goes on."""

    def detach(self) -> None:
        """Tell the tap nothing any more; called while what it raised is handled."""
        log_detached(self._tap)
        self._tap = self._tell = self.note = self.several = nobody

    def emit(self, fact: Callable[[int, int, int, int, *_Values], events.Event], *values: *_Values) -> None:
        """Tell at once about the request or the connection; no value may be left out."""
        self.note((fact.__name__, now_ns(), self.connection, self.exchange, *values))
        self.show()

    def emit_read(
        self, fact: Callable[[int, int, int, int, *_Values], events.Event], *values: *_Values
    ) -> None:
        """Tell about the response that is being read, which may be of an earlier exchange."""
        self.note((fact.__name__, now_ns(), self.connection, self.reading_exchange, *values))
        if not self.in_call:
            # It is being collected, so no call ends.
            self.show()

    # --- the connection ------------------------------------------------------------------

    def connection_reused(self) -> None:
        """A request begins on a connection that was kept."""
        now = now_ns()
        self.note(("ConnectionReused", now, self.connection, self.exchange, now - self.idle_since_ns))

    def state_changed(self, before: State, after: State, cause: str) -> None:
        """The logical state is another."""
        # `value` is a method, and takes as long as the rest.
        was, now_is = before._value_, after._value_
        self.note(("StateChanged", now_ns(), self.connection, self.exchange, was, now_is, cause))

    # --- bytes ---------------------------------------------------------------------------

    # Here and below the streams grow in the last step before a note, which is made by then. So ctrl+c comes between the two
    # only where the tap is called with events.

    def sent(self, count: int, started_ns: int) -> None:
        """The kernel took so many of the queued bytes."""
        start, now = self.sent_length, now_ns()
        end = start + count
        note = "BytesSent", now, self.connection, self.exchange, start, end, now - started_ns
        self.sent_length = end
        self.note(note)

    def received(self, data: bytes, started_ns: int, tls_truncated: bool = False) -> None:
        """A receive call gave bytes, or none at the end of the stream."""
        now = now_ns()
        if not data:
            self.emit_read(events.EndOfStreamReceived, tls_truncated, now - started_ns)
            return
        start = self.received_length
        note = "BytesReceived", now, self.connection, self.reading_exchange, start, data, now - started_ns
        self.received_length = start + len(data)
        self.note(note)

    # --- elements of the request -----------------------------------------------------------

    def queued_request_line(self, method: str, target: str, http_version: str, line: bytes) -> None:
        """A request-line was queued; `line` is without its CRLF."""
        # A method may be of any class where a program has put another check in the place of ours.
        self._queued("RequestLineBuffered", line + b"\r\n", f"{method}", target, http_version)

    def queued_field_line(self, line: bytes, automatic: bool) -> None:
        """A field line was queued; `line` is without its CRLF."""
        self._queued("FieldLineBuffered", line + b"\r\n", automatic)

    def queued_automatic_fields(self, caller: str, first: bytes, second: bytes) -> None:
        """Two field lines were queued, as if by calls of `putheader` of a class; they are without their CRLFs."""
        start = self.queued_length
        note = AUTOMATIC, now_ns(), self.connection, self.exchange, caller, start, first, second
        self.queued_length = start + len(first) + len(second) + 4
        self.several(note)

    def queued_section_end(self) -> None:
        """The empty line behind the field lines was queued."""
        self._queued("HeaderSectionBuffered", b"\r\n")

    def queued_chunk(self, chunk: bytes, length: int) -> None:
        """A chunk with so many bytes of data was queued."""
        self._queued("ContentBuffered", chunk, CHUNK, length)

    def queued_body(self, data: bytes, kind: str) -> None:
        """Bytes were queued that need no framing; `kind` is that of their leaf."""
        self._queued("ContentBuffered", data, kind, len(data))

    def _queued(self, kind: str, data: bytes, *more: object) -> None:
        start = self.queued_length
        note = kind, now_ns(), self.connection, self.exchange, start, data, *more
        self.queued_length = start + len(data)
        self.note(note)

    def request_completed(self, complete: bool, reason: str) -> None:
        """The whole request was handed to the kernel, or sending it stopped early."""
        self.note(("RequestCompleted", now_ns(), self.connection, self.exchange, complete, reason))

    # --- elements of the response ----------------------------------------------------------

    def head(self, start: int, data: bytes) -> None:
        """A regular head was parsed in which nothing is to be reported."""
        self.several((HEAD, now_ns(), self.connection, self.reading_exchange, start, data))

    def status_line(self, line: bytes, start: int) -> None:
        """A status-line was parsed; `line` is with its line end."""
        self.note(("StatusLineParsed", now_ns(), self.connection, self.reading_exchange, line, start))

    def field_lines(self, section: FieldSection, kind: str, first: int, end: int) -> None:
        """Lines of a section were parsed, or passed over; all at one time.

        Args:
            section: Of the lines.
            kind: `header` or `trailer`.
            first: The number of the first line to be told of, from 0 on.
            end: The number of the line behind the last one.
        """
        if first >= end:
            return
        if section.regular:
            exchange = self.reading_exchange
            self.several((LINES, now_ns(), self.connection, exchange, section, kind, first, end))
        else:
            self._irregular_lines(section, kind, first, end)

    def _irregular_lines(self, section: FieldSection, kind: str, first: int, end: int) -> None:
        """Tell of lines some of which may be no field lines."""
        now, connection, exchange = now_ns(), self.connection, self.reading_exchange
        index = sum(bool(line.name) for line in section.lines[:first])
        for number in range(first, end):
            line = section.lines[number]
            note: Note
            if line.name:
                note = (
                    "FieldLineParsed",
                    now,
                    connection,
                    exchange,
                    section,
                    kind,
                    index,
                    number,
                )
                index += 1
            else:
                span = Span("received", line.start, line.end)
                note = (
                    "BytesSkipped",
                    now,
                    connection,
                    exchange,
                    span,
                    line.leaves,
                    "no field line",
                )
            self.note(note)

    def section_end(self, kind: str, section: FieldSection, end: bytes) -> None:
        """The empty line behind the lines of a section of this kind of events was parsed, if it came."""
        if end:
            start, length, count = section.end, len(end), section.field_count
            self.note((kind, now_ns(), self.connection, self.reading_exchange, start, length, count))

    def content_expected(self, facts: tuple[Any, ...]) -> None:
        """It was decided how the end of the content is found, and what comes behind it (`Boundary.facts`)."""
        self.several((BOUNDARY, now_ns(), self.connection, self.reading_exchange, *facts))

    def content(self, end: int, length: int, before: int) -> None:
        """Content up to a place of the stream was handed out, or laid by; `before` bytes came before it."""
        start, exchange = end - length, self.reading_exchange
        self.note(("ContentParsed", now_ns(), self.connection, exchange, start, length, before))

    def chunk_header(self, header: ChunkHeader, length: int, index: int) -> None:
        """A line of so many bytes was parsed that begins a chunk."""
        self.note(
            (
                "ChunkHeaderParsed",
                now_ns(),
                self.connection,
                self.reading_exchange,
                header.start,
                length,
                header.parts,
                index,
                header.size,
                header.extension,
            )
        )

    def chunk_end(self, start: int, length: int, index: int) -> None:
        """The line end behind the data of a chunk was parsed."""
        self.note(("ChunkParsed", now_ns(), self.connection, self.reading_exchange, start, length, index))

    def message_completed(self, complete: bool, reason: str, length: int) -> None:
        """The response ended after so many bytes of content."""
        exchange = self.reading_exchange
        self.note(("MessageCompleted", now_ns(), self.connection, exchange, complete, reason, length))

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
