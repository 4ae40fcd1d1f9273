"""The bytes that an exception is about: the card shows them, and the wire marks them."""

from typing import NamedTuple

from workbench.protocol.tap import ErrorFact
from workbench.protocol.wire.span import StreamName
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.moment import Moment


class Fault(NamedTuple):
    """Where the bytes at fault lie, and the rule that they break."""

    stream: StreamName
    start: int
    end: int
    section: str
    """As `RFC 9112 section 7.1`; empty when no diagnostic says."""

    code: str = ""
    """Of the diagnostic that raised; empty when none did."""

    def touches(self, start: int, end: int) -> bool:
        """Whether any byte of a range is at fault."""
        return self.start < end and start < self.end


def find_fault(moment: Moment, error: ErrorFact) -> Fault | None:
    """Find the bytes that an exception is about.

    A diagnostic that raised says it exactly. Without one the exception may know the offset.
    """
    connection = moment.connection
    if connection is None or not _about_connection(moment, connection):
        return None
    exchange = connection.exchange
    outcome = moment.last_outcome
    for fact in reversed(exchange.diagnostics if exchange else []):
        if fact.event.action == "raised" and outcome and fact.index >= outcome.first_index:
            span = fact.event.span
            return Fault(span.stream, span.start, span.end, fact.event.section, str(fact.event.code))
    if error.offset is not None:
        return Fault("received", error.offset, min(error.offset + 1, connection.received_length), "")
    return None


def _about_connection(moment: Moment, connection: ConnectionMoment) -> bool:
    """Whether the line that raised did anything on this connection; else older bytes would be shown."""
    outcome = moment.last_outcome
    return outcome is not None and connection.record.last_index >= outcome.first_index
