"""Fields of events that are made when one of them is first looked at.

A tap hears of dozens of events in the time that an exchange takes, and looks at few of their fields. So an event holds
the note that it is made of (`notes`) until somebody asks for one of its fields. What is noted is what costs least; the
functions here make the fields of it where these are others, such as leaves, or the `repr()` of an argument. Whatever
could change or be large meanwhile does not wait.

An event of which all fields are given, as one that is read from a file, never has a note. Nobody can tell the two
apart by looking.
"""

from collections.abc import Callable, Iterable
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar

from workbench.protocol.wire.field_line import Parts
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.serializer import chunk_leaves, field_line_leaves, request_line_leaves
from workbench.protocol.wire.span import Leaf, Span, StreamName, tile
from workbench.protocol.wire.start_line import parse_status_line
from workbench.protocol.wire.target import target_form

COMMON = 4
"""What stands in a note before what it says of its kind alone: the kind, and what every event has but for its `seq`."""


class Late:
    """Makes the fields of an event that are not there yet."""

    __slots__ = ("note",)
    __match_args__: ClassVar[tuple[str, ...]]

    def __post_init__(self) -> None:
        self.note = None

    if TYPE_CHECKING:
        note: Any
        """What the fields are made of; None once they are there. It is no field of the event: not compared, not written
        to a file."""

    else:
        # Who checks types is to know the fields, and no others.

        def __getattr__(self, name: str) -> Any:
            # Two threads may come here at once: the second makes the same, or finds it made.
            if name != "note" and (note := getattr(self, "note", None)) is not None:
                values = (*note[1:COMMON], *own_fields(note))
                for field, value in zip(self.__match_args__[1:], values, strict=True):
                    setattr(self, field, value)
                self.note = None
            return object.__getattribute__(self, name)


def own_fields(note: tuple[Any, ...]) -> tuple[Any, ...]:
    """Make the fields of a noted event, those left out that every event has."""
    make = FIELDS.get(note[0])
    return note[COMMON:] if make is None else make(*note[COMMON:])


# --- calls -------------------------------------------------------------------------------

LONGEST = 200
"""Characters or bytes of what a call was given, or gave, that are told."""


Arguments = tuple[Any, ...] | str
"""The arguments of a call, those that were given by name behind the others; or the words for them, where they cannot wait."""


def _call_started(name: str, arguments: Arguments, names: tuple[str, ...]) -> tuple[str, str]:
    return name, words_for(arguments, names)


def words_for(arguments: Arguments, names: tuple[str, ...]) -> str:
    """Give the words for noted arguments, the last of which have names."""
    if isinstance(arguments, str):
        return arguments
    by_position = len(arguments) - len(names)
    named = zip(names, arguments[by_position:], strict=True)
    return format_arguments(arguments[:by_position], dict(named))


def _call_returned(name: str, words: str | None, result: object) -> tuple[str, str]:
    return name, describe(result) if words is None else words


_SIZED = frozenset((str, bytes))
_SMALL = frozenset((NoneType, bool, int))


def stay(values: Iterable[Any]) -> bool:
    """Say whether `describe` will give the same for values later, and they need not go until then."""
    for value in values:
        kind = type(value)
        if kind in _SIZED:
            if len(value) > LONGEST:
                return False
        elif kind not in _SMALL:
            return False
    return True


