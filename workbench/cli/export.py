"""`workbench export`: a recording, or what a script does, in the form of another program."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.arguments import add_script_arguments
from workbench.cli.command import Command, UsageError
from workbench.cli.defaults import load_defaults
from workbench.cli.printing import print_pieces, refuse_binary_terminal, write_bytes
from workbench.cli.progress import progress
from workbench.cli.recordings import add_subject_arguments, recording_of, subject_of
from workbench.endings import ExitCode

if TYPE_CHECKING:
    from workbench.export.exporter import Exporter
    from workbench.export.subject import Subject

FORMS = (
    ("har", "HAR 1.2, for browsers, proxies and viewers"),
    ("json", "everything that is known, for programs"),
    ("curl", "the curl command that makes each request"),
    ("script", "the script of calls, for Workbench and for Python"),
    ("python", "a program with http.client of Python alone"),
    ("pytest", "a regression test for pytest, with http.client alone"),
    ("pcapng", "a capture for Wireshark, around the recorded bytes"),
    ("trace", "every byte, as curl --trace writes it"),
    ("text", "the transcript, as workbench run prints it"),
    ("markdown", "the transcript as a page of Markdown"),
    ("raw-sent", "the bytes that were sent, exactly"),
    ("raw-received", "the bytes that were received, exactly"),
)
"""Names and summaries of all exporters, so that the help need not load them. A test compares the two."""


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "form", metavar="FORM", choices=[name for name, _ in FORMS], help="one of the forms below"
    )
    add_script_arguments(parser)
    add_subject_arguments(parser)
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="a new file (default: standard output)"
    )
    parser.add_argument("--force", action="store_true", help="write over the file where there is one")
    parser.add_argument("--plain", action="store_true", help="no colours on a terminal")
    parser.add_argument(
        "--tls-keys",
        metavar="FILE",
        type=Path,
        help="of pcapng: put this TLS key log (as SSLKEYLOGFILE names one) into the capture",
    )


def _run(options: argparse.Namespace) -> int:
    from workbench.export import CannotExport, find_exporter
    from workbench.session.headless import complain

    exporter = find_exporter(options.form)
    if options.output is None and exporter.binary:
        refuse_binary_terminal(f"the form {exporter.name}")
    tls_keys = _read_keys(options)
    defaults = load_defaults(COMMAND.title, options.timeout)
    with recording_of(options, defaults, COMMAND.title) as recorded:
        subject = subject_of(recorded, options, COMMAND.title, tls_keys)
    try:
        _write(exporter, subject, options)
    except CannotExport as error:
        raise UsageError(f"{recorded.name}: {error}") from None
    way_out = "" if options.secrets else "--secrets leaves them in, --redact NAME adds one"
    complain(sys.stderr, COMMAND.title, subject.secrets_line, way_out if sys.stderr.isatty() else "")
    stopped = recorded.code not in (ExitCode.SUCCEEDED, ExitCode.RAISED)
    return recorded.code if stopped else ExitCode.SUCCEEDED


def _read_keys(options: argparse.Namespace) -> bytes:
    if options.tls_keys is None:
        return b""
    if options.form != "pcapng":
        raise UsageError(f"--tls-keys is for a capture, not for {options.form}", "Name the form pcapng")
    try:
        data = options.tls_keys.read_bytes()
    except OSError as error:
        raise UsageError(f"{str(options.tls_keys)!r} cannot be read: {error.strerror}") from None
    assert isinstance(data, bytes)
    return data


def _write(exporter: "Exporter", subject: "Subject", options: argparse.Namespace) -> None:
    pieces = exporter.export(subject)
    if options.output is not None:
        write_file(options.output, pieces, secret=options.secrets, force=options.force)
    elif exporter.binary:
        write_bytes(pieces)
    else:
        print_pieces(pieces, exporter.suffix, plain=options.plain)


def write_file(path: Path, pieces: Iterable[bytes], *, secret: bool, force: bool) -> None:
    """Write a new file piece by piece, for nobody but its owner where it holds secrets.

    A part of a file is no export: it is taken away again where the rest cannot be made.
    """
    # The first piece before the file: a form that has nothing to hold says so there.
    rest = iter(pieces)
    first = next(rest, b"")
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if force else os.O_EXCL)
    try:
        with os.fdopen(os.open(path, flags, 0o600 if secret else 0o666), "wb") as file:
            if secret:
                os.fchmod(file.fileno(), 0o600)
            with _taken_away(path), progress(lambda: f"writing {path.name}: {file.tell():,} bytes"):
                file.write(first)
                file.writelines(rest)
                file.flush()
    except FileExistsError:
        raise UsageError(
            f"there is a file {str(path)!r} already", "Name another one, or add --force"
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise UsageError(f"{str(path)!r} cannot be written: {reason}") from None


@contextmanager
def _taken_away(path: Path) -> Iterator[None]:
    """Delete a file where what writes it fails; what is no file of its own, such as a pipe, stays."""
    try:
        yield
    except BaseException:
        if path.is_file():
            path.unlink()
        raise


COMMAND = Command(
    name="export",
    usage="FORM SCRIPT|RECORDING",
    summary="a recording as HAR, curl, Python, pcapng ...",
    description="Write a recording in a form that other programs read. A script is run for it. Credentials are "
    "written over with asterisks unless --secrets is given; standard error says what was done.",
    epilog="forms:\n" + "\n".join(f"  {name:<13} {summary}" for name, summary in FORMS),
    add_arguments=_add_arguments,
    run=_run,
)
