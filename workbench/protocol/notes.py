"""What is noted when something happens, until somebody wants an event of it.

A note is a tuple of what is at hand: nothing is looked up, put together or copied for it. It takes a third of the time
and of the memory of an event, and Python's garbage collector soon leaves most notes alone, because nothing in them can
hold them. Whoever can wait for the events takes notes (`NotingTap`); for all others an event is made of each at once.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from workbench.protocol import tap
from workbench.protocol.late import COMMON

Note = tuple[Any, ...]
"""The name of the class of an event; `time_ns`, `connection`, `exchange`; what its other fields are made of, which is these
fields where `late.FIELDS` does not say otherwise. An event gets its `seq` when it is made.

`LINES` is not the name of a class: such a note stands for several events.
"""

LINES = "FieldLines"
"""The field lines of a section, which are of one moment: what every event has, the section, its kind, the number of the
first line, and of the line behind the last one."""

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


def make_event(note: Note) -> tap.Event:
    """Make the event of a note that stands for one. What every event has is there; the rest is late."""
    event = object.__new__(KINDS[note[0]])
    event.seq, event.note = next_number(), note
    _, event.time_ns, event.connection, event.exchange = note[:COMMON]
    return event


def each(note: Note) -> Iterator[Note]:
    """Give a note for each of the events that a note stands for."""
    if note[0] != LINES:
        yield note
        return
    _, time_ns, connection, exchange, section, kind, first, end = note
    for index in range(first, end):
        yield "FieldLineParsed", time_ns, connection, exchange, section, kind, index, index
