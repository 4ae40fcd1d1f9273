"""From a recorded exchange to what all readers make of it."""

from collections.abc import Iterable

from workbench.compare.comparison import Comparison, compare
from workbench.compare.readers import Reader, available_readers
from workbench.compare.received import received_bytes
from workbench.session.exchange_record import ExchangeRecord
from workbench.session.recording import Recording


def is_answered(recording: Recording, exchange: ExchangeRecord) -> bool:
    """Whether there is anything to have an opinion about: bytes, or the end of the stream without any."""
    received = received_bytes(recording, exchange)
    return received.length > 0 or received.end == "closed"


def compare_exchange(
    recording: Recording, exchange: ExchangeRecord, readers: Iterable[Reader] | None = None
) -> Comparison:
    """Ask each reader about the answer to a recorded request.

    Args:
        recording: What was recorded.
        exchange: One of its exchanges.
        readers: Whom to ask; all that are installed without it.
    """
    received = received_bytes(recording, exchange)
    return compare([reader(received) for reader in readers or available_readers()])
