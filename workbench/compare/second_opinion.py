"""From a recorded exchange to what all readers make of it."""

from collections.abc import Iterable

from workbench.compare.comparison import Comparison, compare
from workbench.compare.readers import Reader, available_readers
from workbench.compare.received import received_bytes
from workbench.session.connection_record import ConnectionRecord
from workbench.session.entries import EntryLog
from workbench.session.exchange_record import ExchangeRecord


def compare_exchange(
    connection: ConnectionRecord,
    exchange: ExchangeRecord,
    entries: EntryLog,
    readers: Iterable[Reader] | None = None,
) -> Comparison:
    """Ask each reader about the answer to a recorded request.

    Args:
        connection: The record of the connection.
        exchange: One of its exchanges.
        entries: All entries of the recording.
        readers: Whom to ask; all that are installed without it.
    """
    received = received_bytes(connection, exchange, entries)
    return compare([reader(received) for reader in readers or available_readers()])
