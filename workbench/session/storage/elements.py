"""The texts of elements that came before.

What is made of the same bytes, such as the field lines of one server, differs in its offsets alone. So the rest of
the text is kept for the next time.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from workbench.protocol import notes
from workbench.protocol.late import COMMON, ORIGINS, Origin, own_fields
from workbench.protocol.notes import Note, next_number
from workbench.protocol.wire.fields import FieldSection

MOST_KNOWN = 256
"""Elements of one kind that are kept: the field lines of a dozen different responses."""

LONGEST_KNOWN = 2048
"""Bytes of an element that is kept: few enough to stand in a line."""

MOST_ROWS = 32
"""Heads and sections whose elements are kept together."""


WriteTiles = Callable[[str, int, str, tuple[int, ...]], str]
"""Writes the span, the bytes and the leaves of an element, given its stream, where it begins, its bytes and the lengths
of its leaves."""


class Known(NamedTuple):
    """What was made of the bytes of an element."""

    write_tiles: WriteTiles
    stream: str
    lengths: tuple[int, ...]
    """Of the leaves."""

    data: str
    """The bytes, with a comma; nothing where they stand in another event."""

    words: str
    """All other fields, each behind a comma."""


class Elements(dict[object, Known]):
    """Elements of one kind by what they are made of."""

    def learn(self, made_of: object, note: Note) -> Known | None:
        """Keep what an element says, if it is a small one of the usual form."""
        span, *values = own_fields(note)
        if len(span) > LONGEST_KNOWN:
            return None
        data = f"{json.dumps(values.pop(0).decode('latin-1'))}," if values[0].__class__ is bytes else ""
        leaves, *values = values
        write_tiles = _TILES.get(tuple([leaf.kind for leaf in leaves]))
        if write_tiles is None:
            return None
        lengths = tuple([leaf.end - leaf.start for leaf in leaves])
        known = Known(
            write_tiles, span.stream, lengths, data, "".join([f",{json.dumps(value)}" for value in values])
        )
        if len(self) >= MOST_KNOWN:
            self.clear()
        self[made_of] = known
        return known


elements_of: defaultdict[str, Elements] = defaultdict(Elements)
"""The elements of each kind of events, of all recordings."""


# --- leaves that lie side by side, each offset made text once ---------------------------------


def _tile_section_end(stream: str, at: int, data: str, lengths: tuple[int, ...]) -> str:
    start, end = str(at), str(at + lengths[0])
    return f'["{stream}",{start},{end}],{data}[["section_end",{start},{end}]]'


def _tile_field_line(stream: str, at: int, data: str, lengths: tuple[int, ...]) -> str:
    name, colon, ows, value, eol = lengths
    start = str(at)
    at += name
    name_end = str(at)
    at += colon
    colon_end = str(at)
    at += ows
    ows_end = str(at)
    at += value
    value_end, end = str(at), str(at + eol)
    return (
        f'["{stream}",{start},{end}],{data}[["name",{start},{name_end}],["colon",{name_end},{colon_end}],'
        f'["ows",{colon_end},{ows_end}],["value",{ows_end},{value_end}],["eol",{value_end},{end}]]'
    )


def _tile_request_line(stream: str, at: int, data: str, lengths: tuple[int, ...]) -> str:
    return _tile_start_line(stream, at, data, lengths, "method", "target", "version")


def _tile_status_line(stream: str, at: int, data: str, lengths: tuple[int, ...]) -> str:
    return _tile_start_line(stream, at, data, lengths, "version", "code", "reason")


def _tile_start_line(
    stream: str, at: int, data: str, lengths: tuple[int, ...], first: str, second: str, third: str
) -> str:
    start, ends = str(at), []
    for length in lengths:
        at += length
        ends.append(str(at))
    first_end, sp_end, second_end, other_sp_end, third_end, end = ends
    return (
        f'["{stream}",{start},{end}],{data}[["{first}",{start},{first_end}],["sp",{first_end},{sp_end}],'
        f'["{second}",{sp_end},{second_end}],["sp",{second_end},{other_sp_end}],'
        f'["{third}",{other_sp_end},{third_end}],["eol",{third_end},{end}]]'
    )


_TILES: dict[tuple[str, ...], WriteTiles] = {
    ("section_end",): _tile_section_end,
    ("name", "colon", "ows", "value", "eol"): _tile_field_line,
    ("method", "sp", "target", "sp", "version", "eol"): _tile_request_line,
    ("version", "sp", "code", "sp", "reason", "eol"): _tile_status_line,
}
"""What writes the leaves of an element of the usual form, by their kinds. Others are not kept."""


# --- elements side by side ---------------------------------------------------------------------

_Row = list[tuple[str, WriteTiles, tuple[int, ...], int, str]]
"""For each element its kind, what writes its tiles, their lengths, its length and its words."""

_rows: dict[object, _Row] = {}


def _row_of_lines(section: FieldSection, kind: str, first: int, end: int) -> Origin:
    at = section.raw_lines[first][1] if first else section.start
    return (section.data, kind, first, end), at


_ORIGINS_OF_ROWS: dict[str, Callable[..., Origin]] = {
    notes.HEAD: lambda head, start: (head.data, start),
    notes.LINES: _row_of_lines,
}
"""By the name of a note that stands for elements that lie side by side: what says of what they are made, and where the
first one begins."""


def known_lines(note: Note, place: str) -> list[str]:
    """Write the lines of a recording for elements that lie side by side, if none of them is large.

    Args:
        note: Of `notes.SEVERAL`.
        place: The numbers of the connection and of the exchange, between commas.

    Returns:
        They; nothing where each has to be written alone.
    """
    origin = _ORIGINS_OF_ROWS.get(note[0])
    if origin is None:
        return []
    made_of, at = origin(*note[COMMON:])
    row = _rows.get(made_of) or _learn_row(made_of, note)
    if row is None:
        return []
    numbers = f",{note[1]}{place}"
    texts = []
    for kind, write_tiles, lengths, length, words in row:
        tiles = write_tiles("received", at, "", lengths)
        texts.append(f'["{kind}",0,{next_number()}{numbers}{tiles}{words}]\n')
        at += length
    return texts


def _learn_row(made_of: object, note: Note) -> _Row | None:
    row = []
    for one in notes.each(note):
        kind = one[0]
        element, _ = ORIGINS[kind](*one[COMMON:])
        known = elements_of[kind].get(element) or elements_of[kind].learn(element, one)
        if known is None:
            return None
        row.append((kind, known.write_tiles, known.lengths, sum(known.lengths), known.words))
    if len(_rows) >= MOST_ROWS:
        _rows.clear()
    _rows[made_of] = row
    return row
