"""What a range of the wire carries, in words: `request-line, 3 field lines, 5 bytes of content`."""

from collections import Counter
from itertools import islice

from workbench.protocol.wire.span import Leaf, Span
from workbench.session.leaves import Element
from workbench.ui.presentation.quantity import bytes_words, counted
from workbench.ui.presentation.wire_element import CONTENT, element_of
from workbench.ui.presentation.wire_index import WireIndex

MOST_ELEMENTS = 200
"""Elements that are looked at. One receive call can bring thousands of chunks of one byte."""

COUNTED = frozenset({"field line", "chunk header", "trailer field line"})
"""What is told with its number. Of everything else a message has one."""

SHORT = {"end of header section": "empty line", "end of trailer section": "empty line"}
"""What ends a section, by its looks: a row has little room."""

_CONTENT_KINDS = frozenset({"content", "raw", "tunnel"})


def carried(index: WireIndex, span: Span, last_index: int) -> str:
    """Say what lies in a range of bytes, as far as it was parsed after the entry at `last_index`."""
    if not len(span):
        return "nothing"
    within = index.record.elements(span.stream).between(span.start, span.end, last_index)
    elements = list(islice(within, MOST_ELEMENTS + 1))
    words = _words(index, elements[:MOST_ELEMENTS], span)
    if len(elements) > MOST_ELEMENTS:
        words.append("and more")
    elif span.stream == "received":
        parsed = max((element.end for element in elements), default=span.start)
        if parsed < span.end:
            words.append(f"{bytes_words(span.end - parsed)} not parsed yet")
    return ", ".join(words)


def _words(index: WireIndex, elements: list[Element], span: Span) -> list[str]:
    counts: Counter[str] = Counter()
    content = 0
    begun_before = ""
    for place in elements:
        element = element_of(index.event(place.index), place.index)
        if element.is_content:
            counts[CONTENT] = 1
            content += sum(_overlap(leaf, span) for leaf in element.leaves if leaf.kind in _CONTENT_KINDS)
        elif place.start < span.start:
            begun_before = element.name
        elif element.name != "end of chunk":
            counts[element.name] += 1
    words = [f"rest of the {begun_before}"] if begun_before else []
    for name, number in counts.items():
        if name == CONTENT:
            words.append(f"{bytes_words(content)} of content")
        else:
            words.append(counted(number, name) if name in COUNTED else SHORT.get(name, name))
    return words


def _overlap(leaf: Leaf, span: Span) -> int:
    return max(0, min(leaf.end, span.end) - max(leaf.start, span.start))
