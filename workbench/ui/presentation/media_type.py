"""What content is, by its Content-Type, and by a look at it where that says nothing."""

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How content is shown."""

    JSON = "JSON"
    JSON_LINES = "JSON, a value a line"
    HTML = "HTML"
    XML = "XML"
    FORM = "form"
    MULTIPART = "multipart"
    CSS = "CSS"
    SCRIPT = "JavaScript"
    TEXT = "text"
    IMAGE = "image"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type (RFC 9110 section 8.3.1), as far as it can be understood."""

    name: str
    """`text/html`, in lower case; empty when there is no Content-Type."""

    parameters: dict[str, str] = field(default_factory=dict)
    """By their names in lower case."""


_PARAMETER = re.compile(r';[ \t]*([^=;\s"]+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s"]*))')
_ESCAPE = re.compile(r"\\(.)")

_NAMES = {
    "application/x-www-form-urlencoded": Kind.FORM,
    "application/xhtml+xml": Kind.HTML,
    "text/html": Kind.HTML,
    "text/css": Kind.CSS,
    "text/javascript": Kind.SCRIPT,
    "application/javascript": Kind.SCRIPT,
    "application/ecmascript": Kind.SCRIPT,
    "application/json": Kind.JSON,
    "text/json": Kind.JSON,
    "application/xml": Kind.XML,
    "text/xml": Kind.XML,
    "application/x-ndjson": Kind.JSON_LINES,
    "application/jsonl": Kind.JSON_LINES,
    "application/x-sh": Kind.TEXT,
    "application/yaml": Kind.TEXT,
    "application/toml": Kind.TEXT,
    "application/graphql": Kind.TEXT,
}

LOOKED_AT = 1024
"""Bytes of content of an unknown type that decide what it is."""


def parse_media_type(value: str | None) -> MediaType:
    """Take the value of a Content-Type apart; what cannot be understood of it is left out."""
    if value is None:
        return MediaType("")
    name, _, _ = value.partition(";")
    parameters: dict[str, str] = {}
    for match in _PARAMETER.finditer(value):
        key, quoted, token = match.groups()
        parameters.setdefault(key.lower(), token if quoted is None else _ESCAPE.sub(r"\1", quoted))
    return MediaType(name.strip(" \t").lower(), parameters)


def kind_of(media_type: MediaType, data: bytes) -> Kind:
    """Say how content is to be shown.

    Args:
        media_type: What it is said to be.
        data: Its first bytes, without codings, which decide when nothing is said.
    """
    name = media_type.name
    if name in _NAMES:
        return _NAMES[name]
    if name.endswith("+json"):
        return Kind.JSON
    if name.endswith("+xml"):
        return Kind.XML
    top, _, _ = name.partition("/")
    if top in ("text", "message"):
        return Kind.TEXT
    if top == "multipart":
        return Kind.MULTIPART
    if top == "image":
        return Kind.IMAGE
    # > If a Content-Type header field is not present, the recipient MAY either assume a media type of
    # > "application/octet-stream" or examine the data to determine its type.    (RFC 9110 section 8.3)
    return _by_look(data[:LOOKED_AT]) if not name else Kind.BINARY


def _by_look(data: bytes) -> Kind:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Kind.TEXT
    if any(byte < 0x20 and byte not in b"\t\n\r\f\x1b" for byte in data):
        return Kind.BINARY
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:16].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return Kind.HTML
    if start.startswith(b"<?xml"):
        return Kind.XML
    return Kind.JSON if start.startswith((b"{", b"[")) else Kind.TEXT
