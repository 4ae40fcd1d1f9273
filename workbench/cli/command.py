"""What a command of the command line is."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from workbench.endings import ExitCode

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


class UsageError(Exception):
    """The command cannot be carried out as it was given.

    Args:
        message: What is wrong.
        way_out: What to do instead.
    """

    code = ExitCode.REFUSED

    def __init__(self, message: str, way_out: str = "") -> None:
        super().__init__(message)
        self.way_out = way_out


class UnwrittenError(UsageError):
    """A file was begun, and could not be written to its end."""

    code = ExitCode.UNWRITTEN


class Command(NamedTuple):
    """One command. A tuple, because what makes dataclasses takes longer to load than all of the help."""

    name: str
    """The word behind `workbench`; empty for the screen, which has none."""

    usage: str
    """What stands behind it in the list of commands, such as `SCRIPT`."""

    summary: str
    """One line in the list of commands."""

    description: str
    """What its own help says first."""

    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    """Carries it out and gives the exit code. It raises `UsageError` for what is wrong with the arguments."""

    epilog: str = ""
    """What its own help says last."""

    @property
    def title(self) -> str:
        """How the command is called: `workbench run`."""
        return f"workbench {self.name}".rstrip()

    def parser(self) -> argparse.ArgumentParser:
        """Make the parser of its arguments."""
        parser = _Parser(
            prog=self.title,
            description=self.description,
            epilog=self.epilog,
            formatter_class=_HelpFormatter,
        )
        self.add_arguments(parser)
        return parser


class _Parser(argparse.ArgumentParser):
    """Does not pass over that the help could not be written."""

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        (file or sys.stderr).write(message)


class _HelpFormatter(argparse.HelpFormatter):
    """Keeps the lines of a list, and wraps what is one sentence after the other."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        from textwrap import fill

        if "\n" in text:
            return "".join(indent + line for line in text.splitlines(keepends=True))
        return fill(" ".join(text.split()), width, initial_indent=indent, subsequent_indent=indent)
