"""Leaving when a signal says so, with the terminal as it was.

Python leaves SIGTERM and SIGHUP to the system, which ends the process on the spot: the terminal would stay
without echo, on its other screen, and would report the mouse to the shell.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from workbench.endings import ExitCode, Terminated, on_signals

SECONDS_TO_LEAVE = 3.0
"""For the app to leave by itself. It cannot while the terminal takes no output, or is gone."""

SECONDS_BETWEEN_LOOKS = 1.0
"""Whether the terminal still is there."""

SHELL_OFFSET = 128
"""A shell says of a program that a signal ended: 128 and the number of the signal."""

_MODES = (1000, 1002, 1003, 1006, 1015, 1004, 2004, 2026, 2048)
"""Mouse, focus, paste, and the rest of what Textual switches on."""

RESTORE = b"".join(b"\x1b[?%dl" % mode for mode in _MODES) + b"\x1b[<u\x1b[?25h\x1b[?1049l\x1b[0m\r\n"
"""All of it off, the keyboard protocol too; the cursor shown; the first screen again."""


@contextmanager
def leaving_on_signals(leave: Callable[[int], bool]) -> Iterator[None]:
    """Have the app leave at SIGINT, SIGTERM and SIGHUP; a second one ends the process at once.

    Args:
        leave: Gets the exit code; called in the main thread, between any two steps of it. False where
            there is no app yet, or no longer: then `KeyboardInterrupt` is raised, or `Terminated`.
    """
    terminal = _Terminal()
    told = False

    def handle(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler's
        nonlocal told
        code = SHELL_OFFSET + number
        if told:
            terminal.end(code)
        if not leave(code):
            raise KeyboardInterrupt if number == signal.SIGINT else Terminated
        told = True
        terminal.end_later(code)

    def hung_up() -> None:
        leave(ExitCode.HUNG_UP)
        terminal.end_later(ExitCode.HUNG_UP)

    terminal.watch(hung_up)
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # A program that was started with nohup is not to end at SIGHUP.
    numbers = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    with on_signals(handle, *numbers):
        yield


class _Terminal:
    """The terminal as it was when the program began."""

    def __init__(self) -> None:
        self._input = self._settings = None
        # Windows has no termios; a test has no terminal. termios.error is no OSError.
        with suppress(Exception):
            import termios

            assert sys.__stdin__ is not None
            self._settings = termios.tcgetattr(sys.__stdin__.fileno())
            self._input = sys.__stdin__.fileno()

    def watch(self, hung_up: Callable[[], None]) -> None:
        """Have something called when the terminal goes away, in a thread.

        The kernel tells by SIGHUP only the one process that the terminal belongs to, and not one that was
        started with nohup. Textual would go on reading a terminal that is not there, as fast as it can.
        """
        if self._input is None:
            return

        def look() -> None:
            never = threading.Event()
            while self._is_there():
                never.wait(SECONDS_BETWEEN_LOOKS)
            hung_up()

        threading.Thread(target=look, name="hang-up", daemon=True).start()

    def _is_there(self) -> bool:
        import termios

        assert self._input is not None
        try:
            termios.tcgetattr(self._input)
        except termios.error:
            return False
        return True

    def end_later(self, code: int) -> None:
        """End the process if it has not ended by itself."""
        timer = threading.Timer(SECONDS_TO_LEAVE, self.end, (code,))
        timer.daemon = True
        timer.start()

    def end(self, code: int) -> NoReturn:
        """Put the terminal back, as far as it still is there, and end the process."""
        try:
            if self._input is not None and self._settings is not None:
                import termios

                termios.tcsetattr(self._input, termios.TCSANOW, self._settings)
                # It may take no output now, and nobody is to wait for it.
                os.set_blocking(self._input, False)
                os.write(self._input, RESTORE)
                os.set_blocking(self._input, True)  # the shell has the same open file
        finally:
            os._exit(code)
