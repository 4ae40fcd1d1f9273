"""The texts of elements that came before.

What is made of the same bytes, such as the field lines of one server, differs in its offsets alone. So the rest of
the text is kept for the next time.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from workbench.protocol.late import COMMON, ORIGINS, own_fields
from workbench.protocol.notes import Note, each, next_number

MOST_KNOWN = 256
"""Elements of one kind that are kept: the field lines of a dozen different responses."""

LONGEST_KNOWN = 2048
"""Bytes of an element that is kept: few enough to stand in a line."""

MOST_SECTIONS = 32
"""Sections whose lines are kept together."""


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


# --- the field lines of a section ------------------------------------------------------------

_Lines = list[tuple[WriteTiles, tuple[int, ...], int, str]]
"""For each field line what writes its tiles, their lengths, its length and its words."""

_sections: dict[object, _Lines] = {}


def section_lines(note: Note, line: int, connection: int, exchange: int) -> list[str]:
    """Write the lines of a recording for the field lines of a section, if nothing in it is large.

    Args:
        note: Of `notes.LINES`.
        line: The line of the script.
        connection: Its number in the recording.
        exchange: Likewise.

    Returns:
        They; nothing where each has to be written alone.
    """
    _, time_ns, _, _, section, kind, first, end = note
    made_of = section.data, kind, first, end
    lines = _sections.get(made_of) or _learn_section(made_of, note)
    if lines is None:
        return []
    begin, numbers = f'["FieldLineParsed",{line},', f",{time_ns},{connection},{exchange},"
    at = section.raw_lines[first][1] if first else section.start
    texts = []
    for write_tiles, lengths, length, words in lines:
        texts.append(f"{begin}{next_number()}{numbers}{write_tiles('received', at, '', lengths)}{words}]\n")
        at += length
    return texts


def _learn_section(made_of: object, note: Note) -> _Lines | None:
    lines = []
    elements, origin = elements_of["FieldLineParsed"], ORIGINS["FieldLineParsed"]
    for one in each(note):
        line, _ = origin(*one[COMMON:])
        known = elements.get(line) or elements.learn(line, one)
        if known is None:
            return None
        lines.append((known.write_tiles, known.lengths, sum(known.lengths), known.words))
    if len(_sections) >= MOST_SECTIONS:
        _sections.clear()
    _sections[made_of] = lines
    return lines
