"""How the `workbench` command ends: its exit codes, and the signals that end it early.

README.md lists the codes, and so does `workbench --help`, which is made from this table.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import IntEnum
from types import FrameType


class ExitCode(IntEnum):
    """What the process ends with."""

    SUCCEEDED = 0
    RAISED = 1
    REFUSED = 2
    BROKEN = 70
    UNWRITTEN = 74
    HUNG_UP = 129
    INTERRUPTED = 130
    READER_GONE = 141
    TERMINATED = 143


MEANINGS = {
    ExitCode.SUCCEEDED: "every call succeeded; what was asked for is written; the lab served until told to stop",
    ExitCode.RAISED: "a call raised; in workbench compare, the readers differ; with send --fail, an error status",
    ExitCode.REFUSED: "the script or recording is not one, or the command is wrong",
    ExitCode.BROKEN: "a mistake in the program ended it; the message says where the report is",
    ExitCode.UNWRITTEN: "the output, or a file that was asked for, could not be written, as on a full disk",
    ExitCode.HUNG_UP: "the terminal of the screen went away (SIGHUP)",
    ExitCode.INTERRUPTED: "ctrl+c (SIGINT) ended the run",
    ExitCode.READER_GONE: "the reader of the output left, as in workbench run ... | head",
    ExitCode.TERMINATED: "SIGTERM ended the run",
}
"""Each code in words. Those above 128 are what a shell says of a program that a signal ended."""


class Terminated(KeyboardInterrupt):
    """SIGTERM came. Whatever ends orderly at ctrl+c ends orderly at this, too."""


def ending_of(stop: KeyboardInterrupt) -> tuple[str, ExitCode]:
    """Give the word for what stopped the program, and its exit code."""
    if isinstance(stop, Terminated):
        return "terminated", ExitCode.TERMINATED
    return "interrupted", ExitCode.INTERRUPTED


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
