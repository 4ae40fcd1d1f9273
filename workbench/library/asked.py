"""One exchange as a program wants it: plain values."""

from collections.abc import Iterator, Sequence
from typing import Any, overload

from workbench.protocol import tap
from workbench.protocol.tap import DiagnosticFound, ErrorFact
from workbench.session.carried import request_content, response_content
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.exchange_moment import ExchangeMoment, ResponseMoment
from workbench.session.exchange_record import ExchangeRecord
from workbench.session.plan import RequestPlan, plan_of, sent_bytes, whole_exchange
from workbench.session.recording import Recording

MOST_CONTENT = 1 << 30
"""Bytes of content that are given with their codings taken off."""


class Fields(Sequence[tuple[str, str]]):
    """Field lines: pairs of a name and a value, in the order in which they were on the wire."""

    def __init__(self, facts: Sequence[Any]) -> None:
        self._pairs = [(fact.event.name, fact.event.value) for fact in facts]

    def __len__(self) -> int:
        return len(self._pairs)

    @overload
    def __getitem__(self, position: int) -> tuple[str, str]: ...

    @overload
    def __getitem__(self, position: slice) -> list[tuple[str, str]]: ...

    def __getitem__(self, position: int | slice) -> tuple[str, str] | list[tuple[str, str]]:
        return self._pairs[position]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)

    def __repr__(self) -> str:
        return f"Fields({self._pairs!r})"

    def get(self, name: str, default: str | None = None) -> str | None:
        """Give the value of a field, the lines of one name joined with `, ` (RFC 9110 section 5.3).

        Args:
            name: In any case.
            default: What to give where there is none.
        """
        values = self.all(name)
        return ", ".join(values) if values else default

    def all(self, name: str) -> list[str]:
        """Give the value of each line of a name."""
        return [value for found, value in self._pairs if found.lower() == name.lower()]


class Asked:
    """One exchange of a recording, as far as it has come.

    Args:
        recording: What was recorded.
        record: One of its exchanges.
    """

    def __init__(self, recording: Recording, record: ExchangeRecord) -> None:
        self._recording = recording
        self._record = record

    def __repr__(self) -> str:
        return f"<{self.method or 'bytes'} {self.target}: {self.status or self.error or 'no answer'}>"

    # --- the request --------------------------------------------------------------------

    @property
    def method(self) -> str:
        """The method; empty where bytes were sent that are no request."""
        return self.plan.method

    @property
    def target(self) -> str:
        """The request-target, as it was sent."""
        return self.plan.target

    @property
    def url(self) -> str:
        """The target URI."""
        return self.plan.url

    @property
    def request_fields(self) -> Fields:
        """The field lines of the request."""
        return Fields(self._moment[1].request_header_section)

    @property
    def request_content(self) -> bytes:
        """The content of the request, its codings taken off; empty where it has none."""
        connection, exchange = self._moment
        carried = request_content(connection, exchange, MOST_CONTENT)
        return carried.decoded.data if carried else b""

    @property
    def request_bytes(self) -> bytes:
        """The whole request, as it was queued: every byte, chunk framing included."""
        return sent_bytes(*self._moment)

    @property
    def plan(self) -> RequestPlan:
        """The request, so that it can be made again."""
        return plan_of(self._recording, self._record)

    # --- the answer ---------------------------------------------------------------------

    @property
    def status(self) -> int | None:
        """The status code; None before an answer, and for HTTP/0.9, which has none."""
        line = self._response.status_line if self._response else None
        return line.event.status_code if line else None

    @property
    def reason(self) -> str:
        """The reason phrase; empty where there is none."""
        line = self._response.status_line if self._response else None
        return line.event.reason_phrase if line else ""

    @property
    def fields(self) -> Fields:
        """The field lines of the response."""
        return Fields(self._response.header_section if self._response else ())

    @property
    def trailers(self) -> Fields:
        """The field lines behind chunked content."""
        return Fields(self._response.trailer_section if self._response else ())

    @property
    def content(self) -> bytes:
        """What was read of the content, its codings taken off; empty where none came."""
        carried = response_content(self._response, MOST_CONTENT) if self._response else None
        return carried.decoded.data if carried else b""

    @property
    def chunk_sizes(self) -> list[int]:
        """The size of each chunk, the last one, 0, included; empty for content in no chunks."""
        response = self._response
        return [fact.event.size for fact in response.facts(tap.ChunkHeaderParsed)] if response else []

    @property
    def interim_statuses(self) -> list[int]:
        """The status codes of the interim (1xx) responses."""
        lines = [response.status_line for response in self._moment[1].interim_responses]
        return [line.event.status_code for line in lines if line]

    @property
    def complete(self) -> bool:
        """Whether the response was read to its end, and ended in order."""
        completion = self._response.completion if self._response else None
        return completion is not None and completion.event.complete

    # --- how it went --------------------------------------------------------------------

    @property
    def diagnostics(self) -> list[DiagnosticFound]:
        """What the RFCs do not allow, or a wise peer does not do; in both directions."""
        return [fact.event for fact in self._moment[1].diagnostics]

    @property
    def error(self) -> ErrorFact | None:
        """The exception that ended it; None where there was none."""
        error = self._moment[1].error
        return error.event.error if error else None

    @property
    def _moment(self) -> tuple[ConnectionMoment, ExchangeMoment]:
        return whole_exchange(self._recording, self._record)

    @property
    def _response(self) -> ResponseMoment | None:
        return self._moment[1].response
