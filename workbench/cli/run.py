"""`workbench run`: a script to its end, without a screen."""

import argparse
import sys
from pathlib import Path

from workbench.cli.arguments import add_script_arguments
from workbench.cli.command import Command, UsageError
from workbench.cli.defaults import Defaults, load_defaults
from workbench.cli.output import reader_gone
from workbench.cli.signals import ended_by_sigterm
from workbench.cli.sources import is_recording, parse, script_source
from workbench.endings import ExitCode


def _run(options: argparse.Namespace) -> int:
    defaults = load_defaults(COMMAND.title, options.timeout)
    return run_source(options.script, options.lab, defaults, options.scenarios)


def run_source(
    target: str | None, lab_name: str | None, defaults: Defaults, directory: Path | None = None
) -> int:
    """Run what is named, and print every step."""
    if target is not None and lab_name is None and is_recording(Path(target)):
        return _print_recording(Path(target))
    with ended_by_sigterm(), script_source(target, lab_name, directory) as (source, name):
        return _run_text(source, name, defaults)


def _print_recording(path: Path) -> int:
    from workbench.session.headless import make_robust
    from workbench.session.replay import RecordingRefusedError, print_recording

    make_robust(sys.stdout)
    make_robust(sys.stderr)
    try:
        code = print_recording(path, out=sys.stdout, err=sys.stderr)
    except RecordingRefusedError as error:
        raise UsageError(str(error)) from None
    return reader_gone() if code is ExitCode.READER_GONE else code


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
    usage="SCRIPT|RECORDING",
    summary="run a script and print every step",
    description="Run a script to its end, without a screen, and print every step. Of a recording, print what "
    "happened then; nothing is sent.",
    add_arguments=add_script_arguments,
    run=_run,
)
