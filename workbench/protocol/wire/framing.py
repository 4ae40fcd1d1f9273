"""How the end of a response's body is found: RFC 9112 section 6.3, its eight rules in order."""

import re
from dataclasses import dataclass, replace

from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.fields import FieldSection
from workbench.protocol.wire.grammar import OWS, TOKEN

MAX_LENGTH_DIGITS = 20
"""Digits of a Content-Length, leading zeros aside. 2**64 - 1 has twenty. RFC 9110 section 8.6
sets no limit and asks recipients to expect large numerals and to prevent overflow."""

DECODABLE_CODINGS = frozenset((b"chunked", b"gzip", b"x-gzip", b"deflate"))
"""The transfer codings that `protocol.chunks` and `protocol.codings` can undo."""

CONTEXT = "framing"


@dataclass(frozen=True, slots=True)
class Framing:
    """Where the body of a response ends, and why."""

    rule: int
    """The number of the rule in RFC 9112 section 6.3."""

    kind: str
    """`none`, `tunnel`, `chunked`, `length` or `close`."""

    length: int | None
    """The bytes of the body for `none` and `length`."""

    reason: str
    codings: tuple[bytes, ...] = ()
    """The transfer codings in the order in which the server applied them, without a final chunked."""

    must_close: bool = False
    """The framing is doubtful, so that the connection must not carry another exchange."""


def decide_framing(
    method: str | None,
    status_code: int,
    version: int,
    section: FieldSection,
    empty_reset_content: bool = False,
) -> tuple[Framing, list[Diagnostic]]:
    """Find the rule that gives the length of the body.

    Args:
        method: The method of the request.
        status_code: That of the response.
        version: 10, or 11 for HTTP/1.1 and every minor version above.
        section: The header section of the response.
        empty_reset_content: Take a 205 (Reset Content) without framing fields for empty.

    Returns:
        The framing as it is after every repair, and what had to be repaired.
    """
    decision = _Decision(section)
    framing = decision.by_rules(method, status_code, version)
    if framing.rule == 8 and status_code == 205 and empty_reset_content:
        framing = Framing(8, "none", 0, "205 (Reset Content) has no content, whatever its framing")
    if not section.regular and any(
        found.code is Code.WS_BEFORE_COLON_FRAMING for found in section.diagnostics
    ):
        # Others may not have seen the field, and so another end of the message.
        framing = replace(framing, must_close=True)
    return framing, decision.diagnostics


