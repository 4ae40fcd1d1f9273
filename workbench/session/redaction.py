"""A copy of a recording without the secrets in it.

Whatever leaves the program is made from such a copy, so that no exporter can forget one: what is not
there cannot get out. A secret is written over with as many asterisks, in the bytes and in every text of
every event. So each offset, each length and each column of a script still holds.
"""

import ast
import re
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import Any

from workbench.protocol import tap
from workbench.protocol.errors import ErrorFact
from workbench.protocol.redaction import credential_spans
from workbench.protocol.wire.span import Span, StreamName
from workbench.session.carried import Carried, request_content, response_content
from workbench.session.changed_log import ChangedLog
from workbench.session.connection_record import ConnectionRecord
from workbench.session.decoding import Decoded
from workbench.session.events import Printed, RecordedEvent
from workbench.session.exchange_moment import ExchangeMoment
from workbench.session.plan import whole_exchange
from workbench.session.recording import Recording
from workbench.session.secrets import BLANK, SHORTEST_WORD, Place, SecretFinder, SecretWords, blanked
from workbench.session.visible import visible

MOST_DECODED = 64 << 20
"""Bytes of content whose coding is taken off to look for secrets in it."""

CACHED_TEXTS = 4096

_BYTES = re.compile(
    r"""b(?P<quote>['"])(?P<text>(?:(?!(?P=quote))(?:\\x[0-9a-f]{2}|\\[\\'"trn]|[ -\[\]-~]))*)"""
)
"""What `repr` makes of bytes, also where the end of it was cut off."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A recording that may be handed on."""

    recording: Recording
    names: frozenset[str]
    """The names of fields whose values were written over, in lower case."""

    spans: dict[tuple[int, StreamName], list[Span]]
    """What was written over, for each stream of each connection."""

    texts: int
    """In how many texts beside the bytes, such as the source of a script, something was."""

    unread: tuple[str, ...] = ()
    """Why content could not be looked into, for each message whose content is all written over therefore."""

    @property
    def places(self) -> int:
        """How many places in the bytes were written over."""
        return sum(map(len, self.spans.values()))

    def touches(self, connection: int, span: Span) -> bool:
        """Whether something was written over in a range of bytes."""
        return any(_overlapping(self.spans.get((connection, span.stream), ()), span))


def redact_recording(recording: Recording, listed: Collection[str] = ()) -> Redacted:
    """Make a copy without secrets.

    Args:
        recording: It stays as it is.
        listed: Names of fields, parameters and JSON members beside Authorization, Proxy-Authorization,
            Cookie and Set-Cookie, in any case.
    """
    return _Redaction(recording, SecretFinder(listed)).copy()


def secret_words(recording: Recording, listed: Collection[str] = ()) -> SecretWords:
    """Find what is secret in a recording, to look for it elsewhere, such as in a picture of the screen.

    Args:
        recording: What was recorded.
        listed: As in `redact_recording`.
    """
    return _Redaction(recording, SecretFinder(listed)).words


