"""Time travel: which moment of the recording is on the screen.

The present comes from the session and goes on by itself; the traveller may look at any moment
before it. Only views are made here: nothing is executed, and nothing is sent.
"""

from workbench.session.breakpoints import Breakpoints
from workbench.session.stops import next_stop
from workbench.session.walk import after_line, before_line
from workbench.ui.view import NOTHING, View


class Traveller:
    """Stands in the present, or at one entry of the past."""

    def __init__(self) -> None:
        self._present = NOTHING
        self._index: int | None = None
        self._reason = ""

    @property
    def present(self) -> View:
        """What the session said last."""
        return self._present

    @present.setter
    def present(self, view: View) -> None:
        if view.recording is not self._present.recording:
            self._index = None
        self._present = view

    @property
    def in_past(self) -> bool:
        """Whether something has happened since the moment that is shown."""
        return self._index is not None

    @property
    def index(self) -> int:
        """The index of the entry after which it is."""
        return self._present.last_index if self._index is None else self._index

    @property
    def view(self) -> View:
        """What is to be shown."""
        return self._present if self._index is None else self._present.at(self._index, self._reason)

    def go(self, index: int, reason: str = "") -> bool:
        """Go to the moment after an entry. The last one of all is the present.

        Args:
            index: Of the entry.
            reason: Why it is shown, when a breakpoint is the reason.

        Returns:
            False when it was there already.
        """
        index = min(max(0, index), self._present.last_index)
        if index == self.index:
            return False
        self._reason = reason
        self._index = index if index < self._present.last_index else None
        return True

    def earlier(self) -> bool:
        """Go back one event."""
        return self.go(self.index - 1)

    def later(self) -> bool:
        """Go forward one event."""
        return self.go(self.index + 1)

    def line_before(self) -> bool:
        """Go back to before the line, or to before the line before."""
        return self.go(before_line(self._present.recording, self.index))

    def line_after(self) -> bool:
        """Go forward to after the line."""
        return self.go(after_line(self._present.recording, self.index))

    def to_breakpoint(self, breakpoints: Breakpoints) -> bool:
        """Go forward to where a breakpoint stopped the run, or would have; else to the end of the run."""
        return self.go(*next_stop(self._present.recording, self.index, breakpoints))

    def to_present(self) -> bool:
        """Go to the present."""
        return self.go(self._present.last_index)
