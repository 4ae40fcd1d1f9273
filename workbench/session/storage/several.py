r"""The lines that stand for several events, as some notes do: one for each of `notes.VALUES`.

    ["Head", 0, 17, 90417652, 1, 1, 0, "HTTP/1.1 200 OK\r\nServer: a\r\n\r\n"]

They are lists as those of events are. The first field is the `seq` of the first event; each of the others has the next one.
What the events are, whoever wrote the note knows (`notes.each`), so each line is a fraction of theirs, and writing it
costs no more than the text of it.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from workbench.protocol.late import COMMON, describe, own_fields, words_for
from workbench.protocol.notes import KINDS, VALUES, Note, OfCall, each
from workbench.protocol.tap import Event
from workbench.session.storage.values import READERS, Reader, read_inline, reader_of

LONGEST_INLINE = 4096
"""Bytes that stand in a line. A receive of a small response is shorter than this, so that most recordings are one file
that can be read in an editor."""

_COMMON = {"seq": int, "time_ns": int, "connection": int, "exchange": int}

_NOT_IN_A_FILE: dict[Any, Any] = {OfCall.NAMES: (), OfCall.RESULT: None}
"""What is noted there of which the text before says everything."""

_READERS: dict[Any, Reader] = READERS | {
    # Nothing of them is ever in the file of bodies.
    bytes: read_inline,
    OfCall.ARGUMENTS: reader_of(str | None),
    OfCall.WORDS: READERS[str],
}


def names_of_several() -> dict[str, tuple[str, ...]]:
    """Give the names of the fields of each kind of line, in their order."""
    return {kind: tuple(_fields(kind)) for kind in VALUES}


def _fields(kind: str) -> dict[str, Any]:
    return _COMMON | {name: of for name, of in VALUES[kind].items() if of not in _NOT_IN_A_FILE}


# --- writing ---------------------------------------------------------------------------------

Written = tuple[int, str]
"""How many events a note stands for, and its own values as they stand in a line."""


def write_several(note: Note) -> Written | None:
    """Write a note of any kind; None where it is to be written as the events that it stands for."""
    if note[0] not in VALUES:
        return None
    values = list(_written(note))
    if any(_is_long(value) for value in values):
        return None
    text = json.dumps([_plain(value) for value in values], separators=(",", ":"))
    return len(each(note)), text[1:-1]


def _written(note: Note) -> Iterator[Any]:
    types, values = VALUES[note[0]].values(), note[COMMON:]
    following = (*values[1:], None)
    for of, value, after in zip(types, values, following, strict=True):
        if of is OfCall.ARGUMENTS:
            yield None if value is None else words_for(value, after)
        elif of is OfCall.WORDS:
            yield describe(after) if value is None else value
        elif of not in _NOT_IN_A_FILE:
            yield value


def _is_long(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(map(_is_long, value))
    return isinstance(value, bytes) and len(value) > LONGEST_INLINE


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.decode("latin-1") if isinstance(value, bytes) else value


# --- reading ---------------------------------------------------------------------------------

_NO_NOTE = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What is raised where events are made of values that nobody has noted: somebody has changed the file."""


def whole_event(note: Note, seq: int) -> Event:
    """Make an event of a note that stands for one, and all its fields, as `notes.make_event` does not."""
    return KINDS[note[0]](seq, *note[1:COMMON], *own_fields(note))


def reader_of_several(
    kind: str, names: tuple[str, ...], make: Callable[[Note, int], Event]
) -> Callable[[list[Any]], tuple[Event, ...]]:
    """Make what gives the events of a line of a kind.

    Args:
        kind: One of `notes.VALUES`.
        names: Of its fields, in the order of the file.
        make: Makes one event: `whole_event` finds out whether the line is what somebody noted.

    Returns:
        Given the fields, gives the events; it raises ValueError where they are none.
    """
    readers = {name: reader_of(of, _READERS) for name, of in _fields(kind).items()}

    def read(values: list[Any]) -> tuple[Event, ...]:
        if len(values) != len(names):
            raise ValueError(f"expected {len(names)} fields of {kind}, found {len(values)}")
        found = dict(zip(names, values, strict=True))
        if missing := readers.keys() - found.keys():
            raise ValueError(f"expected the field {min(missing)} of {kind}")
        seq, *common = [readers[name](found[name]) for name in _COMMON]
        own = [
            _NOT_IN_A_FILE[of] if of in _NOT_IN_A_FILE else readers[name](found[name])
            for name, of in VALUES[kind].items()
        ]
        try:
            events = tuple(make(note, seq + n) for n, note in enumerate(each((kind, *common, *own))))
        except _NO_NOTE as error:
            raise ValueError(f"expected what is noted of a {kind}: {error!r:.200}") from None
        if not events:
            raise ValueError(f"expected a {kind} that stands for something")
        return events

    return read
