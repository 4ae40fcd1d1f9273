"""Where the output goes, and how it ends early."""

import os
import sys

from workbench.endings import ExitCode


def reader_gone() -> ExitCode:
    """End quietly when nobody reads the output any more, as `workbench run ... | head` does."""
    # What is left in the buffer must not fail when Python flushes it at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.READER_GONE
