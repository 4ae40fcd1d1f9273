"""Notes of what always happens together, and the notes of each event that they stand for (`notes`)."""

from typing import Any

from workbench.protocol.late import format_arguments, stay
from workbench.protocol.wire.fields import FieldSection

Note = tuple[Any, ...]
"""As in `notes`."""

AUTOMATIC = "AutomaticFields"
"""Calls of `putheader` for the two fields that nobody has to put: the class, where the first line begins, and the lines,
each without its CRLF."""

HEAD = "Head"
"""A regular head with nothing to report: where it begins, and its bytes."""

LINES = "FieldLines"
"""Field lines of a section: the section, its kind, the number of the first line, and of the line behind the last one."""

BOUNDARY = "Boundary"
"""Where a response ends, and what comes behind it: the fields of `FramingDecided`, then those of `PersistenceDecided`."""


# Each takes what every event has one by one: to unpack it for each note would take as long as all the rest.


def each_of_automatic(
    time_ns: int, connection: int, exchange: int, caller: str, start: int, first: bytes, second: bytes
) -> list[Note]:
    """Give the notes of an `AUTOMATIC` one."""
    return each_put((time_ns, connection, exchange), caller, start, [first, second], True)


def each_put(
    here: tuple[int, int, int], caller: str, start: int, lines: list[bytes], automatic: bool
) -> list[Note]:
    """Give the notes of calls of `putheader`.

    Args:
        here: Time, connection and exchange.
        caller: The class.
        start: Where the first line begins in the stream.
        lines: Each without its CRLF.
        automatic: They are fields that nobody has to put.
    """
    notes: list[Note] = []
    call = f"{caller}.putheader"
    for line in lines:
        name, _, value = line.decode("latin-1").partition(": ")
        noted: Any = (name, value)
        notes += (
            ("CallStarted", *here, call, noted if stay(noted) else format_arguments(noted, {}), ()),
            ("FieldLineBuffered", *here, start, line + b"\r\n", automatic),
            ("CallReturned", *here, call, None, None),
        )
        start += len(line) + 2
    return notes


def each_of_head(time_ns: int, connection: int, exchange: int, start: int, data: bytes) -> list[Note]:
    """Give the notes of a `HEAD`."""
    at = data.index(b"\n") + 1
    section = FieldSection(data[at : -len(b"\r\n")], start + at)
    count = section.line_count
    return [
        ("StatusLineParsed", time_ns, connection, exchange, data[:at], start),
        *each_line(time_ns, connection, exchange, section, "header", 0, count),
        ("HeaderSectionParsed", time_ns, connection, exchange, section.end, len(b"\r\n"), count),
    ]


def each_line(
    time_ns: int, connection: int, exchange: int, section: FieldSection, kind: str, first: int, end: int
) -> list[Note]:
    """Give the notes of `LINES`."""
    return [
        ("FieldLineParsed", time_ns, connection, exchange, section, kind, index, index)
        for index in range(first, end)
    ]


def each_of_boundary(
    time_ns: int, connection: int, exchange: int, rule: int, kind: str, length: int | None, reason: str,
    persistent: bool, why: str,
) -> list[Note]:  # fmt: skip
    """Give the notes of a `BOUNDARY`."""
    return [
        ("FramingDecided", time_ns, connection, exchange, rule, kind, length, reason),
        ("PersistenceDecided", time_ns, connection, exchange, persistent, why),
    ]
