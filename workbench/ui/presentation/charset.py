"""From bytes of content to characters: which encoding, who says so, and what did not fit."""

import codecs
import re
from typing import NamedTuple

from workbench.session.visible import visible
from workbench.ui.presentation.media_type import Kind, MediaType

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # UTF-32 first: its mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_IN_CONTENT = {
    Kind.XML: ("XML declaration", re.compile(rb"""\A<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)""")),
    Kind.HTML: ("meta element", re.compile(rb"""(?i)<meta\s[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)""")),
}
"""Who may name a charset inside of content: XML 1.0 section 4.3.3, and the HTML Standard's section 4.2.5.4."""

_SEARCHED = 1024
"""Bytes of HTML that a meta element with a charset must lie in, by the same section."""

_NO_CHARSETS = frozenset({"unicode_escape", "raw_unicode_escape", "undefined", "idna", "punycode"})
"""Encodings of Python that are no charsets of anything on the wire."""

_BIG_ENDIAN = {"utf-16": "utf-16-be", "utf-32": "utf-32-be"}
"""Encodings whose byte order a mark says, and what they are without one (RFC 2781 section 4.3, and the Unicode Standard).
Python's own decoders guess, or give up with an error of another class than for bytes that are wrong."""

FALLBACK = "iso-8859-1"
"""Every byte is a character in it."""


class Text(NamedTuple):
    """Characters, and where they came from."""

    text: str
    charset: str
    origin: str
    """Who says that it is this charset; empty where it can be no other."""

    problem: str
    """What is wrong, in a sentence; empty when nothing is."""


def decode_text(data: bytes, kind: Kind, media_type: MediaType, *, whole: bool) -> Text:
    """Make characters of content.

    Args:
        data: Without content codings.
        kind: JSON is UTF-8 whatever a parameter says (RFC 8259 section 8.1).
        media_type: A byte order mark counts before its charset parameter (RFC 7303 section 3), what
            XML and HTML say of themselves behind it, and then what fits.
        whole: Whether that is all: else the last character may be cut.
    """
    mark, marked = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
    declared = media_type.parameters.get("charset", "")
    if marked:
        body = data[len(mark) :]
        problem = ""
        if declared and not _same(declared, marked):
            problem = f"Content-Type says {visible(declared)}, the byte order mark says {marked}"
        return _decoded(body, marked, "byte order mark", whole, problem)
    if kind in (Kind.JSON, Kind.JSON_LINES):
        return _decoded(data, "utf-8", "", whole, "")
    origin = "Content-Type"
    if not declared and kind in _IN_CONTENT:
        origin, pattern = _IN_CONTENT[kind]
        found = pattern.search(data[:_SEARCHED])
        declared = found[1].decode("ascii") if found else ""
    if not declared:
        return _guessed(data, whole, "")
    name = _python_name(declared)
    if not name:
        return _guessed(data, whole, f"nobody here knows the charset {visible(declared)}")
    if origin != "Content-Type" and name.startswith(("utf-16", "utf-32")):
        return _guessed(data, whole, f"the {origin} says {visible(declared)}, and is not in it itself")
    return _decoded(data, _BIG_ENDIAN.get(name, name), origin, whole, "")


def _guessed(data: bytes, whole: bool, problem: str) -> Text:
    try:
        text = codecs.getincrementaldecoder("utf-8")("strict").decode(data, final=whole)
    except UnicodeDecodeError as error:
        words = f"byte {error.start} is no UTF-8, so each byte is shown as a character of {FALLBACK}"
        return Text(data.decode(FALLBACK), FALLBACK, "a guess", "; ".join(filter(None, (problem, words))))
    return Text(text, "utf-8", "it fits", problem)


def _decoded(data: bytes, name: str, origin: str, whole: bool, problem: str) -> Text:
    try:
        text = codecs.getincrementaldecoder(name)("strict").decode(data, final=whole)
    except UnicodeDecodeError as error:
        shown = data[error.start : error.start + 4].hex(" ")
        words = f"byte {error.start} is no {name}: {shown}"
        text = data.decode(name, "backslashreplace")
        problem = "; ".join(filter(None, (problem, words)))
    return Text(text, name, origin, problem)


def _python_name(charset: str) -> str:
    """Find Python's name of a charset; empty when there is none.

    Some of its encodings make bytes of bytes (`zlib`), or read escapes: they are no charsets.
    """
    try:
        found = codecs.lookup(charset)
        nothing: object = found.incrementaldecoder().decode(b"", True)
    except (LookupError, TypeError, ValueError):
        # Some of those that are no charsets have no such decoder, or cannot decode nothing.
        return ""
    is_charset = isinstance(nothing, str) and found.name.replace("-", "_") not in _NO_CHARSETS
    return found.name if is_charset else ""


def _same(declared: str, marked: str) -> bool:
    name = _python_name(declared)
    return name == marked or (name in ("utf-16", "utf-32") and marked.startswith(name))
