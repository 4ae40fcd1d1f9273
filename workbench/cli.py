"""The command line: which command is meant, and whether there is a screen to run it on.

Textual, the protocol and the lab are imported inside the command that needs them, so that
`--help` answers at once and works where no screen does.
"""

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.endings import MEANINGS, ExitCode, Terminated, ending_of

if TYPE_CHECKING:
    from workbench.lab import Scenario
    from workbench.session.script import Script

DEFAULT_TIMEOUT_SECONDS = 30.0
STANDARD_INPUT = "-"

_COMMANDS = """\
commands:
  workbench [TARGET]               the screen: the first example, a URL, or a script file
  workbench --lab NAME             the screen, with a scenario of the built-in server
  workbench run SCRIPT             no screen: run a script and print every step
  workbench lab                    no screen: serve the built-in scenarios
  workbench compare SCRIPT         no screen: what other readers make of what comes back
  workbench exceptions             no screen: list every exception, and how to see it

Without a terminal, `workbench` does what `workbench run` does; it reads the script from standard
input when none is named. Write ./run for a script that is called run.

exit codes:
""" + "\n".join(f"  {code:>3}  {words}" for code, words in MEANINGS.items())


class UsageError(Exception):
    """The command cannot be carried out as it was given.

    Args:
        message: What is wrong.
        way_out: What to do instead.
    """

    def __init__(self, message: str, way_out: str = "") -> None:
        super().__init__(message)
        self.way_out = way_out


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command line.

    Args:
        arguments: The words after the name of the program; by default those of the process.

    Returns:
        The exit code.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    commands = {
        "run": _run_command,
        "lab": _lab_command,
        "compare": _compare_command,
        "exceptions": _exceptions_command,
    }
    name, command = "workbench", _main_command
    if words and words[0] in commands:
        name, command = f"workbench {words[0]}", commands[words.pop(0)]
    try:
        return command(words)
    except UsageError as error:
        from workbench.session.headless import complain

        complain(sys.stderr, name, str(error), error.way_out)
        return ExitCode.REFUSED
    except KeyboardInterrupt as stop:
        word, code = ending_of(stop)
        print(f"{name}: {word}", file=sys.stderr)
        return code
    except BrokenPipeError:
        return _reader_gone()


# --- workbench ------------------------------------------------------------------------------


def _main_command(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="workbench",
        description="A debugger for HTTP/1.1: step through http.client calls and see every byte.",
        epilog=_COMMANDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("target", nargs="?", metavar="TARGET", help="a URL, or a script file")
    parser.add_argument("--lab", metavar="NAME", help="load a scenario of the built-in server")
    parser.add_argument("--version", action="version", version=f"workbench {__version__}")
    options = parser.parse_args(words)
    _one_source(options.target, options.lab)
    if not _has_terminal():
        return _run(options.target, options.lab, DEFAULT_TIMEOUT_SECONDS)
    return _open_screen(options.target, options.lab)


def _has_terminal() -> bool:
    # Textual draws on standard error: `workbench 2> log` would show nothing and read keys.
    return sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()


def _open_screen(target: str | None, lab_name: str | None) -> int:
    url = script_path = None
    if lab_name is not None:
        _find_scenario(lab_name)
    elif target is not None and _is_url(target):
        _script_for_url(target)
        url = target
    elif target is not None:
        script_path = Path(target)
        # The screen shows an error inside a script; a file that is no text has nothing to show.
        _read_file(script_path)
    from workbench.ui.app import run_app

    return run_app(url=url, script_path=script_path, lab_name=lab_name)


# --- workbench run --------------------------------------------------------------------------


def _run_command(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="workbench run", description="Run a script to its end, without a screen, and print every step."
    )
    options = _parse_script_arguments(parser, words)
    return _run(options.script, options.lab, options.timeout)


def _parse_script_arguments(parser: argparse.ArgumentParser, words: list[str]) -> argparse.Namespace:
    """Parse the words of a command that runs a script, beside what the command adds itself."""
    parser.add_argument(
        "script", nargs="?", metavar="SCRIPT", help="a script file, a URL, or - for standard input"
    )
    parser.add_argument("--lab", metavar="NAME", help="run the script of a scenario of the built-in server")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        default=DEFAULT_TIMEOUT_SECONDS,
        help="how long a server may be silent, where the script does not say (default: %(default)g)",
    )
    options = parser.parse_args(words)
    _one_source(options.script, options.lab)
    return options


