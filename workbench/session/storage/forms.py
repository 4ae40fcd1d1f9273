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
from workbench.protocol.late import COMMON, own_fields
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


_PLACE = "\0"
"""Stands in a text where something is to be filled in. JSON escapes it in all others."""


class Form:
    """The lines of what is made of the same.

    Args:
        count: How many lines there are.
        text: All of it, with its places.
        contents: What is to stand in each place: an offset, less the one where all begins; or the number of a line, for
            what it has in common with all others. Lines are numbered from `-count` to -1.
    """

    __slots__ = ("_contents", "_offsets", "_parts", "count", "length")

    def __init__(self, count: int, text: str, contents: list[int]) -> None:
        self.count = count
        self.length = len(text)
        """In characters."""

        given = sorted(set(contents))
        self._offsets = given[count:]
        numbers = {content: number for number, content in enumerate(given)}
        self._contents = itemgetter(*[numbers[content] for content in contents])
        self._parts = [""] * (2 * len(contents) + 1)
        self._parts[::2] = text.split(_PLACE)

    def fill(self, common: list[str], start: int) -> str:
        """Write the lines.

        Args:
            common: For each line what stands in it behind the kind: the line of the script, and what every event has,
                each with a comma behind it.
            start: Where all begins.
        """
        parts = self._parts[:]
        parts[1::2] = self._contents(common + [str(start + offset) for offset in self._offsets])
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
    texts: list[str] = []
    contents: list[int] = []
    for number, note in enumerate(notes, -len(notes)):
        values = own_fields(note)
        if any(isinstance(value, Span) and len(value) > LONGEST_ELEMENT for value in values):
            return None
        contents.append(number)
        texts.append(f'["{note[0]}",{_PLACE}{_texts_of(values, start, contents)}]\n')
    form = Form(len(notes), "".join(texts), contents)
    return form if form.length <= LONGEST else None


def _texts_of(values: Iterable[Any], start: int, contents: list[int]) -> str:
    return ",".join([_text_of(value, start, contents) for value in values])


def _text_of(value: Any, start: int, contents: list[int]) -> str:
    if isinstance(value, (Span, Leaf)):
        contents += value.start - start, value.end - start
        return f'["{value[0]}",{_PLACE},{_PLACE}]'
    if isinstance(value, tuple):
        return f"[{_texts_of(value, start, contents)}]"
    return json.dumps(value.decode("latin-1") if isinstance(value, bytes) else value)


Origin = tuple[object, int]
"""Of what something is made that may come again, and where it begins: of the same come the same lines, but for the
offsets."""


def _origin_of_line(section: FieldSection, kind: str, index: int, number: int) -> Origin:
    data, start = section.raw_line(number)
    return (data, kind, index), start


def _origin_of_lines(section: FieldSection, kind: str, first: int, end: int) -> Origin:
    start, stop = section.place_of_line(first)[0], section.place_of_line(end - 1)[1]
    # These lines alone: what a form is found by is kept with it, and the others may be large.
    return (section.data[start - section.start : stop - section.start], kind, first), start


_ORIGINS: dict[str, Callable[..., Origin]] = {
    # A target with spaces in it may make the same line of something else, and a program may send another line.
    "RequestLineBuffered": lambda start, *made_of: (made_of, start),
    "FieldLineBuffered": lambda start, data, automatic: ((data, automatic), start),
    "StatusLineParsed": lambda data, start: (data, start),
    "FieldLineParsed": _origin_of_line,
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
