"""Where a running script is to stop: at lines, and at kinds of events."""

from collections.abc import Iterable

from workbench.protocol import tap

EVENT_NAMES: tuple[str, ...] = tuple(
    sorted(
        name
        for name, value in vars(tap).items()
        if isinstance(value, type) and issubclass(value, tap.Event) and value is not tap.Event
    )
)
"""The names of all tap events, which are the event types a breakpoint may name."""


class UnknownEventTypeError(ValueError):
    """A breakpoint names an event that there is not."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Expected the name of a tap event such as FramingDecided: {name[:80]!r}")
        self.name = name


class Breakpoints:
    """The lines and the event types at which a run pauses.

    They may be changed at any moment, also while the script runs, by one thread. Each change puts
    a new frozen set in the place of the old one, so that the thread that does the I/O needs no lock.
    """

    def __init__(self, lines: Iterable[int] = (), event_types: Iterable[str] = ()) -> None:
        self._lines = frozenset(lines)
        self._event_types: frozenset[str] = frozenset()
        for name in event_types:
            self.add_event_type(name)

    @property
    def lines(self) -> frozenset[int]:
        """The lines, from 1 on. A statement over several lines stops for any of them."""
        return self._lines

    @property
    def event_types(self) -> frozenset[str]:
        """The names of event classes, such as `FramingDecided`."""
        return self._event_types

    def toggle_line(self, line: int) -> bool:
        """Set or clear the breakpoint of a line, and return whether it is set now."""
        self._lines = self._lines ^ {line}
        return line in self._lines

    def add_event_type(self, name: str) -> None:
        """Pause inside the call whenever such an event happens.

        Raises:
            UnknownEventTypeError: No tap event has this name.
        """
        if name not in EVENT_NAMES:
            raise UnknownEventTypeError(name)
        self._event_types = self._event_types | {name}

    def remove_event_type(self, name: str) -> None:
        """Do not pause at such events any more."""
        self._event_types = self._event_types - {name}

    def clear(self) -> None:
        """Forget all of them."""
        self._lines = frozenset()
        self._event_types = frozenset()

    def stops_at_lines(self, first: int, last: int) -> bool:
        """Whether any of the lines from `first` to `last`, inclusive, has a breakpoint."""
        return any(first <= line <= last for line in self._lines)
