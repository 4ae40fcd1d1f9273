"""How the cost of a response grows with its size, and whether memory grows with it.

Each line is one size; what is printed is the time and the peak of memory for one unit of it. Where the cost
is linear, the last numbers are no higher than the first ones.
"""

import gc
import time
import tracemalloc
from collections.abc import Callable
from typing import Any, NamedTuple

import workbench.protocol
from tests.benchmarks.canned import MIB, Address
from workbench.protocol.policy import DEFAULT

PIECE = 64 * 1024
_POLICY = DEFAULT.with_limits(fields=1000)


class Growth(NamedTuple):
    """One kind of size."""

    unit: str
    target: str
    sizes: tuple[int, ...]
    more: tuple[int, ...]
    """Sizes that take longer than a quick run should."""


GROWTHS = [
    Growth("field", "/fields/{}", (10, 100, 1000), ()),
    Growth("chunk of 10 B", "/chunks/{}", (10, 1000, 100_000), (1_000_000,)),
    Growth("byte of body", "/bytes/{}", (1024, MIB, 256 * MIB), (4096 * MIB,)),
]


def measure_growth(growth: Growth, address: Address, quick: bool) -> list[tuple[int, float, int]]:
    """Give size, seconds and peak of memory in bytes, for each size."""
    found = []
    for size in growth.sizes if quick else growth.sizes + growth.more:
        target = growth.target.format(size)
        times = max(1, 2000 // size) if size < 2000 else 1
        seconds = min(_timed(lambda: _read(address, target, times)) for _ in range(3)) / times  # noqa: B023
        # Its bookkeeping makes everything slow, and large bodies are no different from smaller ones.
        peak = _peak(lambda: _read(address, target, 1)) if size <= 256 * MIB else 0  # noqa: B023
        found.append((size, seconds, peak))
    return found


def measure_leak(address: Address, count: int = 10_000) -> tuple[float, int]:
    """Open so many connections one after the other; give seconds, and the objects left without a collection."""
    _read(address, "/13", 1)
    gc.collect()
    before = len(gc.get_objects())
    gc.disable()
    try:
        seconds = _timed(lambda: [_read(address, "/13", 1) for _ in range(count)])
        return seconds, len(gc.get_objects()) - before
    finally:
        gc.enable()


def _read(address: Address, target: str, times: int) -> None:
    connection = workbench.protocol.HTTPConnection(address.host, address.port, policy=_POLICY)
    for _ in range(times):
        connection.request("GET", target)
        response: Any = connection.getresponse()
        while response.read(PIECE):
            pass
    connection.close()


def _timed(do: Callable[[], object]) -> float:
    begin = time.perf_counter()
    do()
    return time.perf_counter() - begin


def _peak(do: Callable[[], None]) -> int:
    tracemalloc.start()
    do()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak
