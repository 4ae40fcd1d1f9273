"""One exchange as of one moment: what its message tree is drawn from."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import TypeVar, cast

from workbench.protocol import tap
from workbench.protocol.tap import Event
from workbench.protocol.wire.span import Span
from workbench.session.connection_record import ConnectionRecord
from workbench.session.entries import EntryLog
from workbench.session.exchange_record import ExchangeRecord, ResponseRecord
from workbench.session.facts import Fact, FactIndex

E = TypeVar("E", bound=Event)

MOST_AROUND_CONTENT = 1 << 20
"""Bytes that are read in one go for the content in them, the framing of its chunks included."""


class FactReader:
    """Looks facts up, up to one moment. The base of the views below."""

    def __init__(self, entries: EntryLog, facts: FactIndex, index: int) -> None:
        self._entries = entries
        self._facts = facts
        self.index = index

    def fact(self, kind: type[E]) -> Fact[E] | None:
        """Return the last event of a kind, or None when there was none so far."""
        found = self._facts.last(kind, self.index)
        return None if found is None else Fact(found, cast("E", self._entries.event(found)))

    def first(self, kind: type[E]) -> Fact[E] | None:
        """Return the first event of a kind, or None when there was none so far."""
        found = self._facts.all(kind)[:1]
        return Fact(found[0], cast("E", self._entries.event(found[0]))) if self.count(kind) else None

    def facts(self, kind: type[E], most: int | None = None) -> list[Fact[E]]:
        """Return the events of a kind so far, in order: all of them, or the first `most`."""
        count = self.count(kind)
        found = self._facts.all(kind)[: count if most is None else min(most, count)]
        return [Fact(i, cast("E", self._entries.event(i))) for i in found]

    def count(self, kind: type[Event]) -> int:
        """Return how many events of a kind there were so far."""
        return self._facts.count(kind, self.index)


class ResponseMoment(FactReader):
    """One response, interim or final, as of one moment.

    Beside the properties below, `facts(kind)` lists the chunks (`ChunkHeaderParsed`, `ChunkParsed`),
    the pieces of content (`ContentParsed`) and the bytes passed over (`BytesSkipped`).
    """

    def __init__(
        self, connection: ConnectionRecord, entries: EntryLog, record: ResponseRecord, index: int
    ) -> None:
        super().__init__(entries, record.facts, index)
        self._connection = connection

    @property
    def interim(self) -> bool:
        """Whether it is known to be an interim (1xx) response."""
        return self.count(tap.InterimResponseParsed) > 0

    @property
    def status_line(self) -> Fact[tap.StatusLineParsed] | None:
        """None before it is parsed, and for an HTTP/0.9 response, which has none."""
        return self.fact(tap.StatusLineParsed)

    @property
    def header_section(self) -> list[Fact[tap.FieldLineParsed]]:
        """The field lines of the header section parsed so far."""
        return [fact for fact in self.facts(tap.FieldLineParsed) if fact.event.section == "header"]

    @property
    def header_section_end(self) -> Fact[tap.HeaderSectionParsed] | None:
        """The empty line that ends the header section."""
        return self.fact(tap.HeaderSectionParsed)

    @property
    def framing(self) -> Fact[tap.FramingDecided] | None:
        """How the end of the body is found, with the rule of RFC 9112 section 6.3."""
        return self.fact(tap.FramingDecided)

    @property
    def persistence(self) -> Fact[tap.PersistenceDecided] | None:
        """Whether the connection is kept, and why."""
        return self.fact(tap.PersistenceDecided)

    @property
    def trailer_section(self) -> list[Fact[tap.FieldLineParsed]]:
        """The field lines of the trailer section parsed so far."""
        return [fact for fact in self.facts(tap.FieldLineParsed) if fact.event.section == "trailer"]

    @property
    def trailer_section_end(self) -> Fact[tap.TrailerSectionParsed] | None:
        """The empty line that ends the trailer section."""
        return self.fact(tap.TrailerSectionParsed)

    @property
    def completion(self) -> Fact[tap.MessageCompleted] | None:
        """How the response ended; None while it goes on."""
        return self.fact(tap.MessageCompleted)

    @property
    def content_length(self) -> int:
        """How many bytes of content were parsed so far."""
        last = self.fact(tap.ContentParsed)
        return last.event.content_offset + len(last.event.span) if last else 0

    def content_spans(self, start: int = 0, end: int | None = None) -> list[Span]:
        """Return where content lies in the `received` stream.

        Args:
            start: Offset of the first byte, counted in bytes of content.
            end: Offset after the last one; None for all there is so far.
        """
        end = self.content_length if end is None else min(end, self.content_length)
        if start >= end:
            return []
        indexes = self._facts.all(tap.ContentParsed)
        offset_of = cast("Callable[[int], int]", lambda i: self._content(i).content_offset)
        first = max(bisect_right(indexes, start, key=offset_of) - 1, 0)
        stop = bisect_left(indexes, end, key=offset_of)
        spans = []
        for index in indexes[first:stop]:
            piece = self._content(index)
            left = max(start - piece.content_offset, 0)
            right = min(end - piece.content_offset, len(piece.span))
            if left < right:
                spans.append(Span("received", piece.span.start + left, piece.span.start + right))
        return spans

    def content(self, start: int = 0, end: int | None = None) -> bytes:
        """Return content, without chunk framing and with content codings still on it.

        Args:
            start: Offset of the first byte, counted in bytes of content.
            end: Offset after the last one; None for all there is so far.
        """
        spans = self.content_spans(start, end)
        received = self._connection.received
        if not spans or spans[-1].end - spans[0].start > MOST_AROUND_CONTENT:
            return b"".join(received.slice(span.start, span.end) for span in spans)
        # In one go: small chunks are in few pieces of the stream, each of which may have to be read from a file.
        origin = spans[0].start
        data = received.slice(origin, spans[-1].end)
        return b"".join(data[span.start - origin : span.end - origin] for span in spans)

    def _content(self, index: int) -> tap.ContentParsed:
        return cast("tap.ContentParsed", self._entries.event(index))


class ExchangeMoment(FactReader):
    """One exchange as of one moment: its request, its responses, how it ended."""

    def __init__(
        self, connection: ConnectionRecord, entries: EntryLog, record: ExchangeRecord, index: int
    ) -> None:
        super().__init__(entries, record.facts, index)
        self._connection = connection
        self.record = record
        self.connection = record.connection
        """The number of its connection."""
        self.number = record.number
        """From 1 on; 0 for what came before the first `putrequest()`, such as CONNECT."""
        self.first_index = record.first_index
        """The index of its first entry."""

    # --- the request --------------------------------------------------------------------

    @property
    def request_line(self) -> Fact[tap.RequestLineBuffered] | None:
        """The request-line."""
        return self.fact(tap.RequestLineBuffered)

    @property
    def request_header_section(self) -> list[Fact[tap.FieldLineBuffered]]:
        """The field lines of the request, automatic ones marked as such."""
        return self.facts(tap.FieldLineBuffered)

    @property
    def request_header_section_end(self) -> Fact[tap.HeaderSectionBuffered] | None:
        """The empty line that ends the header section."""
        return self.fact(tap.HeaderSectionBuffered)

    @property
    def request_content_spans(self) -> list[Span]:
        """Where the content of the request lies in the `sent` stream, without chunk framing."""
        return [
            Span("sent", leaf.start, leaf.end)
            for fact in self.facts(tap.ContentBuffered)
            for leaf in fact.event.leaves
            if leaf.kind in ("content", "raw")
        ]

    @property
    def request_completion(self) -> Fact[tap.RequestCompleted] | None:
        """Whether all of the request was handed to the kernel."""
        return self.fact(tap.RequestCompleted)

    # --- the responses ------------------------------------------------------------------

    @property
    def responses(self) -> list[ResponseMoment]:
        """The responses so far, the last of which may be incomplete."""
        return [
            ResponseMoment(self._connection, self._entries, record, self.index)
            for record in self.record.responses
            if record.first_index <= self.index
        ]

    @property
    def interim_responses(self) -> list[ResponseMoment]:
        """The 1xx responses."""
        return [response for response in self.responses if response.interim]

    @property
    def response(self) -> ResponseMoment | None:
        """The final response, as far as it came; None before anything of it was parsed.

        A head with a 1xx code counts as this until the parser has said that it is interim.
        """
        responses = self.responses
        return responses[-1] if responses and not responses[-1].interim else None

    # --- how it went --------------------------------------------------------------------

    @property
    def diagnostics(self) -> list[Fact[tap.DiagnosticFound]]:
        """What the RFC does not allow, in the request and in the responses."""
        return self.facts(tap.DiagnosticFound)

    @property
    def error(self) -> Fact[tap.CallRaised] | None:
        """The exception that ended the exchange; None while it goes on, and when it went well.

        A call that is illegal in the state of the connection raises too, but ends nothing; neither
        does a call after the response is complete. Such a failure is the line's alone
        (`Moment.failure`).
        """
        for fact in reversed(self.facts(tap.CallRaised)):
            if "ImproperConnectionState" not in fact.event.error.lineage and not self._complete_before(
                fact.index
            ):
                return fact
        return None

    @property
    def excess(self) -> list[Fact[tap.ExcessReceived]]:
        """Bytes after the end of the message."""
        return self.facts(tap.ExcessReceived)

    @property
    def last_index(self) -> int:
        """The index of its last entry at this moment."""
        return min(self.record.last_index, self.index)

    def _complete_before(self, index: int) -> bool:
        response = self.response
        completion = response.completion if response else None
        return completion is not None and completion.event.complete and completion.index < index
