"""Programs that record and are killed: `python -m tests.session.storage.killed WHAT DIRECTORY PORT COUNT SEED`.

Each is forked from this one, which saves the imports. It records real exchanges until it is killed at a moment that
nobody can foresee. How much it had begun and ended to record it says in memory that outlives it; both numbers are
printed for each, a line of JSON. The first event makes the files, and is a moment like any other. What is counted is
each event told to the recorder, or each exchange of which the recorder takes notes.
"""

import itertools
import json
import mmap
import os
import random
import select
import signal
import sys
from pathlib import Path

from workbench.protocol import HTTPConnection
from workbench.session.recorder import Recorder
from workbench.session.recording import Recording
from workbench.session.storage.format import Header
from workbench.session.storage.log import LiveLog
from workbench.session.storage.writer import RecordingWriter

LONGEST_LIFE_SECONDS = 0.03

SHORTEST_LIVES = {"events": (1, 50), "exchanges": (1, 5)}
"""How much is begun before the time runs: a busy machine leaves time for none. One of the two, by chance."""

_SIZE = 8
"""Bytes of a count: few enough that a death never leaves half of one."""


def _count(counts: mmap.mmap, which: int) -> int:
    return int.from_bytes(counts[which * _SIZE : (which + 1) * _SIZE], "little")


def _set(counts: mmap.mmap, which: int, number: int) -> None:
    counts[which * _SIZE : (which + 1) * _SIZE] = number.to_bytes(_SIZE, "little")


def record(what: str, path: Path, port: int, counts: mmap.mmap) -> None:
    """Get small pages and large ones, for ever."""
    recorder = Recorder(Recording(LiveLog(lambda: RecordingWriter(path, Header.now("killed")))))
    if what == "events":
        _record_events(recorder, port, counts)
    else:
        _record_exchanges(recorder, port, counts)


def _record_exchanges(recorder: Recorder, port: int, counts: mmap.mmap) -> None:
    connection = HTTPConnection("127.0.0.1", port, tap=recorder)
    for number in itertools.count(1):
        _set(counts, 0, number)
        connection.request("GET", "/small" if number % 2 else "/large")
        connection.getresponse().read()
        _set(counts, 1, number)


def _record_events(recorder: Recorder, port: int, counts: mmap.mmap) -> None:
    begun = ended = 0

    def tap(event: object) -> None:
        nonlocal begun, ended
        begun += 1
        _set(counts, 0, begun)
        recorder(event)
        ended += 1
        _set(counts, 1, ended)

    connection = HTTPConnection("127.0.0.1", port, tap=tap)
    while True:
        for target in ("/small", "/large"):
            connection.request("GET", target)
            connection.getresponse().read()


def main(what: str, directory: str, port: str, count: str, seed: str) -> None:
    """Start them one after the other, and kill each."""
    moments = random.Random(int(seed))
    counts = mmap.mmap(-1, 2 * _SIZE)
    for number in range(int(count)):
        counts[:] = bytes(2 * _SIZE)
        path = Path(directory) / f"{number}.jsonl"
        child = os.fork()
        if child == 0:
            record(what, path, int(port), counts)
        begun = moments.choice(SHORTEST_LIVES[what])
        while _count(counts, 0) < begun:
            select.select([], [], [], 0.0001)
        select.select([], [], [], moments.uniform(0, LONGEST_LIFE_SECONDS))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        sys.stdout.write(json.dumps([path.name, _count(counts, 0), _count(counts, 1)]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
