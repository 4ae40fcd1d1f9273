"""The letters of jump mode: as short as they can be, the easiest to reach first."""

from collections.abc import Sequence
from itertools import product

LETTERS = "asdfjklghqweruiopzxcvbnmty"
"""Those of the home row first, for hands that lie on it."""


def jump_labels(count: int, letters: str = LETTERS) -> Sequence[str]:
    """Make labels of one length, so that none is the beginning of another.

    Args:
        count: How many.
        letters: What they are made of; at least two.
    """
    length = 1
    while len(letters) ** length < count:
        length += 1
    # Two-letter labels differ in the first letter for as long as possible: few are left after one key.
    labels = ("".join(reversed(one)) for one in product(letters, repeat=length))
    return [label for label, _ in zip(labels, range(count), strict=False)]
