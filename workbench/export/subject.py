"""What is exported."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from workbench.protocol.wire.span import Span
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.events import ScriptStarted
from workbench.session.exchange_bytes import exchange_span
from workbench.session.exchange_moment import ExchangeMoment
from workbench.session.exchange_record import ExchangeRecord
from workbench.session.plan import RequestPlan, asked_exchanges, plan_of, whole_exchange
from workbench.session.recording import Recording
from workbench.session.redaction import Redacted, redact_recording
from workbench.session.visible import visible


class CannotExport(ValueError):  # noqa: N818 - an answer to what was asked for
    """There is nothing to export in this form; the message says why."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange, with its connection, at the end of the recording."""

    connection: ConnectionMoment
    exchange: ExchangeMoment
    plan: RequestPlan
    """Its request, so that it can be made once more."""

    asks_proxy: bool
    """Whether it is a CONNECT request that another connection needed."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A recording, or some exchanges of it."""

    recording: Recording
    """Without secrets, unless `redacted` is None."""

    records: tuple[ExchangeRecord, ...]
    """The exchanges that are meant, in their order."""

    is_whole: bool
    """Whether every exchange of the recording is meant."""

    redacted: Redacted | None
    """What was written over; None where the secrets were left in."""

    tls_keys: bytes = b""
    """A key log for a capture; empty unless somebody asked for it."""

    @classmethod
    def of(
        cls,
        recording: Recording,
        *,
        secrets: bool = False,
        listed: Collection[str] = (),
        numbers: Sequence[int] = (),
        tls_keys: bytes = b"",
    ) -> "Subject":
        """Make a subject.

        Args:
            recording: What was recorded.
            secrets: Whether credentials are left in.
            listed: Names of fields and parameters that hold secrets, beside the usual ones.
            numbers: Which exchanges of the recording, from 1 on; all of them where there are none.
            tls_keys: A key log (NSS form), for a capture that has a place for one.

        Raises:
            CannotExport: There is no exchange with such a number.
        """
        redacted = None if secrets else redact_recording(recording, listed)
        subject = redacted.recording if redacted else recording
        records = chosen_exchanges(subject, numbers)
        is_whole = not numbers or len(records) == len(asked_exchanges(subject))
        return cls(subject, records, is_whole, redacted, tls_keys)

    @property
    def exchanges(self) -> Iterator[Exchange]:
        """The exchanges that are meant, one after the other."""
        for record in self.records:
            connection, exchange = whole_exchange(self.recording, record)
            plan = plan_of(self.recording, record)
            yield Exchange(connection, exchange, plan, connection.tunnel_for is not None)

    @property
    def own_exchanges(self) -> list[Exchange]:
        """Those that a caller asked for: the ones with a proxy for a tunnel belong to another.

        Raises:
            CannotExport: There is none.
        """
        found = [one for one in self.exchanges if not one.asks_proxy and (one.plan.raw or one.plan.method)]
        if not found:
            raise CannotExport("there is no request in it")
        return found

    @property
    def only(self) -> tuple[ExchangeRecord, ...] | None:
        """The exchanges that are meant, where these are not all."""
        return None if self.is_whole else self.records

    def spans(self, connection: int, within: Span) -> list[Span]:
        """Give the parts of a range of bytes that belong to exchanges that are meant."""
        if self.is_whole:
            return [within]
        found = [
            exchange_span(self.recording, record, within.stream)
            for record in self.records
            if record.connection == connection
        ]
        cut = (Span(within.stream, max(one.start, within.start), min(one.end, within.end)) for one in found)
        return [one for one in cut if one.start < one.end]

    @property
    def connections(self) -> list[ConnectionMoment]:
        """The connections of these exchanges; all of them where all are meant, silent ones included."""
        moment = self.recording.at()
        everything = self.is_whole
        wanted = {record.connection for record in self.records}
        numbers = [one.number for one in self.recording.connections if everything or one.number in wanted]
        return [found for number in numbers if (found := moment.connection_numbered(number))]

    def holds_blanks(self, connection: int, span: Span) -> bool:
        """Whether a secret was written over in a range of bytes."""
        return self.redacted is not None and self.redacted.touches(connection, span)

    def unix_time_ns(self, time_ns: int) -> int:
        """Turn a time of the tap's clock into one of the calendar, in ns since 1970.

        Without a run there is nothing to tie the two together, and the epoch stands for the beginning.
        """
        started = self._started_before(time_ns)
        first = self.recording.entries.event(0).time_ns if len(self.recording.entries) else 0
        clock, calendar = (started.time_ns, started.unix_time_ns) if started else (first, 0)
        return calendar + time_ns - clock

    def _started_before(self, time_ns: int) -> ScriptStarted | None:
        events = [self.recording.entries.event(run.first_index) for run in self.recording.runs]
        starts = [event for event in events if isinstance(event, ScriptStarted)]
        before = [event for event in starts if event.time_ns <= time_ns]
        found = before or starts
        return found[-1] if found else None

    @property
    def secrets_words(self) -> str:
        """Say in a few words what was done about secrets."""
        if self.redacted is None:
            return "secrets left in"
        if self.redacted.unread:
            return f"secrets redacted, and what cannot be decoded ({self._unread_reasons})"
        return "secrets redacted" if self.redacted.places + self.redacted.texts else "no secret in it"

    @property
    def secrets_line(self) -> str:
        """Say in one line what was done about secrets."""
        if self.redacted is None:
            return "Secrets are left in: whoever gets this can act for you"
        names = visible(", ".join(sorted(name.title() for name in self.redacted.names)))
        count = self.redacted.places + self.redacted.texts
        found = f"{count} place{'' if count == 1 else 's'} written over" if count else "none was found"
        unread = len(self.redacted.unread)
        also = (
            f", with all content of {unread} message{'' if unread == 1 else 's'} that cannot be looked into"
        )
        return f"Secrets are redacted ({names}): {found}" + (
            f"{also} ({self._unread_reasons})" if unread else ""
        )

    @property
    def _unread_reasons(self) -> str:
        return "; ".join(sorted(set(self.redacted.unread))) if self.redacted else ""


def chosen_exchanges(recording: Recording, numbers: Sequence[int]) -> tuple[ExchangeRecord, ...]:
    """Give the exchanges with these numbers, from 1 on; all of them where there are none.

    Raises:
        CannotExport: There is no exchange with such a number.
    """
    exchanges = asked_exchanges(recording)
    if not numbers:
        return tuple(exchanges)
    for number in numbers:
        if not 1 <= number <= len(exchanges):
            raise CannotExport(
                f"Expected the number of an exchange from 1 to {len(exchanges)}, found {number}"
                if exchanges
                else f"there is no exchange {number}: nothing was asked"
            )
    return tuple(exchanges[number - 1] for number in sorted(set(numbers)))
