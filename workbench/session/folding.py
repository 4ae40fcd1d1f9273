"""Lines that come again and again, said once: a server may send the same hundred interim responses."""

from collections.abc import Callable

MAX_PERIOD = 8
"""The longest group of lines whose repetition is looked for: a head with some field lines, and a note."""


class Folding:
    """Passes lines on, until a group of them has come twice; further ones are counted.

    Two are shown, so that a reader sees that they are the same. Nothing is held back before that:
    a call that waits has shown all that came.

    Args:
        write: Takes the lines that are shown.
        words: Makes the line for what was folded, of the lines in the group and the times it came.
    """

    def __init__(self, write: Callable[[str], None], words: Callable[[int, int], str]) -> None:
        self._write = write
        self._words = words
        self._shown: list[str] = []
        self._group: list[str] = []
        self._times = 0
        self._matched = 0

    def write(self, line: str) -> None:
        """Take a line."""
        if self._group:
            if line == self._group[self._matched]:
                self._matched += 1
                if self._matched == len(self._group):
                    self._times, self._matched = self._times + 1, 0
                return
            self.end()
        self._write(line)
        self._shown = [*self._shown[1 - 2 * MAX_PERIOD :], line]
        self._group = _repeated(self._shown)

    def end(self) -> None:
        """Say how often the group came, and forget it."""
        group, times, matched = self._group, self._times, self._matched
        self._shown, self._group, self._times, self._matched = [], [], 0, 0
        if times:
            self._write(self._words(len(group), times))
        for line in group[:matched]:
            self._write(line)


def _repeated(lines: list[str]) -> list[str]:
    """Give the shortest group that the lines end with twice; empty when there is none."""
    for period in range(1, len(lines) // 2 + 1):
        if lines[-period:] == lines[-2 * period : -period]:
            return lines[-period:]
    return []
