"""What the wire views cost over a long recording and over a short one: `python -m tests.benchmarks.wire`.

The claim: opening and scrolling a recording of 1 GB costs the same time and memory for each screen as one
of 1 MB. Both are measured in one run; what is printed is the ratio. The bytes themselves are no part of
it (every piece of a recording is the same object here, so that 1 GB fits anywhere); the views are: their
index, and the rows that they make.
"""

import argparse
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import NamedTuple

from tests.ui.conversation import Conversation
from workbench.session.recording import Recording
from workbench.ui.presentation.find_query import parse_query
from workbench.ui.presentation.find_search import Search
from workbench.ui.presentation.wire_form import WireForm, WireSource
from workbench.ui.presentation.wire_hex import WireHex
from workbench.ui.presentation.wire_index import WireIndex
from workbench.ui.presentation.wire_ladder import WireLadder
from workbench.ui.presentation.wire_text import WireLengths, WireText

MB = 1_000_000
SHORT, LONG = MB, 1000 * MB
RECEIVE = 65_536
CHUNK = 8192
ROWS, WIDTH = 45, 110
SCREENS = 200


def one_body(size: int) -> Recording:
    """Content of a known length, received 64 KiB at a time."""
    talk = _begin()
    piece = _lines(RECEIVE)
    for _ in range(max(1, size // RECEIVE)):
        talk.receive(piece)
        talk.content(RECEIVE)
    return talk.recording


def many_chunks(size: int) -> Recording:
    """Chunks of 8 KiB, seven of them in each receive."""
    talk = _begin()
    piece = (b"2000\r\n" + _lines(CHUNK) + b"\r\n") * 7
    for _ in range(max(1, size // len(piece))):
        talk.receive(piece)
        for _ in range(7):
            talk.chunk_header(CHUNK)
            talk.content(CHUNK)
            talk.chunk_end()
    return talk.recording


def many_exchanges(size: int) -> Recording:
    """Small requests and responses, one behind the other."""
    talk = Conversation()
    for _ in range(size // 2000):
        talk.put_request("GET", "/")
        talk.put_field("Host", "127.0.0.1", automatic=True)
        talk.end_header_section()
        talk.send()
        talk.receive(b"HTTP/1.1 200 OK\r\n\r\n" + _lines(1940))
        talk.status_line(200, "OK")
        talk.header_section()
        talk.content(1940)
    return talk.recording


SHAPES: dict[str, Callable[[int], Recording]] = {
    "one body": one_body,
    "chunks of 8 KiB": many_chunks,
    "exchanges of 2 KB (1/20 of the size)": lambda size: many_exchanges(size // 20),
}


class Costs(NamedTuple):
    """What one view of one recording costs."""

    first_screen_ms: float
    """From nothing to the first rows, with as much of the index as one step makes."""

    longest_step_ms: float
    """The longest of the steps that complete the index: keys wait no longer."""

    steps: int
    row_us: float
    """A row of a screen anywhere in it, the view itself included: the median of many places."""

    screen_kib: float
    """The most memory that a screen takes while it is made."""

    index_kib: float
    """What stays."""


def measure(recording: Recording, form: WireForm) -> Costs:
    """Open a recording in a view, complete its index, and draw screens all over it."""
    record = recording.connections[0]
    last = len(recording.entries) - 1
    lengths = WireLengths(last, record.sent_length, record.received.length)

    def source(index: WireIndex) -> WireSource:
        if form is WireForm.TEXT:
            return WireText(index, lengths, 80)
        if form is WireForm.HEX:
            return WireHex(index, lengths, 16)
        return WireLadder(index, lengths, record.sent.length, recording.entries.event(0).time_ns)

    tracemalloc.start()
    index = WireIndex(record, recording.entries)
    rows = source(index)
    while not rows.complete:
        rows = source(index)
    index_kib = tracemalloc.get_traced_memory()[0] / 1024
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    for top in _places(len(rows), 10):
        _screen(rows, top)
    screen_kib = (tracemalloc.get_traced_memory()[1] - before) / 1024
    tracemalloc.stop()

    index = WireIndex(record, recording.entries)
    steps = []
    complete = False
    while not complete:
        begin = time.perf_counter()
        rows = source(index)
        if not steps:
            _screen(rows, 0)
        steps.append(time.perf_counter() - begin)
        complete = rows.complete
    times = []
    for top in _places(len(rows), SCREENS):
        begin = time.perf_counter()
        drawn = _screen(source(index), top)
        times.append((time.perf_counter() - begin) / drawn)
    row_us = 1e6 * statistics.median(times)
    return Costs(1e3 * steps[0], 1e3 * max(steps), len(steps), row_us, screen_kib, index_kib)


def search_speed(recording: Recording) -> tuple[float, float]:
    """Search for what is not there; give bytes a second, and the longest slice in seconds."""
    record = recording.connections[0]
    last = len(recording.entries) - 1
    index = WireIndex(record, recording.entries)
    search = Search(
        index,
        last,
        queued=record.sent.length,
        received=record.received.length,
        query=parse_query("not there at all"),
        place=None,
    )
    slices = []
    while not search.done:
        begin = time.perf_counter()
        search.step()
        slices.append(time.perf_counter() - begin)
    return search.total / sum(slices), max(slices)


def _begin() -> Conversation:
    talk = Conversation()
    talk.put_request("GET", "/")
    talk.end_header_section()
    talk.send()
    talk.receive(b"HTTP/1.1 200 OK\r\n\r\n")
    talk.status_line(200, "OK")
    talk.header_section()
    return talk


def _lines(size: int) -> bytes:
    line = b"The quick brown fox jumps over the lazy dog, again and again.\n"
    return (line * (size // len(line) + 1))[:size]


def _places(count: int, number: int) -> list[int]:
    choose = random.Random(1)
    return [choose.randrange(max(1, count - ROWS)) for _ in range(number)]


def _screen(rows: WireSource, top: int) -> int:
    """Draw a screen; give the number of its rows, fewer at the end of a short list."""
    numbers = range(top, min(top + ROWS, len(rows)))
    for number in numbers:
        rows.line(number, WIDTH)
    return len(numbers)


def main() -> None:
    """Measure each shape and view, and print the long one beside the short one."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.wire", description=__doc__)
    parser.add_argument("--long", type=int, default=LONG // MB, help="megabytes of the long recording (1000)")
    options = parser.parse_args()
    print(f"{SHORT // MB} MB and {options.long} MB, screens of {ROWS} rows")
    for shape, make in SHAPES.items():
        short, long = make(SHORT), make(options.long * MB)
        print(f"\n{shape}: {len(short.entries)} and {len(long.entries)} events")
        for form in WireForm:
            one, other = measure(short, form), measure(long, form)
            print(
                f"  {form:7} first screen {one.first_screen_ms:6.1f} and {other.first_screen_ms:6.1f} ms"
                f"   a row {one.row_us:4.0f} and {other.row_us:4.0f} µs"
                f" ({other.row_us / one.row_us:.2f} times)"
                f"   a screen {one.screen_kib:4.0f} and {other.screen_kib:4.0f} KiB"
                f"   index {one.index_kib:5.0f} and {other.index_kib:5.0f} KiB"
                f" in {other.steps} steps of at most {other.longest_step_ms:.0f} ms",
                flush=True,
            )
        speed, longest = search_speed(long)
        print(f"  find    {speed / 1e6:.0f} MB a second, in slices of at most {1e3 * longest:.1f} ms")


if __name__ == "__main__":
    main()
