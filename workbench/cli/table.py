"""All commands, in the order in which the help lists them."""

from workbench.cli import compare, exceptions, lab, run
from workbench.cli.command import Command

COMMANDS: tuple[Command, ...] = (run.COMMAND, lab.COMMAND, compare.COMMAND, exceptions.COMMAND)
"""Every command that has a word of its own. Without one, `workbench` opens the screen."""