class _Decision:
    """One pass through the rules, with what is found on the way."""

    __slots__ = ("_section", "diagnostics")

    def __init__(self, section: FieldSection) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._section = section

    def by_rules(self, method: str | None, status_code: int, version: int) -> Framing:
        # > 1. Any response to a HEAD request and any response with a 1xx (Informational),
        # > 204 (No Content), or 304 (Not Modified) status code is always terminated by the
        # > first empty line after the header fields [...]
        if method == "HEAD" or status_code < 200 or status_code in (204, 304):
            self._report_useless_fields(method, status_code)
            what = "a response to HEAD" if method == "HEAD" else f"status {status_code}"
            return Framing(1, "none", 0, f"{what} has no content")

        # > 2. Any 2xx (Successful) response to a CONNECT request implies that the connection
        # > will become a tunnel immediately after the empty line [...]
        if method == "CONNECT" and status_code < 300:
            return Framing(2, "tunnel", None, "a 2xx response to CONNECT makes the connection a tunnel")

        coded = self._section.values(b"transfer-encoding")
        codings = self._transfer_codings(coded) if coded else ()
        lengths = self._section.values(b"content-length")

        # > 3. If a message is received with both a Transfer-Encoding and a Content-Length
        # > header field, the Transfer-Encoding overrides the Content-Length. [...]
        if codings and lengths:
            self._report_field(Code.CL_TE, b"content-length")
            return self._by_codings(codings, version, 3)

        # > 4. If a Transfer-Encoding header field is present and the chunked transfer coding
        # > is the final encoding, the message body length is determined by reading and
        # > decoding the chunked data [...] If a Transfer-Encoding header field is present in a
        # > response and the chunked transfer coding is not the final encoding, the message
        # > body length is determined by reading the connection until it is closed [...]
        if codings:
            return self._by_codings(codings, version, 4)

        # > 5. If a message is received without Transfer-Encoding and with an invalid
        # > Content-Length header field, then the message framing is invalid [...]
        # > 6. If a valid Content-Length header field is present without Transfer-Encoding, its
        # > decimal value defines the expected message body length in octets.
        if lengths:
            return self._by_length(lengths, status_code)

        # > 7. If this is a request message and none of the above are true, then the message
        # > body length is zero (no message body is present).
        # This is a response.

        # > 8. Otherwise, this is a response message without a declared message body length,
        # > so the message body length is determined by the number of octets received prior to
        # > the server closing the connection.
        if status_code == 205:
            self._report_at_end(Code.RESET_CONTENT_UNFRAMED)
        self._report_at_end(Code.CLOSE_DELIMITED)
        return Framing(8, "close", None, "neither Transfer-Encoding nor Content-Length: until close")

    # --- rules 3 and 4 -------------------------------------------------------------------

    def _transfer_codings(self, values: list[bytes]) -> tuple[bytes, ...]:
        """Give the transfer codings in the order in which they were applied.

        Returns:
            Lower-case names, chunked once at most; `_CANNOT_BE_UNDONE` where one is not known to
            us; nothing where there is identity only.
        """
        members = _list_members(values)
        names = [member.lower() for member in members if member]
        if names and len(names) < len(members):
            self._report_field(Code.EMPTY_LIST_MEMBER, b"transfer-encoding")
        if not names or not all(TOKEN.fullmatch(name) for name in names):
            self._report_field(Code.TE_SYNTAX, b"transfer-encoding")
            return _CANNOT_BE_UNDONE
        if b"identity" in names:
            self._report_field(Code.TE_IDENTITY, b"transfer-encoding")
            names = [name for name in names if name != b"identity"]
        if not DECODABLE_CODINGS.issuperset(names):
            self._report_field(Code.TE_UNKNOWN, b"transfer-encoding")
            return _CANNOT_BE_UNDONE
        return self._chunked_once(names)

    def _chunked_once(self, names: list[bytes]) -> tuple[bytes, ...]:
        if names.count(b"chunked") > 1:
            self._report_field(Code.CHUNKED_TWICE, b"transfer-encoding")
            last = len(names) - 1 - names[::-1].index(b"chunked")
            names = [name for at, name in enumerate(names) if name != b"chunked" or at == last]
        if b"chunked" in names[:-1]:
            self._report_field(Code.CHUNKED_NOT_FINAL, b"transfer-encoding")
        return tuple(names)

    def _by_codings(self, codings: tuple[bytes, ...], version: int, rule: int) -> Framing:
        """Rule 4, also where it is rule 3 that has led to it."""
        # > A server or client that receives an HTTP/1.0 message containing a Transfer-Encoding
        # > header field MUST treat the message as if the framing is faulty [...]
        # >                                                    (RFC 9112 section 6.1)
        faulty = version < 11
        if faulty:
            self._report_field(Code.TE_HTTP10, b"transfer-encoding")
        if codings is _CANNOT_BE_UNDONE:
            return Framing(4, "close", None, "a transfer coding cannot be undone: raw until close", (), True)
        *inner, final = codings
        if final != b"chunked":
            reason = "chunked is not the final transfer coding: until close"
            return Framing(4, "close", None, reason, codings, True)
        reason = "chunked is the final transfer coding"
        if rule == 3:
            reason += ", and overrides Content-Length"
        return Framing(rule, "chunked", None, reason, tuple(inner), faulty or rule == 3)

    # --- rules 5 and 6 -------------------------------------------------------------------

    def _by_length(self, values: list[bytes], status_code: int) -> Framing:
        if len(values) == 1 and values[0].isdigit() and len(values[0]) <= MAX_LENGTH_DIGITS:
            return self._of_length(6, int(values[0]), status_code)
        members = _list_members(values)
        if not all(member.isdigit() for member in members):
            lenient = any(_PYTHON_NUMERAL.fullmatch(member) for member in members)
            self._report_field(Code.CL_NUMERAL if lenient else Code.CL_SYNTAX, b"content-length")
            return Framing(5, "close", None, "Content-Length is not a number: until close", (), True)
        numerals = [member.lstrip(b"0") or b"0" for member in members]
        if any(len(numeral) > MAX_LENGTH_DIGITS for numeral in numerals):
            self._report_field(Code.CL_NUMERAL, b"content-length")
            return Framing(5, "close", None, "Content-Length is out of bounds: until close", (), True)
        length = int(numerals[0])
        # > [...] unless the field value can be successfully parsed as a comma-separated list
        # > [...], all values in the list are valid, and all values in the list are the same
        conflict = len(set(numerals)) > 1
        if conflict:
            self._report_field(Code.CL_CONFLICT, b"content-length", which=-1)
        elif len(values) > 1:
            self._report_field(Code.CL_DUP, b"content-length", which=1)
        elif len(members) > 1:
            self._report_field(Code.CL_LIST, b"content-length")
        return self._of_length(5 if conflict else 6, length, status_code)

    def _of_length(self, rule: int, length: int, status_code: int) -> Framing:
        if status_code == 205 and length:
            self._report_field(Code.RESET_CONTENT_BODY, b"content-length")
        return Framing(rule, "length", length, f"Content-Length is {length}", (), rule == 5)

    # --- what is found on the way --------------------------------------------------------

    def _report_useless_fields(self, method: str | None, status_code: int) -> None:
        """Report framing fields where RFC 9110 section 8.6 or RFC 9112 section 6.1 forbid them.

        In answer to HEAD and with 304 they tell what GET would have got, and are welcome.
        """
        if method == "HEAD" or status_code == 304:
            return
        interim = status_code < 200
        if self._section.values(b"content-length"):
            self._report_field(Code.INTERIM_FRAMING if interim else Code.CL_FORBIDDEN, b"content-length")
        if self._section.values(b"transfer-encoding"):
            self._report_field(Code.INTERIM_FRAMING if interim else Code.TE_FORBIDDEN, b"transfer-encoding")

    def _report_field(self, code: Code, name: bytes, which: int = 0) -> None:
        line = self._section.lines_named(name)[which]
        self.diagnostics.append(Diagnostic(code, line.start, line.end, line.raw, CONTEXT))

    def _report_at_end(self, code: Code) -> None:
        """Report what is missing where it could have stood: behind the last field line."""
        end = self._section.start + len(self._section.data)
        self.diagnostics.append(Diagnostic(code, end, end, b"", CONTEXT))


def _list_members(values: list[bytes]) -> list[bytes]:
    """The members of a list (RFC 9110 section 5.6.1), empty ones included."""
    return [member.strip(OWS) for member in b",".join(values).split(b",")]


_CANNOT_BE_UNDONE = (b"",)
"""Stands for transfer codings of which one at least is not known to us, or is no token."""

_PYTHON_SPACE = rb"[\t-\r\x1c-\x20\x85\xa0]*"
_PYTHON_NUMERAL = re.compile(
    _PYTHON_SPACE + rb"(?:\+?[0-9]+(?:_[0-9]+)*|-0+(?:_0+)*)" + _PYTHON_SPACE,
)
"""What Python's `int()` reads as a length where the grammar has none: `+5`, `0_5`.

Recipients that use such a function and those that do not find different messages in the same
bytes, which is how requests are smuggled. So no policy accepts it."""
