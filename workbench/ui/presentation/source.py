"""Lines that are made when they are looked at: what a virtual list draws."""

from collections.abc import Hashable, Sequence
from typing import NamedTuple, Protocol

from workbench.ui.presentation.piece import Line


class LineSource(Protocol):
    """Some number of lines, of which a widget asks for those on the screen."""

    def __len__(self) -> int:
        """Say how many lines there are."""

    def line(self, number: int, width: int) -> Line:
        """Make one line.

        Args:
            number: From 0 on.
            width: The cells of the widget. A line may be longer: one can scroll sideways.
        """

    @property
    def columns(self) -> int:
        """At most how many cells a line takes; 0 for lines that fit any width."""


class Settled(NamedTuple):
    """Which lines of a source look the same in another one, made for a later moment or an earlier one."""

    basis: Hashable
    """Whatever they depend on beside their number."""

    lines: int
    """How many of the first ones they are."""


def lines_kept(source: LineSource, before: LineSource) -> int:
    """Say how many of the first lines of a source certainly look as they did in the one before.

    Args:
        source: May say what is `settled` in it.
        before: The source that it takes the place of.
    """
    one, other = (getattr(each, "settled", None) for each in (source, before))
    if not isinstance(one, Settled) or not isinstance(other, Settled) or one.basis != other.basis:
        return 0
    return min(one.lines, other.lines)


class FixedLines:
    """Lines that are there already: for what is small."""

    def __init__(self, lines: Sequence[Line] = ()) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, number: int, width: int) -> Line:  # noqa: ARG002 - what is fixed fits no width
        """Give one line."""
        return self._lines[number]

    @property
    def columns(self) -> int:
        """Say 0: they are made to be wrapped or cut."""
        return 0
