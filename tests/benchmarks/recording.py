"""What a long recording costs on disk: `python -m tests.benchmarks.recording`.

The claims: a recording of 1 GB is written with memory flat, at 300 MB/s at least, and opened in under a second.
Writing and opening are each done in a process of their own, whose resident memory is read from the kernel. The
events are told as the protocol would tell them, without a network: what is measured is the recording alone.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.wire import CHUNK, MB, RECEIVE
from tests.ui.conversation import Conversation
from workbench.session.recording import Recording
from workbench.session.storage.format import Header
from workbench.session.storage.loader import RecordingLoader
from workbench.session.storage.log import LiveLog
from workbench.session.storage.writer import RecordingWriter, bodies_path


def _head(talk: Conversation) -> None:
    talk.put_request("GET", "/")
    talk.put_field("Host", "127.0.0.1", automatic=True)
    talk.end_header_section()
    talk.send()


def one_body(talk: Conversation, size: int) -> None:
    """Content of a known length, received 64 KiB at a time."""
    _head(talk)
    talk.receive(b"HTTP/1.1 200 OK\r\n\r\n")
    talk.status_line(200, "OK")
    talk.header_section()
    piece = bytes(range(256)) * (RECEIVE // 256)
    for _ in range(size // RECEIVE):
        talk.receive(piece)
        talk.content(RECEIVE)


def many_chunks(talk: Conversation, size: int) -> None:
    """Chunks of 8 KiB, seven of them in each receive."""
    _head(talk)
    talk.receive(b"HTTP/1.1 200 OK\r\n\r\n")
    talk.status_line(200, "OK")
    talk.header_section()
    piece = (b"2000\r\n" + bytes(CHUNK) + b"\r\n") * 7
    for _ in range(size // len(piece)):
        talk.receive(piece)
        for _ in range(7):
            talk.chunk_header(CHUNK)
            talk.content(CHUNK)
            talk.chunk_end()


def many_exchanges(talk: Conversation, size: int) -> None:
    """Small requests and responses, one behind the other: a million events in 1 GB."""
    for _ in range(size // 10_000):
        _head(talk)
        talk.receive(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(9_981))
        talk.status_line(200, "OK")
        talk.header_section()
        talk.content(9_981)


SHAPES: dict[str, Callable[[Conversation, int], None]] = {
    "body": one_body,
    "chunks": many_chunks,
    "exchanges": many_exchanges,
}


def resident_mb() -> float:
    """Read how much memory this process has in RAM, in MB."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * 4096 / MB


def write(path: Path, shape: str, size: int) -> dict[str, float]:
    """Write a recording."""
    recording = Recording(LiveLog(lambda: RecordingWriter(path, Header.now(shape))))
    talk = Conversation(recording=recording)
    before = resident_mb()
    begin = time.perf_counter()
    SHAPES[shape](talk, size)
    seconds = time.perf_counter() - begin
    return {
        "events": len(recording.entries),
        "mb_per_second": size / MB / seconds,
        "us_per_event": seconds / len(recording.entries) * 1e6,
        "memory_mb": resident_mb() - before,
    }


def read(path: Path) -> dict[str, float]:
    """Open a recording, and look at its end."""
    before = resident_mb()
    begin = time.perf_counter()
    loader = RecordingLoader(path)
    loader.step()
    connection = loader.recording.at().connections[0]
    connection.bytes("received", max(0, connection.received_length - 5000))
    first = time.perf_counter() - begin
    recording = loader.load()
    seconds = time.perf_counter() - begin
    connection = recording.at().connections[0]
    assert len(connection.bytes("received", connection.received_length - 5000)) == 5000
    assert connection.exchanges[-1].response is not None
    assert loader.damage is None
    return {"first_seconds": first, "seconds": seconds, "memory_mb": resident_mb() - before}


def _child(*words: object) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.recording", *map(str, words)]
    found: dict[str, float] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return found


def main() -> None:
    """Measure each shape."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.recording", description=__doc__)
    parser.add_argument("--size", type=int, default=1000, help="megabytes of the recording (1000)")
    parser.add_argument("--write", nargs=2, metavar=("FILE", "SHAPE"), help="write one, and keep it")
    parser.add_argument("--read", type=Path, metavar="FILE", help="open one")
    options = parser.parse_args()
    if options.write:
        print(json.dumps(write(Path(options.write[0]), options.write[1], options.size * MB)))
        return
    if options.read:
        print(json.dumps(read(options.read)))
        return
    for shape in SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "long.jsonl"
            written = _child("--write", path, shape, "--size", options.size)
            files = [file.stat().st_size / MB for file in (path, bodies_path(path)) if file.exists()]
            opened = _child("--read", path)
            again = _child("--read", path)
            print(
                f"{shape:10} {written['events']:9.0f} events, {' + '.join(f'{size:.0f}' for size in files)} MB"
                f"   written at {written['mb_per_second']:.0f} MB/s, {written['us_per_event']:.1f} µs an event,"
                f" in {written['memory_mb']:.0f} MB of memory"
                f"   opened without an index: something to see in {opened['first_seconds']:.2f} s, all in"
                f" {opened['seconds']:.2f} s, in {opened['memory_mb']:.0f} MB;"
                f" with one in {again['seconds']:.2f} s, in {again['memory_mb']:.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