def _run(target: str | None, lab_name: str | None, timeout_seconds: float) -> int:
    with _on_signals(_raise_terminated, signal.SIGTERM):
        return _run_source(target, lab_name, timeout_seconds)


def _raise_terminated(_number: int, _frame: FrameType | None) -> None:
    """Have SIGTERM end a run as ctrl+c does, so that the transcript gets its last line."""
    raise Terminated


def _run_source(target: str | None, lab_name: str | None, timeout_seconds: float) -> int:
    with _script_source(target, lab_name) as (source, name):
        return _run_text(source, name, timeout_seconds)


def _read_target(target: str | None) -> tuple[str, str]:
    """Give the text of a script and its name."""
    if target is None or target == STANDARD_INPUT:
        return _read_standard_input(), "<stdin>"
    if _is_url(target):
        return _script_for_url(target), target
    return _read_file(Path(target)), target


def _run_text(source: str, name: str, timeout_seconds: float) -> int:
    from workbench.session.headless import make_robust, run_script

    script = _parse(source, name)
    make_robust(sys.stdout)
    make_robust(sys.stderr)
    code = run_script(script, out=sys.stdout, err=sys.stderr, timeout_seconds=timeout_seconds)
    return _reader_gone() if code is ExitCode.READER_GONE else code


def _parse(source: str, name: str) -> "Script":
    from workbench.session.script import parse_script
    from workbench.session.script_error import ScriptError

    try:
        script = parse_script(source, name)
    except ScriptError as error:
        raise UsageError(str(error), error.hint) from None
    if not any(statement.is_step for statement in script.statements):
        raise UsageError(f"{name}: the script has no calls", "Name a script, a URL, or --lab hello")
    return script


def _read_standard_input() -> str:
    from workbench.session.bounds import MAX_SOURCE_LENGTH
    from workbench.session.script import decode_source
    from workbench.session.script_error import ScriptError

    if sys.stdin.isatty():
        raise UsageError("no script is named", "Name a script, a URL, or --lab hello")
    try:
        return decode_source(sys.stdin.buffer.read(4 * MAX_SOURCE_LENGTH + 1), "<stdin>")
    except ScriptError as error:
        raise UsageError(str(error), error.hint) from None


# --- workbench compare ------------------------------------------------------------------------


def _compare_command(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="workbench compare",
        description="Run a script, and show in what our own client, http.client, h11 and httptools differ "
        "about the bytes that came back. h11 and httptools are asked where they are installed.",
        epilog="The exit code is 0 where all agree about every exchange, and 1 where they do not.",
    )
    parser.add_argument("--all", action="store_true", help="also show what all agree about")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = _parse_script_arguments(parser, words)
    with _on_signals(_raise_terminated, signal.SIGTERM):
        return _compare(options)


def _compare(options: argparse.Namespace) -> int:
    import shutil

    from workbench.compare.command import compare_recording, record_script
    from workbench.session.headless import make_robust
    from workbench.session.script_error import ScriptError

    make_robust(sys.stdout)
    with _script_source(options.script, options.lab) as (source, name):
        script = _parse(source, name)
        try:
            recording = record_script(script, options.timeout)
        except ScriptError as error:
            raise UsageError(str(error), error.hint) from None
    columns = shutil.get_terminal_size((100, 24)).columns
    return compare_recording(
        recording, out=sys.stdout, columns=columns, as_json=options.json, everything=options.all
    )


