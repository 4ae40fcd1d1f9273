"""The lines of what comes again, with places for the numbers.

What is told of the same bytes, such as the head of one server's responses, differs in numbers and offsets alone. So the
lines are kept as a form, which is filled in the next time. A form is made when the same comes for the second time: most
of what comes twice comes often, and of what comes once there is no end.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

from workbench.protocol import notes
from workbench.protocol.late import COMMON, ORIGINS, Origin, own_fields
from workbench.protocol.notes import Note, each
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.span import Leaf, Span

LONGEST_ELEMENT = 2048
"""Bytes of an element that is part of a form: few enough to stand in a line."""

LONGEST = 1 << 14
"""Characters of a form: enough for a head of seventy fields."""

MOST = 1 << 18
"""Characters of all forms of one kind."""

MOST_CAME = 1024
"""How much of one kind is remembered that came once."""


class Form:
    """The lines of what is made of the same.

    Args:
        kinds: Of the events, which have a line each.
        parts: The text, with one to be replaced behind each part that stays.
        offsets: What stands there beside what the events have in common: offsets, less the one where all begins.
        places: For each part that is replaced, the number of what replaces it: first the lines count, then the offsets.
    """

    __slots__ = ("_offsets", "_parts", "_replace", "kinds", "length")

    def __init__(self, kinds: list[str], parts: list[str], offsets: list[int], places: list[int]) -> None:
        self.kinds = kinds
        self._parts = parts
        self._offsets = offsets
        self._replace = itemgetter(*places)
        self.length = sum(map(len, parts))
        """In characters."""

    def fill(self, common: list[str], start: int) -> str:
        """Write the lines.

        Args:
            common: For each line what stands in it behind the kind: the line of the script, and what every event has,
                each with a comma behind it.
            start: Where all begins.
        """
        parts = self._parts[:]
        parts[1::2] = self._replace(common + [str(start + offset) for offset in self._offsets])
        return "".join(parts)


class _Forms(dict[object, Form]):
    """The forms of one kind of notes, by what is the same."""

    def __init__(self) -> None:
        super().__init__()
        self._characters = 0
        self._came: set[int] = set()

    def learn(self, made_of: object, note: Note, start: int) -> Form | None:
        """Make a form of what came before."""
        number = hash(made_of)
        if number not in self._came:
            if len(self._came) >= MOST_CAME:
                self._came.clear()
            self._came.add(number)
            return None
        form = _draw_up(each(note), start)
        if form is not None:
            self._characters += form.length
            if self._characters > MOST:
                self.clear()
                self._characters = form.length
            self[made_of] = form
        return form


_forms: defaultdict[str, _Forms] = defaultdict(_Forms)
"""By the kind of a note; of all recordings."""


def _draw_up(notes: list[Note], start: int) -> Form | None:
    draft = _Draft([note[0] for note in notes], start)
    for number, note in enumerate(notes):
        values = own_fields(note)
        if any(isinstance(value, Span) and len(value) > LONGEST_ELEMENT for value in values):
            return None
        draft.add_line(number, values)
    form = draft.form()
    return form if form.length <= LONGEST else None


class _Draft:
    """A form that is being made."""

    def __init__(self, kinds: list[str], start: int) -> None:
        self._kinds = kinds
        self._start = start
        self._parts = [""]
        self._places: list[int] = []
        self._offsets: dict[int, int] = {}
        """With their numbers."""

    def add_line(self, number: int, values: Iterable[Any]) -> None:
        """Add the line of an event, given its own fields."""
        self._write(f'["{self._kinds[number]}",')
        self._leave_place(number)
        self._write_values(values)
        self._write("]\n")

    def form(self) -> Form:
        """Give what was made."""
        return Form(self._kinds, self._parts, list(self._offsets), self._places)

    def _write_values(self, values: Iterable[Any]) -> None:
        for number, value in enumerate(values):
            self._write("," if number else "")
            if isinstance(value, (Span, Leaf)):
                self._write_place(value)
            elif isinstance(value, tuple):
                self._write("[")
                self._write_values(value)
                self._write("]")
            else:
                self._write(json.dumps(value.decode("latin-1") if isinstance(value, bytes) else value))

    def _write_place(self, place: Span | Leaf) -> None:
        name, start, end = place
        self._write(f'["{name}",')
        self._leave_place_of_offset(start)
        self._write(",")
        self._leave_place_of_offset(end)
        self._write("]")

    def _write(self, text: str) -> None:
        self._parts[-1] += text

    def _leave_place(self, number: int) -> None:
        self._places.append(number)
        self._parts += "", ""

    def _leave_place_of_offset(self, offset: int) -> None:
        number = len(self._kinds) + len(self._offsets)
        self._leave_place(self._offsets.setdefault(offset - self._start, number))


def _origin_of_lines(section: FieldSection, kind: str, first: int, end: int) -> Origin:
    start = section.raw_lines[first][1] if first else section.start
    return (section.data, kind, first, end), start


_ORIGINS: dict[str, Callable[..., Origin]] = {
    **{
        kind: ORIGINS[kind]
        for kind in ("RequestLineBuffered", "FieldLineBuffered", "StatusLineParsed", "FieldLineParsed")
    },
    notes.AUTOMATIC: lambda caller, start, first, second: ((caller, first, second), start),
    notes.HEAD: lambda start, data: (data, start),
    notes.LINES: _origin_of_lines,
    notes.BOUNDARY: lambda *decided: (decided, 0),
}
"""By the kind of a note: what is the same when it comes again, and where all begins, given what is noted."""

FORMED = frozenset(_ORIGINS)
"""The kinds of notes that may have a form."""


def form_of(note: Note) -> tuple[Form | None, int]:
    """Give the form for a note of such a kind, if there is one, and where all begins."""
    kind = note[0]
    made_of, start = _ORIGINS[kind](*note[COMMON:])
    forms = _forms[kind]
    return forms.get(made_of) or forms.learn(made_of, note, start), start
