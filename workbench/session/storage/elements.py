"""The texts of elements that came before.

What is made of the same bytes, such as the field lines of one server, differs in its offsets alone. So the rest of
the text is kept for the next time.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from workbench.protocol.tap import FieldLineParsed
from workbench.protocol.wire.fields import FieldSection

MOST_KNOWN = 256
"""Elements of one kind that are kept: the field lines of a dozen different responses."""

LONGEST_KNOWN = 2048
"""Bytes of an element that is kept: few enough to stand in a line."""

MOST_LEAVES = 8
"""Of an element that is kept. A field line that is folded has any number of them."""

MOST_SECTIONS = 32
"""Sections whose lines are kept together."""


class Known(NamedTuple):
    """What was made of the bytes of an element."""

    write_tiles: Callable[..., str]
    """Writes its span, the bytes and its leaves, given where it begins."""

    lengths: tuple[int, ...]
    """Of the leaves."""

    data: str
    """The bytes, with a comma; nothing where they stand in another event."""

    words: str
    """All other fields, each behind a comma, and the end of the line."""


class Elements(dict[object, Known]):
    """Elements of one kind by what they are made of."""

    def learn(self, made_of: object, event: Any) -> Known | None:
        """Keep what an element says, if it is small."""
        span, *values = event.values(event.source)
        if len(span) > LONGEST_KNOWN:
            return None
        data = f"{json.dumps(values.pop(0).decode('latin-1'))}," if values[0].__class__ is bytes else ""
        leaves, *values = values
        if len(leaves) > MOST_LEAVES:
            return None
        known = Known(
            _TILES[span.stream, *[leaf.kind for leaf in leaves]],
            tuple([leaf.end - leaf.start for leaf in leaves]),
            data,
            "".join([f",{json.dumps(value)}" for value in values]) + "]\n",
        )
        if len(self) >= MOST_KNOWN:
            self.clear()
        self[made_of] = known
        return known


elements_of: defaultdict[type[Any], Elements] = defaultdict(Elements)
"""The elements of each kind, of all recordings."""


_WRITE_TILES = """\
def write(at, data, lengths):
    {lengths}, = lengths
    start = str(at)
    {steps}
    return f'["{stream}",{{start}},{{{last}}}],{{data}}[{leaves}]'
"""


class _Tiles(dict[tuple[str, ...], Callable[..., str]]):
    """What writes leaves that lie side by side, by their stream and their kinds. Every offset is made text once."""

    def __missing__(self, shape: tuple[str, ...]) -> Callable[..., str]:
        stream, *kinds = shape
        ends = [f"end_{number}" for number in range(len(kinds))]
        lengths = [f"length_{number}" for number in range(len(kinds))]
        leaves = zip(kinds, ["start", *ends], ends, strict=False)
        write: Callable[..., str] = made(
            _WRITE_TILES.format(
                lengths=",".join(lengths),
                steps="; ".join(
                    f"at += {length}; {end} = str(at)" for length, end in zip(lengths, ends, strict=True)
                ),
                stream=stream,
                last=ends[-1],
                leaves=",".join(f'["{kind}",{{{start}}},{{{end}}}]' for kind, start, end in leaves),
            )
        )
        self[shape] = write
        return write


_TILES = _Tiles()


def made(source: str, **names: object) -> Any:
    """Make the function `write` of its source, in which no value of an event stands."""
    scope = dict(names)
    exec(source, scope)  # noqa: S102 - as `dataclasses` makes its methods
    return scope["write"]


# --- the field lines of a section ------------------------------------------------------------

_Lines = list[tuple[Callable[..., str], tuple[int, ...], int, str]]
"""For each field line what writes its tiles, their lengths, its length and its words."""

_sections: dict[object, _Lines] = {}


def section_lines(events: Sequence[Any], line: int, connection: int, exchange: int) -> bytes:
    """Make the lines of the events of a section that is told from its first field line on, if nothing in it is large.

    Returns:
        They; nothing where the events are others.
    """
    first, last = events[0], events[-1]
    section = getattr(first, "source", None)
    if section.__class__ is not FieldSection or getattr(last, "source", None) is not section:
        return b""
    if first.index or last.index != len(events) - 1:
        return b""
    made_of = section.data, first.section, len(events)
    lines = _sections.get(made_of) or _learn_section(made_of, events, section)
    if lines is None:
        return b""
    begin, numbers, at = f'["FieldLineParsed",{line},', f",{connection},{exchange},", section.start
    texts = []
    for event, (write_tiles, lengths, length, words) in zip(events, lines, strict=True):
        texts.append(f"{begin}{event.seq},{event.time_ns}{numbers}{write_tiles(at, '', lengths)}{words}")
        at += length
    return "".join(texts).encode("ascii")


def _learn_section(made_of: object, events: Sequence[Any], section: FieldSection) -> _Lines | None:
    lines = []
    elements = elements_of[FieldLineParsed]
    for event in events:
        if event.__class__ is not FieldLineParsed or event.source is not section:
            return None
        line, _ = event.origin(section)
        known = elements.get(line) or elements.learn(line, event)
        if known is None:
            return None
        lines.append((known.write_tiles, known.lengths, sum(known.lengths), known.words))
    if len(_sections) >= MOST_SECTIONS:
        _sections.clear()
    _sections[made_of] = lines
    return lines
