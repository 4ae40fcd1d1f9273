"""`workbench lab`: the built-in server, for any client."""

import argparse
import signal
import sys
import threading

from workbench.cli.arguments import add_json_argument, add_scenarios_argument
from workbench.cli.command import Command
from workbench.cli.signals import on_signals


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="the scenarios to serve (default: all)")
    parser.add_argument("--list", action="store_true", help="print the scenarios and serve nothing")
    add_json_argument(parser)
    add_scenarios_argument(parser)
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="the address to listen on (default: %(default)s, this machine only)",
    )


def _run(options: argparse.Namespace) -> int:
    from workbench.lab.command import run_lab

    stop = threading.Event()
    with on_signals(lambda *_: stop.set(), signal.SIGINT, signal.SIGTERM):
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


COMMAND = Command(
    name="lab",
    usage="",
    summary="serve the built-in scenarios",
    description="Serve scenarios of the built-in server, for any client, until Ctrl+C.",
    add_arguments=_add_arguments,
    run=_run,
)
