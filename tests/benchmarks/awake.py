"""Cores that do not sleep while something is measured."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LATENCY = Path("/dev/cpu_dma_latency")
"""Takes how many microseconds a core may need to wake up, which holds for as long as the file is open.

Linux, Documentation/power/pm_qos_interface.rst. Only root may write to it.
"""


@contextmanager
def cores_awake() -> Iterator[bool]:
    """Keep all cores awake inside the block, where the system lets us; give whether it does.

    A client that waits for an answer lets its core sleep. To wake it takes some microseconds on hardware
    and fifty in some virtual machines, longer than the exchange itself: what is compared would be that.
    """
    try:
        wish = _LATENCY.open("wb", buffering=0)
    except OSError:
        yield False
        return
    with wish:
        wish.write(bytes(4))
        yield True
