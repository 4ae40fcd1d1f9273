"""A server of canned bytes, in a process of its own: it costs the client as little as a server can."""

import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

MIB = 1 << 20
_CHUNK = 16 * 1024
SMALL_CHUNKS = 10_000


def _head(*field_lines: str, fields: int) -> bytes:
    lines = [*field_lines]
    lines += [f"X-Field-{number}: value of field {number}" for number in range(fields - len(lines))]
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


def _fixed(content: bytes, fields: int) -> bytes:
    return _head("Content-Type: text/plain", f"Content-Length: {len(content)}", fields=fields) + content


def _chunked(size: int, count: int) -> bytes:
    chunk = b"%x\r\n" % size + bytes(size) + b"\r\n"
    return _head("Transfer-Encoding: chunked", fields=12) + chunk * count + b"0\r\n\r\n"


RESPONSES = {
    b"/13": _fixed(b"Hello, world\n", 12),
    b"/13-of-50-fields": _fixed(b"Hello, world\n", 50),
    b"/mib": _fixed(bytes(MIB), 12),
    b"/mib-chunked": _chunked(_CHUNK, MIB // _CHUNK),
    b"/chunks": _chunked(10, SMALL_CHUNKS),
}
"""What is answered, by request target."""


def _made_answer(target: bytes) -> list[bytes]:
    """Give the pieces of an answer that is made to measure: `/fields/100`, `/chunks/100`, `/bytes/100`."""
    kind, number = target.split(b"/")[1:]
    count = int(number)
    if kind == b"fields":
        return [_fixed(b"Hello, world\n", count)]
    if kind == b"chunks":
        return [_chunked(10, count)]
    whole, rest = divmod(count, MIB)
    return [_head(f"Content-Length: {count}", fields=12), *[bytes(MIB)] * whole, bytes(rest)]


def _serve(sock: socket.socket) -> None:
    # Most requests are small, came before, and come in one piece: they need not be understood again.
    answers: dict[bytes, bytes] = {}
    with suppress(OSError), sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while received := sock.recv(65536):
            answer = answers.get(received)
            if answer is None:
                whole, target = _read_request(sock, received)
                if target not in RESPONSES:
                    for piece in _made_answer(target):
                        sock.sendall(piece)
                    continue
                answer = RESPONSES[target]
                if whole:
                    answers[whole] = answer
            sock.sendall(answer)


def _read_request(sock: socket.socket, received: bytes) -> tuple[bytes, bytes]:
    """Read one request; give it, if it came in one piece, and its target."""
    while (end := received.find(b"\r\n\r\n") + 4) < 4:
        received += _receive(sock)
    head = received[:end]
    at = head.lower().find(b"content-length:")
    left = end - len(received)
    if at >= 0:
        left += int(head[at + 15 :].split(b"\r\n", 1)[0])
    kept = b"" if left > 0 else received
    while left > 0:
        # The kernel drops them without a copy (tcp(7)).
        left -= len(_receive(sock)) if left < MIB else sock.recv_into(_DROPPED, MIB, socket.MSG_TRUNC)
    return kept, head.split(b" ", 2)[1]


_DROPPED = bytearray(MIB)


def _receive(sock: socket.socket) -> bytes:
    data = sock.recv(MIB)
    if not data:
        raise ConnectionResetError("the client went away in the middle of a request")
    return data


def _accept(listener: socket.socket, context: ssl.SSLContext | None) -> None:
    while True:
        sock, _ = listener.accept()
        if context is not None:
            try:
                sock = context.wrap_socket(sock, server_side=True)
            except OSError:
                continue
        threading.Thread(target=_serve, args=(sock,), daemon=True).start()


def main(certificate: str) -> None:
    """Serve until standard input ends; print the two ports."""
    on_another_core()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    for of_listener in (None, context):
        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        print(listener.getsockname()[1], flush=True)
        threading.Thread(target=_accept, args=(listener, of_listener), daemon=True).start()
    sys.stdin.read()


def on_another_core(process: int = 0) -> None:
    """Leave the first core to the client, where there is more than one; 0 is this process."""
    if hasattr(os, "sched_setaffinity") and len(cores := sorted(os.sched_getaffinity(process))) > 1:
        os.sched_setaffinity(process, cores[1:])


class Address(NamedTuple):
    """Where a server listens."""

    port: int
    scratch: Path
    """A directory that what is recorded may be written to."""

    authority: str | None = None
    """File of the certificate authority that its certificate comes from; None for one without TLS."""

    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """Its address without a path."""
        scheme = "http" if self.authority is None else "https"
        return f"{scheme}://{self.host}:{self.port}"


@contextmanager
def canned_server(folder: Path) -> Iterator[tuple[Address, Address]]:
    """Run the server on another core, where there is one; give its addresses without and with TLS."""
    import trustme

    authority = trustme.CA()
    leaf = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    leaf.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    command = [sys.executable, "-m", "tests.benchmarks.canned", str(folder / "server.pem")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ports = [int(process.stdout.readline()) for _ in range(2)]
        try:
            yield Address(ports[0], folder), Address(ports[1], folder, str(folder / "authority.pem"))
        finally:
            process.stdin.close()
            process.wait(10)


if __name__ == "__main__":
    main(sys.argv[1])
