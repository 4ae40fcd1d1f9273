"""The lines of a recording: a header, then one event each, or several that were noted as one.

The header is an object. Beside the version it says which fields the events have, by kind, and those lines that stand for
several: so a line needs no names, a program can read the file without this one, and a newer version may add fields.

    {"format": "workbench recording", "version": 2, ..., "events": {"BytesSent": ["seq", ...], ...}, "notes": {...}}
    ["BytesSent", 3, 17, 90417652, 1, 1, ["sent", 0, 64], 21407]

An event is a list: its kind, the line of the script that was being executed (0 for none), its fields. So is a note of
several (`several`). All of it is ASCII; JSON's escapes stand for everything else, so that no tool on the way can change a
byte. Version 1 had no notes.
"""

import json
import time
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from typing import Any

from workbench import __version__
from workbench.protocol import notes
from workbench.session import events
from workbench.session.events import RecordedEvent
from workbench.session.storage.several import names_of_several, reader_of_several, whole_event
from workbench.session.storage.values import READERS, Reader, readers_of

FORMAT = "workbench recording"
VERSION = 2
"""Goes up when an older program could no longer read what it knows of a file."""

MAX_HEADER_LENGTH = 1 << 20
"""Bytes. A file whose first line is longer is no recording."""


KINDS: dict[str, type[Any]] = notes.KINDS | {
    name: kind
    for name, kind in vars(events).items()
    if isinstance(kind, type) and issubclass(kind, events.SessionEvent) and kind is not events.SessionEvent
}
"""Every kind of event, by its name."""

_READERS = {name: readers_of(kind) for name, kind in KINDS.items()}


class NotARecordingError(Exception):
    """The file is no recording. The message says what was expected."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a recording."""

    version: int
    program: str
    """The version of the program that wrote it."""

    unix_time_ns: int
    """When it was begun: `time.time_ns()`."""

    time_ns: int
    """`time.perf_counter_ns()` at the same moment, the clock of the events."""

    name: str
    """What was recorded, such as `lab: hello`."""

    events: dict[str, tuple[str, ...]]
    """The names of the fields of each kind of event."""

    notes: dict[str, tuple[str, ...]]
    """The names of the fields of each kind of line that stands for several events."""

    @classmethod
    def now(cls, name: str) -> "Header":
        """Make the header of a recording that begins."""
        names = {kind: tuple(readers) for kind, readers in _READERS.items()}
        now_ns = time.perf_counter_ns()
        return cls(VERSION, __version__, time.time_ns(), now_ns, name, names, names_of_several())

    @property
    def newer(self) -> bool:
        """Whether a newer program wrote it, and some of it may not be understood."""
        return self.version > VERSION


def encode_header(header: Header) -> bytes:
    """Make the first line, its line end included."""
    values = {"format": FORMAT, **{name: getattr(header, name) for name in Header.__dataclass_fields__}}
    return json.dumps(values).encode("ascii") + b"\n"


def decode_header(line: bytes) -> Header:
    """Read the first line.

    Raises:
        NotARecordingError: It is none.
    """
    try:
        found = json.loads(line)
        if found["format"] != FORMAT:
            raise ValueError(found["format"])
        of_events, of_notes = _names(found["events"]), _names(found.get("notes", {}))
        numbers = [READERS[int](found[name]) for name in ("version", "unix_time_ns", "time_ns")]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        if FORMAT.encode() in line:
            raise NotARecordingError(
                "Line 1 of this recording is damaged, and without it no other line can be read: "
                f"{type(error).__name__}: {str(error)[:80]}"
            ) from None
        raise NotARecordingError(
            f"Expected a recording, which begins with an object whose format is {FORMAT!r}; found {line[:80]!r}"
        ) from None
    version, unix_time_ns, time_ns = numbers
    program, name = str(found.get("program", "")), str(found.get("name", ""))
    return Header(version, program, unix_time_ns, time_ns, name, of_events, of_notes)


def _names(found: Any) -> dict[str, tuple[str, ...]]:
    return {str(kind): tuple(map(str, names)) for kind, names in found.items()}


_parse = json.JSONDecoder().decode


class EventDecoder:
    """Makes events of the lines of one recording.

    Args:
        header: Of the recording, which says in which order the fields stand.
    """

    def __init__(self, header: Header) -> None:
        self._makers: dict[str, _Maker] = {}
        for kind, names in header.events.items():
            if kind in KINDS:
                self._makers[kind] = _maker(KINDS[kind], names, _READERS[kind])
        self._late_makers = self._makers.copy()
        for kind, names in header.notes.items():
            if kind in notes.VALUES:
                self._makers[kind] = reader_of_several(kind, names, whole_event)
                self._late_makers[kind] = reader_of_several(kind, names, notes.make_event)

    def decode(self, line: bytes, *, late: bool = False) -> tuple[tuple[RecordedEvent, ...], int]:
        """Read the events of a line, one at least, and the line of the script that they are stamped with.

        Large bytes are `Spilled`.

        Args:
            line: With its end or without it.
            late: Of several events the fields are made when somebody looks at them: all of the line was read before.

        Raises:
            ValueError: There is none; the message says what was expected.
        """
        try:
            kind, number, *values = _parse(line.decode("ascii"))
        except (ValueError, RecursionError, TypeError):
            raise ValueError("expected a list in JSON") from None
        try:
            maker = (self._late_makers if late else self._makers)[kind]
        except (KeyError, TypeError):
            raise ValueError(
                f"expected a kind of event that this version knows, found {line[:40]!r}"
            ) from None
        if number.__class__ is not int or not 0 <= number < 1 << 32:
            raise ValueError(f"expected the number of a line, found {repr(number)[:80]}")
        try:
            return maker(values), number
        except (TypeError, KeyError) as error:
            raise ValueError(f"expected the fields of {kind}: {error}") from None


_Maker = Callable[[list[Any]], tuple[RecordedEvent, ...]]


def _maker(cls: type[Any], names: tuple[str, ...], readers: dict[str, Reader]) -> _Maker:
    """Make what builds an event from its values, in the order of a file."""
    if names == tuple(readers):
        in_order = tuple(readers.values())

        def make(values: list[Any]) -> tuple[RecordedEvent, ...]:
            if len(values) != len(in_order):
                raise ValueError(f"expected {len(in_order)} fields of {cls.__name__}, found {len(values)}")
            return (cls(*[read(value) for read, value in zip(in_order, values, strict=True)]),)

        return make

    needed = {
        field.name for field in fields(cls) if field.default is MISSING and field.default_factory is MISSING
    }

    def make_named(values: list[Any]) -> tuple[RecordedEvent, ...]:
        found = dict(zip(names, values, strict=True))
        if missing := needed - found.keys():
            raise ValueError(f"expected the field {min(missing)} of {cls.__name__}")
        # A newer version may have fields that this one does not know, and can do without.
        return (cls(**{name: readers[name](value) for name, value in found.items() if name in readers}),)

    return make_named
