"""Reading what comes before the content: status-lines, header sections, interim responses."""

from collections.abc import Callable
from typing import NamedTuple

from workbench.protocol import tap as events
from workbench.protocol.errors import (
    BadStatusLine,
    HTTPException,
    RemoteDisconnected,
    UnknownProtocol,
    too_much,
)
from workbench.protocol.judge import Judge
from workbench.protocol.limits import MAX_LEADING_EMPTY_LINES, Limits
from workbench.protocol.receive import Receiver
from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.fields import FieldSection, parse_field_section
from workbench.protocol.wire.framing import Framing, decide_framing
from workbench.protocol.wire.span import Span, tile
from workbench.protocol.wire.start_line import StatusLine, parse_status_line

_EMPTY_LINES = (b"\r\n", b"\n")

NO_VERSION = ""
"""What stands for the version of a response that has no status-line."""


class FinalHead(NamedTuple):
    """The head of a final response, and what it says about the content."""

    version: int
    """As in `StatusLine.version`; 9 where there was no status-line."""

    status_code: int
    reason_phrase: str
    section: FieldSection
    framing: Framing


class HeadReader:
    """Reads the heads of one exchange from a receiver."""

    __slots__ = (
        "_interim_count", "_judge", "_limits", "_receiver", "_status", "last_interim", "raw_status_line",
    )  # fmt: skip

    def __init__(self, receiver: Receiver, judge: Judge, limits: Limits) -> None:
        self._receiver = receiver
        self._judge = judge
        self._limits = limits
        self.raw_status_line = b""
        """The last status-line as received, for debug output."""

        self._status: tuple[str, int, str] | None = None
        """The status-line whose header section is still to come."""

        self._interim_count = 0
        self.last_interim: FinalHead | None = None
        """The head that a client from before interim responses would take for the final one."""

    def status_line(self) -> StatusLine | None:
        """Read a status-line.

        Returns:
            The line, or None where the response is HTTP/0.9: all content, none of it taken.

        Raises:
            RemoteDisconnected: The stream ended before it.
            BadStatusLine: It cannot be read, or the policy does not accept it.
            UnknownProtocol: It is of a version other than HTTP/1.x.
        """
        receiver = self._receiver
        line = receiver.line(self._limits.line, "status line")
        if line in _EMPTY_LINES:
            line = self._skip_empty_lines(line)
        if not line:
            raise RemoteDisconnected("Remote end closed connection without response")
        self.raw_status_line = line
        start = receiver.offset - len(line)
        status_line, diagnostics = parse_status_line(line, start)
        reporter = receiver.reporter
        if reporter is not None and status_line is not None:
            reporter.emit_read(
                events.StatusLineParsed,
                Span("received", start, start + len(line)),
                status_line.leaves,
                status_line.http_version.decode("latin-1"),
                status_line.status_code,
                status_line.reason_phrase.decode("latin-1"),
            )
        if status_line is not None and not diagnostics:
            return status_line
        try:
            self._judge.settle(diagnostics)
        except HTTPException as error:
            if reporter is not None and status_line is None:
                reporter.one_leaf(events.BytesSkipped, "malformed", start, len(line), "no status line")
            if isinstance(error, BadStatusLine):
                # Programs look at the whole line; which part of it is at fault, the diagnostic says.
                error.line = line.decode("latin-1")
                error.args = (error.line,)
            raise
        if status_line is None:
            # HTTP/0.9: the line is content. Whatever else makes a line unreadable always raises.
            self._receiver.put_back(line)
        return status_line

    def _skip_empty_lines(self, line: bytes) -> bytes:
        """Pass over CRLFs, which a peer may have sent behind the message before this one.

        Args:
            line: The first of them, taken already.

        Returns:
            The next line, which is empty only where there are too many.
        """
        receiver = self._receiver
        skipped = 0
        while skipped < MAX_LEADING_EMPTY_LINES and line in _EMPTY_LINES:
            at = receiver.offset
            start = at - len(line)
            if receiver.reporter is not None:
                receiver.reporter.one_leaf(events.BytesSkipped, "skipped", start, len(line), "empty line")
            code = Code.LEADING_CRLF_REPEATED if skipped else Code.LEADING_CRLF
            self._judge.settle([Diagnostic(code, start, at, line, "status line")])
            skipped += 1
            line = receiver.line(self._limits.line, "status line")
        return line

    def header_section(self) -> FieldSection:
        """Read the field lines behind a status-line, and the empty line.

        Raises:
            LineTooLong: A line is too long.
            HTTPException: There are too many lines, or the policy does not accept one.
            IncompleteHead: The stream ended before the empty line.
        """
        receiver = self._receiver
        start = receiver.offset
        data, end, regular = receiver.section(self._limits, self._limits.fields)
        section = parse_field_section(data, start, end=end, regular=regular)
        if not end:
            _forgive_cut_line(section)
        if receiver.reporter is None:
            if not section.plain or self._judge.raises_for_repetition:
                self._judge.settle(section.diagnostics)
        else:
            self._report_section(section, end)
        if not end:
            at = start + len(data)
            self._judge.settle([Diagnostic(Code.TRUNCATED_HEAD, at, at, b"", "field line")])
        return section

    def _report_section(self, section: FieldSection, end: bytes) -> None:
        """Tell the tap of each line and of what is wrong with it, in the order of the bytes."""
        reporter = self._receiver.reporter
        assert reporter is not None
        pending = list(section.diagnostics)
        index = 0
        for line in section.lines:
            reporter.field_line(line, "header", index)
            index += bool(line.name)
            while pending and pending[0].start < line.end:
                try:
                    self._judge.settle([pending.pop(0)])
                except HTTPException:
                    # What follows has not been told of, and now never is parsed.
                    self._receiver.put_back((section.data + end)[line.end - section.start :])
                    raise
        at = section.start + len(section.data)
        if end:
            span = Span("received", at, at + len(end))
            leaves = tile(at, ("section_end", len(end)))
            reporter.emit_read(events.HeaderSectionParsed, span, leaves, len(section.pairs))
        self._judge.settle(pending)

    def _limit_interim_responses(self, count: int) -> None:
        if count > self._limits.interim_responses:
            raise too_much(f"{self._limits.interim_responses} interim responses", "interim_responses")

    def _limit_codings(self, framing: Framing) -> None:
        if len(framing.codings) > self._limits.codings:
            raise too_much(f"{self._limits.codings} transfer codings", "codings")

    def final_head(
        self,
        method: str | None,
        read_status: Callable[[], tuple[str, int, str]],
        on_interim: Callable[[int, str, FieldSection], None],
    ) -> FinalHead:
        """Read heads until the final one comes.

        > A client MUST be able to parse one or more 1xx responses received prior to a final
        > response, even if the client does not expect one.      (RFC 9110 section 15.2)

        Args:
            method: The method of the request.
            read_status: Reads a status-line: `HTTPResponse._read_status`, which some programs
                override.
            on_interim: Told of each interim response.

        Raises:
            HTTPException: A head cannot be read under the policy.
            OSError: Receiving failed. The next call goes on where this one was.
        """
        while True:
            self._status = self._status or read_status()
            version, status_code, reason_phrase = self._status
            if version == NO_VERSION:
                return self._simple_response()
            section = self.header_section()
            self._status = None
            number = 11 if version == "HTTP/1.1" else _version_number(version)
            framing, diagnostics = decide_framing(
                method, status_code, number, section, self._judge.policy.empty_reset_content
            )
            if status_code == 417:
                line, at = self.raw_status_line, section.start
                diagnostics.append(
                    Diagnostic(Code.EXPECTATION_FAILED, at - len(line), at, line, "status line")
                )
            if diagnostics:
                self._judge.settle(diagnostics)
            if framing.codings:
                self._limit_codings(framing)
            head = FinalHead(number, status_code, reason_phrase, section, framing)
            # After 101 the connection speaks another protocol: nothing of HTTP follows it.
            if status_code >= 200 or status_code == 101:
                return head
            self.last_interim = head
            on_interim(status_code, reason_phrase, section)
            self._interim_count += 1
            self._limit_interim_responses(self._interim_count)

    def _simple_response(self) -> FinalHead:
        """Everything is content, as HTTP/0.9 had it."""
        section = FieldSection(b"", self._receiver.offset)
        framing = Framing(8, "close", None, "no status line: everything until close is content")
        return FinalHead(9, 200, "", section, framing)


def _forgive_cut_line(section: FieldSection) -> None:
    """What a line lacks that the connection has cut off is no fault of its own."""
    cut_at = section.start + section.data.rfind(b"\n") + 1
    section.diagnostics[:] = [found for found in section.diagnostics if found.start < cut_at]


def _version_number(version: str) -> int:
    """http.client's number for a version that a status-line may have under some policy."""
    if version in ("HTTP/1.0", "HTTP/0.9", "ICY"):
        return 10
    if version.upper().startswith("HTTP/1."):
        return 11
    raise UnknownProtocol(version)
