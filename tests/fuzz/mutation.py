"""Broken responses: a few random changes to a wire case, and random cuts."""

import random
from collections.abc import Callable
from itertools import pairwise

from tests.fuzz.corpus import TOKENS, choose_seed

_MOST_BYTES = 400_000
"""A response does not grow any further: it would test the memory of the machine."""


def _flip(rng: random.Random, data: bytes) -> bytes:
    """Change one bit of one byte."""
    at = min(_place(rng, data), len(data) - 1)
    return data[:at] + bytes((data[at] ^ 1 << rng.randrange(8),)) + data[at + 1 :]


def _replace(rng: random.Random, data: bytes) -> bytes:
    at = min(_place(rng, data), len(data) - 1)
    return data[:at] + bytes((rng.randrange(256),)) + data[at + 1 :]


def _insert(rng: random.Random, data: bytes) -> bytes:
    at = _place(rng, data)
    return data[:at] + rng.choice(TOKENS) + data[at:]


def _overwrite(rng: random.Random, data: bytes) -> bytes:
    at, token = _place(rng, data), rng.choice(TOKENS)
    return data[:at] + token + data[at + len(token) :]


def _delete(rng: random.Random, data: bytes) -> bytes:
    start, end = _stretch(rng, data)
    return data[:start] + data[end:]


def _duplicate(rng: random.Random, data: bytes) -> bytes:
    start, end = _stretch(rng, data)
    return data[:end] * rng.choice((1, 1, 1, 3)) + data[start:]


def _swap(rng: random.Random, data: bytes) -> bytes:
    """Exchange two neighbouring stretches."""
    start, end = _stretch(rng, data)
    middle = rng.randint(start, end)
    return data[:start] + data[middle:end] + data[start:middle] + data[end:]


def _truncate(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randint(min(20, len(data)), len(data))]


def _splice(rng: random.Random, data: bytes) -> bytes:
    """Go on in the middle of another case."""
    other = choose_seed(rng).data
    return data[: _place(rng, data)] + other[_place(rng, other) :]


def _append(rng: random.Random, data: bytes) -> bytes:
    """Send another response behind."""
    return data + choose_seed(rng).data


_MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    *(_flip, _replace, _insert, _insert, _overwrite, _delete),
    *(_duplicate, _swap, _truncate, _splice, _splice, _append),
)


def _place(rng: random.Random, data: bytes) -> int:
    """A place between two bytes, often the beginning of a line, and often behind the first line.

    Without a status-line there is not much left to look at.
    """
    at = rng.randint(data.find(b"\n") + 1 if rng.random() < 0.7 else 0, len(data))
    return data.find(b"\n", at) + 1 or at if rng.random() < 0.3 else at


def _stretch(rng: random.Random, data: bytes) -> tuple[int, int]:
    start = _place(rng, data)
    if rng.random() < 0.3:
        return start, data.find(b"\n", start) + 1 or len(data)
    return start, min(start + rng.choice((1, 1, 2, 3, 8, 40)), len(data))


def mutate(rng: random.Random, data: bytes) -> bytes:
    """Change a response in up to six ways; once in a while in none."""
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3, 4, 6))):
        if not data:
            break
        data = rng.choice(_MUTATIONS)(rng, data)[:_MOST_BYTES]
    return data


def cut(rng: random.Random, data: bytes) -> list[bytes]:
    """Cut into pieces, as a network may: a few, single bytes, or around the line ends."""
    kind = rng.randrange(3)
    if kind == 0 or len(data) > 2000:
        places = {rng.randint(0, len(data)) for _ in range(rng.randint(1, 12))}
    elif kind == 1:
        places = set(range(len(data)))
    else:
        ends = [at for at, byte in enumerate(data) if byte in b"\r\n"]
        places = {at + rng.randrange(2) for at in ends if rng.random() < 0.5}
    edges = [0, *sorted(places), len(data)]
    return [piece for a, b in pairwise(edges) if (piece := data[a:b])]
