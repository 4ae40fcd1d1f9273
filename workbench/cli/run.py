"""`workbench run`: a script to its end, without a screen."""

import argparse
import sys

from workbench.cli.arguments import add_script_arguments
from workbench.cli.command import Command
from workbench.cli.defaults import Defaults, load_defaults
from workbench.cli.output import reader_gone
from workbench.cli.signals import ended_by_sigterm
from workbench.cli.sources import parse, script_source
from workbench.endings import ExitCode


def _run(options: argparse.Namespace) -> int:
    return run_source(options.script, options.lab, load_defaults(COMMAND.title, options.timeout))


def run_source(target: str | None, lab_name: str | None, defaults: Defaults) -> int:
    """Run what is named, and print every step."""
    with ended_by_sigterm(), script_source(target, lab_name) as (source, name):
        return _run_text(source, name, defaults)


def _run_text(source: str, name: str, defaults: Defaults) -> int:
    from workbench.session.headless import make_robust, run_script

    script = parse(source, name)
    make_robust(sys.stdout)
    make_robust(sys.stderr)
    code = run_script(
        script,
        out=sys.stdout,
        err=sys.stderr,
        timeout_seconds=defaults.timeout_seconds,
        policy=defaults.policy,
    )
    return reader_gone() if code is ExitCode.READER_GONE else code


COMMAND = Command(
    name="run",
    usage="SCRIPT",
    summary="run a script and print every step",
    description="Run a script to its end, without a screen, and print every step.",
    add_arguments=add_script_arguments,
    run=_run,
)
