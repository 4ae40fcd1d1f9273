"""From events to the lines of a recording.

An exchange of some microseconds has dozens of events, and each has to be in the file before the next thing happens.
So the events of which there are many have functions of their own that write their fields, and nothing walks through
their values. They write what `json` writes, which writes all others.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from workbench.protocol import tap
from workbench.protocol.wire.span import Leaf, Span
from workbench.session.events import RecordedEvent
from workbench.session.storage.elements import elements_of, section_lines
from workbench.session.storage.format import KINDS

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

    def encode(self, event: RecordedEvent, line: int) -> bytes:
        """Make the line of an event, its line end included."""
        if isinstance(event, tap.Event):
            return self.encode_as((event,), line, event.connection, event.exchange)
        return self.encode_as((event,), line, 0, 0)

    def encode_as(self, events: Sequence[RecordedEvent], line: int, connection: int, exchange: int) -> bytes:
        """Make the lines of events that have other numbers in the recording, if they are of the tap."""
        if len(events) > 1:
            return section_lines(events, line, connection, exchange) or b"".join(
                [self.encode_as((event,), line, connection, exchange) for event in events]
            )
        event: Any = events[0]
        kind = event.__class__
        if kind not in _WRITERS:
            text = _WRITERS_OF_SESSION[kind](self, event)
            return f'["{kind.__name__}",{line},{text}]\n'.encode("ascii")
        begin, write = _WRITERS[kind]
        return (
            f"{begin}{line},{event.seq},{event.time_ns},{connection},{exchange},{write(self, event)}]\n"
        ).encode("ascii")

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


# --- what writes the fields of an event, but for those that every event of the tap has -------

_Write = Callable[[EventEncoder, Any], str]


def _write_any(names: list[str]) -> _Write:
    values = attrgetter(*names)
    if len(names) == 1:
        return lambda to, event: to.fields((values(event),))
    return lambda to, event: to.fields(values(event))


def _write_call(_: EventEncoder, event: Any) -> str:
    # Nobody may ever look at it, so what is made of a source is not kept.
    source = event.source
    if source is not None:
        name, words = event.values(source)
    elif event.__class__ is tap.CallStarted:
        name, words = event.name, event.arguments
    else:
        name, words = event.name, event.result
    return f"{quote(name)},{quote(words)}"


def _write_element_of(kind: type[tap.Event], names: list[str]) -> _Write:
    """Make what writes elements that may be known."""
    elements = elements_of[kind]
    write_any = _write_any(names)

    def write(to: EventEncoder, event: Any) -> str:
        source = event.source
        if source is None:
            return write_any(to, event)
        made_of, start = event.origin(source)
        known = elements.get(made_of) or elements.learn(made_of, event)
        if known is None:
            return to.fields(event.values(source))
        write_tiles, stream, lengths, data, words = known
        return write_tiles(stream, start, data, lengths) + words

    return write


def _write_content(_: EventEncoder, event: Any) -> str:
    source = event.source
    if source is None:
        return f"{_place(event.span)},{_leaves(event.leaves)},{event.content_offset}"
    start, length = source
    end = start + length
    return f'["received",{start},{end}],[["content",{start},{end}]],{event.content_offset}'


def _place(span: Span) -> str:
    stream, start, end = span
    return f'["{stream}",{start},{end}]'


def _leaves(leaves: tuple[Leaf, ...]) -> str:
    return "[" + ",".join([f'["{kind}",{start},{end}]' for kind, start, end in leaves]) + "]"


def _truth(value: bool) -> str:
    return "true" if value else "false"


_OF_MANY: dict[type[tap.Event], _Write] = {
    tap.CallStarted: _write_call,
    tap.CallReturned: _write_call,
    tap.StateChanged: lambda _, event: f"{quote(event.before)},{quote(event.after)},{quote(event.cause)}",
    tap.ConnectionReused: lambda _, event: f"{event.idle_ns}",
    tap.BytesSent: lambda _, event: f"{_place(event.span)},{event.elapsed_ns}",
    tap.BytesReceived: lambda to, event: f"{_place(event.span)},{to.data(event.data)},{event.elapsed_ns}",
    tap.ContentBuffered: lambda to, event: (
        f"{_place(event.span)},{to.data(event.data)},{_leaves(event.leaves)}"
    ),
    tap.FramingDecided: lambda _, event: (
        f"{event.rule},{quote(event.kind)},{'null' if event.length is None else event.length},{quote(event.reason)}"
    ),
    tap.RequestCompleted: lambda _, event: f"{_truth(event.complete)},{quote(event.reason)}",
    tap.PersistenceDecided: lambda _, event: f"{_truth(event.persistent)},{quote(event.reason)}",
    tap.ChunkHeaderParsed: lambda _, event: (
        f"{_place(event.span)},{_leaves(event.leaves)},{event.index},{event.size},{quote(event.extension)}"
    ),
    tap.ContentParsed: _write_content,
    tap.ChunkParsed: lambda _, event: f"{_place(event.span)},{_leaves(event.leaves)},{event.index}",
    tap.MessageCompleted: lambda _, event: (
        f"{_truth(event.complete)},{quote(event.reason)},{event.content_length}"
    ),
}
"""Of the events that an exchange has many of, or each exchange has."""

_WRITERS: dict[type[RecordedEvent], tuple[str, _Write]] = {}
"""For each kind of events of the tap how its lines begin, and what writes its fields."""

_WRITERS_OF_SESSION: dict[type[RecordedEvent], _Write] = {}
"""For each other kind what writes its fields."""

for _kind in KINDS.values():
    _names = [field.name for field in fields(_kind)]
    if not issubclass(_kind, tap.Event):
        _WRITERS_OF_SESSION[_kind] = _write_any(_names)
    elif hasattr(_kind, "origin"):
        _WRITERS[_kind] = f'["{_kind.__name__}",', _write_element_of(_kind, _names[4:])
    else:
        _WRITERS[_kind] = f'["{_kind.__name__}",', _OF_MANY.get(_kind) or _write_any(_names[4:])
