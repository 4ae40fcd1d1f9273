"""`workbench export`: a recording, or what a script does, in the form of another program."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.arguments import add_file_arguments, add_form_argument, add_script_arguments, forms_epilog
from workbench.cli.command import Command, UsageError
from workbench.cli.defaults import load_defaults
from workbench.cli.output import OR_FORCE, require_place, write_file
from workbench.cli.printing import print_pieces, refuse_binary_terminal, write_bytes
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
    add_form_argument(parser, FORMS)
    add_script_arguments(parser)
    add_subject_arguments(parser)
    add_file_arguments(parser)
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
    if options.output is not None:
        require_place(options.output, way_out=OR_FORCE, force=options.force)
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


COMMAND = Command(
    name="export",
    usage="FORM SCRIPT|RECORDING",
    summary="a recording as HAR, curl, Python, pcapng ...",
    description="Write a recording in a form that other programs read. A script is run for it. Credentials are "
    "written over with asterisks unless --secrets is given; standard error says what was done.",
    epilog=forms_epilog(FORMS),
    add_arguments=_add_arguments,
    run=_run,
)
