"""`workbench`: the screen; where there is no terminal, what `workbench run` does."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.cli.arguments import add_scenarios_argument
from workbench.cli.command import Command, UsageError
from workbench.cli.defaults import load_defaults
from workbench.cli.run import run_source
from workbench.cli.sources import (
    find_scenario,
    is_recording,
    is_url,
    only_one_source,
    read_file,
    script_for_url,
)
from workbench.endings import MEANINGS

if TYPE_CHECKING:
    from workbench.config import Config


def screen_command(others: Iterable[Command]) -> Command:
    """Make the command that has no word of its own; its help lists the others."""
    return Command(
        name="",
        usage="[TARGET]",
        summary="the screen: the first example, a URL, a script file, or a recording",
        description="A debugger for HTTP/1.1: step through http.client calls and see every byte.",
        epilog=_epilog(others),
        add_arguments=_add_arguments,
        run=_run,
    )


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", nargs="?", metavar="TARGET", help="a URL, a script file, or a recording")
    parser.add_argument("--lab", metavar="NAME", help="load a scenario of the built-in server")
    add_scenarios_argument(parser)
    parser.add_argument("--theme", metavar="NAME", help="the colours, this time")
    parser.add_argument("--ascii", action="store_true", help="draw the screen in ASCII alone, this time")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal, this time")
    parser.add_argument("--version", action="version", version=f"workbench {__version__}")


def _epilog(others: Iterable[Command]) -> str:
    rows = [
        ("workbench [TARGET]", "the screen: the first example, a URL, a script file, or a recording"),
        ("workbench --lab NAME", "the screen, with a scenario of the built-in server"),
        *((f"{command.title} {command.usage}", f"no screen: {command.summary}") for command in others),
    ]
    commands = "\n".join(f"  {call:<40}  {words}" for call, words in rows)
    codes = "\n".join(f"  {code:>3}  {words}" for code, words in MEANINGS.items())
    return f"""\
commands:
{commands}

Without a terminal, `workbench` does what `workbench run` does; it reads the script from standard
input when none is named. Write ./run for a script that is called run.

exit codes:
{codes}
"""


def _run(options: argparse.Namespace) -> int:
    only_one_source(options.target, options.lab)
    if not _has_terminal():
        return run_source(options.target, options.lab, load_defaults("workbench"), options.scenarios)
    return _open_screen(options.target, options.lab, options.scenarios, _config(options))


def _has_terminal() -> bool:
    # Textual draws on standard error: `workbench 2> log` would show nothing and read keys.
    return sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()


def _has_glyphs() -> bool:
    """Say whether the encoding of the terminal has what the screen is drawn with."""
    try:
        "│▸…␍⠋".encode(sys.stderr.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _config(options: argparse.Namespace) -> "Config":
    """Read the settings, and put what the command line says before them."""
    from dataclasses import replace

    from workbench.config import load_config
    from workbench.ui.chosen_theme import theme_to_start_with

    config = load_config()
    settings = config.settings
    theme = _known_theme(options.theme) if options.theme else theme_to_start_with(settings.theme)
    return replace(
        config,
        settings=replace(
            settings,
            theme=theme,
            ascii=options.ascii or settings.ascii or not _has_glyphs(),
            mouse=settings.mouse and not options.no_mouse,
        ),
    )


def _known_theme(name: str) -> str:
    from workbench.toml_table import suggest
    from workbench.ui.settings import THEMES

    if name not in THEMES:
        raise UsageError(f"there is no theme {name!r}", suggest(name, THEMES).capitalize())
    return name


def _open_screen(target: str | None, lab_name: str | None, directory: Path | None, config: "Config") -> int:
    from workbench.ui.opening import FIRST_SCENARIO

    url = script_path = recording_path = None
    if lab_name is not None or directory is not None:
        # All files are read: one that is wrong is told of here, with its line.
        find_scenario(lab_name or FIRST_SCENARIO, directory)
    if target is not None and is_url(target):
        script_for_url(target)
        url = target
    elif target is not None and is_recording(Path(target)):
        recording_path = Path(target)
    elif target is not None:
        script_path = Path(target)
        # The screen shows an error inside a script; a file that is no text has nothing to show.
        read_file(script_path)
    from workbench.ui.app import run_app

    return run_app(
        url=url,
        script_path=script_path,
        lab_name=lab_name,
        recording_path=recording_path,
        scenario_directory=directory,
        config=config,
    )
