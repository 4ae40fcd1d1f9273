"""HTML and XML, a tag a line where they came without line ends.

What has line ends of its own is left as it is: somebody laid it out. Nothing is corrected, and
what is inside `script`, `style`, `pre` and `textarea` keeps its spaces.
"""

import re
from xml.parsers import expat

from workbench.ui.presentation.text_fault import TextFault

INDENT = "  "
MOST_INDENTED = 30
LONGEST_LINE = 240
"""Characters. Markup with a longer line was written for machines."""

_PART = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)"
    r"|<(?P<raw>script|style|pre|textarea)\b[^<>]*>(?:.*?</(?P=raw)\s*>|.*\Z)"
    r"|<[^<>]*>?|[^<]+",
    re.DOTALL | re.IGNORECASE,
)
_NAME = re.compile(r"<([A-Za-z_][^\s/>]*)")

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
"""Elements of HTML without an end tag."""


def find_xml_fault(text: str) -> TextFault | None:
    """Find the first place where a text is no XML. Entities are not followed, so nothing is fetched."""
    parser = expat.ParserCreate()
    # With this handler the parser puts in no text for an entity, which may be as long as it likes.
    parser.DefaultHandler = lambda _: None
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        words = expat.errors.messages.get(error.code, "") or str(error)
        return TextFault(words, error.lineno, error.offset + 1)
    return None


def break_markup(text: str, *, html: bool) -> str:
    """Put tags on lines of their own, if nobody has laid the text out, or a line is too long to be read.

    Args:
        text: HTML or XML.
        html: Whether there are elements without end tags.
    """
    if "\n" in text.strip() and max(map(len, text.split("\n"))) <= LONGEST_LINE:
        return text
    lines: list[str] = []
    depth = 0
    open_leaf = False
    for match in _PART.finditer(text):
        part = match.group()
        if part.isspace():
            continue
        if part.startswith("</"):
            depth = max(0, depth - 1)
            if open_leaf:
                lines[-1] += part
            else:
                lines.append(_indented(part, depth))
            open_leaf = False
            continue
        if open_leaf and not part.startswith("<"):
            lines[-1] += part.strip()
            continue
        lines.append(_indented(part.strip(), depth))
        open_leaf = _opens(part, match.group("raw"), html=html)
        depth += open_leaf
    return "\n".join(lines)


def _opens(part: str, raw: str | None, *, html: bool) -> bool:
    """Whether a part is a start tag whose end tag is to come."""
    name = _NAME.match(part)
    if name is None or raw or part.endswith("/>"):
        return False
    return not (html and name.group(1).lower() in _VOID)


def _indented(part: str, depth: int) -> str:
    return INDENT * min(depth, MOST_INDENTED) + part
