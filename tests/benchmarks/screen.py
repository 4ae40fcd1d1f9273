"""What the screen costs, measured at a real terminal: `python -m tests.benchmarks.screen`.

A person presses a key and looks. So the program runs as a process of its own in a pseudo-terminal; a time
goes from the key that is written to it until the words that the key brings have come out of it. Each row has a
budget, and says whether it is kept; the exit code is 1 where one is not.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.flood import flood_server
from tests.ui.terminal import Terminal

HELLO = """
from textual.app import App
from textual.widgets import Footer, Header

class Hello(App):
    def compose(self):
        yield Header()
        yield Footer()

Hello().run()
"""
"""The least app with two widgets that people know."""

SIZE = (120, 36)
READY = "▶".encode()
EVENTS_OF_A_CHUNK = 3
MB = 1_000_000
GB = 1000 * MB
LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
"""To be typed one by one: nothing else on the screen has them, so each is known when it is painted."""


WORKS = ("paint", "abort", "steps", "many", "much")


class Figure(NamedTuple):
    """One row of the table."""

    title: str
    value: float
    unit: str
    budget: float | None
    """The most that it may be; None for what is told beside."""

    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether it is within its budget."""
        return self.budget is None or self.value <= self.budget


# --- driving -----------------------------------------------------------------------------


@contextmanager
def terminal_with(*arguments: str, **options: Any) -> Iterator[Terminal]:
    """Run the program in a terminal."""
    terminal = Terminal(*arguments, size=SIZE, **options)
    try:
        yield terminal
    finally:
        terminal.close()


def seconds_until(terminal: Terminal, wanted: bytes, patience: float = 120) -> float:
    """Wait until words come that had not been there when the output was last forgotten."""
    began = time.perf_counter()
    while wanted not in terminal.plain:
        if time.perf_counter() - began > patience:
            raise TimeoutError(f"{wanted!r} did not come: {terminal.plain[-2000:].decode(errors='replace')}")
        terminal._read(1)
    return time.perf_counter() - began


def key_to_paint(terminal: Terminal, key: bytes, wanted: bytes, patience: float = 120) -> float:
    """Press a key; give the seconds until the words that it brings are painted."""
    settle(terminal, 0.02)
    del terminal.output[:]
    terminal.press(key)
    return seconds_until(terminal, wanted, patience)


def typed(terminal: Terminal, end: bytes) -> list[float]:
    """Type letters into the call line until the words come that end it; give the seconds until each is painted."""
    times = []
    for letter in LETTERS:
        if end in terminal.plain:
            break
        del terminal.output[:]
        terminal.press(letter.encode())
        times.append(seconds_until(terminal, letter.encode()))
        threading.Event().wait(0.03)
    return times


def settle(terminal: Terminal, quiet: float) -> None:
    """Read what comes until nothing has come for so many seconds, or until that will not be."""
    end = time.perf_counter() + 20 * quiet
    while time.perf_counter() < end:
        before = len(terminal.output)
        terminal._read(quiet)
        if len(terminal.output) == before:
            return


def memory_mb(terminal: Terminal) -> float:
    """Give the memory of the process that is resident and its own, in MB."""
    status = Path(f"/proc/{terminal.process.pid}/status").read_text()
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return int(fields["VmRSS"].split()[0]) * 1024 / MB


