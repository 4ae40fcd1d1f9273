"""How long each part of an exchange took, by the clock that its events carry.

The time of an event alone does not say it: whoever steps through a script holds the calls, and the
time in which a person thought is not the server's. So each event of the network says how long the
network took, and what lies between two of them is our own: a little work, or a pause.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from workbench.protocol import tap
from workbench.session.connection_moment import ConnectionMoment
from workbench.session.entries import EntryLog
from workbench.session.exchange_moment import ExchangeMoment

SHORTEST_PAUSE_NS = 10_000_000
"""What lies between two events of the network and is shorter was work; no call works for longer
without the network, and nobody presses a key twice in less."""

MOST_TRANSFERS = 5_000
"""Sends, and receives, that are looked at."""


class Phase(StrEnum):
    """What was waited for."""

    LOOKUP = "look-up"
    CONNECT = "connect"
    TLS = "TLS handshake"
    SEND = "send"
    WAIT = "wait for first byte"
    HEAD = "receive head"
    CONTENT = "receive content"
    END = "wait for the end"
    FAILED = "failed"
    CLOSE = "close"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some time in which the network was waited for."""

    phase: Phase
    start_ns: int
    end_ns: int
    index: int
    """The index of the entry that ended it."""

    words: str = ""


@dataclass(slots=True)
class Step:
    """One phase of an exchange: stretches of one kind, one behind the other."""

    phase: Phase
    index: int
    """The index of the entry that ended the first of them."""

    words: str = ""
    places: list[tuple[int, int]] = field(default_factory=list)
    """Where each stretch begins, and how long it is, in ns, on an axis without pauses."""

    pauses: int = 0
    paused_ns: int = 0
    """Pauses between its stretches."""

    @property
    def elapsed_ns(self) -> int:
        """How long the network took."""
        return sum(length for _, length in self.places)


@dataclass(slots=True)
class Timings:
    """The phases of an exchange in their order."""

    steps: list[Step] = field(default_factory=list)
    network_ns: int = 0
    own_ns: int = 0
    """Our own work between them."""

    paused_ns: int = 0
    cut: bool = False
    """Whether there were more transfers than are looked at."""

    @property
    def axis_ns(self) -> int:
        """How long it took without pauses."""
        return self.network_ns + self.own_ns


def timings_of(entries: EntryLog, connection: ConnectionMoment, exchange: ExchangeMoment) -> Timings:
    """Say how long each phase of an exchange took.

    Args:
        entries: Of the recording.
        connection: Opening it counts for the exchange that it was opened for.
        exchange: As far as it came.
    """
    sent = list(islice(_sent(entries, connection, exchange), MOST_TRANSFERS))
    received = list(islice(_received(entries, connection, exchange), MOST_TRANSFERS))
    stretches = [*_opening(connection, exchange), *sent, *received, *_ending(connection, exchange)]
    timings = Timings(cut=MOST_TRANSFERS in (len(sent), len(received)))
    end = 0
    for stretch in sorted(stretches, key=lambda one: one.end_ns):
        gap = max(0, stretch.start_ns - end) if end else 0
        _add(timings, stretch, gap)
        end = stretch.end_ns
    return timings


def _add(timings: Timings, stretch: Stretch, gap: int) -> None:
    last = timings.steps[-1] if timings.steps else None
    goes_on = last is not None and last.phase is stretch.phase and not stretch.words
    if gap >= SHORTEST_PAUSE_NS:
        timings.paused_ns += gap
        if last is not None and goes_on:
            last.pauses += 1
            last.paused_ns += gap
        else:
            pause = Step(Phase.PAUSE, stretch.index, pauses=1, paused_ns=gap)
            pause.places.append((timings.axis_ns, 0))
            timings.steps.append(pause)
    else:
        timings.own_ns += gap
    if last is None or not goes_on:
        last = Step(stretch.phase, stretch.index, stretch.words)
        timings.steps.append(last)
    length = stretch.end_ns - stretch.start_ns
    last.places.append((timings.axis_ns, length))
    timings.network_ns += length


def _stretch(phase: Phase, index: int, event: Any, words: str = "") -> Stretch:
    return Stretch(phase, event.time_ns - event.elapsed_ns, event.time_ns, index, words)


_OPENINGS: tuple[tuple[type[tap.Event], Phase], ...] = (
    (tap.HostLookupFinished, Phase.LOOKUP),
    (tap.Connected, Phase.CONNECT),
    (tap.ConnectFailed, Phase.CONNECT),
    (tap.TlsEstablished, Phase.TLS),
    (tap.TlsFailed, Phase.TLS),
)


def _opening(connection: ConnectionMoment, exchange: ExchangeMoment) -> Iterator[Stretch]:
    """Yield what was done to open the connection, for the exchange that it was opened for."""
    for kind, phase in _OPENINGS:
        for fact in connection.facts(kind):
            if exchange.number <= 1 or fact.index >= exchange.first_index:
                yield _stretch(phase, fact.index, fact.event, getattr(fact.event, "error", None) or "")


def _sent(entries: EntryLog, connection: ConnectionMoment, exchange: ExchangeMoment) -> Iterator[Stretch]:
    line = exchange.request_line
    if line is None:
        return
    start = line.event.span.start
    for index, _, _ in connection.record.sent_growth.pieces(start, connection.sent_length):
        event: Any = entries.outline(index)
        if event.exchange != exchange.number:
            return
        yield _stretch(Phase.SEND, index, event)


def _received(entries: EntryLog, connection: ConnectionMoment, exchange: ExchangeMoment) -> Iterator[Stretch]:
    growth = connection.record.received_growth
    responses = exchange.responses
    lines = [response.status_line for response in responses]
    starts = {line.event.span.start for line in lines if line}
    final = exchange.response
    head_end = final.header_section_end if final else None
    first = min((growth.length_at(exchange.first_index), *starts))
    waiting = True
    for index, start, _ in growth.pieces(first, connection.received_length):
        event: Any = entries.outline(index)
        if event.exchange < exchange.number:
            continue
        if event.exchange > exchange.number:
            return
        in_head = head_end is None or start < head_end.event.span.end
        phase = Phase.WAIT if waiting or start in starts else Phase.HEAD if in_head else Phase.CONTENT
        waiting = False
        yield _stretch(phase, index, event)


def _ending(connection: ConnectionMoment, exchange: ExchangeMoment) -> Iterator[Stretch]:
    for end in connection.facts(tap.EndOfStreamReceived):
        if end.event.exchange == exchange.number:
            yield _stretch(Phase.END, end.index, end.event)
    for failure in connection.facts(tap.TransportFailed):
        if failure.event.exchange == exchange.number:
            yield _stretch(Phase.FAILED, failure.index, failure.event, failure.event.error)
    for closed in connection.facts(tap.ConnectionClosed):
        if closed.event.exchange == exchange.number:
            time_ns = closed.event.time_ns
            yield Stretch(Phase.CLOSE, time_ns, time_ns, closed.index, closed.event.reason)
