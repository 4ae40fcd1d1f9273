"""Arguments that several commands take."""

import argparse
import threading
from pathlib import Path

DEFAULT_TIMEOUT_SECONDS = 30.0


def add_script_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says which script to run, and how patiently."""
    parser.add_argument(
        "script",
        nargs="?",
        metavar="SCRIPT|RECORDING",
        help="a script file, a recording, a URL, or - for standard input (a script)",
    )
    parser.add_argument("--lab", metavar="NAME", help="run the script of a scenario of the built-in server")
    add_scenarios_argument(parser)
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds,
        help="how long a server may be silent, where the script does not say (default: that of the settings, "
        f"else {DEFAULT_TIMEOUT_SECONDS:g})",
    )


def add_scenarios_argument(parser: argparse.ArgumentParser) -> None:
    """Add the place of scenarios of the user's own."""
    parser.add_argument(
        "--scenarios",
        metavar="DIR",
        type=Path,
        help="a directory with scenario files of your own; `pydoc workbench.lab.loader` shows their form",
    )


def add_json_argument(parser: argparse._ActionsContainer) -> None:
    """Add the choice of output for programs."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def seconds(text: str) -> float:
    """Read a number of seconds that threads can wait for."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= threading.TIMEOUT_MAX / 100:
        raise argparse.ArgumentTypeError(f"expected a number of seconds above 0, found {text!r}")
    return number
