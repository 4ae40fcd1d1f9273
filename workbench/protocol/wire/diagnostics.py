"""Everything that can be wrong with bytes, each with a code, a severity and its rule.

A parser reports what it found; `protocol.policy` says whether that raises, `protocol.errors`
says what. The words here finish the sentence that begins with the bytes at fault.
"""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How bad it is, whatever the policy makes of it."""

    INFO = "info"
    """Allowed, and worth a look."""

    WARNING = "warning"
    """Forbidden, and harmless by itself: everybody reads it alike."""

    ERROR = "error"
    """Forbidden, and two recipients may read it differently."""


class Code(StrEnum):
    """One kind of fault."""

    BARE_LF = "BARE_LF"
    BARE_CR = "BARE_CR"
    LEADING_CRLF = "LEADING_CRLF"
    LEADING_CRLF_REPEATED = "LEADING_CRLF_REPEATED"
    LEADING_WS = "LEADING_WS"
    STATUS_NO_SP = "STATUS_NO_SP"
    STATUS_WS = "STATUS_WS"
    STATUS_LINE = "STATUS_LINE"
    STATUS_CODE = "STATUS_CODE"
    STATUS_SYNTAX = "STATUS_SYNTAX"
    STATUS_RANGE = "STATUS_RANGE"
    VERSION_MINOR = "VERSION_MINOR"
    VERSION_SYNTAX = "VERSION_SYNTAX"
    VERSION_UNKNOWN = "VERSION_UNKNOWN"
    VERSION_CASE = "VERSION_CASE"
    ICY = "ICY"
    HTTP09 = "HTTP09"
    HTTP09_LINE = "HTTP09_LINE"
    REASON_CTL = "REASON_CTL"
    TRUNCATED_STATUS_LINE = "TRUNCATED_STATUS_LINE"

    WS_BEFORE_COLON = "WS_BEFORE_COLON"
    WS_BEFORE_COLON_FRAMING = "WS_BEFORE_COLON_FRAMING"
    NO_COLON = "NO_COLON"
    EMPTY_NAME = "EMPTY_NAME"
    NAME_TOKEN = "NAME_TOKEN"
    NAME_DELIMITER = "NAME_DELIMITER"
    OBS_FOLD = "OBS_FOLD"
    WS_FIRST_LINE = "WS_FIRST_LINE"
    NUL = "NUL"
    VALUE_CTL = "VALUE_CTL"
    OBS_TEXT = "OBS_TEXT"
    TRUNCATED_HEAD = "TRUNCATED_HEAD"
    DUP_SINGLETON = "DUP_SINGLETON"

    CL_DUP = "CL_DUP"
    CL_CONFLICT = "CL_CONFLICT"
    CL_LIST = "CL_LIST"
    CL_SYNTAX = "CL_SYNTAX"
    CL_NUMERAL = "CL_NUMERAL"
    CL_TE = "CL_TE"
    CL_FORBIDDEN = "CL_FORBIDDEN"
    CHUNKED_NOT_FINAL = "CHUNKED_NOT_FINAL"
    CHUNKED_TWICE = "CHUNKED_TWICE"
    TE_IDENTITY = "TE_IDENTITY"
    TE_UNKNOWN = "TE_UNKNOWN"
    TE_SYNTAX = "TE_SYNTAX"
    TE_CORRUPT = "TE_CORRUPT"
    EMPTY_LIST_MEMBER = "EMPTY_LIST_MEMBER"
    TE_HTTP10 = "TE_HTTP10"
    TE_FORBIDDEN = "TE_FORBIDDEN"
    CLOSE_DELIMITED = "CLOSE_DELIMITED"
    RESET_CONTENT_UNFRAMED = "RESET_CONTENT_UNFRAMED"
    RESET_CONTENT_BODY = "RESET_CONTENT_BODY"
    INTERIM_FRAMING = "INTERIM_FRAMING"
    UNEXPECTED_UPGRADE = "UNEXPECTED_UPGRADE"

    CHUNK_SIZE = "CHUNK_SIZE"
    CHUNK_WS = "CHUNK_WS"
    BWS = "BWS"
    CHUNK_LF = "CHUNK_LF"
    CHUNK_BARE_CR = "CHUNK_BARE_CR"
    CHUNK_END = "CHUNK_END"
    CHUNK_END_LF = "CHUNK_END_LF"
    TRAILER_SYNTAX = "TRAILER_SYNTAX"
    TRAILER_FORBIDDEN = "TRAILER_FORBIDDEN"
    TRAILER_UNTERMINATED = "TRAILER_UNTERMINATED"

    BODY_TRUNCATED = "BODY_TRUNCATED"
    CHUNKED_TRUNCATED = "CHUNKED_TRUNCATED"
    TLS_TRUNCATION = "TLS_TRUNCATION"
    TLS_UNVERIFIED = "TLS_UNVERIFIED"
    EXCESS_DATA = "EXCESS_DATA"
    UNSOLICITED_RESPONSE = "UNSOLICITED_RESPONSE"
    EARLY_RESPONSE = "EARLY_RESPONSE"
    EXPECTATION_FAILED = "EXPECTATION_FAILED"

    METHOD_TOKEN = "METHOD_TOKEN"
    FRAGMENT = "FRAGMENT"
    USERINFO = "USERINFO"
    SENT_NAME = "SENT_NAME"
    SENT_NAME_TOKEN = "SENT_NAME_TOKEN"
    SENT_VALUE = "SENT_VALUE"
    SENT_OBS_FOLD = "SENT_OBS_FOLD"
    SENT_CL_TE = "SENT_CL_TE"
    SENT_CL_MISMATCH = "SENT_CL_MISMATCH"
    SENT_TE_NOT_CHUNKED = "SENT_TE_NOT_CHUNKED"
    SENT_TE_HTTP10 = "SENT_TE_HTTP10"
    SENT_RAW = "SENT_RAW"


class Facts(NamedTuple):
    """What is true of a code, whoever reports it."""

    severity: Severity
    section: str
    words: str
    """One sentence without a full stop: what was found, and what is done if it is accepted."""


class Diagnostic(NamedTuple):
    """One fault, found at one place.

    `start` and `end` are offsets in the stream that the parser was told it reads.
    """

    code: Code
    start: int
    end: int
    found: bytes
    """The bytes at fault, whole; who shows them cuts them."""

    context: str
    """The element that is being parsed: `status line`, `field line`, `chunk`, `trailer`, ..."""

    detail: str = ""
    """What the words of the code cannot know, such as the two lengths that disagree."""


_I, _W, _E = Severity.INFO, Severity.WARNING, Severity.ERROR

_FACTS: dict[Code, Facts] = {
    Code.BARE_LF: Facts(_W, "RFC 9112 section 2.2", "a line ends with LF alone; read as a line end"),
    Code.BARE_CR: Facts(_E, "RFC 9112 section 2.2", "a CR without LF; read as a space"),
    Code.LEADING_CRLF: Facts(_W, "RFC 9112 section 2.2", "an empty line before the status line; skipped"),
    Code.LEADING_CRLF_REPEATED: Facts(
        _E, "RFC 9112 section 2.2", "several empty lines before the status line; skipped"
    ),
    Code.LEADING_WS: Facts(_E, "RFC 9112 section 4", "whitespace before HTTP-version; ignored"),
    Code.STATUS_NO_SP: Facts(
        _W, "RFC 9112 section 4", "no space after the status code; reason phrase is empty"
    ),
    Code.STATUS_WS: Facts(
        _W,
        "RFC 9112 section 4",
        "parts of the status line are not separated by one space; split on whitespace",
    ),
    Code.STATUS_LINE: Facts(
        _E, "RFC 9112 section 4", "expected a status line: HTTP-version SP 3DIGIT SP reason"
    ),
    Code.STATUS_CODE: Facts(_E, "RFC 9112 section 4", "expected a status code of three digits, 100 or more"),
    Code.STATUS_SYNTAX: Facts(
        _E, "RFC 9112 section 4", "the status code is a numeral but not three digits; read as a number"
    ),
    Code.STATUS_RANGE: Facts(
        _W, "RFC 9110 section 15", "the status code is outside 100 to 599; treat it as 5xx"
    ),
    Code.VERSION_MINOR: Facts(_I, "RFC 9110 section 2.5", "a minor version above 1; processed as HTTP/1.1"),
    Code.VERSION_SYNTAX: Facts(
        _E, "RFC 9112 section 2.3", "a version number has one digit; processed as HTTP/1.1"
    ),
    Code.VERSION_UNKNOWN: Facts(_E, "RFC 9112 section 2.3", "expected major version 1"),
    Code.VERSION_CASE: Facts(_E, "RFC 9112 section 2.3", "HTTP-name is case-sensitive; read as HTTP"),
    Code.ICY: Facts(_E, "RFC 9112 section 4", "a Shoutcast status line, which is not HTTP; read as HTTP/1.0"),
    Code.HTTP09: Facts(
        _E, "RFC 9112 section 4", "no status line; everything is read as the content of an HTTP/0.9 response"
    ),
    Code.HTTP09_LINE: Facts(_E, "RFC 9112 section 2.3", "HTTP/0.9 has no status line; processed as HTTP/1.0"),
    Code.REASON_CTL: Facts(_W, "RFC 9112 section 4", "a control character in the reason phrase; kept"),
    Code.TRUNCATED_STATUS_LINE: Facts(
        _E, "RFC 9112 section 8", "the connection ended inside the status line"
    ),
    Code.WS_BEFORE_COLON: Facts(
        _W, "RFC 9112 section 5.1", "whitespace between field name and colon; removed"
    ),
    Code.WS_BEFORE_COLON_FRAMING: Facts(
        _E, "RFC 9112 section 5.1", "whitespace before the colon of a field that frames the message; removed"
    ),
    Code.NO_COLON: Facts(_E, "RFC 9112 section 5", "a line of the section has no colon; the line is skipped"),
    Code.EMPTY_NAME: Facts(
        _E, "RFC 9110 section 5.1", "a field line without a field name; the line is skipped"
    ),
    Code.NAME_TOKEN: Facts(
        _E, "RFC 9110 section 5.1", "a field name holds a byte that no token may hold; kept as it is"
    ),
    Code.NAME_DELIMITER: Facts(
        _W, "RFC 9110 section 5.1", "a field name holds a delimiter, so it is no token; kept as it is"
    ),
    Code.OBS_FOLD: Facts(
        _W,
        "RFC 9112 section 5.2",
        "a field value is folded over several lines; each fold is read as one space",
    ),
    Code.WS_FIRST_LINE: Facts(
        _E,
        "RFC 9112 section 2.2",
        "a line that begins with whitespace before the first field line; passed over",
    ),
    Code.NUL: Facts(_E, "RFC 9110 section 5.5", "a NUL in a field value; read as a space"),
    Code.VALUE_CTL: Facts(_W, "RFC 9110 section 5.5", "a control character in a field value; kept"),
    Code.OBS_TEXT: Facts(
        _I, "RFC 9110 section 5.5", "a byte above 0x7F in a field value; kept as opaque data"
    ),
    Code.TRUNCATED_HEAD: Facts(
        _E, "RFC 9112 section 8", "the connection ended inside the header section; what came is used"
    ),
    Code.DUP_SINGLETON: Facts(
        _W, "RFC 9110 section 5.3", "a field that may occur once occurs several times; all are kept"
    ),
    Code.CL_DUP: Facts(
        _W, "RFC 9110 section 8.6", "Content-Length occurs several times with one value; used once"
    ),
    Code.CL_CONFLICT: Facts(
        _E, "RFC 9112 section 6.3", "Content-Length occurs with different values; the first is used"
    ),
    Code.CL_LIST: Facts(
        _W, "RFC 9112 section 6.3", "Content-Length is a list whose members are all the same; used once"
    ),
    Code.CL_SYNTAX: Facts(
        _E, "RFC 9110 section 8.6", "expected Content-Length to be decimal digits; body read until close"
    ),
    Code.CL_NUMERAL: Facts(
        _E, "RFC 9110 section 8.6", "expected Content-Length to be 1 to 20 decimal digits and nothing else"
    ),
    Code.CL_TE: Facts(
        _E,
        "RFC 9112 section 6.3",
        "both Transfer-Encoding and Content-Length; Transfer-Encoding decides, and the connection is closed",
    ),
    Code.CL_FORBIDDEN: Facts(
        _W, "RFC 9110 section 8.6", "Content-Length in a response that has no content; ignored"
    ),
    Code.CHUNKED_NOT_FINAL: Facts(
        _E, "RFC 9112 section 6.3", "chunked is not the final transfer coding; body read until close"
    ),
    Code.CHUNKED_TWICE: Facts(_E, "RFC 9112 section 6.1", "chunked is applied twice; decoded once"),
    Code.TE_IDENTITY: Facts(_W, "RFC 9112 section 7", "identity is no longer a transfer coding; ignored"),
    Code.TE_UNKNOWN: Facts(
        _E, "RFC 9112 section 6.1", "a transfer coding that cannot be undone; body read raw until close"
    ),
    Code.TE_SYNTAX: Facts(
        _E, "RFC 9112 section 7", "expected a list of transfer codings; body read raw until close"
    ),
    Code.TE_CORRUPT: Facts(_E, "RFC 9112 section 7.2", "the bytes do not fit the transfer coding"),
    Code.EMPTY_LIST_MEMBER: Facts(_I, "RFC 9110 section 5.6.1", "an empty member in a list; ignored"),
    Code.TE_HTTP10: Facts(
        _E,
        "RFC 9112 section 6.1",
        "Transfer-Encoding in an HTTP/1.0 message; decoded, and the connection is closed",
    ),
    Code.TE_FORBIDDEN: Facts(
        _W, "RFC 9112 section 6.1", "Transfer-Encoding in a response that has no content; ignored"
    ),
    Code.CLOSE_DELIMITED: Facts(
        _I, "RFC 9112 section 6.3", "neither Content-Length nor Transfer-Encoding; body read until close"
    ),
    Code.RESET_CONTENT_UNFRAMED: Facts(
        _W,
        "RFC 9110 section 15.3.6",
        "205 (Reset Content) without Content-Length: 0, so its end is not marked",
    ),
    Code.RESET_CONTENT_BODY: Facts(
        _W, "RFC 9110 section 15.3.6", "205 (Reset Content) with content, which it must not have; returned"
    ),
    Code.INTERIM_FRAMING: Facts(
        _W, "RFC 9112 section 6.3", "Content-Length or Transfer-Encoding in an interim response; ignored"
    ),
    Code.UNEXPECTED_UPGRADE: Facts(
        _E, "RFC 9110 section 7.8", "101 (Switching Protocols) that no Upgrade field asked for"
    ),
    Code.CHUNK_SIZE: Facts(_E, "RFC 9112 section 7.1", "expected a hexadecimal chunk size of 1 to 16 digits"),
    Code.CHUNK_WS: Facts(_W, "RFC 9112 section 7.1", "whitespace after the chunk size; removed"),
    Code.BWS: Facts(_I, "RFC 9112 section 7.1.1", "bad whitespace in a chunk extension; removed"),
    Code.CHUNK_LF: Facts(
        _E, "RFC 9112 section 7.1", "the chunk size line ends with LF alone; read as a line end"
    ),
    Code.CHUNK_BARE_CR: Facts(_E, "RFC 9112 section 7.1", "a CR without LF in a chunk size line"),
    Code.CHUNK_END: Facts(_E, "RFC 9112 section 7.1", "expected CRLF after the chunk data"),
    Code.CHUNK_END_LF: Facts(
        _E, "RFC 9112 section 7.1", "the chunk data ends with LF alone; read as a line end"
    ),
    Code.TRAILER_SYNTAX: Facts(
        _W, "RFC 9112 section 7.1.2", "a line of the trailer section breaks the grammar; skipped"
    ),
    Code.TRAILER_FORBIDDEN: Facts(
        _W, "RFC 9110 section 6.5.1", "a field that must not be in a trailer section; dropped"
    ),
    Code.TRAILER_UNTERMINATED: Facts(
        _W, "RFC 9112 section 8", "the connection ended inside the trailer section; the content is complete"
    ),
    Code.BODY_TRUNCATED: Facts(_E, "RFC 9112 section 8", "the connection ended before the body did"),
    Code.CHUNKED_TRUNCATED: Facts(_E, "RFC 9112 section 8", "the connection ended before the last chunk"),
    Code.TLS_TRUNCATION: Facts(
        _E, "RFC 9112 section 9.8", "TLS ended without close_notify, so the content may be cut short"
    ),
    Code.TLS_UNVERIFIED: Facts(
        _E, "RFC 9110 section 4.3.4", "the server's certificate is not checked; anybody can answer"
    ),
    Code.EXCESS_DATA: Facts(
        _E, "RFC 9112 section 9.2", "bytes after the end of the message; the connection is closed"
    ),
    Code.UNSOLICITED_RESPONSE: Facts(
        _E, "RFC 9112 section 9.2", "bytes arrived that no request asked for; the connection is closed"
    ),
    Code.EARLY_RESPONSE: Facts(
        _I,
        "RFC 9112 section 9.5",
        "the final response came before the request was sent whole; sending stopped",
    ),
    Code.EXPECTATION_FAILED: Facts(
        _W,
        "RFC 9110 section 15.5.18",
        "the server does not meet the expectation; the request may be repeated without it",
    ),
    Code.METHOD_TOKEN: Facts(_E, "RFC 9110 section 9.1", "expected the method to be a token"),
    Code.FRAGMENT: Facts(_W, "RFC 9112 section 3.2", "a fragment in the request-target"),
    Code.USERINFO: Facts(_W, "RFC 9110 section 4.2.4", "userinfo in the request-target; left out"),
    Code.SENT_NAME: Facts(
        _E, "RFC 9110 section 5.1", "expected the field name to be a token; this one changes the message"
    ),
    Code.SENT_NAME_TOKEN: Facts(_E, "RFC 9110 section 5.1", "expected the field name to be a token"),
    Code.SENT_VALUE: Facts(_E, "RFC 9110 section 5.5", "a CR, LF or NUL in a field value that is sent"),
    Code.SENT_OBS_FOLD: Facts(_W, "RFC 9112 section 5.2", "a sender must not fold a field value"),
    Code.SENT_CL_TE: Facts(
        _E, "RFC 9112 section 6.2", "a request with both Content-Length and Transfer-Encoding"
    ),
    Code.SENT_CL_MISMATCH: Facts(
        _E, "RFC 9110 section 8.6", "Content-Length does not fit the body that is sent"
    ),
    Code.SENT_TE_NOT_CHUNKED: Facts(
        _E, "RFC 9112 section 6.1", "chunked must be the final transfer coding of a request"
    ),
    Code.SENT_TE_HTTP10: Facts(_E, "RFC 9112 section 6.1", "Transfer-Encoding in an HTTP/1.0 request"),
    Code.SENT_RAW: Facts(
        _E, "RFC 9112 section 2.1", "raw bytes that are no whole request; only a lenient policy sends them"
    ),
}


def facts(code: Code) -> Facts:
    """The severity, the rule and the words of a code."""
    return _FACTS[code]