def format_arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Write the arguments of a call as in a program."""
    positional = [describe(value) for value in args]
    return ", ".join(positional + [f"{name}={describe(value)}" for name, value in kwargs.items()])


_LONG = (str, bytes, bytearray)


def describe(value: object) -> str:
    """`repr()`, cut; a body of a gigabyte is cut before, not after.

    A call is not to fail because nobody can write down what it was given: an integer of 5,000 digits, or an object
    whose own `repr()` raises.
    """
    if isinstance(value, _LONG) and len(value) > LONGEST:
        return f"{value[:LONGEST]!r}..."
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - see above
        text = object.__repr__(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."


# --- bytes -------------------------------------------------------------------------------


def _bytes_sent(start: int, end: int, elapsed_ns: int) -> tuple[Any, ...]:
    return Span("sent", start, end), elapsed_ns


def _bytes_received(start: int, data: bytes, elapsed_ns: int) -> tuple[Any, ...]:
    return Span("received", start, start + len(data)), data, elapsed_ns


# --- elements ----------------------------------------------------------------------------

CHUNK = "chunk"
"""Stands in a note of content that was queued for the kind of its leaf, where there are several."""


def _request_line(start: int, data: bytes, method: str, target: str, version: str) -> tuple[Any, ...]:
    sent_target = data[len(method) + 1 : -len(version) - 3]
    leaves = request_line_leaves(start, method.encode(), sent_target, version.encode())
    span = Span("sent", start, start + len(data))
    return span, data, leaves, method, target, target_form(method, target), version


def _sent_field(start: int, data: bytes, automatic: bool) -> tuple[Any, ...]:
    line = data[:-2]
    name, _, value = line.decode("latin-1").partition(": ")
    span = Span("sent", start, start + len(data))
    return span, data, field_line_leaves(start, line), name, value, automatic


def _sent_section_end(start: int, data: bytes) -> tuple[Any, ...]:
    return Span("sent", start, start + len(data)), data, tile(start, ("section_end", len(data)))


def _status_line(data: bytes, start: int) -> tuple[Any, ...]:
    line, _ = parse_status_line(data, start)
    assert line is not None, "a line that cannot be read is not noted"
    version, reason_phrase = line.http_version.decode("latin-1"), line.reason_phrase.decode("latin-1")
    span = Span("received", start, start + len(data))
    return span, line.leaves, version, line.status_code, reason_phrase


def _received_field(section: FieldSection, kind: str, index: int, number: int) -> tuple[Any, ...]:
    """Make the fields for a line of a section: the numbers are those among its field lines, and among all lines."""
    line = section.line(number)
    name, value = line.name.decode("latin-1"), line.value.decode("latin-1")
    return Span("received", line.start, line.end), line.leaves, kind, index, name, value


def _received_section_end(start: int, length: int, field_count: int) -> tuple[Any, ...]:
    return Span("received", start, start + length), tile(start, ("section_end", length)), field_count


def _sent_content(start: int, data: bytes, kind: str, length: int) -> tuple[Any, ...]:
    leaves = chunk_leaves(start, length) if kind == CHUNK else tile(start, (kind, length))
    return Span("sent", start, start + len(data)), data, leaves


def _chunk_header(
    start: int, length: int, parts: Parts, index: int, size: int, extension: bytes
) -> tuple[Any, ...]:
    span = Span("received", start, start + length)
    return span, tile(start, *parts), index, size, extension.decode("latin-1")


def _chunk_end(start: int, length: int, index: int) -> tuple[Any, ...]:
    return Span("received", start, start + length), tile(start, ("chunk_end", length)), index


def _content(start: int, length: int, content_offset: int) -> tuple[Any, ...]:
    end = start + length
    return Span("received", start, end), (Leaf("content", start, end),), content_offset


FIELDS: dict[str, Callable[..., tuple[Any, ...]]] = {
    "CallStarted": _call_started,
    "CallReturned": _call_returned,
    "BytesSent": _bytes_sent,
    "BytesReceived": _bytes_received,
    "RequestLineBuffered": _request_line,
    "FieldLineBuffered": _sent_field,
    "HeaderSectionBuffered": _sent_section_end,
    "StatusLineParsed": _status_line,
    "FieldLineParsed": _received_field,
    "HeaderSectionParsed": _received_section_end,
    "ContentBuffered": _sent_content,
    "ChunkHeaderParsed": _chunk_header,
    "ContentParsed": _content,
    "ChunkParsed": _chunk_end,
    "TrailerSectionParsed": _received_section_end,
}
"""By the kind of an event what makes its own fields of what is noted, where that is something else."""


# --- where elements lie ----------------------------------------------------------------------

DATA = COMMON + 1
"""Where the bytes stand in a note of what was queued or received."""

SENT_END = COMMON + 1
"""Where a note of what was sent says where that ends."""

STATE_AFTER = COMMON + 1
"""Where a note of a change says which state it is now."""

Place = tuple[StreamName, int, int]
"""A stream, where the bytes begin in it, and where they end."""


def _place_in_queue(start: int, data: bytes, *_: object) -> Place:
    return "sent", start, start + len(data)


def _place_of_received(start: int, length: int, *_: object) -> Place:
    return "received", start, start + length


def _place_in_section(section: FieldSection, _kind: str, _index: int, number: int) -> Place:
    return "received", *section.place_of_line(number)


PLACES: dict[str, Callable[..., Place]] = {
    "RequestLineBuffered": _place_in_queue,
    "FieldLineBuffered": _place_in_queue,
    "HeaderSectionBuffered": _place_in_queue,
    "StatusLineParsed": lambda data, start: ("received", start, start + len(data)),
    "FieldLineParsed": _place_in_section,
    "HeaderSectionParsed": _place_of_received,
    "ContentBuffered": _place_in_queue,
    "ChunkHeaderParsed": _place_of_received,
    "ContentParsed": _place_of_received,
    "ChunkParsed": _place_of_received,
    "TrailerSectionParsed": _place_of_received,
}
"""For the kinds of elements that are made of something else what says where the bytes lie, given what is noted."""
