"""A recording for a command: read from a file, or made by running a script."""

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.cli.arguments import ordinal
from workbench.cli.command import UsageError
from workbench.cli.defaults import Defaults, load_settings
from workbench.cli.output import OUTPUT_FAILURES, not_begun, require_place, unwritten
from workbench.cli.progress import progress
from workbench.cli.sources import (
    is_recording,
    only_one_source,
    parse,
    script_source,
    where_recordings_are,
)
from workbench.endings import ExitCode, ended_by_sigterm, ending_of

if TYPE_CHECKING:
    from workbench.export.subject import Subject
    from workbench.protocol.tap import ErrorFact
    from workbench.session.recording import Recording
    from workbench.session.script import Script
    from workbench.session.script_run import RunEnd
    from workbench.session.storage.loader import RecordingLoader
    from workbench.session.storage.writer import RecordingWriter


class Recorded(NamedTuple):
    """A recording, and how it came about."""

    recording: "Recording"
    name: str
    code: ExitCode
    """How the run ended; of a file, how the last run in it did."""


@contextmanager
def recording_of(
    options: argparse.Namespace, defaults: Defaults, title: str, file: Path | None = None
) -> Iterator[Recorded]:
    """Give the recording that is named; a script is run to its end for it.

    Args:
        options: Of `add_script_arguments`.
        defaults: What a script is given.
        title: Of the command, for what is to be said on standard error.
        file: A new one, where it is to be saved.

    The server of a scenario runs until the block ends.
    """
    target, lab_name = options.script, options.lab
    only_one_source(target, lab_name)
    if file is not None:
        require_place(file)
    if target is not None and is_recording(Path(target)):
        recorded = load_recording(Path(target), title)
        if file is not None:
            save(recorded, file)
        yield recorded
        return
    with ended_by_sigterm(), script_source(target, lab_name, options.scenarios, title) as source:
        yield run_to_recording(parse(*source), defaults, title, file)


def load_recording(path: Path, title: str) -> Recorded:
    """Read a recording, and say what is missing of a damaged one."""
    from workbench.session.headless import complain
    from workbench.session.storage.format import NotARecordingError
    from workbench.session.storage.loader import RecordingLoader

    try:
        loader = RecordingLoader(path)
        with reading(path, loader):
            recording = loader.load()
    except (OSError, NotARecordingError) as error:
        raise UsageError(f"{path}: {error}") from None
    if loader.damage is not None:
        complain(sys.stderr, title, f"{path}: {loader.damage}")
    code = ExitCode.RAISED if recording.at().failure else ExitCode.SUCCEEDED
    return Recorded(recording, path.name, code)