def processor_seconds(terminal: Terminal) -> float:
    """Give the time that all threads of the process have computed so far."""
    fields = Path(f"/proc/{terminal.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentile(values: list[float], share: float) -> float:
    """Give the value that so many of them are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


# --- the rows ----------------------------------------------------------------------------


def first_paint(folder: Path, rounds: int) -> Iterator[Figure]:
    """Start both programs in turn, and look when their first frame is there.

    Their bytecode is there already, as that of an installed program is, whatever this environment says.
    """
    compiled = {"PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "PYTHONDONTWRITEBYTECODE": ""}
    hello, ours, ready = [], [], []
    for _ in range(1 + rounds):
        with terminal_with(program=(sys.executable, "-c", HELLO), environment=compiled) as terminal:
            hello.append(seconds_until(terminal, b"palette"))
        with terminal_with(environment=compiled) as terminal:
            ours.append(seconds_until(terminal, b"opening the workbench"))
            ready.append(ours[-1] + seconds_until(terminal, READY))
    base, first, script = (statistics.median(times[1:]) for times in (hello, ours, ready))
    note = f"medians {1000 * first:.0f} and {1000 * base:.0f} ms"
    yield Figure("first paint, a Textual hello-world being 1", first / base, "times", 1.6, note)
    yield Figure("script to be seen, keys answered", script / base, "times", None)


def steps(port: int, folder: Path, events: int, count: int) -> Iterator[Figure]:
    """Record many events, then step over cheap calls."""
    chunks = events // EVENTS_OF_A_CHUNK
    lines = [
        "from http.client import HTTPConnection",
        f'conn = HTTPConnection("127.0.0.1", {port})',
        f'conn.request("GET", "/chunks/{chunks}")',
        "r1 = conn.getresponse()",
        "r1.read()",
        'conn.putrequest("GET", "/")',
        *(f'conn.putheader("X-Field", "{number}")' for number in range(count + 1)),
    ]
    script = folder / f"steps-{events}.py"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with terminal_with(str(script)) as terminal:
        seconds_until(terminal, READY)
        for line in (3, 4, 5):
            key_to_paint(terminal, b"n", f"n runs line {line}".encode())
        began = time.perf_counter()
        del terminal.output[:]
        terminal.press(b"ni")
        seconds_until(terminal, b"Enter runs it")
        meanwhile = typed(terminal, b"n runs line 6")
        seconds_until(terminal, b"n runs line 6", 900)
        recorded = time.perf_counter() - began
        terminal.press(b"\x1b")
        settle(terminal, 0.3)
        before = processor_seconds(terminal)
        times = [key_to_paint(terminal, b"n", f"n runs line {line}".encode()) for line in range(7, 7 + count)]
        settle(terminal, 0.3)
        computed = (processor_seconds(terminal) - before) / count
        back = [key_to_paint(terminal, b"u", b"event ") for _ in range(count // 2)]
        note = f"median {1000 * statistics.median(times):.0f} ms; recorded in {recorded:.1f} s"
        title = f"key to paint of a step, {events:,} events"
        yield Figure(f"{title}, 95th percentile", 1000 * percentile(times, 0.95), "ms", 50, note)
        yield Figure(f"processor time of a step, {events:,} events, on average", 1000 * computed, "ms", None)
        title = f"key to paint of a step back, {events:,} events"
        yield Figure(f"{title}, 95th percentile", 1000 * percentile(back, 0.95), "ms", 50)
        note = f"median {1000 * statistics.median(meanwhile):.0f} ms of {len(meanwhile)} keys"
        title = f"key to paint while {events:,} events are recorded"
        yield Figure(f"{title}, 95th percentile", 1000 * percentile(meanwhile, 0.95), "ms", 100, note)
        yield Figure(f"memory of the app, {events:,} events", memory_mb(terminal), "MB", 150)


def much(port: int, folder: Path, size: int, speed: int, idle_seconds: float) -> Iterator[Figure]:
    """Receive much at a given speed, typing meanwhile; then scroll in it, and do nothing."""
    reads = -(-size // (16 * MB))
    lines = [
        "from http.client import HTTPConnection",
        f'conn = HTTPConnection("127.0.0.1", {port})',
        f'conn.request("GET", "/bytes/{size}/{speed}")',
        "r1 = conn.getresponse()",
        *(f"r1.read({16 * MB})" for _ in range(reads)),
        "print('all of it')",
    ]
    script = folder / f"much-{size}.py"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with terminal_with(str(script)) as terminal:
        seconds_until(terminal, READY)
        key_to_paint(terminal, b"i", b"Enter runs it")
        terminal.press(b"\x1b")
        settle(terminal, 0.2)
        began = time.perf_counter()
        terminal.press(b"c")
        terminal.press(b"i")
        seconds_until(terminal, b"r1.read")
        settle(terminal, 0.05)
        times = typed(terminal, b"has ended")
        seconds_until(terminal, b"has ended", 300)
        taken = time.perf_counter() - began
        note = f"median {1000 * statistics.median(times):.0f} ms of {len(times)} keys; {size / taken / MB:.0f} MB/s"
        title = f"key to paint while {speed // MB} MB/s arrive"
        yield Figure(f"{title}, the slowest", 1000 * max(times), "ms", 100, note)
        terminal.press(b"\x1b")
        settle(terminal, 0.5)
        yield Figure(
            f"memory of the app with a recording of {size // MB:,} MB", memory_mb(terminal), "MB", 150
        )
        yield from scrolling(terminal)
        settle(terminal, 1)
        yield Figure("processor when idle", idle(terminal, idle_seconds), "%", 1)


def scrolling(terminal: Terminal) -> Iterator[Figure]:
    """Scroll in the wire, in each of its views, at its end and at its beginning."""
    terminal.press(b"2")
    settle(terminal, 0.3)
    for view in ("text", "hex", "ladder"):
        times = []
        for keys in (b"\x1b[5~", b"\x1b[5~", b"\x1b[H", b"\x1b[6~", b"\x1b[6~", b"\x1b[F") * 5:
            settle(terminal, 0.02)
            del terminal.output[:]
            began = time.perf_counter()
            terminal.press(keys)
            terminal._read(0.5)
            if terminal.output:  # at the edges there is nothing to paint
                times.append(time.perf_counter() - began)
        yield Figure(
            f"key to paint of a page of the wire, {view}, 95th percentile",
            1000 * percentile(times, 0.95),
            "ms",
            50,
        )
        terminal.press(b"w")
        settle(terminal, 0.3)
    yield Figure("memory of the app after scrolling", memory_mb(terminal), "MB", 150)


def idle(terminal: Terminal, seconds: float) -> float:
    """Do nothing for a while; give the share of a processor that the process takes, in per cent."""
    before, began = processor_seconds(terminal), time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        terminal._read(seconds - passed)
    return 100 * (processor_seconds(terminal) - before) / passed


def abort(port: int, folder: Path) -> Iterator[Figure]:
    """Abort a call that waits for a server which never answers."""
    script = folder / "abort.py"
    script.write_text(
        "from http.client import HTTPConnection\n"
        f'conn = HTTPConnection("127.0.0.1", {port})\n'
        'conn.request("GET", "/bytes/1000000000/1000")\n'
        "r1 = conn.getresponse()\n"
        "r1.read()\n",
        encoding="utf-8",
    )
    with terminal_with(str(script)) as terminal:
        seconds_until(terminal, READY)
        key_to_paint(terminal, b"c", b"waiting for")
        yield Figure(
            "abort of a call that waits", 1000 * key_to_paint(terminal, b"x", b"you aborted"), "ms", 1000
        )


# --- the table ---------------------------------------------------------------------------


def figures(works: list[str], quick: bool) -> Iterator[Figure]:
    """Measure the works that are asked for, the cheap ones first."""
    with tempfile.TemporaryDirectory() as name, flood_server() as port:
        folder = Path(name)
        if "paint" in works:
            yield from first_paint(folder, 5 if quick else 15)
        if "abort" in works:
            yield from abort(port, folder)
        if "steps" in works:
            yield from steps(port, folder, 10_000 if quick else 100_000, 40)
        if "many" in works:
            yield from steps(port, folder, 100_000 if quick else 1_000_000, 40)
        if "much" in works:
            yield from much(port, folder, GB // 10 if quick else GB, 200 * MB, 3 if quick else 10)


def main() -> int:
    """Read the options, measure, and print a row as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.screen", description=__doc__)
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"only these of {', '.join(WORKS)}")
    parser.add_argument("--quick", action="store_true", help="less of everything: under a minute")
    parser.add_argument("--json", type=Path, help="write the figures there")
    options = parser.parse_args()
    if unknown := set(options.works) - set(WORKS):
        parser.error(f"Expected some of {', '.join(WORKS)}, got {' '.join(unknown)}")
    rows = []
    with tempfile.TemporaryDirectory() as home:
        for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
            os.environ[name] = home
        for row in figures(options.works or list(WORKS), options.quick):
            rows.append(row)
            budget = "" if row.budget is None else f"of {row.budget:g}  {'ok' if row.kept else 'NOT KEPT'}"
            print(f"{row.title:66} {row.value:8.2f} {row.unit:5} {budget:18} {row.note}", flush=True)
    if options.json is not None:
        table = [{**row._asdict(), "kept": row.kept} for row in rows]
        options.json.write_text(json.dumps(table, indent=1), encoding="utf-8")
    return 0 if all(row.kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
