"""Reading what comes before the content: status-lines, header sections, interim responses."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

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
from workbench.protocol.message import HTTPMessage, fill_message
from workbench.protocol.policy import DEFAULT, Policy
from workbench.protocol.receive import Receiver
from workbench.protocol.receivers import FileReceiver, SocketReceiver
from workbench.protocol.reporter import Reporter
from workbench.protocol.wire.boundary import Boundary
from workbench.protocol.wire.diagnostics import Code, Diagnostic
from workbench.protocol.wire.fields import FieldSection, parse_field_section
from workbench.protocol.wire.framing import Framing, decide_framing
from workbench.protocol.wire.persistence import decide_persistence
from workbench.protocol.wire.regular_head import RegularHead
from workbench.protocol.wire.start_line import StatusLine, parse_status_line

_EMPTY_LINES = (b"\r\n", b"\n")

NO_VERSION = ""
"""What stands for the version of a response that has no status-line."""


@dataclass(frozen=True, slots=True)
class IrregularHead:
    """A head that was read line by line. It can be asked for what a `RegularHead` can be asked for."""

    version: int
    """http.client's number for it: 11 for HTTP/1.1 and every minor version above, else 10; 9 where there was no
    status-line."""

    status_code: int
    reason_phrase: str
    header_section: FieldSection

    def section(self, _: int) -> FieldSection:
        """Give the field lines, which know their place."""
        return self.header_section

    def values(self, name: bytes) -> list[bytes]:
        """Give the values of all field lines of one name (in lower case), in order."""
        return self.header_section.values(name)


Head = RegularHead | IrregularHead


class InterimResponse(NamedTuple):
    """A 1xx response that came before the final one (RFC 9110 section 15.2)."""

    status: int
    reason: str
    headers: HTTPMessage
    header_section: FieldSection
    """Its field lines as they came, each with its raw bytes and its place."""


# Neither knows anything of a response, so most of them have the same.
_JUDGE_OF_DEFAULT = Judge(DEFAULT, False, None)
_LIMITS_OF_DEFAULT = DEFAULT.limits


class HeadReader(io.BufferedIOBase):
    """A response as far as its head goes: interim responses, status-line, header section."""

    # Slots are found fast by the interpreter. It has no such way to the attributes in the `__dict__` of a file.
    __slots__ = (
        "_begun", "_boundary", "_expected_boundary", "_expected_head", "_head_limits", "_judge", "_limits", "_method",
        "_policy", "_receiver", "_start", "_status", "debuglevel", "fp", "informational", "raw_status_line",
        "reporter", "strict",
    )  # fmt: skip

    # What is seldom needed stands in the class.

    last_interim: Head | None = None
    """The head that a client from before interim responses would take for the final one."""

    _interim_count = 0
    _empty_line_count = 0
    """Those before the status-line that is being read; a time-out may have stopped that."""

    def __init__(
        self, fp: Any, debuglevel: int, strict: int | None, method: str | None, policy: Policy
    ) -> None:
        self.fp = fp
        """Where the bytes come from; None once the content has ended."""

        self.debuglevel = debuglevel
        self.strict = strict
        self.reporter: Reporter | None = None
        """Tells the tap; None where there is none."""

        self.informational: list[InterimResponse] = []
        """The interim responses that came before, in order."""

        self.raw_status_line = b""
        """The last status-line as received, for debug output."""

        self._method = method
        self._policy = policy
        self._begun = False
        """Reading the head was begun; a time-out may have stopped it in the middle."""

        self._status: tuple[str, int, str] | None = None
        """The status-line whose header section is still to come."""

        self._boundary: Boundary
        """What the last head says about what follows it."""

        self._start = 0
        """Where the last regular head begins in the received stream."""

        self._expected_head: RegularHead | None = None
        """That of the response before: many servers answer with the same one again and again."""

        self._expected_boundary: Boundary | None = None

        self._judge = _JUDGE_OF_DEFAULT
        self._limits = self._head_limits = _LIMITS_OF_DEFAULT
        """Those of the response; the head may have another number of fields."""

    def _prepare(self, max_headers: int | None) -> None:
        self._begun = True
        file = self.fp
        # The type first: to ask a class with an abstract base takes far longer.
        self._receiver: Receiver = file if type(file) is SocketReceiver else self._make_receiver()
        if self._policy is not DEFAULT or self.strict:
            self._judge = Judge(self._policy, bool(self.strict), self.reporter)
            self._limits = self._head_limits = self._make_limits()
        elif self.reporter is not None:
            self._judge = self._receiver.judge or self._make_judge()
        if max_headers is not None:
            self._head_limits = replace(self._limits, fields=max_headers)

    def _make_judge(self) -> Judge:
        """Make what judges under the default policy; the responses of one connection have the same."""
        judge = self._receiver.judge = Judge(DEFAULT, False, self.reporter)
        return judge

    def _make_limits(self) -> Limits:
        return self._policy.limits

    def _make_receiver(self) -> Receiver:
        file = self.fp
        return file if isinstance(file, Receiver) else FileReceiver(file, self.reporter)

    # --- heads ---------------------------------------------------------------------------

    def _final_head(self) -> Head:
        """Read heads until the final one comes.

        > A client MUST be able to parse one or more 1xx responses received prior to a final
        > response, even if the client does not expect one.      (RFC 9110 section 15.2)

        Raises:
            HTTPException: A head cannot be read under the policy.
            OSError: Receiving failed. The next call goes on where this one was.
        """
        while True:
            head = self._regular_head() or self._head()
            if head.status_code >= 200:
                return head
            if head.status_code == 101:
                # The connection speaks another protocol now: nothing of HTTP follows it.
                self._settle_upgrade()
                return head
            self.last_interim = head
            self._keep_interim(head)
            self._interim_count += 1
            if self._interim_count > self._limits.interim_responses:
                raise too_much(
                    f"{self._limits.interim_responses} interim responses",
                    self._limits.way_out("interim_responses"),
                )

    def _settle_upgrade(self) -> None:
        """Refuse another protocol that was not asked for."""

    def _keep_interim(self, head: Head) -> None:
        section = head.section(self._start)
        headers = fill_message(HTTPMessage(), section.pairs)
        interim = InterimResponse(head.status_code, head.reason_phrase, headers, section)
        self.informational.append(interim)
        if self.reporter is not None:
            self.reporter.emit_read(events.InterimResponseParsed, head.status_code)

    def _regular_head(self) -> RegularHead | None:
        """Read a head that has the form of the grammar and is there, which nearly all are; else None.

        `_head` gives the same for it, in more steps.
        """
        if self._status is not None or self.debuglevel > 0:
            return None
        # Some programs put a `_read_status` of their own in the place of ours.
        if getattr(self._read_status, "__func__", None) is not _READ_STATUS:
            return None
        receiver = self._receiver
        start = self._start = receiver.offset
        head = receiver.regular_head(self._head_limits)
        if head is None:
            return None
        self.raw_status_line = head.status_line
        boundary = self._expected_boundary if head is self._expected_head else head.boundary(self._method)
        reporter = self.reporter
        if reporter is not None:
            if head.repeats or (head.repeats is None and head.find_repeats()):
                section = head.section(start)
                reporter.status_line(head.status_line, start)
                self._report_section(section, b"\r\n", section.diagnostics)
            elif (
                reporter.derives and boundary is not None and boundary.persistent and head.status_code >= 200
            ):
                reporter.answer, reporter.parsed, reporter.settled = self, len(head.data), boundary.facts
            else:
                reporter.head(start, head.data)
        # The default policy never does. To ask it takes longer than to know it.
        elif self._policy is not DEFAULT and self._policy.raises_for_repetition and head.find_repeats():
            self._judge.settle(head.section(start).diagnostics)
        if boundary is None:
            boundary = self._settle_boundary(head.version, head.status_code, head.section(start))
        self._boundary = boundary
        return head

    def _head(self) -> IrregularHead:
        """Read any head. What was read stays when receiving fails."""
        self._status = self._status or self._read_status()
        version, status_code, reason_phrase = self._status
        if version == NO_VERSION:
            return self._simple_response()
        section = self._header_section()
        self._status = None
        number = 11 if version == "HTTP/1.1" else _version_number(version)
        self._boundary = self._settle_boundary(number, status_code, section)
        # `_read_status` may be another's.
        return IrregularHead(number, status_code, reason_phrase.strip(), section)

    def _settle_boundary(self, version: int, status_code: int, section: FieldSection) -> Boundary:
        framing, diagnostics = decide_framing(
            self._method, status_code, version, section, self._policy.empty_reset_content
        )
        if status_code == 417:
            line, at = self.raw_status_line, section.start
            fault = Diagnostic(Code.EXPECTATION_FAILED, at - len(line), at, line, "status line")
            diagnostics.append(fault)
        self._judge.settle(diagnostics)
        if len(framing.codings) > self._limits.codings:
            raise too_much(f"{self._limits.codings} transfer codings", self._limits.way_out("codings"))
        return Boundary(framing, *decide_persistence(version, section, framing))

    def _simple_response(self) -> IrregularHead:
        """Everything is content, as HTTP/0.9 had it."""
        section = FieldSection(b"", self._receiver.offset)
        framing = Framing(8, "close", None, "no status line: everything until close is content")
        self._boundary = Boundary(framing, *decide_persistence(9, section, framing))
        return IrregularHead(9, 200, "", section)

    # --- the status-line -----------------------------------------------------------------

    def _read_status(self) -> tuple[str, int, str]:
        """Read a status-line.

        Returns:
            The version as on the wire, the status code, and the reason phrase without the
            whitespace around it.
        """
        if not self._begun:
            # urllib3 asks a proxy's response for nothing else.
            self._prepare(None)
        line = self._status_line()
        if line is None:
            return NO_VERSION, 200, ""
        if self.debuglevel > 0:
            print("reply:", repr(self.raw_status_line.decode("latin-1")))
        reason = line.reason_phrase.decode("latin-1").strip()
        return line.http_version.decode("latin-1"), line.status_code, reason

    def _status_line(self) -> StatusLine | None:
        """Read a status-line.

        Returns:
            The line, or None where the response is HTTP/0.9: all content, none of it taken.

        Raises:
            RemoteDisconnected: The stream ended before it.
            BadStatusLine: It cannot be read, or the policy does not accept it.
            UnknownProtocol: It is of a version other than HTTP/1.x.
        """
        receiver = self._receiver
        line = receiver.line(self._head_limits.line, "status line", self._limits)
        if line in _EMPTY_LINES:
            line = self._skip_empty_lines(line)
        self._empty_line_count = 0
        if not line:
            raise RemoteDisconnected("Remote end closed connection without response")
        self.raw_status_line = line
        start = receiver.offset - len(line)
        status_line, diagnostics = parse_status_line(line, start)
        reporter = receiver.reporter
        if reporter is not None and status_line is not None:
            reporter.status_line(line, start)
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
        while self._empty_line_count < MAX_LEADING_EMPTY_LINES and line in _EMPTY_LINES:
            at = receiver.offset
            start = at - len(line)
            if receiver.reporter is not None:
                receiver.reporter.one_leaf(events.BytesSkipped, "skipped", start, len(line), "empty line")
            code = Code.LEADING_CRLF_REPEATED if self._empty_line_count else Code.LEADING_CRLF
            self._judge.settle([Diagnostic(code, start, at, line, "status line")])
            self._empty_line_count += 1
            line = receiver.line(self._head_limits.line, "status line", self._limits)
        return line

    def _header_section(self) -> FieldSection:
        """Read the field lines behind a status-line, and the empty line.

        Raises:
            LineTooLong: A line is too long.
            HTTPException: There are too many lines, or the policy does not accept one.
            IncompleteHead: The stream ended before the empty line.
        """
        receiver = self._receiver
        start = receiver.offset
        data, end, regular = receiver.section(self._limits, self._head_limits.fields)
        section = parse_field_section(data, start, end=end, regular=regular)
        if not end:
            _forgive_cut_line(section)
        if receiver.reporter is None:
            if not section.plain or self._policy.raises_for_repetition:
                self._judge.settle(section.diagnostics)
        else:
            self._report_section(section, end, section.diagnostics)
        if not end:
            at = start + len(data)
            self._judge.settle([Diagnostic(Code.TRUNCATED_HEAD, at, at, b"", "field line")])
        return section

    def _report_section(self, section: FieldSection, end: bytes, diagnostics: Sequence[Diagnostic]) -> None:
        """Tell the tap of each line and of what is wrong with it, in the order of the bytes."""
        reporter = self._receiver.reporter
        assert reporter is not None
        told = settled = 0
        for found in diagnostics:
            if found.start >= section.end:
                break
            behind = section.line_at(found.start) + 1
            reporter.field_lines(section, "header", told, behind)
            told, settled = max(told, behind), settled + 1
            try:
                self._judge.settle([found])
            except HTTPException:
                # What follows has not been told of, and now never is parsed.
                line = section.lines[told - 1]
                self._receiver.put_back((section.data + end)[line.end - section.start :])
                raise
        reporter.field_lines(section, "header", told, section.line_count)
        reporter.section_end("HeaderSectionParsed", section, end)
        if diagnostics:
            self._judge.settle(diagnostics[settled:])


def _forgive_cut_line(section: FieldSection) -> None:
    """What a line lacks that the connection has cut off is no fault of its own."""
    cut_at = section.start + section.data.rfind(b"\n") + 1
    section.diagnostics[:] = [found for found in section.diagnostics if found.start < cut_at]


def _version_number(version: str) -> int:
    """http.client's number for a version that a status-line may have under some policy."""
    version_in_capitals = version.upper()
    if version_in_capitals in ("HTTP/1.0", "HTTP/0.9", "ICY"):
        return 10
    if version_in_capitals.startswith("HTTP/1."):
        return 11
    raise UnknownProtocol(version)


# As it is here: some programs put another in its place.
_READ_STATUS = HeadReader._read_status  # noqa: SLF001 - of this module
