"""One broken response through the whole client, under every policy."""

import random
from dataclasses import replace

from tests.fuzz.corpus import choose_seed
from tests.fuzz.mutation import cut, mutate
from tests.protocol.wire.agreement import STEPS, assert_same, verdict
from tests.protocol.wire.case_file import POLICIES
from tests.protocol.wire.playing import Exchange, assert_leaves_tile, play

_TIGHT = {
    "line": (10, 30, 60),
    "fields": (0, 1, 2),
    "section": (10, 40, 80),
    "interim_responses": (0, 1),
    "trailers": (0, 1),
    "chunk_header": (1, 4, 10),
    "chunk_overhead": (0, 10, 40),
}
"""Limits that short responses pass."""


class BrokenResponse:
    """The case of one number: a response, its cuts, and what else decides about it.

    Args:
        rng: Decides, and nothing else does.
    """

    def __init__(self, rng: random.Random) -> None:
        seed = choose_seed(rng)
        self.name = seed.name
        self.data = mutate(rng, seed.data)
        self.pieces = cut(rng, self.data)
        self.exchange = Exchange(
            method=seed.method if rng.random() < 0.8 else rng.choice(("GET", "HEAD", "CONNECT", "POST")),
            ends=seed.ends if rng.random() < 0.5 else rng.random() < 0.5,
            strict=rng.random() < 0.3,
            upgrade=rng.random() < 0.2,
        )
        self.step = rng.choice(sorted(STEPS))
        self.limits = {name: rng.choice(sizes) for name, sizes in _TIGHT.items() if rng.random() < 0.05}

    def run(self) -> None:
        """Play it in every way under every policy.

        Raises:
            AssertionError: Two ways differ, or a byte is not in exactly one leaf.
            Exception: Anything that is neither HTTPException nor OSError has left the client.
        """
        for policy in POLICIES:
            self._check_under(policy)

    def _check_under(self, policy: str) -> None:
        exchange = replace(self.exchange, policy=POLICIES[policy].with_limits(**self.limits))
        whole, pieces = play([self.data], exchange), play(self.pieces, exchange)
        untapped = play(self.pieces, exchange, tap=False)
        # Steps of three bytes are slow, and what is special about long responses is a limit.
        size = len(self.data)
        stepwise = play(self.pieces, exchange, step=STEPS[self.step]) if size < 20_000 else pieces
        try:
            assert_leaves_tile(whole)
            assert_leaves_tile(pieces)
            assert_leaves_tile(stepwise)
            assert_same(pieces, whole)
            assert (untapped.outcome, untapped.kept) == (pieces.outcome, pieces.kept)
            if stepwise is not pieces:
                assert verdict(stepwise) == verdict(whole)
        except AssertionError as error:
            error.add_note(f"under {policy}")
            raise

    def describe(self) -> str:
        """Give everything that is needed to make it by hand."""
        exchange = self.exchange
        flags = [name for name in ("ends", "strict", "upgrade") if getattr(exchange, name)]
        return (
            f"mutation of {self.name!r}, {' '.join([exchange.method, *flags])}, read with {self.step}, {self.limits}\n"
            f"cut to {_shorten(repr(list(map(len, self.pieces))))} bytes: {_shorten(repr(self.data))}"
        )


def _shorten(text: str, limit: int = 20_000) -> str:
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)} characters in all)"
