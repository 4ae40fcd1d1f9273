"""The bytes of one exchange, in both directions."""

from workbench.protocol.wire.span import Span, StreamName
from workbench.session.exchange_record import ExchangeRecord
from workbench.session.recording import Recording


def exchange_span(recording: Recording, exchange: ExchangeRecord, stream: StreamName) -> Span:
    """Say where the bytes of an exchange lie in a stream, from the first to the last.

    Args:
        recording: What was recorded.
        exchange: One of its exchanges.
        stream: The direction.

    Returns:
        A range without bytes, where there are none.
    """
    record = recording.connection(exchange.connection)
    elements = record.elements(stream)
    covered = elements.covered_by(exchange.first_index, exchange.last_index)
    if covered is None:
        return Span(stream, 0, 0)
    # Requests that are sent before the answer to the one before has come have their elements in between.
    own = [
        element
        for element in elements.between(*covered, exchange.last_index)
        if getattr(recording.entries.outline(element.index), "exchange", 0) == exchange.number
    ]
    return Span(stream, own[0].start, own[-1].end) if own else Span(stream, 0, 0)


def first_difference(
    recordings: tuple[Recording, Recording], connections: tuple[int, int], spans: tuple[Span, Span]
) -> int | None:
    """Find the first byte in which two ranges differ.

    Args:
        recordings: Of the one and of the other.
        connections: The numbers of their connections.
        spans: The ranges. Where one ends before the other, the byte after its end is the first difference.

    Returns:
        How many bytes are alike; None when all are.
    """
    one, other = (
        recording.connection(number).stream(span.stream)
        for recording, number, span in zip(recordings, connections, spans, strict=True)
    )
    common = min(len(spans[0]), len(spans[1]))
    for start in range(0, common, _PIECE):
        end = min(start + _PIECE, common)
        left = one.slice(spans[0].start + start, spans[0].start + end)
        right = other.slice(spans[1].start + start, spans[1].start + end)
        if left != right:
            return start + next(at for at in range(end - start) if left[at] != right[at])
    return None if len(spans[0]) == len(spans[1]) else common


_PIECE = 1 << 16
