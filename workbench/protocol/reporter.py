"""From what a connection does to the events that its tap gets.

A connection has a reporter only where it has a tap. Everywhere else the test for None is all
that the tap costs.
"""

import itertools
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec

from workbench.protocol import tap as events
from workbench.protocol.errors import explain
from workbench.protocol.wire.diagnostics import Diagnostic, facts
from workbench.protocol.wire.field_line import FieldLine
from workbench.protocol.wire.serializer import chunk_leaves, field_line_leaves, request_line_leaves
from workbench.protocol.wire.span import Span, tile
from workbench.protocol.wire.target import target_form

Tap = Callable[[events.Event], object]
"""What is given as `tap=`. Its result is not looked at."""

_P = ParamSpec("_P")
_log = logging.getLogger(__name__)

_sequence = itertools.count(1)
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
    if tap is None and not _program_taps:
        return None
    return Reporter((*([tap] if tap is not None else []), *_program_taps))


class Reporter:
    """Tells the taps of one pair of byte streams what happens to it.

    It knows how long the two streams are, so that it can say where each element lies.
    """

    def __init__(self, taps: tuple[Tap, ...]) -> None:
        self._taps = taps
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
        return Reporter(self._taps)

    # --- emitting ------------------------------------------------------------------------

    def emit(
        self,
        fact: Callable[Concatenate[int, int, int, int, _P], events.Event],
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> None:
        """Tell about the request, the connection or a call."""
        event = fact(
            next(_sequence), time.perf_counter_ns(), self._connection, self.exchange, *args, **kwargs
        )
        for tap in self._taps:
            try:
                tap(event)
            except Exception:  # noqa: BLE001 - the exchange is worth more than whoever watches it
                self._detach(tap)

    def emit_read(
        self,
        fact: Callable[Concatenate[int, int, int, int, _P], events.Event],
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> None:
        """Tell about the response that is being read, which may be of an earlier exchange."""
        event = fact(
            next(_sequence), time.perf_counter_ns(), self._connection, self.reading_exchange, *args, **kwargs
        )
        for tap in self._taps:
            try:
                tap(event)
            except Exception:  # noqa: BLE001 - the exchange is worth more than whoever watches it
                self._detach(tap)

    def _detach(self, tap: Tap) -> None:
        """Tell a tap nothing any more; called while what it raised is handled."""
        _log.exception("a tap raised and was detached: %r", tap)
        # Another tuple: somebody may be going through this one.
        self._taps = tuple(other for other in self._taps if other is not tap)

    # --- bytes ---------------------------------------------------------------------------

    def queue(self, data: bytes) -> Span:
        """Append to the `sent` stream; what was appended is sent later."""
        start = self.queued_length
        self.queued_length += len(data)
        return Span("sent", start, self.queued_length)

    def sent(self, count: int, started_ns: int) -> None:
        """The kernel took so many of the queued bytes."""
        span = Span("sent", self.sent_length, self.sent_length + count)
        self.sent_length = span.end
        self.emit(events.BytesSent, span, time.perf_counter_ns() - started_ns)

    def received(self, data: bytes, started_ns: int, tls_truncated: bool = False) -> None:
        """A receive call gave bytes, or none at the end of the stream."""
        elapsed = time.perf_counter_ns() - started_ns
        if not data:
            self.emit_read(events.EndOfStreamReceived, tls_truncated, elapsed)
            return
        span = Span("received", self.received_length, self.received_length + len(data))
        self.received_length = span.end
        self.emit_read(events.BytesReceived, span, data, elapsed)

    # --- elements of the request -----------------------------------------------------------

    def queued_request_line(self, method: str, target: str, http_version: str, line: bytes) -> None:
        """A request-line was queued; `line` is without its CRLF."""
        span = self.queue(line + b"\r\n")
        sent_target = line[len(method) + 1 : -len(http_version) - 1]
        leaves = request_line_leaves(span.start, method.encode(), sent_target, http_version.encode())
        form = target_form(method, target)
        self.emit(
            events.RequestLineBuffered, span, line + b"\r\n", leaves, method, target, form, http_version
        )

    def queued_field_line(self, line: bytes, automatic: bool) -> None:
        """A field line was queued; `line` is without its CRLF."""
        span = self.queue(line + b"\r\n")
        name, _, value = line.decode("latin-1").partition(": ")
        leaves = field_line_leaves(span.start, line)
        self.emit(events.FieldLineBuffered, span, line + b"\r\n", leaves, name, value, automatic)

    def queued_section_end(self) -> None:
        """The empty line behind the field lines was queued."""
        span = self.queue(b"\r\n")
        leaves = tile(span.start, ("section_end", 2))
        self.emit(events.HeaderSectionBuffered, span, b"\r\n", leaves)

    def queued_chunk(self, chunk: bytes, length: int) -> None:
        """A chunk with so many bytes of data was queued."""
        span = self.queue(chunk)
        self.emit(events.ContentBuffered, span, chunk, chunk_leaves(span.start, length))

    def queued_body(self, data: bytes, kind: str) -> None:
        """Bytes were queued that need no framing; `kind` is that of their leaf."""
        span = self.queue(data)
        self.emit(events.ContentBuffered, span, data, tile(span.start, (kind, len(data))))

    # --- elements of the response ----------------------------------------------------------

    def field_line(self, line: FieldLine, section: str, index: int) -> None:
        """A field line was parsed, or passed over."""
        span = Span("received", line.start, line.end)
        leaves = tile(line.start, *line.parts)
        if not line.name:
            self.emit_read(events.BytesSkipped, span, leaves, "no field line")
            return
        name, value = line.name.decode("latin-1"), line.value.decode("latin-1")
        self.emit_read(events.FieldLineParsed, span, leaves, section, index, name, value)

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
            leaves = tile(start, (kind, length))
            self.emit_read(fact, Span("received", start, start + length), leaves, *more)