def require_recording(path: Path) -> None:
    """Refuse what is no recording, and say where recordings are."""
    try:
        path.open("rb").close()
    except FileNotFoundError:
        where = path.absolute().parent
        raise UsageError(
            f"there is no recording {str(path)!r} in {where}", where_recordings_are(path)
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise UsageError(f"{str(path)!r} cannot be read: {reason}", where_recordings_are(path)) from None
    if not is_recording(path):
        raise UsageError(f"{str(path)!r} is no recording", "workbench run runs a script")


def reading(path: Path, loader: "RecordingLoader") -> AbstractContextManager[None]:
    """Say how much of a recording was read, while it is."""
    return progress(lambda: f"reading {path.name}: {loader.progress:.0%}")


def run_to_recording(script: "Script", defaults: Defaults, title: str, file: Path | None = None) -> Recorded:
    """Run a script, and say on standard error how it failed, if it did.

    Args:
        script: What to run.
        defaults: What it is given.
        title: Of the command, for what is to be said on standard error.
        file: A new one, where it is to be recorded while it runs. One that cannot be written to its end is taken away.
    """
    from workbench.session.recorder import Recorder
    from workbench.session.recording import Recording
    from workbench.session.script_error import ScriptError
    from workbench.session.script_run import run_recorded
    from workbench.session.storage.log import LiveLog

    # Now, before anything is sent.
    writer = None if file is None else _begin_file(file, script.name)
    log = None if writer is None else LiveLog(lambda: writer)
    recording = Recording(log)
    with progress(lambda: _so_far(recording)), closing(Recorder(recording)) as recorder:
        try:
            end = run_recorded(
                script, recorder, timeout_seconds=defaults.timeout_seconds, policy=defaults.policy
            )
        except ScriptError as error:
            kept = "" if file is None else f"What was sent before is in {str(file)!r}"
            raise UsageError(str(error), ". ".join(filter(None, (error.hint, kept)))) from None
    code = _code_of(end, script, title, recording)
    if writer is not None and log is not None and log.problem is not None:
        code = _unsaved(writer, log.problem, title)
    return Recorded(recording, script.name, code)


def _so_far(recording: "Recording") -> str:
    sent = sum(one.sent_length for one in recording.connections)
    received = sum(one.received.length for one in recording.connections)
    return f"sent {sent:,} bytes, received {received:,}"


def _code_of(end: "RunEnd", script: "Script", title: str, recording: "Recording") -> ExitCode:
    from workbench.session.advice import summarise
    from workbench.session.headless import complain

    place = f"{script.name}:{end.line}"
    if end.stop is not None:
        word, code = ending_of(end.stop)
        complain(sys.stderr, title, f"{place}: {word}")
        return code
    if end.error is not None:
        complain(
            sys.stderr,
            title,
            f"{place}: {_call_at(end.line, script)} raised {summarise(end.error)}",
            end.advice or _advice_after_switch(recording, end.error),
        )
        return ExitCode.RAISED
    return ExitCode.SUCCEEDED


def _advice_after_switch(recording: "Recording", error: "ErrorFact") -> str:
    """Say what to do about a call that waited for more of another protocol; empty where none is spoken."""
    from workbench.session.plan import whole_exchange
    from workbench.session.remedies import words_now

    # The last connection has none, where closing it was all that happened on it.
    connection = whole_exchange(recording, recording.exchanges[-1])[0] if recording.exchanges else None
    if connection is None or not connection.switched or connection.target is None:
        return ""
    host, port = connection.target
    return words_now(error.lineage, f"{host} port {port}", switched=True)


def _call_at(line: int, script: "Script") -> str:
    """Give the call of a line, without its arguments where they are text, which may be a secret."""
    source = next(" ".join(one.source.split()) for one in script.statements if one.line == line)
    return re.sub(r"\(.*['\"].*\)", "(...)", source)[:80]


# --- saving it ------------------------------------------------------------------------------------


def _begin_file(path: Path, name: str) -> "RecordingWriter":
    from workbench.session.storage.format import Header
    from workbench.session.storage.writer import RecordingWriter

    require_place(path)
    try:
        return RecordingWriter(path, Header.now(name))
    except OSError as error:
        if error.errno in OUTPUT_FAILURES:
            raise unwritten(path, error) from None
        # The file that cannot be made may be that of the bodies.
        raise not_begun(Path(error.filename or path), error) from None


def _unsaved(writer: "RecordingWriter", problem: OSError, title: str) -> ExitCode:
    """Say that a file could not be written to its end, and take it away."""
    from workbench.session.headless import complain

    writer.take_away()
    words = str(unwritten(writer.path, problem))
    complain(sys.stderr, title, words, "What is printed is all that is left of the run")
    return ExitCode.UNWRITTEN


def save(recorded: Recorded, path: Path) -> None:
    """Write a recording that is made already to a new file."""
    from workbench.session.storage.saving import copy_recording

    writer = _begin_file(path, recorded.name)
    try:
        with progress(lambda: f"saving {path.name}"):
            copy_recording(recorded.recording, writer)
    except OSError as error:
        raise unwritten(path, error) from None


# --- what of it -----------------------------------------------------------------------------------


def add_subject_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says which exchanges are meant, and whether their secrets are."""
    parser.add_argument(
        "--exchange",
        metavar="N",
        type=ordinal,
        action="append",
        default=[],
        help="only this exchange, from 1 on; can be given again (default: all)",
    )
    parser.add_argument(
        "--secrets", action="store_true", help="leave credentials in: whoever gets the output can act for you"
    )
    parser.add_argument(
        "--redact",
        metavar="NAME",
        action="append",
        default=[],
        help="also redact the field, parameter or JSON member of this name; can be given again",
    )


def subject_of(
    recorded: Recorded, options: argparse.Namespace, title: str, tls_keys: bytes = b""
) -> "Subject":
    """Choose what of a recording is meant, and take the secrets out where they are not wanted."""
    from workbench.export.subject import CannotExport, Subject
    from workbench.session.visible import visible

    try:
        with progress(lambda: f"looking for secrets in {visible(recorded.name)}"):
            return Subject.of(
                recorded.recording,
                secrets=options.secrets,
                listed=listed_names(options, title),
                numbers=options.exchange,
                tls_keys=tls_keys,
            )
    except CannotExport as error:
        raise UsageError(f"{recorded.name}: {error}") from None


def listed_names(options: argparse.Namespace, title: str) -> list[str]:
    """Give the names that the command line and the settings call secret."""
    return [*options.redact, *load_settings(title).redacted_fields]


def headings_of(recorded: Recorded, options: argparse.Namespace, title: str) -> Iterator[str]:
    """Give a line for each exchange that is meant, with the number that `--exchange` takes, without a look at contents."""
    from workbench.export.subject import CannotExport, chosen_exchanges
    from workbench.session.headings import exchange_headings, heading_redactor
    from workbench.session.visible import visible

    redactor: Callable[[str], str] = str
    with progress(lambda: f"looking for secrets in {visible(recorded.name)}"):
        try:
            records = chosen_exchanges(recorded.recording, options.exchange)
        except CannotExport as error:
            raise UsageError(f"{recorded.name}: {error}") from None
        if not options.secrets:
            redactor = heading_redactor(recorded.recording, listed_names(options, title))
    numbers = sorted(set(options.exchange)) or range(1, len(records) + 1)
    width = len(str(numbers[-1])) if records else 0
    headings = exchange_headings(recorded.recording, records, redactor)
    return (f"{number:>{width}}  {line}" for number, line in zip(numbers, headings, strict=True))
