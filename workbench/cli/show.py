"""`workbench show`: what is in a recording. Nothing is sent."""

import argparse
import sys
from pathlib import Path

from workbench.cli.arguments import add_json_argument
from workbench.cli.command import Command, UsageError
from workbench.cli.printing import print_pieces, print_raw
from workbench.cli.recordings import (
    add_subject_arguments,
    headings_of,
    load_recording,
    require_recording,
    subject_of,
)
from workbench.endings import ExitCode


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recording", metavar="RECORDING", type=Path, help="the file of a recording")
    add_subject_arguments(parser)
    ways = parser.add_mutually_exclusive_group()
    add_json_argument(ways)
    ways.add_argument("--list", action="store_true", help="print one line for each exchange")
    ways.add_argument(
        "--raw",
        choices=["sent", "received"],
        help="print the bytes of a direction: exactly to a pipe or a file, as visible text to a terminal",
    )
    parser.add_argument("--plain", action="store_true", help="no colours on a terminal")


def _run(options: argparse.Namespace) -> int:
    from workbench.export import CannotExport, find_exporter
    from workbench.session.headless import complain

    require_recording(options.recording)
    recorded = load_recording(options.recording, COMMAND.title)
    if options.list:
        lines = headings_of(recorded, options, COMMAND.title)
        print_pieces((f"{line}\n".encode() for line in lines), ".list", plain=options.plain)
        return ExitCode.SUCCEEDED
    subject = subject_of(recorded, options, COMMAND.title)
    if options.raw or options.json:
        # What a program reads has no place for it, and text says it itself.
        complain(sys.stderr, COMMAND.title, subject.secrets_line)
    try:
        if options.raw:
            print_raw(find_exporter(f"raw-{options.raw}").export(subject))
        else:
            exporter = find_exporter("json" if options.json else "text")
            print_pieces(exporter.export(subject), exporter.suffix, plain=options.plain)
    except CannotExport as error:
        raise UsageError(f"{options.recording}: {error}") from None
    return ExitCode.SUCCEEDED


COMMAND = Command(
    name="show",
    usage="RECORDING",
    summary="what happened in a recording",
    description="Print what happened in a recording. Nothing is sent, and no secret is printed unless --secrets is "
    "given.",
    add_arguments=_add_arguments,
    run=_run,
)
