"""The start-line of a response, its status-line (RFC 9112 sections 2.1, 2.3 and 4).

A line that has the form of the grammar is read by one pattern. Every other line goes through
`_IrregularLine`, which says what is wrong with it and reads it as far as it can be read.
"""

import re
from typing import NamedTuple

from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.grammar import CONTROL, OWS, STATUS_LINE
from workbench.protocol.wire.span import Leaf, tile

CONTEXT = "status line"


class StatusLine(NamedTuple):
    """A status-line, read."""

    http_version: bytes
    """As received: `b"HTTP/1.1"`."""

    status_code: int
    reason_phrase: bytes
    start: int
    parts: tuple[tuple[str, int], ...] = ()
    """The kinds and lengths of its leaves; empty where the line has the form of the grammar,
    because then they follow from the fields above."""

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The leaves that tile the line, its line end included."""
        return tile(self.start, *(self.parts or self._regular_parts()))

    def _regular_parts(self) -> tuple[tuple[str, int], ...]:
        reason = len(self.reason_phrase)
        return ("version", 8), ("sp", 1), ("code", 3), ("sp", 1), ("reason", reason), ("eol", 2)


def parse_status_line(line: bytes, start: int) -> tuple[StatusLine | None, list[Diagnostic]]:
    """Parse a status-line.

    Args:
        line: The line with its line end. Without one, the connection ended inside it.
        start: The offset of the line in the `received` stream.

    Returns:
        The line, or None where no policy can read it as one, and what is wrong with it.
    """
    match = STATUS_LINE.fullmatch(line)
    if match is None:
        return _IrregularLine(line, start).parse()
    version, code, reason = match.groups()
    return StatusLine(version, int(code), reason, start), []


_OTHER_PROTOCOL = re.compile(rb"(?i:http)\b|[A-Za-z]{2,10}/[0-9]")
"""What means to be a status-line of some protocol, so that it is no HTTP/0.9 content."""

_PARTS = re.compile(rb"([^ \t]*)([ \t]*)([^ \t]*)([ \t]*)(.*)", re.DOTALL)


class _IrregularLine:
    """One line that `STATUS_LINE` refused, on its way to being understood."""

    def __init__(self, line: bytes, start: int) -> None:
        self._line = line
        self._start = start
        self._diagnostics: list[Diagnostic] = []

    def parse(self) -> tuple[StatusLine | None, list[Diagnostic]]:
        text, eol = self._split_line_end()
        stripped = text.lstrip(OWS)
        if not text.startswith(b"HTTP/") and not _names_http(stripped):
            self._report_foreign_line(stripped)
            return None, self._diagnostics
        # RFC 9112 section 2.2 lets a recipient replace a bare CR by a space.
        if b"\r" in text:
            self._report(Code.BARE_CR, text.index(b"\r"), text.index(b"\r") + 1)
            stripped = stripped.replace(b"\r", b" ")
        leading = len(text) - len(stripped)
        if leading:
            self._report(Code.LEADING_WS, 0, leading)
        version, sp1, code, sp2, reason = _match_groups(stripped)
        self._check_separators(leading, version, sp1, code, sp2, reason)
        is_known = self._check_version(version, leading)
        status_code = self._read_code(code, leading + len(version) + len(sp1))
        if not is_known or status_code is None:
            return None, self._diagnostics
        if control := CONTROL.search(reason):
            at = len(text) - len(reason) + control.start()
            self._report(Code.REASON_CTL, at, at + 1)
        parts = (
            ("ows", leading),
            ("version", len(version)),
            ("sp", len(sp1)),
            ("code", len(code)),
            ("sp", len(sp2)),
            ("reason", len(reason)),
            ("eol", len(eol)),
        )
        line = StatusLine(version, status_code, reason, self._start, parts)
        return line, self._diagnostics

    def _split_line_end(self) -> tuple[bytes, bytes]:
        line = self._line
        if line.endswith(b"\r\n"):
            return line[:-2], b"\r\n"
        if line.endswith(b"\n"):
            self._report(Code.BARE_LF, len(line) - 1, len(line))
            return line[:-1], b"\n"
        self._report(Code.TRUNCATED_STATUS_LINE, 0, len(line))
        return line, b""

    def _report_foreign_line(self, stripped: bytes) -> None:
        """A line of another protocol is an error; any other is the content of HTTP/0.9."""
        if b"HTTP/".startswith(self._line):
            # A connection that was cut so early has told nothing, not even its version.
            return
        if _OTHER_PROTOCOL.match(stripped) or not stripped.rstrip(b"\r"):
            code = Code.STATUS_LINE
        else:
            code = Code.HTTP09
            self._diagnostics.clear()
        self._report(code, 0, len(self._line))

    def _check_separators(
        self, leading: int, version: bytes, sp1: bytes, code: bytes, sp2: bytes, reason: bytes
    ) -> None:
        after_version = leading + len(version)
        if not code:
            self._report(Code.STATUS_LINE, 0, len(self._line))
        elif sp1 != b" ":
            self._report(Code.STATUS_WS, after_version, after_version + len(sp1))
        after_code = after_version + len(sp1) + len(code)
        if code and not sp2 and not reason:
            self._report(Code.STATUS_NO_SP, after_code, after_code)
        elif sp2[:1] == b"\t" or (reason and sp2 != b" "):
            self._report(Code.STATUS_WS, after_code, after_code + len(sp2))

    def _check_version(self, version: bytes, at: int) -> bool:
        """Say whether it is a version of HTTP that can be read here."""
        end = at + len(version)
        if version == b"ICY":
            self._report(Code.ICY, at, end)
            return True
        if not version.startswith(b"HTTP/"):
            self._report(Code.VERSION_CASE, at, end)
        match version[5:]:
            case b"1.0" | b"1.1":
                return True
            case b"0.9":
                self._report(Code.HTTP09_LINE, at, end)
                return True
            case digits if re.fullmatch(rb"1\.[2-9]", digits):
                self._report(Code.VERSION_MINOR, at, end)
                return True
            case digits if digits.startswith(b"1."):
                self._report(Code.VERSION_SYNTAX, at, end)
                return True
        self._report(Code.VERSION_UNKNOWN, at, end)
        return False

    def _read_code(self, code: bytes, at: int) -> int | None:
        if not code:
            return None
        value = int(code) if re.fullmatch(rb"\+?[0-9_]{1,8}", code) and _is_numeral(code) else 0
        end = at + len(code)
        if not 100 <= value <= 999 or (code.isdigit() and len(code) < 3):
            self._report(Code.STATUS_CODE, at, end)
            return None
        if not re.fullmatch(rb"[0-9]{3}", code):
            self._report(Code.STATUS_SYNTAX, at, end)
        elif value >= 600:
            self._report(Code.STATUS_RANGE, at, end)
        return value

    def _report(self, code: Code, start: int, end: int) -> None:
        """Note a fault at a place in the line."""
        found = self._line[start:end]
        self._diagnostics.append(Diagnostic(code, self._start + start, self._start + end, found, CONTEXT))


def _names_http(text: bytes) -> bool:
    """Whether it begins like a status-line of HTTP, or of Shoutcast, in any case of letters."""
    return text[:5].upper() == b"HTTP/" or text.startswith((b"ICY ", b"ICY\t"))


def _match_groups(text: bytes) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    match = _PARTS.fullmatch(text)
    assert match is not None, "every part of the pattern may be empty"
    version, sp1, code, sp2, reason = match.groups()
    return version, sp1, code, sp2, reason


def _is_numeral(text: bytes) -> bool:
    """Whether `int()` takes it, which is how lenient recipients read a number."""
    try:
        int(text)
    except ValueError:
        return False
    return True
