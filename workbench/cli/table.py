"""All commands, in the order in which the help lists them."""

from workbench.cli import compare, completion, config, exceptions, export, importing, lab, run, send, show
from workbench.cli.command import Command

COMMANDS: tuple[Command, ...] = (
    run.COMMAND,
    send.COMMAND,
    show.COMMAND,
    export.COMMAND,
    importing.COMMAND,
    compare.COMMAND,
    lab.COMMAND,
    config.COMMAND,
    exceptions.COMMAND,
    completion.COMMAND,
)
"""Every command that has a word of its own. Without one, `workbench` opens the screen."""
