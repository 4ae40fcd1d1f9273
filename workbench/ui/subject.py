"""The subject of the panes: one connection, and one of its exchanges.

A script may have several connections. Without a subject the panes tell of the one that something
happened on last. They follow the place that the reader points at, until something else happens; a
connection that the reader chose stays, whatever happens on others.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """What the reader pointed at or chose."""

    connection: int
    """The number of the connection."""

    exchange: int | None = None
    """The number of the exchange on it; None for the one that began last."""

    chosen: bool = False
    """Whether the connection was chosen, and stays when something happens on another one."""
