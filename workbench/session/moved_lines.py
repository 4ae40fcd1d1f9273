"""Where the lines of a script are after it was edited."""

from collections.abc import Mapping
from difflib import SequenceMatcher

_MOST_COMPARED = 5000
"""Lines; comparing takes time that grows faster than their number."""


def moved_lines(before: str, after: str) -> Mapping[int, int]:
    """Say where each line went, as far as it is still there.

    A line that was changed where it stands counts as the same one, so long as as many lines stand in
    its place: whoever corrects a line goes on thinking of it as that line.

    Args:
        before: The text as it was.
        after: The text as it is.

    Returns:
        New numbers of lines by old ones, from 1 on. A line that was deleted is not in it.
    """
    old, new = before.split("\n"), after.split("\n")
    if max(len(old), len(new)) > _MOST_COMPARED:
        return {number: number for number in range(1, min(len(old), len(new)) + 1)}
    moved: dict[int, int] = {}
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind == "equal" or (kind == "replace" and old_to - old_from == new_to - new_from):
            moved.update(zip(range(old_from + 1, old_to + 1), range(new_from + 1, new_to + 1), strict=True))
    return moved