class _Redaction:
    """One copy in the making."""

    def __init__(self, recording: Recording, finder: SecretFinder) -> None:
        self._recording = recording
        self._count = len(recording.entries)
        """What comes later was not looked through, and is not in the copy."""
        self._finder = finder
        self._in_place = {
            (connection.number, stream): self._named_places(connection, stream)
            for connection in recording.connections
            for stream in _STREAMS
        }
        self.words = SecretWords(self._secrets())
        self._unread: list[str] = []
        self._hidden: list[bytes] = []
        self._spans = {key: _merged(key[1], self._all_places(*key)) for key in self._in_place}
        self._texts = 0
        self._redact_text = lru_cache(CACHED_TEXTS)(self._text_without_secrets)

    def copy(self) -> Redacted:
        entries = self._recording.entries
        copy = Recording(ChangedLog(entries, self._event))
        for index in range(self._count):
            copy.append(self._event(entries.outline(index)), entries.line(index))
        return Redacted(copy, self._finder.names, self._spans, self._texts, tuple(self._unread))

    # --- what is secret -----------------------------------------------------------------

    def _named_places(self, connection: ConnectionRecord, stream: StreamName) -> list[Place]:
        told = (entry.event for entry in _elements(self._recording, connection, stream))
        spans = credential_spans(told, self._finder.names)
        return [
            *((span.start, span.end) for span in spans),
            *self._finder.places(_text_of(connection, stream)),
            *(self._places_of_parameters(connection) if stream == "sent" and self._finder.listed else ()),
        ]

    def _places_of_parameters(self, connection: ConnectionRecord) -> Iterator[Place]:
        """Find those in request-targets and in forms."""
        stream = connection.stream("sent")
        for record in connection.exchanges:
            _, exchange = whole_exchange(self._recording, record)
            for spans in (_target_spans(exchange), _form_spans(exchange)):
                text = "".join(str(stream.slice(span.start, span.end), "latin-1") for span in spans)
                yield from _mapped(self._finder.places_of_parameters(text), spans)

    def _secrets(self) -> Iterator[str]:
        """Yield everything that is secret by its place, in bytes or in a text."""
        for (number, stream), places in self._in_place.items():
            record = self._recording.connection(number).stream(stream)
            for start, end in places:
                yield str(record.slice(start, end), "latin-1")
        for entry in self._recording.entries:
            for text in _texts_of(entry.event):
                yield from (text[start:end] for start, end in self._finder.places_in_source(text))

    def _all_places(self, number: int, stream: StreamName) -> list[Place]:
        connection = self._recording.connection(number)
        return [
            *self._in_place[number, stream],
            *self.words.places(_text_of(connection, stream)),
            *self._places_in_content(connection, stream),
        ]

    def _places_in_content(self, connection: ConnectionRecord, stream: StreamName) -> Iterator[Place]:
        """Find secrets that chunk framing cuts in two, and those under a content coding.

        Where a coding hides one, all of the content is written over: within coded bytes no single
        secret has a place. So it is where nobody can tell, because the coding does not come off whole.
        """
        for record in connection.exchanges:
            _, exchange = whole_exchange(self._recording, record)
            for spans, carried in _contents(self._recording, exchange, stream):
                hidden = carried is not None and self._hides(carried)
                del carried  # It may be large, and more is to come.
                if not hidden and _is_one_piece(spans):
                    continue  # It lies in the stream as it is, and was looked through there.
                content = b"".join(connection.stream(stream).slice(span.start, span.end) for span in spans)
                yield from _mapped(self._found(content), spans)
                if hidden:
                    self._hidden.append(content)
                    yield from ((span.start, span.end) for span in spans)

    def _hides(self, carried: Carried) -> bool:
        """Whether coded content has a secret in it, for all that is known."""
        if all(coding == "identity" for coding in carried.codings):
            return False
        reason = _why_unread(carried.decoded)
        if reason:
            self._unread.append(reason)
            return True
        return bool(self._found(carried.decoded.data))

    def _found(self, data: bytes) -> list[Place]:
        text = str(data, "latin-1")
        return self._finder.places(text) + self.words.places(text)

    # --- the copy -----------------------------------------------------------------------

    def _event(self, event: RecordedEvent) -> RecordedEvent:
        changes = {
            one.name: new
            for one in fields(event)
            if (new := self._value(event, one.name)) is not getattr(event, one.name)
        }
        return replace(event, **changes) if changes else event

    def _value(self, event: Any, name: str) -> Any:
        value = getattr(event, name)
        span = getattr(event, "span", None)
        if isinstance(value, bytes) and span is not None:
            place = Span(span.stream, span.start, span.start + len(value))
            data = self._bytes(event.connection, place, value)
            # What a server reports may never have come, so that no stream has it; and it is cut.
            return self._without_pieces(data) if name == "head" else data
        if name == "value" and event.name.lower() in self._finder.names:
            return BLANK * len(value)
        if isinstance(event, tap.TlsEstablished):
            return value  # A certificate is public.
        # What a call gave may be a byte or two of what was written over, and many such calls give all of it.
        told = name == "result" or isinstance(event, Printed)
        return self._plain(value, 1 if told else SHORTEST_WORD)

    def _plain(self, value: Any, shortest: int = SHORTEST_WORD) -> Any:
        if type(value) is str:
            return self._text(value, shortest)
        if isinstance(value, bytes):
            if self._is_hidden(value):
                return BLANK.encode() * len(value)
            text = str(value, "latin-1")
            return blanked(text, self._found(value)).encode("latin-1")
        if isinstance(value, ErrorFact):
            return replace(
                value,
                message=self._text(value.message),
                attributes=tuple((name, self._text(text)) for name, text in value.attributes),
                partial=self._plain(value.partial),
            )
        return value

    def _bytes(self, connection: int, span: Span, data: bytes) -> bytes:
        copy: bytearray | None = None
        for one in _overlapping(self._spans.get((connection, span.stream), ()), span):
            copy = bytearray(data) if copy is None else copy
            start, end = max(one.start - span.start, 0), min(one.end - span.start, len(copy))
            copy[start:end] = BLANK.encode() * (end - start)
        return data if copy is None else bytes(copy)

    def _without_pieces(self, data: bytes) -> bytes:
        text = str(data, "latin-1")
        return blanked(text, [*self._found(data), *self.words.piece_places(text)]).encode("latin-1")

    def _text(self, text: str, shortest: int = SHORTEST_WORD) -> str:
        new = self._redact_text(text, shortest)
        self._texts += new != text
        return new

    def _text_without_secrets(self, text: str, shortest: int) -> str:
        places = self._finder.places_in_source(text) + self.words.places(text)
        new = blanked(text, places)
        new = blanked(new, self.words.fragment_places(new))
        return blanked(new, self._hidden_places(new, shortest)) if self._hidden else new

    def _hidden_places(self, text: str, shortest: int) -> Iterator[Place]:
        """Find literals of what was written over as a whole, such as the result of a `read()`.

        Args:
            text: Where to look.
            shortest: Bytes that a literal must have: in the source of a script `b"a"` is somebody's own.
        """
        for match in _BYTES.finditer(text):
            data = ast.literal_eval(match["quote"].join(("b", match["text"], "")))
            if len(data) >= shortest and self._is_hidden(data):
                yield match.span("text")

    def _is_hidden(self, data: bytes) -> bool:
        return any(data in content for content in self._hidden)


