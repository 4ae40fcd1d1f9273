"""What the fields of a request say about where its body ends, and whether that can be true.

The server has nothing but these fields to go by. What they do not cover, it takes for the next
request (RFC 9112 section 6.3, rule 7).
"""

import re
from typing import NamedTuple

from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.framing import CONTEXT, MAX_LENGTH_DIGITS
from workbench.protocol.wire.grammar import OWS, TCHAR
from workbench.protocol.wire.serializer import check_field_line

_FRAMING_FIELD = re.compile(
    rb"\r\n((content-length)|transfer-encoding):((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE
)
_LENGTH = re.compile(rb"[0-9]{1,%d}" % MAX_LENGTH_DIGITS)
_REQUEST_LINE = re.compile(TCHAR + rb"+ [\x21-\x7e]+ HTTP/1\.([01])")


class RequestFraming(NamedTuple):
    """What a request declares about its body."""

    length: int | None
    """The bytes that the fields allow the body; None where they give no number."""

    unfinished_codings: bool
    """There is a Transfer-Encoding whose last coding is not chunked."""

    diagnostics: list[Diagnostic]

    @property
    def mismatch(self) -> bool:
        """The length is known to be wrong."""
        return bool(self.diagnostics) and any(
            found.code is Code.SENT_CL_MISMATCH for found in self.diagnostics
        )


def declared_length(head: bytes) -> int | None:
    """Give the length that the fields of a request declare in the plainest way, or None.

    Args:
        head: The request-line and the field lines.
    """
    fields = _FRAMING_FIELD.findall(head)
    if not fields:
        # Without such a field there is no body (rule 7).
        return 0
    _, name, value = fields[0]
    digits = value.strip(OWS)
    return int(digits) if len(fields) == 1 and name and _LENGTH.fullmatch(digits) else None


def read_request_framing(
    head: bytes, http_version: int, body_length: int | None, chunked: bool
) -> RequestFraming:
    """Compare the framing fields of a request with its version and its body.

    Args:
        head: The request-line and the field lines. Offsets count from its beginning.
        http_version: 10 or 11.
        body_length: The bytes of the body, or None where that is not known yet.
        chunked: The body is sent in chunks.

    Returns:
        What they declare, with `SENT_TE_HTTP10`, `SENT_CL_TE`, `SENT_TE_NOT_CHUNKED` and
        `SENT_CL_MISMATCH` for what cannot be true.
    """
    fields = list(_FRAMING_FIELD.finditer(head))
    lengths = [field for field in fields if field[2]]
    codings = [field for field in fields if not field[2]]
    found = []
    if codings and http_version < 11:
        # > A client MUST NOT send a request containing Transfer-Encoding unless it knows the
        # > server will handle HTTP/1.1 requests (or later minor revisions) [...]
        # >                                                        (RFC 9112 section 6.1)
        found.append(_at(Code.SENT_TE_HTTP10, codings[0]))
    if codings and lengths:
        # > A sender MUST NOT send a Content-Length header field in any message that contains a
        # > Transfer-Encoding header field.                         (RFC 9112 section 6.2)
        found.append(_at(Code.SENT_CL_TE, lengths[0]))
    unfinished = bool(codings) and codings[-1][3].rpartition(b",")[2].strip().lower() != b"chunked"
    if unfinished:
        # > If any transfer coding other than chunked is applied to a request's content, the
        # > sender MUST apply chunked as the final transfer coding [...] (RFC 9112 section 6.1)
        found.append(_at(Code.SENT_TE_NOT_CHUNKED, codings[-1]))
    elif chunked and not codings:
        found.append(_at_end(Code.SENT_TE_NOT_CHUNKED, head, "there is no Transfer-Encoding"))
    if codings or chunked:
        return RequestFraming(None, unfinished, found)
    length, mismatch = _read_length(lengths, head, body_length)
    return RequestFraming(length, False, [*found, *mismatch])


def _read_length(
    lengths: list[re.Match[bytes]], head: bytes, body_length: int | None
) -> tuple[int | None, list[Diagnostic]]:
    values = {field[3].strip(OWS) for field in lengths} or {b"0"}
    value = values.pop()
    if values or not _LENGTH.fullmatch(value):
        detail = "expected one number of decimal digits"
        return None, [_at(Code.SENT_CL_MISMATCH, lengths[-1], detail)]
    length = int(value)
    if body_length in (None, length):
        return length, []
    # The server takes what is missing from the next request, and what is too much for one.
    detail = f"{length} bytes declared, {body_length} in the body"
    at = _at(Code.SENT_CL_MISMATCH, lengths[0], detail) if lengths else None
    return length, [at or _at_end(Code.SENT_CL_MISMATCH, head, detail)]


def _at(code: Code, field: re.Match[bytes], detail: str = "") -> Diagnostic:
    """Report a field line, without the CRLF before and behind it."""
    return Diagnostic(code, field.start(1), field.end(), field.group()[2:], CONTEXT, detail)


def _at_end(code: Code, head: bytes, detail: str) -> Diagnostic:
    """Report that a field line is not there."""
    return Diagnostic(code, len(head), len(head), b"", CONTEXT, detail)


def check_raw_request(data: bytes) -> list[Diagnostic]:
    """Check bytes that are sent without having been put line by line.

    Returns:
        `SENT_RAW` unless they begin with a whole head, else what `read_request_framing` finds in it.
        What is behind the head is not looked at: its body, or the next request.
    """
    head, end, _ = data.partition(b"\r\n\r\n")
    request_line, *field_lines = head.split(b"\r\n")
    parsed = _REQUEST_LINE.fullmatch(request_line)
    if data and (not end or parsed is None or any(map(_is_faulty, field_lines))):
        return [Diagnostic(Code.SENT_RAW, 0, len(data), data, "request")]
    return [] if parsed is None else read_request_framing(head, 10 + int(parsed[1]), None, False).diagnostics


def _is_faulty(field_line: bytes) -> bool:
    name, colon, value = field_line.partition(b":")
    return not colon or bool(check_field_line(name, [value.strip(OWS)]))
