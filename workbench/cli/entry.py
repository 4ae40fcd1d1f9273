"""From the words of the command line to the exit code."""

import sys
from collections.abc import Sequence

from workbench.cli.command import Command, UsageError
from workbench.cli.output import (
    OUTPUT_FAILURES,
    open_closed_streams,
    output_lost,
    reader_gone,
    write_output_whole,
)
from workbench.cli.screen import screen_command
from workbench.cli.table import COMMANDS
from workbench.endings import ending_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command line.

    Args:
        arguments: The words after the name of the program; by default those of the process.

    Returns:
        The exit code.
    """
    open_closed_streams()
    write_output_whole()
    words = list(sys.argv[1:] if arguments is None else arguments)
    named = {command.name: command for command in COMMANDS}
    command = named[words.pop(0)] if words and words[0] in named else screen_command(COMMANDS)
    try:
        try:
            code = _carry_out(command, words)
        except SystemExit:
            sys.stdout.flush()
            raise
        # Here, where it can still be said: Python would do it at its end.
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        return reader_gone()
    except OSError as error:
        if error.filename is not None or error.errno not in OUTPUT_FAILURES:
            raise  # It is about something else, which no command expected: a mistake in the program.
        return output_lost(command.title, error)


def _carry_out(command: Command, words: Sequence[str]) -> int:
    try:
        return command.run(command.parser().parse_args(words))
    except UsageError as error:
        from workbench.session.headless import complain

        complain(sys.stderr, command.title, str(error), error.way_out)
        return error.code
    except KeyboardInterrupt as stop:
        word, code = ending_of(stop)
        print(f"{command.title}: {word}", file=sys.stderr)
        return code
