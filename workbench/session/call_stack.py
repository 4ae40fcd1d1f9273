"""Which calls were open after each entry of a recording.

Half of all events are the start or the end of a call. So no stack is kept for each: what is kept is the innermost
call, and the one around it is the innermost one before it was started.
"""

from array import array
from bisect import bisect_left, bisect_right

from workbench.session.columns import Add, Take

_NONE = -1


class CallStack:
    """The open calls in the course of a recording, sixteen bytes for each change."""

    __slots__ = ("_changes", "_depths", "_innermost", "_stack")

    def __init__(self) -> None:
        self._changes = array("Q")
        self._innermost = array("q")
        self._depths = array("I")
        self._stack: list[int] = []

    # --- writing: only `Recording.append` does this ---------------------------------------

    def start(self, index: int) -> None:
        """Note that the entry at `index` started a call."""
        self._stack.append(index)
        self._change(index)

    def end(self, index: int) -> None:
        """Note that the entry at `index` ended the innermost call."""
        if self._stack:
            self._stack.pop()
            self._change(index)

    def clear(self, index: int) -> None:
        """Note that the entry at `index` ended all calls, because they never will."""
        if self._stack:
            self._stack.clear()
            self._change(index)

    def _change(self, index: int) -> None:
        self._innermost.append(self._stack[-1] if self._stack else _NONE)
        self._depths.append(len(self._stack))
        # The entry goes last: a reader looks for a call only where it finds one.
        self._changes.append(index)

    # --- reading ------------------------------------------------------------------------

    def at(self, index: int) -> tuple[int, ...]:
        """Return the entries that started the calls that were open after one, the outermost first."""
        found: list[int] = []
        call = self._innermost_at(index)
        while call != _NONE:
            found.append(call)
            call = self._innermost_at(call - 1)
        return tuple(reversed(found))

    def end_of(self, start: int) -> int | None:
        """Return the entry that ended the call that the entry at `start` started; None while it is open."""
        position = bisect_left(self._changes, start)
        depth = self._depths[position]
        for later in range(position + 1, len(self._changes)):
            if self._depths[later] < depth:
                return self._changes[later]
        return None

    def _innermost_at(self, index: int) -> int:
        position = bisect_right(self._changes, index) if index >= 0 else 0
        return self._innermost[position - 1] if position else _NONE

    def save_columns(self, add: Add) -> list[int]:
        """Lay it by."""
        return [add(self._changes), add(self._innermost), add(self._depths)]

    @classmethod
    def load_columns(cls, saved: list[int], take: Take) -> "CallStack":
        """Make what was laid by again, to be read."""
        calls = cls()
        calls._changes, calls._innermost, calls._depths = map(take, saved)
        return calls
