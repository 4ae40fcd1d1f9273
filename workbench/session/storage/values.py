"""The values of events as JSON, and back.

Numbers, texts, truth values and None are themselves. Bytes are text, a character for each byte (Latin-1), so that
short ones can be read in any editor; those that are `Spilled` are `[offset, length]`. A span is
`[stream, start, end]`, a leaf `[kind, start, end]`, an `ErrorFact` the list of its fields.

What comes from a file may be anything: each value is checked against the type of its field.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from sys import intern
from typing import Any, get_args, get_origin, get_type_hints

from workbench.protocol.tap import ErrorFact
from workbench.protocol.wire.diagnostics import Code, Severity
from workbench.protocol.wire.span import LEAF_KINDS, Leaf, Span


@dataclass(frozen=True, slots=True)
class Spilled:
    """Bytes that lie in the file of bodies, and were not loaded."""

    offset: int
    length: int

    def __len__(self) -> int:
        """Give the number of bytes."""
        return self.length


_WITH_BYTES = ("data", "certificate", "head")
"""The fields of events that hold bytes; an `ErrorFact` may hold some too."""


@cache
def _with_bytes(kind: Any) -> tuple[str, ...]:
    """Name the fields of a kind of events in which bytes may be: few kinds have any, and there are many events."""
    return tuple(one.name for one in fields(kind) if one.name in (*_WITH_BYTES, "error"))


def spilled_of(event: Any) -> Iterator[Spilled]:
    """Find what of an event was not loaded."""
    for name in _with_bytes(event.__class__):
        value = getattr(event, name)
        found = getattr(value, "partial", None) if name == "error" else value
        if found.__class__ is Spilled:
            yield found


def outlined(event: Any, spilled: list[tuple[bytes, Spilled]]) -> Any:
    """Make the event without its large bytes of one that has them.

    Args:
        event: It stays as it is.
        spilled: These bytes of it, and where they lie.
    """
    changes: dict[str, object] = {}
    for name in _with_bytes(event.__class__):
        value = getattr(event, name)
        for data, place in spilled:
            if value is data:
                changes[name] = place
            elif name == "error" and value is not None and value.partial is data:
                changes[name] = replace(value, partial=place)
    return replace(event, **changes)


def loaded(event: Any, read: Callable[[int, int], bytes]) -> Any:
    """Make the whole event of one that has something spilled.

    Args:
        event: It stays as it is.
        read: Given an offset and a length, gives bytes.
    """
    changes: dict[str, object] = {}
    for name in _WITH_BYTES:
        value = getattr(event, name, None)
        if isinstance(value, Spilled):
            changes[name] = read(value.offset, value.length)
    error: Any = getattr(event, "error", None)
    partial: object = getattr(error, "partial", None)
    if isinstance(partial, Spilled):
        changes["error"] = replace(error, partial=read(partial.offset, partial.length))
    return replace(event, **changes)


Reader = Callable[[Any], Any]
"""Takes a value of JSON, gives that of a field. It raises ValueError where it is none."""


def _expected(what: str, found: object) -> ValueError:
    return ValueError(f"expected {what}, found {repr(found)[:80]}")


def _read_int(value: Any) -> int:
    # A truth value is an int for Python. Offsets, times and numbers of things are never below 0, and the indexes have
    # eight bytes for each; a Content-Length may take all of these.
    if value.__class__ is not int or not 0 <= value < 1 << 64:
        raise _expected("a number", value)
    return value


def _read_str(value: Any) -> str:
    if value.__class__ is not str:
        raise _expected("text", value)
    return value


def _read_word(value: Any) -> str:
    """Read a text of which there are few, such as the name of a state: one object for all of them."""
    return intern(_read_str(value))


def _read_bool(value: Any) -> bool:
    if value.__class__ is not bool:
        raise _expected("true or false", value)
    return value


def _read_float(value: Any) -> float:
    return value if value.__class__ is float else float(_read_int(value))


def _read_bytes(value: Any) -> bytes | Spilled:
    if value.__class__ is list and len(value) == 2:
        return Spilled(_read_int(value[0]), _read_int(value[1]))
    return read_inline(value)


def read_inline(value: Any) -> bytes:
    """Read bytes that stand in the line."""
    try:
        return _read_str(value).encode("latin-1")
    except UnicodeEncodeError:
        raise _expected("a character for each byte", value) from None


_STREAMS = frozenset({"sent", "received"})


def _read_span(value: Any) -> Span:
    stream, start, end = value
    if stream not in _STREAMS or not 0 <= _read_int(start) <= _read_int(end):
        raise _expected("a range of bytes", value)
    return Span(stream, start, end)


_LEAF_KINDS = {kind: intern(kind) for kind in LEAF_KINDS}


def _read_leaves(value: Any) -> tuple[Leaf, ...]:
    # Most of a long recording is leaves, so this is done without a call for each.
    leaves = []
    for kind, start, end in value:
        if start.__class__ is not int or end.__class__ is not int or not 0 <= start <= end:
            raise _expected("leaves", value)
        leaves.append(Leaf(_LEAF_KINDS[kind], start, end))
    return tuple(leaves)


def _read_code(value: Any) -> Code:
    return Code(value)


def _read_severity(value: Any) -> Severity:
    return Severity(value)


def _read_error(value: Any) -> ErrorFact:
    return ErrorFact(*read_fields(_ERROR_READERS, value))


def _optional(reader: Reader) -> Reader:
    return lambda value: None if value is None else reader(value)


def _many(reader: Reader) -> Reader:
    return lambda value: tuple([reader(one) for one in _read_list(value)])


def _several(readers: tuple[Reader, ...]) -> Reader:
    return lambda value: tuple(read_fields(readers, value))


def _read_list(value: Any) -> list[Any]:
    if value.__class__ is not list:
        raise _expected("a list", value)
    return value


def read_fields(readers: tuple[Reader, ...], values: Any) -> list[Any]:
    """Read one value for each of some readers.

    Raises:
        ValueError: There are more or fewer values, or one is none of its field.
    """
    return [reader(value) for reader, value in zip(readers, _read_list(values), strict=True)]


READERS: dict[Any, Reader] = {
    int: _read_int,
    str: _read_str,
    bool: _read_bool,
    float: _read_float,
    bytes: _read_bytes,
    Span: _read_span,
    tuple[Leaf, ...]: _read_leaves,
    Code: _read_code,
    Severity: _read_severity,
    ErrorFact: _read_error,
}
"""What reads a value of each type that events have."""

_WORDS = frozenset(
    {"before", "after", "cause", "kind", "section", "operation", "http_version", "target_form", "outcome"}
)
"""Fields of text that are one of a few words."""


def readers_of(cls: type[Any]) -> dict[str, Reader]:
    """Say how each field of a dataclass is read, by its type.

    Raises:
        KeyError: A field has a type that no event has had so far: it needs an entry above.
    """
    types = get_type_hints(cls)
    return {
        field.name: _read_word
        if field.name in _WORDS and types[field.name] is str
        else reader_of(types[field.name])
        for field in fields(cls)
    }


def reader_of(kind: Any, readers: Mapping[Any, Reader] = READERS) -> Reader:
    """Say how a value of a type is read.

    Args:
        kind: The type.
        readers: How the types are read that are made of no others.

    Raises:
        KeyError: It is none of these.
    """
    if kind in readers:
        return readers[kind]
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        if arguments[-1] is ...:
            return _many(reader_of(arguments[0], readers))
        return _several(tuple(reader_of(one, readers) for one in arguments))
    if type(None) in arguments and len(arguments) == 2:
        return _optional(reader_of(arguments[arguments[0] is type(None)], readers))
    raise KeyError(f"No value of the type {kind!r} is read from a recording")


_ERROR_READERS = tuple(readers_of(ErrorFact).values())
