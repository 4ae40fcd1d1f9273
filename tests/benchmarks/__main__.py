"""`python -m tests.benchmarks`: measure, and print a table of ratios."""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.canned import Server, canned_server
from tests.benchmarks.works import BASE, WORKS, Work, clients_of


def measure(work: Work, server: Server, rounds: int) -> dict[str, list[float]]:
    """Let the clients take turns; give the speed of each as a multiple of http.client's, a number a round."""
    clients = clients_of(work)
    for client in clients:
        work.do(client.module, server, max(1, work.times // 20))
    ratios: dict[str, list[float]] = {client.name: [] for client in clients}
    for number in range(rounds):
        seconds = {}
        turn = number % len(clients)
        for client in clients[turn:] + clients[:turn]:
            begin = time.perf_counter()
            work.do(client.module, server, work.times)
            seconds[client.name] = time.perf_counter() - begin
        for name, taken in seconds.items():
            ratios[name].append(seconds[BASE.name] / taken)
    return ratios


def main() -> None:
    """Read the options, measure each work, print a line as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("works", nargs="*", help="only rows whose title holds one of these words")
    parser.add_argument("--rounds", type=int, default=15, help="measurements of each client (15)")
    parser.add_argument("--quick", action="store_true", help="three rounds: under a minute")
    parser.add_argument("--json", type=Path, help="write every ratio there")
    options = parser.parse_args()
    rounds = 3 if options.quick else options.rounds
    works = [work for work in WORKS if not options.works or any(word in work.title for word in options.works)]

    results = {}
    print("times faster than http.client: median (lowest to highest)")
    with tempfile.TemporaryDirectory() as folder, canned_server(Path(folder)) as server:
        for work in works:
            ratios = results[work.title] = measure(work, server, rounds)
            columns = [
                f"{name} {statistics.median(of_client):.2f} ({min(of_client):.2f} to {max(of_client):.2f})"
                for name, of_client in ratios.items()
                if name != BASE.name
            ]
            print(f"{work.title:30} wanted {work.target}   " + "   ".join(columns), flush=True)
    if options.json is not None:
        options.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
