"""`workbench exceptions`: what a call can raise."""

import argparse
import sys

from workbench.cli.arguments import add_json_argument
from workbench.cli.command import Command


def _run(options: argparse.Namespace) -> int:
    from workbench.ui.exceptions_command import run_exceptions

    return run_exceptions(as_json=options.json, out=sys.stdout, err=sys.stderr)


COMMAND = Command(
    name="exceptions",
    usage="",
    summary="list every exception, and how to see it",
    description="List every exception that a call can raise, and the scenario that trips it.",
    add_arguments=add_json_argument,
    run=_run,
)
