"""What is left when the program itself fails, through a mistake of ours: a few words, and a report in a file.

Textual would print a traceback with the values of all variables. It takes seconds to make, a screen does not
hold it, and what is in it came from a peer in part: control characters, and credentials.
"""

import os
import platform
import tempfile
import traceback
from pathlib import Path

from workbench import __version__
from workbench.session.state_directory import state_directory
from workbench.session.visible import visible

MOST_FRAMES = 3
"""Of the report, in the words on the screen."""


def crash_words(error: BaseException) -> str:
    """Say what failed and where the whole report is, saving it first.

    Args:
        error: What nobody caught.

    Returns:
        Some lines, each with a line end. Nothing in them comes unchanged from a peer.
    """
    try:
        where = f"The report is in {visible(str(_save(_report(error))))}"
    except OSError as problem:
        where = f"No report could be written: {visible(str(problem))}"
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    return "".join(
        [
            f"workbench: a mistake in the program ended it: {_words(error)}\n",
            *(f"  {visible(frame.filename)}:{frame.lineno} in {frame.name}\n" for frame in frames),
            f"  {where}\n",
        ]
    )


def _words(error: BaseException) -> str:
    return visible("".join(traceback.format_exception_only(error)).strip())


def _report(error: BaseException) -> str:
    lines = [
        f"workbench {__version__}, Python {platform.python_version()}, {platform.platform()}",
        *"".join(traceback.format_exception(error)).split("\n"),
    ]
    return "\n".join(map(visible, lines))


def _save(report: str) -> Path:
    descriptor, path = tempfile.mkstemp(".txt", "crash-", state_directory("crashes"))
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(report)
    return Path(path)
