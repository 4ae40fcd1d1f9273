"""From what happened to the lines of a recording.

An exchange of some microseconds has dozens of events, and they have to be in the file before it goes on. So no events
are made for that: lines are written from notes, and a note of several events is one line (`several`). Notes of which there
are many have functions of their own, and those of what came before are filled into forms. What these write is what `json`
writes, which writes all others.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any

from workbench.protocol import notes, tap
from workbench.protocol.late import COMMON, DATA, describe, own_fields, words_for
from workbench.protocol.notes import Note, each, next_number, next_numbers
from workbench.protocol.several import AUTOMATIC, BOUNDARY, HEAD
from workbench.protocol.whole_calls import ANSWER, READ, REQUEST
from workbench.protocol.wire.span import Leaf, Span
from workbench.session.entries import Number, OfLine, Told
from workbench.session.storage.format import KINDS
from workbench.session.storage.forms import LONGEST_ELEMENT, fill_form
from workbench.session.storage.several import LONGEST_INLINE, Written, write_several
from workbench.session.storage.whole_calls import write_answer, write_read, write_request

MOST_KNOWN = 256
"""Texts of one kind that are kept."""

Spill = Callable[[bytes], object]
"""Given bytes, gives what stands for them in a line."""

quote = json.encoder.encode_basestring_ascii


class EventEncoder:
    """Makes lines of events.

    Args:
        spill: Called for the bytes of an event, in their order.
    """

    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self._value = _value_encoder(self._plain)
        self._place: tuple[int, int, str] = (-1, -1, "")
        """The connection and the exchange of the last note, and the text for them: those of one call have the same."""

    def encode_all(self, told: Iterable[Told], number: Number) -> bytes:
        """Make the lines of what happened, their line ends included.

        Args:
            told: What happened.
            number: Gives connections their numbers in the recording.
        """
        lines: list[str] = []
        connection, exchange, place = self._place
        for one in told:
            if one.__class__ is not tuple:
                lines.append(self._line_of_event(one, number))
                continue
            if one[3] != exchange or one[2] != connection:
                connection, exchange = one[2], one[3]
                place = f",{number(connection)},{exchange},"
                self._place = connection, exchange, place
            kind = one[0]
            write_as_one = _WRITERS_OF_SEVERAL.get(kind)
            if write_as_one is None and (write := _WRITERS.get(kind)) is not None:
                lines.append(f'["{kind}",0,{next_number()},{one[1]}{place}{write(self, one)}]\n')
            elif (several := (write_as_one or write_several)(one)) is not None:
                count, values = several
                lines.append(f'["{kind}",0,{next_numbers(count)},{one[1]}{place}{values}]\n')
            else:
                lines.append(self.encode_all(each(one), number).decode("ascii"))
        return "".join(lines).encode("ascii")

    def _line_of_event(self, told: Any, number: Number) -> str:
        """Write an event that has a line of the script, or a `seq`, already."""
        event, line = told if told.__class__ is OfLine else (told, 0)
        kind = event.__class__.__name__
        if not isinstance(event, tap.Event):
            return f'["{kind}",{line},{self.fields(_OWN_VALUES[kind](event))}]\n'
        # Looked up once: who looks at the event in another thread has its fields made, and the note is gone.
        if (note := event.note) is None:
            common = f"{line},{event.seq},{event.time_ns},{number(event.connection)},{event.exchange},"
            return f'["{kind}",{common}{self.fields(_OWN_VALUES[kind](event))}]\n'
        common = f"{line},{event.seq},{note[1]},{number(note[2])},{note[3]},"
        return f'["{kind}",{common}{_WRITERS[kind](self, note)}]\n'

    def fields(self, values: Sequence[object]) -> str:
        """Write values of any type, one behind the other."""
        return self._value(values)[1:-1]

    def data(self, data: bytes) -> str:
        """Write bytes, or where they lie."""
        spilled = self._spill(data)
        return quote(spilled) if spilled.__class__ is str else self._value(spilled)

    def _plain(self, value: Any) -> object:
        if isinstance(value, bytes):
            return self._spill(value)
        assert isinstance(value, tap.ErrorFact)
        return [getattr(value, name) for name in tap.ErrorFact.__dataclass_fields__]


def _value_encoder(default: Callable[[Any], object]) -> Callable[[object], str]:
    encoder = json.JSONEncoder(separators=(",", ":"), check_circular=False, default=default)
    made_in_c = getattr(json.encoder, "c_make_encoder", None)
    if made_in_c is None:
        return encoder.encode
    # `encode` makes one of these each time, which takes as long as to encode an event.
    encode = made_in_c(None, default, quote, None, ":", ",", False, False, True)
    return lambda value: "".join(encode(value, 0))


def _own_values(kind: type[Any]) -> Callable[[Any], Sequence[object]]:
    names = [field.name for field in fields(kind)]
    if issubclass(kind, tap.Event):
        del names[: len(fields(tap.Event))]
    values = attrgetter(*names)
    # Of one name it gives the value alone.
    return values if len(names) > 1 else lambda event: (values(event),)


_OWN_VALUES = {name: _own_values(kind) for name, kind in KINDS.items()}
"""For each kind what gives its fields, for one of the tap those left out that every event has."""


# --- what writes the own fields of an event that was noted ------------------------------------

_Write = Callable[[EventEncoder, Note], str]


def _write_any(to: EventEncoder, note: Note) -> str:
    return to.fields(own_fields(note))


@lru_cache(maxsize=MOST_KNOWN, typed=True)
def _text_of(*values: object) -> str:
    # Typed: 1 and True are the same number, and not the same words.
    return json.dumps(values, separators=(",", ":"))[1:-1]


def _write_again(_: EventEncoder, note: Note) -> str:
    """Write fields that are the same in one exchange after the other."""
    return _text_of(*note[COMMON:])


def _text_of_call(name: str, words: str) -> str:
    return f"{quote(name)},{quote(words)}"


@lru_cache(maxsize=MOST_KNOWN, typed=True)
def _text_of_arguments(name: str, names: tuple[str, ...], *arguments: object) -> str:
    return _text_of_call(name, words_for(arguments, names))


def _write_call_started(_: EventEncoder, note: Note) -> str:
    name, arguments, names = note[COMMON:]
    if arguments.__class__ is tuple:
        return _text_of_arguments(name, names, *arguments)
    return _text_of_call(name, arguments)


@lru_cache(maxsize=MOST_KNOWN, typed=True)
def _text_of_result(name: str, result: object) -> str:
    return _text_of_call(name, describe(result))


def _write_call_returned(_: EventEncoder, note: Note) -> str:
    name, words, result = note[COMMON:]
    return _text_of_result(name, result) if words is None else _text_of_call(name, words)


def _write_element(to: EventEncoder, note: Note) -> str:
    return fill_form(note) if len(note[DATA]) <= LONGEST_ELEMENT else _write_any(to, note)


def _write_section_end_buffered(to: EventEncoder, note: Note) -> str:
    start, data = note[COMMON:]
    end = start + len(data)
    return f'["sent",{start},{end}],{to.data(data)},[["section_end",{start},{end}]]'


def _write_section_end_parsed(_: EventEncoder, note: Note) -> str:
    start, length, field_count = note[COMMON:]
    end = start + length
    return f'["received",{start},{end}],[["section_end",{start},{end}]],{field_count}'


def _write_content(_: EventEncoder, note: Note) -> str:
    start, length, content_offset = note[COMMON:]
    end = start + length
    return f'["received",{start},{end}],[["content",{start},{end}]],{content_offset}'


def _write_bytes_received(to: EventEncoder, note: Note) -> str:
    start, data, elapsed_ns = note[COMMON:]
    return f'["received",{start},{start + len(data)}],{to.data(data)},{elapsed_ns}'


def _write_bytes_sent(_: EventEncoder, note: Note) -> str:
    start, end, elapsed_ns = note[COMMON:]
    return f'["sent",{start},{end}],{elapsed_ns}'


def _write_content_buffered(to: EventEncoder, note: Note) -> str:
    span, data, leaves = own_fields(note)
    return f"{_place(span)},{to.data(data)},{_leaves(leaves)}"


def _write_chunk_header(_: EventEncoder, note: Note) -> str:
    span, leaves, index, size, extension = own_fields(note)
    return f"{_place(span)},{_leaves(leaves)},{index},{size},{quote(extension)}"


def _write_chunk(_: EventEncoder, note: Note) -> str:
    start, length, index = note[COMMON:]
    end = start + length
    return f'["received",{start},{end}],[["chunk_end",{start},{end}]],{index}'


def _place(span: Span) -> str:
    stream, start, end = span
    return f'["{stream}",{start},{end}]'


def _leaves(leaves: tuple[Leaf, ...]) -> str:
    return "[" + ",".join([f'["{kind}",{start},{end}]' for kind, start, end in leaves]) + "]"


_WRITERS: dict[str, _Write] = dict.fromkeys(notes.KINDS, _write_any) | {
    "CallStarted": _write_call_started,
    "CallReturned": _write_call_returned,
    "StateChanged": _write_again,
    "RequestLineBuffered": _write_element,
    "FieldLineBuffered": _write_element,
    "HeaderSectionBuffered": _write_section_end_buffered,
    "HeaderSectionParsed": _write_section_end_parsed,
    "TrailerSectionParsed": _write_section_end_parsed,
    "ConnectionReused": lambda _, note: str(note[COMMON]),
    "BytesSent": _write_bytes_sent,
    "BytesReceived": _write_bytes_received,
    "ContentBuffered": _write_content_buffered,
    "RequestCompleted": _write_again,
    "FramingDecided": _write_again,
    "PersistenceDecided": _write_again,
    "ChunkHeaderParsed": _write_chunk_header,
    "ContentParsed": _write_content,
    "ChunkParsed": _write_chunk,
    "MessageCompleted": _write_again,
}
"""By the kind of an event. Those with a function of their own are many, or in each exchange."""


# --- what writes the values of a note of several events ----------------------------------------


@lru_cache(maxsize=MOST_KNOWN)
def _text_of_head(data: bytes) -> Written:
    # An event for each line, the status-line and the empty line among them.
    return data.count(b"\n"), quote(data.decode("latin-1"))


def _write_head(note: Note) -> Written | None:
    start, data = note[COMMON:]
    if len(data) > LONGEST_INLINE:
        return None
    count, text = _text_of_head(data)
    return count, f"{start},{text}"


@lru_cache(maxsize=MOST_KNOWN)
def _text_of_lines(*lines: bytes) -> str | None:
    if max(map(len, lines)) > LONGEST_INLINE:
        return None
    return ",".join([quote(line.decode("latin-1")) for line in lines])


def _write_automatic(note: Note) -> Written | None:
    caller, start, first, second = note[COMMON:]
    text = _text_of_lines(first, second)
    return None if text is None else (6, f"{quote(caller)},{start},{text}")


def _write_boundary(note: Note) -> Written:
    return 2, _text_of(*note[COMMON:])


_WRITERS_OF_SEVERAL: dict[str, Callable[[Note], Written | None]] = {
    AUTOMATIC: _write_automatic,
    HEAD: _write_head,
    BOUNDARY: _write_boundary,
    REQUEST: write_request,
    ANSWER: write_answer,
    READ: write_read,
}
"""By the kind of a note: those that are in each exchange. What they give is what `write_several` gives."""
