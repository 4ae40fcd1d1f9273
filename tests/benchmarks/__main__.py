"""`python -m tests.benchmarks`: measure, and print a table of ratios."""

import json
import logging
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.benchmarks.awake import cores_awake
from tests.benchmarks.canned import MIB, Address, canned_server
from tests.benchmarks.clients import BASE, FLOOR, OWN, TAPPED, Client
from tests.benchmarks.growth import GROWTHS, Growth, measure_growth, measure_leak
from tests.benchmarks.nginx import nginx_server
from tests.benchmarks.options import read_options
from tests.benchmarks.sites import measure_sites
from tests.benchmarks.works import WORKS, Work, clients_of
from workbench.cli.output import reader_gone
from workbench.endings import Terminated, ending_of

WANTED_OF_TAPS = {"no-op tap": 1.3, "no-op notes": 1.3, "recorder": 1.6, "on disk": 2.5}
"""How many times as long as without a tap the small GET may take."""

Ratios = dict[str, list[float]]


class _NoTapIsDetached(logging.Handler):
    """Ends the program where a tap raised: nothing of what is measured then would be true."""

    def emit(self, record: logging.LogRecord) -> None:
        """Leave out of the middle of the exchange."""
        raise SystemExit(f"{record.getMessage()}: {record.exc_info and record.exc_info[1]!r}")


def measure(work: Work, address: Address, clients: list[Client], rounds: int, slice_seconds: float) -> Ratios:
    """Let the clients take turns, each for about as long; give their speeds as multiples of http.client's, a number a round.

    The interpreter adapts its instructions to the objects that it meets. Clients that share code, as those with a tap
    and the one without, would undo that for one another in each turn, and short turns would measure it.
    """
    times = {}
    for client in clients:
        once = work.do(lambda: client.open(address), work.warm_up) / work.warm_up  # noqa: B023 - called at once
        times[client.name] = max(1, round(slice_seconds / once))
    ratios: Ratios = {client.name: [] for client in clients}
    for number in range(rounds):
        seconds = {}
        turn = number % len(clients)
        for client in clients[turn:] + clients[:turn]:
            count = times[client.name]
            seconds[client.name] = work.do(lambda: client.open(address), count) / count  # noqa: B023 - called at once
        for name, taken in seconds.items():
            ratios[name].append(seconds[BASE.name] / taken)
    return ratios


_CONGESTION = Path("/proc/sys/net/ipv4/tcp_congestion_control")
"""How Linux controls congestion where a socket does not say it."""


def machine(awake: bool, congestion: str) -> str:
    """Say in general words what was measured on."""
    if not congestion:
        congestion = _CONGESTION.read_text().strip() if _CONGESTION.exists() else "the system's way"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    kept = "kept awake" if awake else "that may sleep"
    return (
        f"{python}, {platform.system()} on {platform.machine()}, {cores} cores {kept}, loopback, {congestion}"
    )


def print_row(title: str, wanted: float | None, ratios: Ratios) -> None:
    """Print one row: for each client the median, with the lowest and the highest round; for ours also how near the floor."""
    cells = {
        name: f"{name} {statistics.median(of_client):.2f} ({min(of_client):.2f}-{max(of_client):.2f})"
        for name, of_client in ratios.items()
        if name != BASE.name
    }
    if FLOOR.name in ratios:
        near = [own / floor for own, floor in zip(ratios[OWN.name], ratios[FLOOR.name], strict=True)]
        cells[OWN.name] += f", {statistics.median(near):.2f} of the floor"
    goal = f"wanted {wanted}" if wanted else ""
    print(f"{title:26} {goal:11} {'  '.join(cells.values())}", flush=True)


def print_taps(title: str, ratios: Ratios) -> None:
    """Print how many times as long as without a tap each tapped client took; for the small GET also what is wanted."""
    for client in TAPPED:
        costs = [own / tapped for own, tapped in zip(ratios[OWN.name], ratios[client.name], strict=True)]
        wanted = f" (wanted {WANTED_OF_TAPS[client.name]})" if title == WORKS[0].title else ""
        print(f"  {title}, {client.name}: {statistics.median(costs):.2f} times as long{wanted}", flush=True)


def print_growth(growth: Growth, sizes: list[tuple[int, float, int]]) -> None:
    """Print what one unit costs, for each size."""
    for size, seconds, peak in sizes:
        memory = f"peak of memory {peak / MIB:.2f} MiB" if peak else ""
        print(f"{size:13,} times a {growth.unit}: {1e9 * seconds / size:10.2f} ns each  {memory}", flush=True)


def record_large_body(address: Address, size: int) -> float:
    """Receive a body with the recorder writing to disk; give MB a second."""
    on_disk = TAPPED[-1].open(address)
    begin = time.perf_counter()
    assert sum(map(len, on_disk.pieces(f"/bytes/{size}", MIB))) == size
    on_disk.close()
    return size / (time.perf_counter() - begin) / 1e6


def main() -> None:
    """Read the options, measure each work, print a line as soon as it is known."""
    options, works = read_options()
    logging.getLogger("workbench").addHandler(_NoTapIsDetached())
    rounds, slice_seconds = options.rounds, 0.01 if options.quick else 0.03

    with ExitStack() as stack:
        here = machine(stack.enter_context(cores_awake()), options.congestion)
        results: dict[str, Any] = {"machine": here, "rounds": rounds, "ratios": {}}
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        plain, tls = stack.enter_context(canned_server(folder, options.congestion))
        addresses = {"plain": plain, "tls": tls}
        port = stack.enter_context(nginx_server(folder))
        if port is not None:
            addresses["nginx"] = Address(port, folder)
        # The servers have another core, where there is one.
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        print(f"times as fast as http.client: median (lowest-highest of {rounds} rounds); {here}")
        for work in works:
            if work.server not in addresses:
                print(f"{work.title:26} is left out: nginx is not installed")
                continue
            clients = clients_of(work, addresses)
            ratios = measure(work, addresses[work.server], clients, rounds, slice_seconds)
            results["ratios"][work.title] = ratios
            print_row(work.title, work.wanted, ratios)
            if work.tapped:
                print_taps(work.title, ratios)
        if not options.works:
            measure_rest(plain, options.quick, results)
    options.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    print(f"every number: {options.json}")


def measure_rest(address: Address, quick: bool, results: dict[str, Any]) -> None:
    """Measure what is no ratio to http.client: event sites, growth, recording a large body."""
    sites, count = results["sites"] = measure_sites(address, 3 if quick else 15)
    print(
        f"small GET with {count} event sites and no tap: {statistics.median(sites):.3f} times as long as without"
    )
    for growth in GROWTHS:
        sizes = results[growth.unit] = measure_growth(growth, address, quick)
        print_growth(growth, sizes)
    seconds, left = results["10,000 connections"] = measure_leak(address)
    print(f"10,000 connections one after the other: {seconds:.1f} s, {left} objects more than before")
    size = (128 if quick else 1024) * MIB
    speed = results["recorded on disk, MB/s"] = record_large_body(address, size)
    print(f"body of {size // MIB} MiB, recorded on disk: {speed:.0f} MB/s (wanted 300)")


def _end_in_order(*_: object) -> None:
    """Leave no server behind, and no file."""
    raise Terminated


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end_in_order)
    try:
        main()
    except KeyboardInterrupt as stop:
        word, code = ending_of(stop)
        print(word, file=sys.stderr)
        sys.exit(code)
    except BrokenPipeError:
        sys.exit(reader_gone())
