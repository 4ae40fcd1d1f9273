"""The breakpoints of a session: a list that is changed while the script runs."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from workbench.protocol.tap import Event
from workbench.session.breakpoint import Breakpoint, LineBreakpoint, SoFar


class PlacedBreakpoint(NamedTuple):
    """A breakpoint of the list."""

    breakpoint: Breakpoint
    enabled: bool
    """A run does not stop at one that is disabled."""


class Breakpoints:
    """Where runs pause, in the order in which it was said. They outlive every run.

    They may be changed at any moment, also while the script runs, by one thread. Each change puts
    a new tuple in the place of the old one, so that the thread that does the I/O needs no lock.
    """

    def __init__(self, breakpoints: Iterable[Breakpoint] = ()) -> None:
        self._placed: tuple[PlacedBreakpoint, ...] = ()
        self._on_events: tuple[Breakpoint, ...] = ()
        self._on_lines: tuple[LineBreakpoint, ...] = ()
        for one in breakpoints:
            self.add(one)

    # --- the list ------------------------------------------------------------------------

    @property
    def placed(self) -> tuple[PlacedBreakpoint, ...]:
        """All of them."""
        return self._placed

    @property
    def lines(self) -> frozenset[int]:
        """The lines with a breakpoint that is enabled."""
        return frozenset(one.line for one in self._on_lines)

    @property
    def disabled_lines(self) -> frozenset[int]:
        """The lines with a breakpoint that is disabled."""
        return frozenset(
            one.breakpoint.line
            for one in self._placed
            if isinstance(one.breakpoint, LineBreakpoint) and not one.enabled
        )

    def __contains__(self, breakpoint_: Breakpoint) -> bool:
        return any(one.breakpoint == breakpoint_ for one in self._placed)

    def add(self, breakpoint_: Breakpoint) -> None:
        """Add one at the end. One that is there already is enabled."""
        if breakpoint_ in self:
            self.enable(breakpoint_, True)
        else:
            self._replace((*self._placed, PlacedBreakpoint(breakpoint_, True)))

    def remove(self, breakpoint_: Breakpoint) -> None:
        """Take one off the list, if it is there."""
        self._replace(tuple(one for one in self._placed if one.breakpoint != breakpoint_))

    def enable(self, breakpoint_: Breakpoint, enabled: bool) -> None:
        """Enable or disable one of the list."""
        self._replace(
            tuple(
                PlacedBreakpoint(breakpoint_, enabled) if one.breakpoint == breakpoint_ else one
                for one in self._placed
            )
        )

    def toggle_line(self, line: int) -> bool:
        """Set or clear the breakpoint of a line, and return whether there is one now."""
        breakpoint_ = LineBreakpoint(line)
        if breakpoint_ in self:
            self.remove(breakpoint_)
            return False
        self.add(breakpoint_)
        return True

    def move_lines(self, moved: Mapping[int, int]) -> None:
        """Take those on lines to where the lines went.

        Args:
            moved: New numbers of lines by old ones. One on a line that is not in it is taken away.
        """
        placed: dict[Breakpoint, PlacedBreakpoint] = {}
        for one in self._placed:
            breakpoint_ = one.breakpoint
            if isinstance(breakpoint_, LineBreakpoint):
                if breakpoint_.line not in moved:
                    continue
                breakpoint_ = LineBreakpoint(moved[breakpoint_.line])
            placed.setdefault(breakpoint_, PlacedBreakpoint(breakpoint_, one.enabled))
        self._replace(tuple(placed.values()))

    def _replace(self, placed: tuple[PlacedBreakpoint, ...]) -> None:
        enabled = [one.breakpoint for one in placed if one.enabled]
        self._placed = placed
        self._on_lines = tuple(one for one in enabled if isinstance(one, LineBreakpoint))
        self._on_events = tuple(one for one in enabled if not isinstance(one, LineBreakpoint))

    # --- where to stop -------------------------------------------------------------------

    def at_lines(self, first: int, last: int) -> tuple[Breakpoint, ...]:
        """Return those on a statement that has the lines from `first` to `last`, inclusive."""
        return tuple(one for one in self._on_lines if one.covers(first, last))

    def look_at(self, kind: type) -> bool:
        """Whether any of them can stop a run at an event of a class."""
        return any(one.looks_at(kind) for one in self._on_events)

    def at_event(self, event: Event, so_far: SoFar) -> tuple[Breakpoint, ...]:
        """Return those that stop the run at an event.

        Args:
            event: What happened just now.
            so_far: What the run had come to before it.
        """
        return tuple(one for one in self._on_events if one.matches(event, so_far))


def reason_of(breakpoints: tuple[Breakpoint, ...]) -> str:
    """Say which breakpoints stopped a run: `breakpoint on line 4`; empty when none did."""
    return f"breakpoint on {', '.join(map(str, breakpoints))}" if breakpoints else ""
