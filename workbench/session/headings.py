"""One line for each exchange of a recording: whom, what, and what came. No content is looked at for it."""

from collections.abc import Callable, Collection, Iterable, Iterator

from workbench.protocol import tap
from workbench.session.exchange_moment import ExchangeMoment
from workbench.session.exchange_record import ExchangeRecord
from workbench.session.plan import asked_exchanges, whole_exchange
from workbench.session.recording import Recording
from workbench.session.secrets import SecretFinder, SecretWords, blanked
from workbench.session.visible import visible


def exchange_headings(
    recording: Recording,
    records: Iterable[ExchangeRecord] | None = None,
    without_secrets: Callable[[str], str] = str,
) -> Iterator[str]:
    """Yield a line for each exchange.

    Args:
        recording: What was recorded.
        records: Which exchanges are meant; all of them where it is None.
        without_secrets: Writes over the secrets of a line; needless where none are left in the recording.
    """
    for record in asked_exchanges(recording) if records is None else records:
        connection, exchange = whole_exchange(recording, record)
        heading = f"connection {connection.number}, exchange {record.number}: {_asked_and_came(exchange)}"
        yield visible(without_secrets(heading))


def _asked_and_came(exchange: ExchangeMoment) -> str:
    request, response = exchange.request_line, exchange.response
    asked = f"{request.event.method} {request.event.target}" if request else "bytes sent as they are"
    status = response.status_line if response else None
    error = exchange.error
    if error is not None:
        came = error.event.error.class_name
    elif status is not None:
        came = f"{status.event.status_code} {status.event.reason_phrase}".rstrip()
    else:
        came = "no answer" if response is None else "an answer without a status-line"
    return f"{asked} → {came}"


def heading_redactor(recording: Recording, listed: Collection[str] = ()) -> Callable[[str], str]:
    """Make what writes over the secrets of headings.

    They are the ones that have a place in a heading, in the head of any message, or in a script. Contents stay
    unread, however long they are; what may hold some of them is for `redaction`.

    Args:
        recording: Where the secrets are known from.
        listed: As in `redact_recording`.
    """
    finder = SecretFinder(listed)
    words = SecretWords(_secrets(recording, finder))
    return lambda heading: blanked(heading, finder.places(heading) + words.places(heading))


def _secrets(recording: Recording, finder: SecretFinder) -> Iterator[str]:
    for run in recording.runs:
        for source in run.sources.until(len(recording.entries)):
            yield from (source[start:end] for start, end in finder.places_in_source(source))
    for record in recording.exchanges:
        _, exchange = whole_exchange(recording, record)
        request = exchange.request_line
        lines = [request.event.target] if request else []
        for name, value in _field_lines(exchange):
            lines.append(f"{name}: {value}")
            if name.lower() in finder.names:
                yield value
        text = "\n".join(lines)
        yield from (text[start:end] for start, end in finder.places(text))


def _field_lines(exchange: ExchangeMoment) -> Iterator[tuple[str, str]]:
    for sent in exchange.request_header_section:
        yield sent.event.name, sent.event.value
    for response in exchange.responses:
        for received in response.facts(tap.FieldLineParsed):
            yield received.event.name, received.event.value
