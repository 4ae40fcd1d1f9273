"""The command line: which command is meant, and whether there is a screen to run it on.

One module for each command, each with a `COMMAND` that `table` lists: its arguments, its words in the
help, and what carries it out. `arguments` holds what several commands take, `sources` what an argument
may name. Textual, the protocol and the lab are imported inside the function that needs them, so that
`--help` answers at once and works where no screen does.
"""

from workbench.cli.entry import main

__all__ = ["main"]