@contextmanager
def _script_source(target: str | None, lab_name: str | None) -> Iterator[tuple[str, str]]:
    """Give the text of a script and its name, with its server running where it needs one."""
    if lab_name is None:
        yield _read_target(target)
        return
    from workbench.lab import LabServer

    scenario = _find_scenario(lab_name)
    with LabServer() as lab:
        yield lab.script_for(scenario), lab_name


# --- workbench lab --------------------------------------------------------------------------


def _lab_command(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="workbench lab",
        description="Serve scenarios of the built-in server, for any client, until Ctrl+C.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="the scenarios to serve (default: all)")
    parser.add_argument("--list", action="store_true", help="print the scenarios and serve nothing")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--scenarios",
        metavar="DIR",
        type=Path,
        help="a directory with scenario files of your own; `pydoc workbench.lab.loader` shows their form",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="the address to listen on (default: %(default)s, this machine only)",
    )
    options = parser.parse_args(words)
    from workbench.lab.command import run_lab

    stop = threading.Event()
    with _on_signals(lambda *_: stop.set(), signal.SIGINT, signal.SIGTERM):
        return run_lab(
            host=options.host,
            scenario_names=options.names,
            list_only=options.list,
            as_json=options.json,
            out=sys.stdout,
            err=sys.stderr,
            stop=stop,
            directory=options.scenarios,
        )


# --- workbench exceptions -------------------------------------------------------------------


def _exceptions_command(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="workbench exceptions",
        description="List every exception that a call can raise, and the scenario that trips it.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(words)
    from workbench.ui.exceptions_command import run_exceptions

    return run_exceptions(as_json=options.json, out=sys.stdout, err=sys.stderr)


@contextmanager
def _on_signals(
    handle: Callable[[int, FrameType | None], object], *numbers: signal.Signals
) -> Iterator[None]:
    """Handle signals for a while, and put the old handlers back."""
    previous = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


# --- what is named on the command line ---------------------------------------------------------


def _one_source(target: str | None, lab_name: str | None) -> None:
    if target is not None and lab_name is not None:
        raise UsageError(f"both {target!r} and --lab {lab_name} are named", "Name one of them")


def _is_url(target: str) -> bool:
    return "://" in target or target.lower().startswith(("http:", "https:"))


def _script_for_url(url: str) -> str:
    from workbench.session.address import AddressError, script_for_url

    try:
        return script_for_url(url)
    except AddressError as error:
        raise UsageError(str(error)) from None


def _find_scenario(name: str) -> "Scenario":
    from workbench.lab import ScenarioError, UnknownScenario, find_scenario

    try:
        return find_scenario(name)
    except (UnknownScenario, ScenarioError) as error:
        raise UsageError(str(error)) from None


def _read_file(path: Path) -> str:
    from workbench.session.script import read_source
    from workbench.session.script_error import ScriptError

    try:
        return read_source(path)
    except ScriptError as error:
        raise UsageError(str(error), error.hint) from None
    except FileNotFoundError:
        raise UsageError(f"there is no file {str(path)!r}", _similar(path)) from None
    except IsADirectoryError:
        raise UsageError(f"{str(path)!r} is a directory", "Name a script file in it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise UsageError(f"{str(path)!r} cannot be read: {reason}") from None


def _similar(path: Path) -> str:
    """Suggest what a path that does not exist was meant to be."""
    import difflib

    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        names = []
    matches = difflib.get_close_matches(path.name, names, n=1, cutoff=0.7)
    if matches:
        return f"Did you mean {path.parent / matches[0]}?"
    if path.suffix == ".py":
        return "Name a script file, or a URL such as http://localhost:8000/"
    return f"Name a script file; write http://{path} if an address is meant"


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= threading.TIMEOUT_MAX / 100:
        raise argparse.ArgumentTypeError(f"expected a number of seconds above 0, found {text!r}")
    return seconds


def _reader_gone() -> ExitCode:
    """End quietly when nobody reads the output any more, as `workbench run ... | head` does."""
    import os

    # What is left in the buffer must not fail when Python flushes it at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.READER_GONE
