"""Time travel: which moment of the recording is on the screen.

The present comes from the session and goes on by itself; the traveller may look at any moment
before it. Only views are made here: nothing is executed, and nothing is sent.
"""

from dataclasses import replace

from workbench.session.breakpoints import Breakpoints
from workbench.session.stops import next_stop
from workbench.session.walk import after_line, before_line
from workbench.ui.subject import Subject
from workbench.ui.view import NOTHING, View


class Traveller:
    """Stands in the present, or at one entry of the past."""

    def __init__(self) -> None:
        self._present = NOTHING
        self._index: int | None = None
        self._reason = ""
        self._subject: Subject | None = None

    @property
    def present(self) -> View:
        """What the session said last."""
        return self._present

    @present.setter
    def present(self, view: View) -> None:
        before, self._present = self._present, view
        if view.recording is not before.recording:
            self._index = self._subject = None
        elif self._index is None and view.last_index != before.last_index:
            self._keep_chosen()
        failed = view.failed and view.moment.last_outcome != before.moment.last_outcome
        if self._index is None and (failed or view.moment.run != before.moment.run):
            # Nobody may miss an exception because of what was chosen before; and a run has connections
            # of its own.
            self._subject = None

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
        view = self._present if self._index is None else self._present.at(self._index, self._reason)
        return view if self._subject is None else replace(view, subject=self._subject)

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
        self._keep_chosen()
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

    # --- which connection ---------------------------------------------------------------

    def point_at(self, connection: int, exchange: int | None) -> bool:
        """Tell of what the reader points at.

        Args:
            connection: The number of its connection. Another one than was chosen ends the choice.
            exchange: The number of its exchange; None where it has none, which leaves it as it is.

        Returns:
            False when the panes tell of it already.
        """
        view = self.view
        shown, told = view.connection, view.exchange
        same = shown is not None and shown.number == connection
        if same and (not exchange or (told is not None and told.number == exchange)):
            return False
        chosen = same and self._subject is not None and self._subject.chosen
        self._subject = Subject(connection, exchange or None, chosen)
        return True

    def choose(self, connection: int | None, exchange: int | None = None) -> None:
        """Stay with a connection; None follows what happens again."""
        self._subject = None if connection is None else Subject(connection, exchange, chosen=True)

    def _keep_chosen(self) -> None:
        """Something else is to be shown: a connection that was chosen stays, and nothing else does."""
        chosen = self._subject is not None and self._subject.chosen
        self._subject = Subject(self._subject.connection, None, True) if chosen and self._subject else None
