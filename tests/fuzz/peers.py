"""The other ends of the connections: one that does everything wrong, and one that is as it should be.

Both listen on real loopback ports. Which bytes are sent, and when a connection is closed, reset or left
in silence, is decided beforehand; how the kernel joins the bytes is not, and need not be.
"""

import random
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

from tests.fuzz.corpus import choose_seed
from tests.fuzz.mutation import cut, mutate
from tests.protocol.peer import OK, Peer

TLS_HANDSHAKE = 0x16
"""The first byte of a TLS connection."""

SILENCE_SECONDS = 0.03
"""Longer than the time-outs of most clients here."""

Step = Callable[["FuzzPeer"], object]


class FuzzPeer(Peer):
    """The server's side of one connection, which speaks TLS when it is spoken to in TLS.

    Args:
        sock: Connected.
        context: For TLS; None answers it with plain bytes.
        over: Set when nobody needs to be waited for any more.
    """

    def __init__(self, sock: socket.socket, context: ssl.SSLContext | None, over: threading.Event) -> None:
        super().__init__(sock)
        self.over = over
        self._context = context

    def take_head(self) -> bytes:
        """Receive a request without its body, in a tunnel or not."""
        self.greet()
        return super().take_head()

    def greet(self) -> None:
        """Do the TLS handshake, where the client begins one."""
        if self._context is None or isinstance(self.sock, ssl.SSLSocket) or len(self.received) > self._taken:
            return
        first = self.sock.recv(1, socket.MSG_PEEK)
        if first and first[0] == TLS_HANDSHAKE:
            self.sock = self._context.wrap_socket(self.sock, server_side=True, suppress_ragged_eofs=False)


class Plan:
    """What one connection is going to see.

    Args:
        rng: Decides.
    """

    def __init__(self, rng: random.Random) -> None:
        self.speaks_tls = rng.random() < 0.8
        self._words: list[str] = []
        self._steps: list[Step] = []
        if rng.random() < 0.1:
            self._send(rng, broken=True)
        for _ in range(rng.choice((1, 1, 2, 3))):
            self._add("take a request", FuzzPeer.take_head)
            self._answer(rng)
        self._end(rng)

    def play(self, peer: FuzzPeer) -> None:
        """Do all steps; the client may go away before."""
        try:
            for step in self._steps:
                step(peer)
        except (OSError, EOFError):
            # Also what the client does is random.
            pass
        finally:
            peer.close()

    def describe(self) -> str:
        """Say what is done."""
        return "; ".join(self._words)

    def _add(self, words: str, step: Step) -> None:
        self._words.append(words)
        self._steps.append(step)

    def _answer(self, rng: random.Random) -> None:
        if rng.random() < 0.15:
            self._add("be silent", lambda peer: peer.over.wait(SILENCE_SECONDS))
        if rng.random() < 0.15:
            self._add("send 100", lambda peer: peer.send(b"HTTP/1.1 100 Continue\r\n\r\n"))
        self._send(rng, broken=rng.random() < 0.75)

    def _send(self, rng: random.Random, *, broken: bool) -> None:
        data = mutate(rng, choose_seed(rng, large=0.002).data) if broken else OK
        pieces = cut(rng, data)
        if len(pieces) > 40 or rng.random() < 0.5:
            pieces = [data]
        pause = rng.randrange(len(pieces)) if pieces and rng.random() < 0.2 else None
        shown = repr(pieces) if len(data) < 3000 else f"{len(data)} bytes"
        self._add(
            f"send {shown}" + ("" if pause is None else f", silent before piece {pause}"),
            lambda peer: _send_pieces(peer, pieces, pause),
        )

    def _end(self, rng: random.Random) -> None:
        words, step = rng.choice(_ENDS)
        self._add(words, step)


def _send_pieces(peer: FuzzPeer, pieces: list[bytes], pause: int | None) -> None:
    for number, piece in enumerate(pieces):
        if number == pause:
            peer.over.wait(SILENCE_SECONDS)
        peer.send(piece)


def _leave_tls_in_order(peer: FuzzPeer) -> None:
    if isinstance(peer.sock, ssl.SSLSocket):
        peer.sock = peer.sock.unwrap()


def _half_close(peer: FuzzPeer) -> None:
    peer.half_close()
    peer.take_all()


_ENDS: tuple[tuple[str, Step], ...] = (
    ("close", lambda peer: None),
    ("leave TLS and close", _leave_tls_in_order),
    ("reset", Peer.reset),
    ("half close", _half_close),
    ("wait for the client", Peer.take_all),
    ("be silent without receiving", lambda peer: peer.over.wait(2 * SILENCE_SECONDS)),
)


class FuzzServer:
    """Listens, and plays one plan for each connection, each in a thread of its own.

    Args:
        plans: Of the first connections; all further ones are closed at once.
        context: For TLS.
    """

    def __init__(self, plans: list[Plan], context: ssl.SSLContext) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._plans = iter(plans)
        self._context = context
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._peers: list[FuzzPeer] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def pair(self) -> socket.socket:
        """Give the client's end of a pair of sockets, whose other end plays the next plan."""
        ours, theirs = socket.socketpair()
        self._start(theirs)
        return ours

    def stop(self) -> None:
        """End all plays, wherever they are."""
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join()
        for peer in self._peers:
            with suppress(OSError):
                socket.socket.shutdown(peer.sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                self._start(self._listener.accept()[0])

    def _start(self, sock: socket.socket) -> None:
        with self._lock:
            plan = next(self._plans, None)
            if plan is None:
                sock.close()
                return
            # The client closes its end in any case; this is for the case that it does not.
            sock.settimeout(10)
            peer = FuzzPeer(sock, self._context if plan.speaks_tls else None, self._over)
            self._peers.append(peer)
            thread = threading.Thread(target=plan.play, args=(peer,), daemon=True)
            self._threads.append(thread)
            thread.start()


class GoodServer:
    """Answers every request with 200, through a tunnel and TLS if asked to."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._context = context
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _run(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                sock.settimeout(10)
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        peer = FuzzPeer(sock, self._context, threading.Event())
        with suppress(OSError, EOFError):
            while True:
                tunnel = peer.take_head().startswith(b"CONNECT ")
                peer.send(b"HTTP/1.1 200 OK\r\n\r\n" if tunnel else OK)
        peer.close()
