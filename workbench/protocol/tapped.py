"""The taps of a program, and who tells them."""

from collections.abc import Iterator
from contextlib import contextmanager

from workbench.protocol import tap as events
from workbench.protocol.holding import HoldingReporter
from workbench.protocol.notes import NotingTap
from workbench.protocol.reporter import Reporter, Tap, log_detached

_program_taps: list[Tap] = []
"""The taps of the `tapped` blocks that are being executed, in any thread."""


@contextmanager
def tapped(tap: Tap) -> Iterator[None]:
    """Attach a tap to every connection that is made inside the block, in any thread.

    A connection keeps the tap when the block has ended. A tap of its own comes first.

    Args:
        tap: Called with each event, in the thread that does the I/O.
    """
    _program_taps.append(tap)
    try:
        yield
    finally:
        _program_taps.remove(tap)


def make_reporter(tap: Tap | None) -> Reporter | None:
    """Give a reporter for a new connection, or None where nobody listens."""
    taps = tuple(_program_taps) if tap is None else (tap, *_program_taps)
    if not taps:
        return None
    told = taps[0] if len(taps) == 1 else _TapsInTurn(taps)
    return HoldingReporter(told) if isinstance(told, NotingTap) else Reporter(told)


class _TapsInTurn:
    """Several taps, told one after the other."""

    def __init__(self, taps: tuple[Tap, ...]) -> None:
        self._taps = taps

    def __call__(self, event: events.Event) -> None:
        for tap in self._taps:
            try:
                tap(event)
            except Exception:  # noqa: BLE001 - the exchange is worth more than whoever watches it
                log_detached(tap)
                # Another tuple: somebody may be going through this one.
                self._taps = tuple(other for other in self._taps if other is not tap)