_STREAMS: tuple[StreamName, StreamName] = ("sent", "received")


def _elements(recording: Recording, connection: ConnectionRecord, stream: StreamName) -> Iterator[Any]:
    elements = connection.elements(stream).between(
        0, connection.stream(stream).length, len(recording.entries)
    )
    return (recording.entries[element.index] for element in elements)


def _text_of(connection: ConnectionRecord, stream: StreamName) -> str:
    record = connection.stream(stream)
    return str(record.slice(0, record.length), "latin-1")


def _target_spans(exchange: ExchangeMoment) -> list[Span]:
    line = exchange.request_line
    leaves = line.event.leaves if line else ()
    return [Span("sent", leaf.start, leaf.end) for leaf in leaves if leaf.kind == "target"]


def _form_spans(exchange: ExchangeMoment) -> list[Span]:
    """Say where the content of a request lies, if it is that of a form."""
    for fact in exchange.request_header_section:
        if fact.event.name.lower() == "content-type" and fact.event.value.lower().startswith(_FORM):
            return exchange.request_content_spans
    return []


_FORM = "application/x-www-form-urlencoded"


def _texts_of(event: RecordedEvent) -> Iterator[str]:
    """Yield the texts of an event in which somebody may have written a secret."""
    yield from (value for name in _text_fields(event) if (value := getattr(event, name)))
    error = getattr(event, "error", None)
    if isinstance(error, ErrorFact):
        yield error.message


def _text_fields(event: RecordedEvent) -> list[str]:
    return [one.name for one in fields(event) if type(getattr(event, one.name)) is str]


def _contents(
    recording: Recording, exchange: ExchangeMoment, stream: StreamName
) -> Iterator[tuple[list[Span], Carried | None]]:
    """Yield where the content of each message lies, and what it carried."""
    if stream == "sent":
        connection = recording.at().connection_numbered(exchange.connection)
        assert connection is not None
        yield exchange.request_content_spans, request_content(connection, exchange, MOST_DECODED)
        return
    for response in exchange.responses:
        yield response.content_spans(), response_content(response, MOST_DECODED)


def _is_one_piece(spans: list[Span]) -> bool:
    return all(one.end == other.start for one, other in pairwise(spans))


def _why_unread(decoded: Decoded) -> str:
    """Say why there may be more in coded content than is known; empty where there is not."""
    if decoded.obstacle:
        name = visible(decoded.obstacle)
        return (
            f"no package for {name} is installed" if decoded.missing_package else f"{name} is no known coding"
        )
    if decoded.fault:
        return "its coding is damaged"
    return "" if decoded.whole else "it is cut short, or too long"


def _mapped(places: Iterable[Place], spans: list[Span]) -> Iterator[Place]:
    """Turn places in content into places in the stream, one for each span that they touch."""
    starts = array("Q", [0])
    for span in spans:
        starts.append(starts[-1] + len(span))
    for start, end in places:
        number = bisect_right(starts, start) - 1
        while number < len(spans) and starts[number] < end:
            span = spans[number]
            left, right = max(start, starts[number]), min(end, starts[number + 1])
            if left < right:
                yield span.start + left - starts[number], span.start + right - starts[number]
            number += 1


def _merged(stream: StreamName, places: Iterable[Place]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1].end:
            merged[-1] = Span(stream, merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(stream, start, end))
    return merged


def _overlapping(spans: Sequence[Span], span: Span) -> Iterator[Span]:
    """Yield those that have bytes in common with one; they lie side by side, in order."""
    first = bisect_right(spans, span.start, key=attrgetter("end"))
    for number in range(first, len(spans)):
        if spans[number].start >= span.end:
            return
        yield spans[number]
