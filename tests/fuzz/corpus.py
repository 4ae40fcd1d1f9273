"""What is mutated: the bytes of the wire cases, and tokens that mean something to a parser."""

import random
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.protocol.wire.case_file import load_cases

CASES = Path(__file__).parents[1] / "protocol" / "cases"

LARGE = 3000
"""Bytes from which on a seed is drawn seldom: it tests a limit, and takes long."""


class Seed(NamedTuple):
    """A response to begin with."""

    name: str
    data: bytes
    method: str
    ends: bool
    """The server closes its side behind the bytes."""


@cache
def load_seeds() -> tuple[tuple[Seed, ...], tuple[Seed, ...]]:
    """Give the small seeds and the large ones."""
    cases = [case for path in sorted(CASES.glob("*.md")) for case in load_cases(path)]
    seeds = [
        Seed(f"{case.row} {case.name}", case.data, case.exchange("default").method, "ends" in case.words)
        for case in cases
    ]
    small = tuple(seed for seed in seeds if len(seed.data) < LARGE)
    return small, tuple(seed for seed in seeds if len(seed.data) >= LARGE)


def choose_seed(rng: random.Random, large: float = 0.01) -> Seed:
    """Draw a seed.

    Args:
        rng: Decides.
        large: How often it is a large one.
    """
    small, big = load_seeds()
    return rng.choice(big if rng.random() < large else small)


TOKENS = (
    *(b"\r", b"\n", b"\r\n", b"\n\n", b"\r\r\n", b"\r\n\r\n", b" ", b"\t", b"\0", b"\x0b", b"\x0c", b"\x1c"),
    *(b"\x7f", b"\x85", b"\xa0", b"\xff", b"\xc2\xb2", b"\xe2\x80\xa8"),
    *(b":", b",", b";", b"=", b'"', b"+", b"-", b"_", b".", b"(", b"/", b"0", b"00", b"5", b"x"),
    *(b"f" * 16, b"f" * 17, b"9" * 19, b"9" * 20, b"9" * 21, b"1" * 5000),
    *(
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.0 ",
        b"HTTP/1.1 204 \r\n\r\n",
        b"HTTP/1.1 100 \r\n\r\n",
        b"ICY 200 OK\r\n",
    ),
    *(b"HTTP/1.1 101 Switching Protocols\r\n\r\n", b"HTTP/1.1 304 \r\n", b"HTTP/1.1 205 \r\n", b"HTTP/2.0 "),
    *(b"Content-Length: 5\r\n", b"Content-Length: 0\r\n", b"content-length:18446744073709551615\r\n"),
    *(b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip, chunked\r\n", b"Transfer-Encoding:\r\n"),
    *(b"Transfer-Encoding: deflate\r\n", b"Transfer-Encoding: identity\r\n", b"Trailer: X\r\n"),
    *(
        b"Connection: close\r\n",
        b"Connection: keep-alive\r\n",
        b"Upgrade: x\r\n",
        b" fold\r\n",
        b"no colon\r\n",
    ),
    *(b"0\r\n\r\n", b"1\r\nx\r\n", b"5;a=b\r\nhello\r\n", b"0\r\nX: y\r\n\r\n", b"hello", b"\x1f\x8b\x08\0"),
)
"""What is inserted: line ends and whitespace of all kinds, delimiters, numerals at the limits, and
whole elements in a place where they do not belong."""
