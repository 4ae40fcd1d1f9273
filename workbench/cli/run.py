"""`workbench run`: a script to its end, without a screen."""

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.arguments import add_json_argument, add_script_arguments
from workbench.cli.command import Command, UsageError
from workbench.cli.defaults import Defaults, load_defaults
from workbench.cli.printing import coloured_transcript, print_pieces
from workbench.cli.recordings import Recorded, add_subject_arguments, reading, recording_of, subject_of
from workbench.cli.sources import is_recording, parse, script_source
from workbench.cli.waiting import told_while_waiting
from workbench.endings import ended_by_sigterm

if TYPE_CHECKING:
    from workbench.session.script import Script


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_script_arguments(parser)
    add_output_arguments(parser)


def _run(options: argparse.Namespace) -> int:
    defaults = load_defaults(COMMAND.title, options.timeout)
    if options.json or options.save or options.exchange or options.redact:
        return run_and_report(options, defaults, COMMAND.title)
    return run_source(options.script, options.lab, defaults, options.scenarios, plain=options.plain)


def add_output_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what becomes of a run: text, JSON, a file."""
    add_json_argument(parser)
    parser.add_argument("--plain", action="store_true", help="no colours on a terminal")
    parser.add_argument("--save", metavar="FILE", type=Path, help="also write a recording, to a new file")
    add_subject_arguments(parser)


def run_and_report(options: argparse.Namespace, defaults: Defaults, title: str) -> int:
    """Run what is named to its end, saving it meanwhile, and only then print what happened."""
    with recording_of(options, defaults, title, options.save) as recorded:
        # To print it takes no server.
        pass
    was_run = options.script is None or not is_recording(Path(options.script))
    (report_run if was_run else report)(recorded, options, title)
    return recorded.code


def report_run(recorded: Recorded, options: argparse.Namespace, title: str) -> None:
    """Print a run that has just ended, all of it where it has no exchange with the number that is asked for.

    Nobody can know beforehand how many there will be, and to send it again for the answer may do harm.

    Raises:
        UsageError: There is no exchange with such a number.
    """
    try:
        report(recorded, options, title)
    except UsageError as error:
        if options.save is not None:
            raise UsageError(str(error), f"What was sent and received is in {str(options.save)!r}") from None
        report(recorded, argparse.Namespace(**{**vars(options), "exchange": []}), title)
        raise UsageError(str(error), "So all of what was sent and received is printed") from None


def report(recorded: Recorded, options: argparse.Namespace, title: str) -> None:
    """Print a recording as the options say."""
    from workbench.export import find_exporter

    exporter = find_exporter("json" if options.json else "text")
    subject = subject_of(recorded, options, title)
    print_pieces(exporter.export(subject), exporter.suffix, plain=options.plain)


def run_source(
    target: str | None,
    lab_name: str | None,
    defaults: Defaults,
    directory: Path | None = None,
    *,
    plain: bool = False,
) -> int:
    """Run what is named, and print every step as it happens."""
    if target is not None and lab_name is None and is_recording(Path(target)):
        return _print_recording(Path(target), plain=plain)
    with ended_by_sigterm(), script_source(target, lab_name, directory, COMMAND.title) as source:
        return run_text(parse(*source), defaults, COMMAND.title, plain=plain)


def _print_recording(path: Path, *, plain: bool) -> int:
    from workbench.session.headless import make_robust
    from workbench.session.replay import RecordingRefusedError, print_recording

    make_robust(sys.stdout)
    make_robust(sys.stderr)
    try:
        out = sys.stdout if plain else coloured_transcript(sys.stdout)
        return print_recording(path, out=out, err=sys.stderr, reading=partial(reading, path))
    except RecordingRefusedError as error:
        raise UsageError(str(error)) from None


def run_text(script: "Script", defaults: Defaults, title: str, *, plain: bool) -> int:
    """Run a script, and print every step as it happens."""
    from workbench.session.headless import make_robust, run_script

    make_robust(sys.stdout)
    make_robust(sys.stderr)
    with told_while_waiting(sys.stdout if plain else coloured_transcript(sys.stdout)) as (out, err):
        return run_script(
            script,
            out=out,
            err=err,
            timeout_seconds=defaults.timeout_seconds,
            policy=defaults.policy,
            title=title,
        )


COMMAND = Command(
    name="run",
    usage="SCRIPT|RECORDING",
    summary="run a script and print every step",
    description="Run a script to its end, without a screen, and print every step. Of a recording, print what "
    "happened then; nothing is sent.",
    add_arguments=_add_arguments,
    run=_run,
)
