"""`workbench config`: where the settings are, whether they are right, and an example of all of them."""

import argparse
import os
import sys

from workbench.cli.command import Command
from workbench.cli.printing import print_pieces
from workbench.endings import ExitCode


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--check", action="store_true", help="check the file, themes and keys included (the default)"
    )
    what.add_argument("--path", action="store_true", help="print where the file belongs")
    what.add_argument("--example", action="store_true", help="print a file that says what holds without one")


def _run(options: argparse.Namespace) -> int:
    from workbench.config import config_path

    path = config_path()
    if options.example:
        from workbench.ui.settings import example

        sys.stdout.write(example())
        return ExitCode.SUCCEEDED
    if path is None:
        from workbench.cli.command import UsageError

        raise UsageError("there is no home directory", "Set XDG_CONFIG_HOME to an absolute path")
    if options.path:
        print_pieces([os.fsencode(path) + b"\n"], ".path")
        return ExitCode.SUCCEEDED
    return _check()


def _check() -> int:
    from workbench.config import load_config
    from workbench.session.headless import complain
    from workbench.session.visible import visible
    from workbench.ui.settings import judged

    config = judged(load_config())
    for problem in config.problems:
        complain(sys.stderr, COMMAND.title, str(problem))
    if config.problems:
        return ExitCode.REFUSED
    assert config.path is not None
    state = "nothing is wrong" if config.path.exists() else "there is no such file"
    print(f"{visible(str(config.path))}: {state}")
    return ExitCode.SUCCEEDED


COMMAND = Command(
    name="config",
    usage="[--path]",
    summary="check the settings",
    description="Check the settings of the user: one TOML file for theme, keys, mouse, policy, timeouts, redaction.",
    add_arguments=_add_arguments,
    run=_run,
)
