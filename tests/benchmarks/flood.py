"""A server of much: many chunks, or many bytes at a given speed, in a process of its own.

`GET /chunks/N` gives N chunks of ten bytes, `GET /bytes/N/SPEED` N bytes at so many a second (0: as fast as
they are taken), and everything else thirteen bytes. Connections are kept.
"""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 1 << 16
_LINE = b"The quick brown fox jumps over the lazy dog, again and again.\n"
_CHUNK = b"a\r\n0123456789\r\n"


def _head(*field_lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *field_lines, "", ""]).encode()


def _chunks(count: int) -> Iterator[bytes]:
    yield _head("Transfer-Encoding: chunked")
    batch = PIECE // len(_CHUNK)
    for _ in range(count // batch):
        yield _CHUNK * batch
    yield _CHUNK * (count % batch) + b"0\r\n\r\n"


def _bytes(length: int, speed: int) -> Iterator[bytes]:
    yield _head("Content-Type: text/plain", f"Content-Length: {length}")
    piece = (_LINE * (PIECE // len(_LINE) + 1))[:PIECE]
    never = threading.Event()
    began = time.monotonic()
    given = 0
    while given < length:
        if speed:
            never.wait(max(0.0, began + given / speed - time.monotonic()))
        yield piece[: length - given]
        given += PIECE


def _answer(target: str) -> Iterator[bytes]:
    match target.split("/")[1:]:
        case ["chunks", count]:
            yield from _chunks(int(count))
        case ["bytes", length, speed]:
            yield from _bytes(int(length), int(speed))
        case _:
            yield _head("Content-Length: 13") + b"Hello, world\n"


def _serve(sock: socket.socket) -> None:
    with suppress(OSError), sock:
        received = b""
        while True:
            while (end := received.find(b"\r\n\r\n")) < 0:
                data = sock.recv(PIECE)
                if not data:
                    return
                received += data
            head, received = received[:end], received[end + 4 :]
            for piece in _answer(head.split(b" ", 2)[1].decode()):
                sock.sendall(piece)


def main() -> None:
    """Serve until standard input ends; print the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)

    def accept() -> None:
        while True:
            threading.Thread(target=_serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()


@contextmanager
def flood_server() -> Iterator[int]:
    """Run the server; give its port on 127.0.0.1."""
    command = [sys.executable, "-m", "tests.benchmarks.flood"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()
            process.wait(10)


if __name__ == "__main__":
    main()
