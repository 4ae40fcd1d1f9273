"""From the words of the command line to the exit code."""

import sys
from collections.abc import Sequence

from workbench.cli.command import UsageError
from workbench.cli.output import reader_gone
from workbench.cli.screen import screen_command
from workbench.cli.table import COMMANDS
from workbench.endings import ExitCode, ending_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command line.

    Args:
        arguments: The words after the name of the program; by default those of the process.

    Returns:
        The exit code.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    named = {command.name: command for command in COMMANDS}
    command = named[words.pop(0)] if words and words[0] in named else screen_command(COMMANDS)
    try:
        return command.run(command.parser().parse_args(words))
    except UsageError as error:
        from workbench.session.headless import complain

        complain(sys.stderr, command.title, str(error), error.way_out)
        return ExitCode.REFUSED
    except KeyboardInterrupt as stop:
        word, code = ending_of(stop)
        print(f"{command.title}: {word}", file=sys.stderr)
        return code
    except BrokenPipeError:
        return reader_gone()
