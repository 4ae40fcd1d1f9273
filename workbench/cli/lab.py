"""`workbench lab`: the built-in server, for any client."""

import argparse
import queue
import signal
import sys
from collections.abc import Callable, Iterable

from workbench.cli.arguments import add_json_argument, add_scenarios_argument, seconds
from workbench.cli.command import Command
from workbench.cli.enter import on_enter

_EPILOG = """\
examples:
  workbench lab --port 8000         open http://127.0.0.1:8000/ in a browser
  workbench lab --ports             each scenario on a port of its own, too
  workbench lab tunnel tls-expired  only these, which need ports of their own
  workbench lab --json              the addresses, for a program
"""


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
    parser.add_argument(
        "--port", type=_port, default=0, metavar="N", help="of the one origin (default: a free port)"
    )
    parser.add_argument("--tls-port", type=_port, default=0, metavar="N", help="the same for https")
    parser.add_argument(
        "--ports",
        nargs="*",
        metavar="NAME",
        help="give these scenarios a port of their own too; without a name, each of them",
    )
    parser.add_argument("--log", action="store_true", help="write a line for each exchange to standard error")
    parser.add_argument(
        "--connections",
        type=_connections,
        default=256,
        metavar="N",
        help="how many connections may be open at a time; one more is told so (default: %(default)s)",
    )
    parser.add_argument(
        "--idle",
        type=seconds,
        default=120.0,
        metavar="SECONDS",
        help="how long a client may be silent (default: %(default)g)",
    )


def _run(options: argparse.Namespace) -> int:
    told: queue.SimpleQueue[int] = queue.SimpleQueue()
    numbers = (signal.SIGINT, signal.SIGTERM)
    # SimpleQueue.put may be called by a handler at any moment; the methods of an Event take a lock.
    previous = {number: signal.signal(number, lambda number, _: told.put(number)) for number in numbers}
    try:
        return _serve(options, wait=lambda resume: _wait(told, resume))
    finally:
        if not told.empty():
            # Who presses Ctrl+C again wants what is happening already, and no traceback at the exit.
            _ignore(previous)
        else:
            for number, handler in previous.items():
                signal.signal(number, handler)


def _wait(told: "queue.SimpleQueue[int]", resume: Callable[[], None]) -> None:
    """Wait for a signal, and leave it there; Enter lets what pauses go on."""
    with on_enter(resume):
        told.put(told.get())


def _ignore(numbers: Iterable[signal.Signals]) -> None:
    """Ignore signals from now on."""
    if hasattr(signal, "pthread_sigmask"):
        # Python complains of one that has come and finds no handler any more: this runs what has come, and
        # keeps back what comes.
        signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    for number in numbers:
        signal.signal(number, signal.SIG_IGN)


def _serve(options: argparse.Namespace, wait: Callable[[Callable[[], None]], object]) -> int:
    from workbench.lab.command import Serving, run_lab

    serving = Serving(
        host=options.host,
        port=options.port,
        tls_port=options.tls_port,
        own_ports=options.ports,
        connection_cap=options.connections,
        idle_seconds=options.idle,
        log=options.log,
    )
    return run_lab(
        serving,
        scenario_names=options.names,
        list_only=options.list,
        as_json=options.json,
        out=sys.stdout,
        err=sys.stderr,
        wait=wait,
        directory=options.scenarios,
    )


def _port(text: str) -> int:
    """Read the number of a port."""
    if not (text.isdecimal() and int(text) < 1 << 16):
        raise argparse.ArgumentTypeError(f"expected a port from 0 to 65535, found {text!r}")
    return int(text)


def _connections(text: str) -> int:
    """Read how many connections there may be, and have the system allow as many files."""
    if not (text.isdecimal() and 0 < int(text) <= 10_000):
        raise argparse.ArgumentTypeError(f"expected a number from 1 to 10000, found {text!r}")
    from workbench.lab.files import allow_files

    allowed = allow_files(int(text))
    if allowed is not None:
        raise argparse.ArgumentTypeError(
            f"expected at most {allowed}, because this system lets a process open no more files, found {text}"
        )
    return int(text)


COMMAND = Command(
    name="lab",
    usage="",
    summary="serve the built-in scenarios",
    description="Serve scenarios of the built-in server, for any client, until Ctrl+C.",
    add_arguments=_add_arguments,
    run=_run,
    epilog=_EPILOG,
)
