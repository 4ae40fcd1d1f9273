"""A second opinion: what other readers of HTTP make of the bytes that a recording holds.

    from workbench.compare import compare_exchange

    comparison = compare_exchange(recording, recording.exchanges[0])
    for row in comparison.rows:
        print(row.label, row.cells, "differs" if row.differs else "")

The same bytes go to our own client, to Python's `http.client`, and to h11 and httptools where they are
installed. None of them is right because it is another: the rows that differ are where to look.
"""

from workbench.compare.comparison import Comparison, Row, compare
from workbench.compare.opinion import Ending, Opinion
from workbench.compare.readers import Reader, available_readers
from workbench.compare.received import ReceivedBytes, received_bytes
from workbench.compare.second_opinion import compare_exchange

__all__ = [
    "Comparison",
    "Ending",
    "Opinion",
    "Reader",
    "ReceivedBytes",
    "Row",
    "available_readers",
    "compare",
    "compare_exchange",
    "received_bytes",
]
