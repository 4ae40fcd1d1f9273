"""`workbench import`: what other programs write about requests, as a script or as a recording."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.arguments import add_file_arguments, add_form_argument, forms_epilog
from workbench.cli.command import Command, UsageError
from workbench.cli.output import OR_FORCE, require_place, write_file
from workbench.cli.printing import print_pieces
from workbench.cli.progress import progress
from workbench.cli.recordings import Recorded, save
from workbench.endings import ExitCode

if TYPE_CHECKING:
    from workbench.imports import Imported

FORMS = (
    ("curl", "a command of curl, quoted as for a shell"),
    ("raw", "a request as it is on the wire"),
    ("har", "an archive (HAR), or one entry of it"),
    ("trace", "what curl --trace or --trace-ascii wrote"),
)
"""Names and summaries of all importers, so that the help need not load them. A test compares the two."""

_SHOWN = 80
"""Characters of what is no command that are repeated."""


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_form_argument(parser, FORMS)
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        default="-",
        help="the file, or - for standard input (the default); of curl, also the command itself as one argument",
    )
    parser.add_argument(
        "--origin", metavar="URL", default="", help="of raw: with whom the request is to be made"
    )
    parser.add_argument("--entry", metavar="N", type=int, help="of har: only this entry, from 1 on")
    add_file_arguments(parser)
    parser.add_argument(
        "--save",
        metavar="FILE",
        type=Path,
        help="of har and trace: have the answers read once more, offline, and save that as a new recording",
    )


def _run(options: argparse.Namespace) -> int:
    from workbench.imports import CannotImport, import_text

    if options.output is not None:
        require_place(options.output, way_out=OR_FORCE, force=options.force)
    if options.save is not None:
        require_place(options.save)
    data, name = _read(options)
    try:
        with progress(lambda: f"reading the {options.form}"):
            imported = import_text(options.form, data, origin=options.origin, entry=options.entry)
        return _write(imported, name, options)
    except CannotImport as error:
        raise UsageError(f"{name}:{error.line}:{error.column}: {error}", error.hint) from None


def _read(options: argparse.Namespace) -> tuple[bytes, str]:
    """Give what is to be read, and its name."""
    from workbench.imports.forms import MOST_BYTES

    words = options.file.split(maxsplit=1)
    # A file may have the name alone.
    if options.form == "curl" and len(words) > 1 and words[0] == "curl":
        return options.file.encode("utf-8", "surrogateescape"), "<command>"
    if options.file == "-":
        if sys.stdin.isatty():
            print(
                f"workbench import: the {options.form} is read from the terminal, up to ctrl+d",
                file=sys.stderr,
            )
        data, name = sys.stdin.buffer.read(MOST_BYTES + 1), "<stdin>"
    else:
        data, name = _read_file(options, MOST_BYTES + 1), options.file
    if len(data) > MOST_BYTES:
        raise UsageError(f"{name} has more than {MOST_BYTES >> 20} MiB", "Cut out what is wanted")
    return data, name


def _read_file(options: argparse.Namespace, most: int) -> bytes:
    try:
        with Path(options.file).open("rb") as file:
            return file.read(most)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        # As it was given: a path would have the address in a command with a slash less.
        if options.form != "curl":
            raise UsageError(f"{options.file!r} cannot be read: {reason}") from None
        given = options.file if len(options.file) <= _SHOWN else options.file[: _SHOWN - 1] + "…"
        raise UsageError(
            f"Expected a command that begins with curl, or a file; {given!r} is no such command, and cannot be read: {reason}"
        ) from None


def _write(imported: "Imported", name: str, options: argparse.Namespace) -> int:
    script = imported.script.encode()
    if options.save:
        with progress(lambda: "having the answers read once more"):
            recording = imported.recording(f"{options.form}: {Path(name).name}")
        save(Recorded(recording, Path(name).name, ExitCode.SUCCEEDED), options.save)
    if options.output:
        write_file(options.output, [script], secret=False, force=options.force)
    elif not options.save:
        print_pieces([script], ".py", plain=options.plain)
    return ExitCode.SUCCEEDED


COMMAND = Command(
    name="import",
    usage="FORM FILE",
    summary="a curl command, a request, HAR or a curl trace, as a script",
    description="Read what another program wrote about a request, and print the script that makes it. What has the answer, "
    "too, becomes a recording with --save, which can be stepped through with no server there.",
    epilog=forms_epilog(FORMS),
    add_arguments=_add_arguments,
    run=_run,
)
