"""`workbench completion`: what a shell completes, written from the parsers of the commands themselves."""

import argparse

from workbench.cli.command import Command
from workbench.cli.printing import print_pieces
from workbench.endings import ExitCode

SHELLS = ("bash", "fish", "zsh")

_EPILOG = """\
to set it up:
  bash  echo 'source <(workbench completion bash)' >> ~/.bashrc
  fish  workbench completion fish > ~/.config/fish/completions/workbench.fish
  zsh   echo 'source <(workbench completion zsh)' >> ~/.zshrc     # behind compinit
"""


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help="bash, fish or zsh")


def _run(options: argparse.Namespace) -> int:
    from workbench.cli.completion_shells import bash_script, fish_script, zsh_script
    from workbench.cli.completion_table import describe

    # The table lists this command, too.
    from workbench.cli.screen import screen_command
    from workbench.cli.table import COMMANDS

    commands = [describe(command) for command in (screen_command(COMMANDS), *COMMANDS)]
    write = {"bash": bash_script, "fish": fish_script, "zsh": zsh_script}[options.shell]
    print_pieces([write(commands).encode()], ".sh")
    return ExitCode.SUCCEEDED


COMMAND = Command(
    name="completion",
    usage="SHELL",
    summary="what bash, fish or zsh completes",
    description="Print a script that lets a shell complete commands, options, their values and files.",
    epilog=_EPILOG,
    add_arguments=_add_arguments,
    run=_run,
)
