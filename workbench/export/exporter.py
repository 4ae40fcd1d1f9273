"""What an exporter is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.export.subject import Subject


@dataclass(frozen=True, slots=True)
class Exporter:
    """One form of a recording."""

    name: str
    """What it is called on the command line."""

    suffix: str
    """What the names of its files end with: `.har`."""

    summary: str
    """One line for the help and for the list in the app."""

    export: Callable[[Subject], Iterator[bytes]]
    """Yields the file piece by piece.

    Raises:
        CannotExport: There is nothing in the subject that this form could hold.
    """

    binary: bool = False
    """Whether a terminal must not be given it."""
