"""How the `workbench` command ends: its exit codes, and the signals that end it early.

README.md lists the codes, and so does `workbench --help`, which is made from this table.
"""

from enum import IntEnum


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
