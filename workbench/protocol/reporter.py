"""From what a connection does to the events that its tap gets.

A connection has a reporter only where it has a tap. Everywhere else the test for None is all
that the tap costs.
"""

import functools
import itertools
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec

from workbench.protocol import tap as events
from workbench.protocol.errors import describe_error, explain
from workbench.protocol.wire.diagnostics import Diagnostic, facts
from workbench.protocol.wire.field_line import FieldLine
from workbench.protocol.wire.span import Span, tile

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
    return Reporter(([tap] if tap is not None else []) + _program_taps)


class Reporter:
    """Tells the taps of one pair of byte streams what happens to it.

    It knows how long the two streams are, so that it can say where each element lies.
    """

    def __init__(self, taps: list[Tap]) -> None:
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
        self._tell(
            fact(next(_sequence), time.perf_counter_ns(), self._connection, self.exchange, *args, **kwargs)
        )

    def emit_read(
        self,
        fact: Callable[Concatenate[int, int, int, int, _P], events.Event],
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> None:
        """Tell about the response that is being read, which may be of an earlier exchange."""
        exchange = self.reading_exchange
        self._tell(fact(next(_sequence), time.perf_counter_ns(), self._connection, exchange, *args, **kwargs))

    def _tell(self, event: events.Event) -> None:
        for tap in tuple(self._taps):
            try:
                tap(event)
            except Exception:
                # The exchange is worth more than whoever watches it.
                _log.exception("a tap raised and was detached: %r", tap)
                self._taps.remove(tap)

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

    def received(self, data: bytes, started_ns: int) -> None:
        """A receive call gave bytes, or none at the end of the stream."""
        elapsed = time.perf_counter_ns() - started_ns
        if not data:
            self.emit_read(events.EndOfStreamReceived)
            return
        span = Span("received", self.received_length, self.received_length + len(data))
        self.received_length = span.end
        self.emit_read(events.BytesReceived, span, data, elapsed)

    # --- elements ------------------------------------------------------------------------

    def field_line(self, line: FieldLine, section: str, index: int) -> None:
        """A field line was parsed, or passed over."""
        span = Span("received", line.start, line.end)
        if not line.name:
            self.emit_read(events.BytesSkipped, span, line.leaves, "no field line")
            return
        name, value = line.name.decode("latin-1"), line.value.decode("latin-1")
        self.emit_read(events.FieldLineParsed, span, line.leaves, section, index, name, value)

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


def report_calls(target: Any, names: tuple[str, ...]) -> None:
    """Make methods of one object tell when they are entered and left.

    The object becomes one of a subclass that differs in nothing else. So a call costs nothing
    where there is no tap, and subclasses of the user's are reported like our own.

    Args:
        target: Has the attribute `reporter`.
        names: The methods.
    """
    target.__class__ = _reporting_class(type(target), names)


@functools.cache
def _reporting_class(cls: Any, names: tuple[str, ...]) -> Any:
    methods = {name: _reporting(getattr(cls, name), f"{cls.__name__}.{name}") for name in names}
    kept = {
        "unreported_class": cls,
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
    }
    return type(cls.__name__, (cls,), {**methods, **kept})


def _reporting(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        self.reporter.emit(events.CallStarted, name, _format_arguments(args, kwargs))
        try:
            result = method(self, *args, **kwargs)
        except BaseException as exception:
            self.reporter.emit(events.CallRaised, name, describe_error(exception))
            raise
        # A call may close the connection, whose reporter is then that of the next one.
        self.reporter.emit(events.CallReturned, name, _describe(result))
        return result

    return call


def _format_arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    positional = [_describe(value) for value in args]
    return ", ".join(positional + [f"{name}={_describe(value)}" for name, value in kwargs.items()])


def _describe(value: object, limit: int = 200) -> str:
    """`repr()`, cut; a body of a gigabyte is cut before, not after."""
    if isinstance(value, str | bytes | bytearray) and len(value) > limit:
        return f"{value[:limit]!r}..."
    text = repr(value)
    return text if len(text) <= limit else text[:limit] + "..."
