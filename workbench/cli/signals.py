"""Signals that end a command early."""

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

from workbench.endings import Terminated


@contextmanager
def on_signals(handle: Callable[[int, FrameType | None], object], *numbers: signal.Signals) -> Iterator[None]:
    """Handle signals for a while, and put the old handlers back."""
    previous = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def ended_by_sigterm() -> AbstractContextManager[None]:
    """Have SIGTERM end a run as ctrl+c does, so that the transcript gets its last line."""
    return on_signals(_raise_terminated, signal.SIGTERM)


def _raise_terminated(_number: int, _frame: FrameType | None) -> None:
    raise Terminated
