"""From events to the lines of a recording.

An exchange of some microseconds has dozens of events, and each has to be in the file before the next thing happens.
So nothing walks through the values of an event: what writes a kind of events is one formatted string, which is put
together from the types of its fields when the first event of the kind comes. It writes what `json` would write.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import Any

from workbench.protocol import tap
from workbench.protocol.late import Late
from workbench.protocol.wire.span import Leaf, Span
from workbench.session.events import RecordedEvent
from workbench.session.storage.elements import elements_of, made, section_lines

Spill = Callable[[bytes], object]
"""Given bytes, gives what stands for them in a line."""

_quote = json.encoder.encode_basestring_ascii


class EventEncoder:
    """Makes lines of events.

    Args:
        spill: Called for the bytes of an event, in their order.
    """

    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self.value = _value_encoder(self._plain)
        """Writes a value of any type."""

    def encode(self, event: RecordedEvent, line: int) -> bytes:
        """Make the line of an event, its line end included."""
        connection, exchange = (event.connection, event.exchange) if isinstance(event, tap.Event) else (0, 0)
        return _WRITERS[event.__class__](self, event, line, connection, exchange)

    def encode_as(self, events: Sequence[RecordedEvent], line: int, connection: int, exchange: int) -> bytes:
        """Make the lines of events that have other numbers in the recording, if they are of the tap."""
        if len(events) == 1:
            (event,) = events
            return _WRITERS[event.__class__](self, event, line, connection, exchange)
        return section_lines(events, line, connection, exchange) or b"".join(
            [_WRITERS[event.__class__](self, event, line, connection, exchange) for event in events]
        )

    def data(self, data: bytes) -> str:
        """Write bytes, or where they lie."""
        spilled = self._spill(data)
        return _quote(spilled) if spilled.__class__ is str else self.value(spilled)

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
    encode = made_in_c(None, default, _quote, None, ":", ",", False, False, True)
    return lambda value: "".join(encode(value, 0))


# --- kinds of events -------------------------------------------------------------------------

_Writer = Callable[[EventEncoder, Any, int, int, int], bytes]

_EXPRESSIONS: dict[Any, str] = {
    int: "{%s}",
    int | None: '{"null" if %s is None else %s}',
    str: "{quote(%s)}",
    bool: '{"true" if %s else "false"}',
    bytes: "{to.data(%s)}",
    Span: '["{%s[0]}",{%s[1]},{%s[2]}]',
    tuple[Leaf, ...]: "[{write_leaves(%s)}]",
}
"""What writes a value of each type that many events have, in a formatted string."""

_ANY = "{to.value(%s)}"

_WRITER = """\
def write(to, event, line, connection, exchange):
    {prepare}
    return f'["{kind}",{{line}},{fields}]\\n'.encode("ascii")
"""

_LATE = """\
source = getattr(event, "source", None)
    if source is None:
        {names}, = {attributes},
    else:
        {elsewhere}
        # Nobody may ever look at it, so what is made here is not kept.
        {names}, = event.values(source)
"""

_KNOWN = """\
made_of, start = event.origin(source)
        known = elements.get(made_of) or elements.learn(made_of, event)
        if known is not None:
            write_tiles, lengths, data, words = known
            return f'["{kind}",{{line}},{fields},{{write_tiles(start, data, lengths)}}{{words}}'.encode("ascii")
"""


def _writer_of(kind: type[RecordedEvent]) -> _Writer:
    """Make what writes a kind of events."""
    types = {field.name: field.type for field in fields(kind)}
    names = list(types)
    given, late = (names[:4], names[4:]) if issubclass(kind, Late) else (names, [])
    values = {name: name if name in late else f"event.{name}" for name in names}
    if issubclass(kind, tap.Event):
        values |= {"connection": "connection", "exchange": "exchange"}
    written = {
        name: _EXPRESSIONS.get(types[name], _ANY).replace("%s", value) for name, value in values.items()
    }
    prepare = elsewhere = ""
    if hasattr(kind, "origin"):
        elsewhere = _KNOWN.format(kind=kind.__name__, fields=",".join(written[name] for name in given))
    if late:
        prepare = _LATE.format(
            names=",".join(late), attributes=",".join(f"event.{name}" for name in late), elsewhere=elsewhere
        )
    source = _WRITER.format(kind=kind.__name__, prepare=prepare, fields=",".join(written.values()))
    writer: _Writer = made(source, quote=_quote, write_leaves=_write_leaves, elements=elements_of[kind])
    return writer


def _write_leaves(leaves: Iterable[Leaf]) -> str:
    return ",".join([f'["{kind}",{start},{end}]' for kind, start, end in leaves])


class _Writers(dict[type[RecordedEvent], _Writer]):
    """What writes each kind of events, made when it is first needed."""

    def __missing__(self, kind: type[RecordedEvent]) -> _Writer:
        self[kind] = writer = _writer_of(kind)
        return writer


_WRITERS = _Writers()
