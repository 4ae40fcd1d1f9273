"""What is noted when something happens, until somebody wants an event of it.

A note is a tuple of what is at hand: nothing is put together or copied for it. It takes a third of the time and of the
memory of an event. Whoever can wait for the events takes notes (`NotingTap`); for all others an event is made of each at
once.

What is noted in each exchange is made of numbers, text, bytes and tuples of these. So nothing in it can hold it, which
Python's garbage collector finds out the first time and leaves it alone from then on. Through objects of ours, or lists,
it goes again and again while notes are kept, and that takes longer than the exchanges.
"""

import io
import os
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from typing import Any

from workbench.protocol import tap
from workbench.protocol.late import COMMON
from workbench.protocol.several import (
    AUTOMATIC,
    BOUNDARY,
    HEAD,
    LINES,
    each_line,
    each_of_automatic,
    each_of_boundary,
    each_of_head,
)
from workbench.protocol.whole_calls import (
    ANSWER,
    READ,
    REQUEST,
    each_of_answer,
    each_of_read,
    each_of_request,
)

Note = tuple[Any, ...]
"""The name of the class of an event; `time_ns`, `connection`, `exchange`; what its other fields are made of, which is these
fields where `late.FIELDS` does not say otherwise. An event gets its `seq` when it is made.

A note that has another name stands for several events of one moment (`SEVERAL`).
"""


class _Place(io.BytesIO):
    """A place in a file that has no bytes.

    Nothing else of the interpreter's own counts on by any number in one step, in which neither another thread nor ctrl+c
    comes in.
    """

    def close(self) -> None:
        """Do nothing: the interpreter closes all files when it ends, and connections may end after that."""


_counted = _Place()

next_number: Callable[[], int] = partial(_counted.seek, 1, os.SEEK_CUR)
"""Gives the next `seq`."""


def next_numbers(count: int) -> int:
    """Give the first of so many `seq` that follow each other."""
    return _counted.seek(count, os.SEEK_CUR) - count + 1


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

        A tap that never looks leaves this one as it is, which costs nothing. It may come from several threads at once, and
        inside itself: where it makes the garbage collector close a connection, or uses one.
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

SEVERAL: dict[str, Callable[..., list[Note]]] = {
    AUTOMATIC: each_of_automatic,
    HEAD: each_of_head,
    LINES: each_line,
    BOUNDARY: each_of_boundary,
    REQUEST: each_of_request,
    ANSWER: each_of_answer,
    READ: each_of_read,
}
"""By the name of a note that stands for several events what gives a note for each of them, given what every event has,
and what else is noted."""


class OfCall(Enum):
    """What a call was given, and what it gave: in a note each is two values, in a file it is one text."""

    ARGUMENTS = "arguments"
    """The arguments, or the words for them; None where the start of the call was noted before."""

    NAMES = "names"
    """The names of the last arguments; none where the arguments are words."""

    WORDS = "words"
    """The words for what was returned; None where that itself comes next."""

    RESULT = "result"
    """What was returned, where there are no words for it; else None."""


_RECEIVED = tuple[int, int, int, bytes] | None
_STATES = tuple[str, str] | None

VALUES: dict[str, Mapping[str, Any]] = {
    AUTOMATIC: {"caller": str, "start": int, "first": bytes, "second": bytes},
    HEAD: {"start": int, "data": bytes},
    BOUNDARY: {
        "rule": int, "kind": str, "length": int | None, "reason": str, "persistent": bool, "why": str
    },
    REQUEST: {
        "caller": str, "arguments": OfCall.ARGUMENTS, "names": OfCall.NAMES, "idle_ns": int, "field_count": int,
        "start": int, "head": bytes, "body": bytes | None, "sent": tuple[int, int, int] | None, "end_ns": int | None,
    },
    ANSWER: {
        "name": str, "arguments": OfCall.ARGUMENTS, "names": OfCall.NAMES, "received": _RECEIVED, "head_length": int | None,
        "boundary": tuple[int, str, int | None, str, bool, str] | None, "states": _STATES, "end_ns": int | None,
        "kind_name": str | None, "address": int | None,
    },
    READ: {
        "name": str, "arguments": OfCall.ARGUMENTS, "names": OfCall.NAMES, "received": _RECEIVED,
        "taken": tuple[int, int, int] | None, "completed": tuple[bool, str, int] | None, "states": _STATES,
        "end_ns": int | None, "words": OfCall.WORDS, "result": OfCall.RESULT,
    },
}  # fmt: skip
"""What is noted in a note that stands for several events, behind what every event has: names, and types.

A note that is declared here can be written down as one. Its numbers are 0 at least, and its tuples have as many members as
there are types. What an `OfCall` is has no type.
"""


def each(note: Note) -> list[Note]:
    """Give a note for each of the events that a note stands for."""
    make = SEVERAL.get(note[0])
    return [note] if make is None else make(*note[1:])
