"""What is noted when something happens, until somebody wants an event of it.

A note is a tuple of what is at hand: nothing is looked up, put together or copied for it. It takes a third of the time
and of the memory of an event, and Python's garbage collector soon leaves most notes alone, because nothing in them can
hold them. Whoever can wait for the events takes notes (`NotingTap`); for all others an event is made of each at once.
"""

import itertools
from collections.abc import Callable
from typing import Any

from workbench.protocol import tap
from workbench.protocol.late import COMMON
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.framing import Framing
from workbench.protocol.wire.regular_head import RegularHead

Note = tuple[Any, ...]
"""The name of the class of an event; `time_ns`, `connection`, `exchange`; what its other fields are made of, which is these
fields where `late.FIELDS` does not say otherwise. An event gets its `seq` when it is made.

A note that has another name stands for several events of one moment (`SEVERAL`).
"""

next_number = itertools.count(1).__next__
"""Gives the next `seq`."""


KINDS: dict[str, type[tap.Event]] = {
    name: kind
    for name, kind in vars(tap).items()
    if isinstance(kind, type) and issubclass(kind, tap.Event) and kind is not tap.Event
}
"""Every class of events, by its name."""


class NotingTap:
    """A tap that takes notes; a class of such taps is derived from this one."""

    note: Callable[[Note], object]
    """Keeps a note, and raises nothing. It is looked up once for each connection. The best one is the interpreter's own, such
    as the `append` of a deque."""

    def __call__(self, event: tap.Event, /) -> object:
        """Hear of an event, as every tap does: from somebody who has one."""

    def take(self) -> object:
        """Look at what was noted: a call of the API ends, or something may wait now.

        It may come from several threads at once, and inside itself: where it makes the garbage collector close a
        connection, or uses one.
        """


def make_event(note: Note, seq: int = 0) -> tap.Event:
    """Make the event of a note that stands for one, with the next `seq` if it has none.

    What every event has is there; the rest is late.
    """
    event = object.__new__(KINDS[note[0]])
    event.seq, event.note = seq or next_number(), note
    _, event.time_ns, event.connection, event.exchange = note[:COMMON]
    return event


# --- notes that stand for several events -----------------------------------------------------

AUTOMATIC = "AutomaticFields"
"""Calls of `putheader` for the fields that nobody has to put: the class, where the first line begins, and the lines, each
without its CRLF."""

HEAD = "Head"
"""A regular head with nothing to report: the head, and where it begins."""

LINES = "FieldLines"
"""Field lines of a section: the section, its kind, the number of the first line, and of the line behind the last one."""

BOUNDARY = "Boundary"
"""Where a response ends, and what comes behind it: its framing, whether the connection goes on, and why."""

_Common = tuple[int, int, int]
"""What every event has but for its `seq`."""


def _each_of_automatic(common: _Common, caller: str, start: int, *lines: bytes) -> list[Note]:
    found: list[Note] = []
    call = f"{caller}.putheader"
    for line in lines:
        name, _, value = line.decode("latin-1").partition(": ")
        found += (
            ("CallStarted", *common, call, (name, value)),
            ("FieldLineBuffered", *common, start, line + b"\r\n", True),
            ("CallReturned", *common, call, None, None),
        )
        start += len(line) + 2
    return found


def _each_of_head(common: _Common, head: RegularHead, start: int) -> list[Note]:
    section = head.section(start)
    return [
        ("StatusLineParsed", *common, head.status_line, start),
        *_each_line(common, section, "header", 0, head.line_count),
        ("HeaderSectionParsed", *common, section, len(b"\r\n")),
    ]


def _each_line(common: _Common, section: FieldSection, kind: str, first: int, end: int) -> list[Note]:
    # To unpack what is common would take as long as all else that is done for a line.
    now, connection, exchange = common
    return [
        ("FieldLineParsed", now, connection, exchange, section, kind, index, index)
        for index in range(first, end)
    ]


def _each_of_boundary(common: _Common, framing: Framing, persistent: bool, why: str) -> list[Note]:
    return [
        ("FramingDecided", *common, framing.rule, framing.kind, framing.length, framing.reason),
        ("PersistenceDecided", *common, persistent, why),
    ]


SEVERAL: dict[str, Callable[..., list[Note]]] = {
    AUTOMATIC: _each_of_automatic,
    HEAD: _each_of_head,
    LINES: _each_line,
    BOUNDARY: _each_of_boundary,
}
"""By the name of a note that stands for several events what gives a note for each of them, given what every event has,
and what else is noted."""


def each(note: Note) -> list[Note]:
    """Give a note for each of the events that a note stands for."""
    make = SEVERAL.get(note[0])
    return [note] if make is None else make(note[1:COMMON], *note[COMMON:])
