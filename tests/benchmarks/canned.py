"""A server of canned bytes, in a process of its own: it costs the client as little as a server can."""

import os
import select
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, repeat
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


class _InFile:
    """A large answer, which the kernel sends out of a file.

    To copy it first takes a server longer than a client needs to read it, and what is measured would be that.
    """

    def __init__(self, answer: bytes) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it is open for as long as the server runs
        self._file.write(answer)
        self._file.flush()
        self._length = len(answer)

    def send(self, sock: socket.socket) -> None:
        sent = 0
        while sent < self._length:
            sent += os.sendfile(sock.fileno(), self._file.fileno(), sent, self._length - sent)


class _Answers:
    """What is answered on connections with TLS, or on those without."""

    def __init__(self, with_tls: bool) -> None:
        self.by_target: dict[bytes, Iterator[bytes | _InFile]] = {}
        for target, answer in RESPONSES.items():
            # What TLS has to code, the kernel cannot send by itself.
            in_file = len(answer) >= MIB and not with_tls
            self.by_target[target] = repeat(_InFile(answer) if in_file else answer)
        # Each differs from the one before in the same few bytes, as with a date or a number of the exchange.
        several = [RESPONSES[b"/13"].replace(b"field 2", b"%07d" % number) for number in range(100)]
        self.by_target[b"/13-new-heads"] = cycle(several)
        self.by_request: dict[bytes, Iterator[bytes | _InFile]] = {}
        """Those that were sent before, by whole requests."""


class _Conversation:
    """One connection, on which requests are answered."""

    def __init__(self, sock: socket.socket, answers: _Answers) -> None:
        self.sock = sock
        self._answers = answers
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def go_on(self, awake_seconds: float) -> bool:
        """Answer the request that has come, and those that follow it closely; False at the end of the connection."""
        sock, known, poll = self.sock, self._answers.by_request, self._poll.poll
        while received := sock.recv(65536):
            # Most requests are small, came before, and come in one piece: they need not be understood again.
            answers = known.get(received)
            answer = self._understand(received) if answers is None else next(answers)
            if isinstance(answer, bytes):
                sock.sendall(answer)
            else:
                answer.send(sock)
            until = time.perf_counter() + awake_seconds
            while not poll(0):
                if time.perf_counter() > until:
                    return True
        return False

    def _understand(self, received: bytes) -> bytes | _InFile:
        """Read the rest of a request; give the answer, or what is left of one that is made to measure."""
        whole, target = _read_request(self.sock, received)
        if target in self._answers.by_target:
            answers = self._answers.by_target[target]
            if whole:
                self._answers.by_request[whole] = answers
            return next(answers)
        *pieces, last = _made_answer(target)
        for piece in pieces:
            self.sock.sendall(piece)
        return last


class _Server:
    """Answers everybody in one thread, which no other has to give the interpreter to.

    It looks for requests without a pause for a while before it waits for them: a process that sleeps on another
    core is woken later than it answers, and what is measured would be that. One that never slept would take the
    core from everybody else.
    """

    def __init__(self, stays_awake: bool, congestion: str) -> None:
        self._congestion = congestion
        self._poll = select.poll()
        self._awake_seconds = 0.001 if stays_awake else 0.0
        self._listeners: dict[int, tuple[socket.socket, ssl.SSLContext | None]] = {}
        self._conversations: dict[int, _Conversation] = {}
        self._answers, self._answers_with_tls = _Answers(with_tls=False), _Answers(with_tls=True)

    def listen(self, context: ssl.SSLContext | None) -> int:
        """Open a port for connections, with TLS where there is a context; give its number."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        if self._congestion:
            # What is accepted inherits it (tcp(7)).
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, self._congestion.encode())
        self._listeners[listener.fileno()] = listener, context
        self._poll.register(listener, select.POLLIN)
        port: int = listener.getsockname()[1]
        return port

    def serve(self, end: int) -> None:
        """Answer until the file of this number ends."""
        self._poll.register(end, select.POLLIN)
        while True:
            for number, _ in self._wait():
                if number == end:
                    return
                if number in self._listeners:
                    self._accept(*self._listeners[number])
                else:
                    self._go_on(number)

    def _wait(self) -> list[tuple[int, int]]:
        poll = self._poll.poll
        if not self._awake_seconds:
            return poll()
        until = time.perf_counter() + self._awake_seconds
        while not (ready := poll(0)):
            if time.perf_counter() > until:
                return poll()
        return ready

    def _accept(self, listener: socket.socket, context: ssl.SSLContext | None) -> None:
        sock, _ = listener.accept()
        answers = self._answers if context is None else self._answers_with_tls
        if context is not None:
            try:
                sock = context.wrap_socket(sock, server_side=True)
            except OSError:
                return
        self._conversations[sock.fileno()] = _Conversation(sock, answers)
        self._poll.register(sock, select.POLLIN)

    def _go_on(self, number: int) -> None:
        conversation = self._conversations[number]
        try:
            goes_on = conversation.go_on(self._awake_seconds)
        except OSError:
            goes_on = False
        if not goes_on:
            self._poll.unregister(number)
            self._conversations.pop(number).sock.close()


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


def main(certificate: str, congestion: str) -> None:
    """Serve until standard input ends; print the two ports."""
    server = _Server(stays_awake=on_another_core(), congestion=congestion)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    for of_listener in (None, context):
        print(server.listen(of_listener), flush=True)
    server.serve(sys.stdin.fileno())


def on_another_core(process: int = 0) -> bool:
    """Leave the first core to the client, where there is more than one; 0 is this process."""
    if not hasattr(os, "sched_setaffinity") or len(cores := sorted(os.sched_getaffinity(process))) < 2:
        return False
    os.sched_setaffinity(process, cores[1:])
    return True


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
def canned_server(folder: Path, congestion: str = "") -> Iterator[tuple[Address, Address]]:
    """Run the server on another core, where there is one; give its addresses without and with TLS.

    Args:
        folder: For its certificates.
        congestion: The algorithm by which its TCP controls congestion; that of the system without it.
    """
    import trustme

    authority = trustme.CA()
    leaf = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    leaf.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    command = [sys.executable, "-m", "tests.benchmarks.canned", str(folder / "server.pem"), congestion]
    # Ctrl+c is for who measures, who then ends the server.
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ports = [int(process.stdout.readline()) for _ in range(2)]
        try:
            yield Address(ports[0], folder), Address(ports[1], folder, str(folder / "authority.pem"))
        finally:
            process.stdin.close()
            process.wait(10)


if __name__ == "__main__":
    main(*sys.argv[1:])
