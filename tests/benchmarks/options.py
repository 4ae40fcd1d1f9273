"""What `python -m tests.benchmarks` is asked to do; whatever is wrong is said before anything is measured."""

import argparse
import os
import socket
from pathlib import Path

from tests.benchmarks.works import WORKS, Work


def read_options() -> tuple[argparse.Namespace, list[Work]]:
    """Give the options, and the works that are asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description="Measure, and print a table of ratios."
    )
    parser.add_argument(
        "works", nargs="*", metavar="WORD", help="only rows whose title holds one of these words"
    )
    parser.add_argument("--rounds", type=int, help="measurements of each client (15, or 3 with --quick)")
    parser.add_argument("--quick", action="store_true", help="few short rounds: under a minute")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", default=Path("benchmarks.json"), help="where every number goes"
    )
    parser.add_argument("--congestion", default="", help="how the server's TCP controls it: reno, cubic, bbr")
    options = parser.parse_args()
    if options.rounds is None:
        options.rounds = 3 if options.quick else 15
    if options.rounds < 1:
        parser.error(f"Expected one round at least, got --rounds {options.rounds}")
    if not os.access(options.json.parent, os.W_OK) or options.json.is_dir():
        parser.error(f"Expected a file in a directory that can be written to, got --json {options.json}")
    if options.congestion and not _controls_congestion(options.congestion):
        parser.error(f"Expected what this system's TCP can do, got --congestion {options.congestion}")
    works = [work for work in WORKS if not options.works or _is_asked_for(work, options.works)]
    if not works:
        titles = "\n  ".join(work.title for work in WORKS)
        parser.error(f"Expected a word of one of these titles, got {' '.join(options.works)}:\n  {titles}")
    return options, works


def _is_asked_for(work: Work, words: list[str]) -> bool:
    return any(word.lower() in work.title.lower() for word in words)


def _controls_congestion(algorithm: str) -> bool:
    if not hasattr(socket, "TCP_CONGESTION"):
        return False
    with socket.socket() as sock:
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, algorithm.encode())
        except OSError:
            return False
    return True
