"""Arguments that several commands take."""

import argparse
from collections.abc import Sequence
from pathlib import Path

DEFAULT_TIMEOUT_SECONDS = 30.0

MOST_SECONDS = (2**31 - 1) // 1000
"""Some three weeks. A wait for a socket is given to `poll(2)` as milliseconds in a C int."""

Forms = Sequence[tuple[str, str]]
"""Names and summaries."""


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


def add_form_argument(parser: argparse.ArgumentParser, forms: Forms) -> None:
    """Add the form in which something is written or read."""
    parser.add_argument(
        "form", metavar="FORM", choices=[name for name, _ in forms], help="one of the forms below"
    )


def forms_epilog(forms: Forms) -> str:
    """List the forms, for the end of the help."""
    width = max(len(name) for name, _ in forms)
    return "forms:\n" + "\n".join(f"  {name:<{width}}  {summary}" for name, summary in forms)


def add_file_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where a text goes, and how it looks on a terminal."""
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="a new file (default: standard output)"
    )
    parser.add_argument("--force", action="store_true", help="write over the file where there is one")
    parser.add_argument("--plain", action="store_true", help="no colours on a terminal")


def add_json_argument(parser: argparse._ActionsContainer) -> None:
    """Add the choice of output for programs."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def seconds(text: str) -> float:
    """Read a number of seconds that can be waited for."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(
            f"expected a number of seconds above 0 and at most {MOST_SECONDS}, found {text!r}"
        )
    return number


def ordinal(text: str) -> int:
    """Read a number that counts from 1; whether there are as many, nobody knows yet."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1 on, found {text!r}")
    return number
