"""All commands, in the order in which the help lists them."""

from workbench.cli import compare, config, exceptions, lab, run
from workbench.cli.command import Command

COMMANDS: tuple[Command, ...] = (
    run.COMMAND,
    lab.COMMAND,
    compare.COMMAND,
    exceptions.COMMAND,
    config.COMMAND,
)
"""Every command that has a word of its own. Without one, `workbench` opens the screen."""
