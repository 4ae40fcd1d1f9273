"""`workbench compare`: what several readers make of the bytes that came back."""

import argparse
import shutil
import sys

from workbench.cli.arguments import add_json_argument, add_script_arguments
from workbench.cli.command import Command, UsageError
from workbench.cli.defaults import load_defaults
from workbench.cli.recordings import recording_of
from workbench.cli.waiting import told_while_waiting
from workbench.endings import ExitCode


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="also show what all agree about")
    add_json_argument(parser)
    add_script_arguments(parser)


def _run(options: argparse.Namespace) -> int:
    from workbench.compare.command import compare_recording
    from workbench.session.headless import complain, make_robust

    make_robust(sys.stdout)
    defaults = load_defaults(COMMAND.title, options.timeout)
    with recording_of(options, defaults, COMMAND.title) as recorded:
        recording = recorded.recording
    if recorded.code not in (ExitCode.SUCCEEDED, ExitCode.RAISED):
        return recorded.code
    columns = shutil.get_terminal_size((100, 24)).columns
    with told_while_waiting(sys.stdout) as (out, _):
        agree = compare_recording(
            recording, out=out, columns=columns, as_json=options.json, everything=options.all
        )
    if agree is not None:
        return ExitCode.SUCCEEDED if agree else ExitCode.RAISED
    words = f"{recorded.name}: nothing came back that could be compared"
    if recorded.code is ExitCode.SUCCEEDED:
        raise UsageError(words, "Name a script that asks a server for something, a URL, or --lab hello")
    complain(sys.stderr, COMMAND.title, words)
    return recorded.code


COMMAND = Command(
    name="compare",
    usage="SCRIPT|RECORDING",
    summary="what other readers make of what comes back",
    description="Run a script, or take a recording, and show in what our own client, http.client, h11 and httptools differ "
    "about the bytes that came back. h11 and httptools are asked where they are installed.",
    epilog="The exit code is 0 where all agree about every exchange, 1 where they do not or where a call raised "
    "before anything came back, and 2 where the script asks for nothing.",
    add_arguments=_add_arguments,
    run=_run,
)
