"""Responses of the lab itself, which no scenario plays: the index, and words for who came to the wrong place."""

from dataclasses import dataclass
from http import HTTPStatus

TEXT = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Page:
    """A response, before it is bytes."""

    status: int
    content: str = ""
    content_type: str = TEXT
    fields: tuple[str, ...] = ()
    """Further field lines, without their line ends."""


def serialize_page(page: Page, *, close: bool = False, without_content: bool = False) -> bytes:
    """Turn a page into a response.

    Args:
        page: What to say.
        close: Announce that the connection is closed behind it.
        without_content: Leave the content out, as for HEAD. Its length is told all the same.
    """
    content = page.content.encode()
    lines = [f"HTTP/1.1 {page.status} {HTTPStatus(page.status).phrase}", "Server: workbench-lab"]
    if page.status != HTTPStatus.NO_CONTENT:
        # > A server MUST NOT send a Content-Length header field in any response with a status
        # > code of 1xx (Informational) or 204 (No Content).       (RFC 9110 section 8.6)
        lines += [f"Content-Type: {page.content_type}", f"Content-Length: {len(content)}"]
    lines += [*page.fields, *(["Connection: close"] if close else []), "", ""]
    return "\r\n".join(lines).encode() + (b"" if without_content else content)
