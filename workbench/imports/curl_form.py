"""The forms of curl (`-F`): one part each, of a multipart/form-data content (RFC 7578)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

BOUNDARY = "------------------------workbench0001"
"""Between the parts of a form. curl makes up another each time."""

_ATTRIBUTE_NAMES = "type|filename|headers|encoder"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_CONTENT = re.compile(rf"(?P<text>{_QUOTED}|[^;]*)", re.DOTALL)
_ATTRIBUTE = re.compile(
    # Behind a media type stand parameters of its own.
    rf";\s*(?:(?P<name>{_ATTRIBUTE_NAMES})=)?"
    rf"(?P<value>{_QUOTED}|(?:(?!;\s*(?:{_ATTRIBUTE_NAMES})=)(?(name).|[^;]))*)",
    re.DOTALL,
)

# As curl has them (`Curl_mime_contenttype`).
_MEDIA_TYPES = {
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".htm": "text/html",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".xml": "application/xml",
}


@dataclass(frozen=True, slots=True)
class FormValue:
    """What stands behind `NAME=`."""

    text: str
    """The content, or the name of a file with it."""

    source: Literal["", "@", "<"] = ""
    """`@` for a file that is sent as one, `<` for one whose content is sent as if it were written there."""

    file_name: str = ""
    media_type: str = ""


def read_form_value(value: str) -> FormValue:
    """Take a value apart: its content, and `;type=` and `;filename=` behind it.

    Raises:
        ValueError: It asks for something else, which the message names.
    """
    source: Literal["", "@", "<"] = "@" if value[:1] == "@" else "<" if value[:1] == "<" else ""
    start = len(source)
    match = _CONTENT.match(value, start)
    assert match is not None
    content = match["text"]
    if source and "," in content and not content.startswith('"'):
        raise ValueError("Several files in one part are not supported: write one -F for each")
    found: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(value, match.end()):
        name = attribute["name"]
        if name in ("headers", "encoder"):
            raise ValueError(f";{name}= in a form is not supported")
        if name:
            found[name] = _unquoted(attribute["value"])
    text = _unquoted(content)
    file_name = found.get("filename", "")
    media_type = found.get("type", "")
    if source == "@":
        file_name = file_name or Path(text).name
        media_type = media_type or _MEDIA_TYPES.get(
            Path(file_name).suffix.lower(), "application/octet-stream"
        )
    return FormValue(text, source, file_name, media_type)


def encoded(text: str) -> bytes:
    """Give the bytes of a word of a command."""
    return text.encode("utf-8", "surrogateescape")


def form_part(name: bytes, content: bytes, value: FormValue) -> bytes:
    """Write one part.

    Args:
        name: Of the field.
        content: What is sent.
        value: What is said about it.
    """
    head = b'Content-Disposition: form-data; name="' + _escaped(name) + b'"'
    if value.file_name:
        head += b'; filename="' + _escaped(encoded(value.file_name)) + b'"'
    if value.media_type:
        head += b"\r\nContent-Type: " + encoded(value.media_type)
    return b"--" + BOUNDARY.encode() + b"\r\n" + head + b"\r\n\r\n" + content + b"\r\n"


def multipart(parts: Iterable[bytes]) -> bytes:
    """Put the parts of a form together."""
    return b"".join(parts) + b"--" + BOUNDARY.encode() + b"--\r\n"


def _unquoted(text: str) -> str:
    if text.startswith('"'):
        return re.sub(r'\\(["\\])', r"\1", text[1:-1])
    return text.rstrip(" ")


def _escaped(name: bytes) -> bytes:
    return name.replace(b'"', b"%22").replace(b"\r", b"%0D").replace(b"\n", b"%0A")
