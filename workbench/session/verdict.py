"""Which element decided: the bytes behind the verdicts on framing and on persistence.

A verdict has no bytes of its own. Who asks why wants to see the field line, or the status-line, that
the rule speaks of.
"""

from collections.abc import Callable, Sequence

from workbench.protocol import tap
from workbench.session.exchange_moment import ExchangeMoment, ResponseMoment
from workbench.session.facts import Fact
from workbench.session.moment import Moment


def deciding_entry(moment: Moment, index: int, event: object) -> int | None:
    """Find the entry of the element that a verdict rests on.

    Args:
        moment: What was known.
        index: The index of the verdict's entry.
        event: Any event.

    Returns:
        None for an event that is no verdict, and where nothing that came decided.
    """
    if not isinstance(event, (tap.FramingDecided, tap.PersistenceDecided)):
        return None
    for response in _responses(moment, event):
        framing, persistence = response.framing, response.persistence
        if framing is not None and framing.index == index:
            return _of_framing(response, framing.event)
        if persistence is not None and persistence.index == index:
            return _of_persistence(response, persistence.event)
    return None


def _responses(moment: Moment, event: tap.Event) -> Sequence[ResponseMoment]:
    connection = moment.connection_numbered(event.connection)
    exchanges: Sequence[ExchangeMoment] = connection.exchanges if connection else ()
    # Numbers count from 1 on, and from 0 on where something came before the first request.
    for position in (event.exchange - 1, event.exchange):
        if 0 <= position < len(exchanges) and exchanges[position].number == event.exchange:
            return exchanges[position].responses
    return ()


def _of_framing(response: ResponseMoment, event: tap.FramingDecided) -> int | None:
    if event.rule in (3, 4):
        return _field(response, lambda name, _: name == "transfer-encoding")
    if event.rule in (5, 6):
        return _field(response, lambda name, _: name == "content-length")
    if event.rule == 8:
        # Neither field is there, which is known where the section ends.
        return _index(response.header_section_end)
    return _index(response.status_line)


def _of_persistence(response: ResponseMoment, event: tap.PersistenceDecided) -> int | None:
    option = "keep-alive" if event.persistent else "close"
    names = ("connection", "proxy-connection") if event.persistent else ("connection",)
    spoken = _field(response, lambda name, value: name in names and option in _members(value))
    if event.persistent and spoken is None:
        spoken = _field(response, lambda name, _: name == "keep-alive")
    framing, status = response.framing, response.status_line
    if not event.persistent and framing is not None and framing.event.kind in ("close", "tunnel"):
        return _of_framing(response, framing.event)
    if status is None:
        return spoken
    old = status.event.http_version.upper() == "HTTP/1.0"
    if event.persistent:
        return spoken if old and spoken is not None else status.index
    if spoken is not None or old or framing is None:
        return spoken if spoken is not None else status.index
    # Nothing asked for it, and the version would keep it: the framing is in doubt.
    return _of_framing(response, framing.event)


def _field(response: ResponseMoment, matches: Callable[[str, str], bool]) -> int | None:
    return next(
        (
            fact.index
            for fact in response.header_section
            if matches(fact.event.name.lower(), fact.event.value.lower())
        ),
        None,
    )


def _members(value: str) -> list[str]:
    return [member.strip(" \t") for member in value.split(",")]


def _index(fact: Fact[tap.StatusLineParsed] | Fact[tap.HeaderSectionParsed] | None) -> int | None:
    return fact.index if fact else None
