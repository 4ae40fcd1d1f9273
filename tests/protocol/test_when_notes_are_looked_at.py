"""A tap that takes notes looks at them before each wait, and when a call ends."""

import io
import select
import socket
import ssl
import threading
from contextlib import suppress

import pytest

from tests.protocol.conftest import Authority, Serve
from tests.protocol.peer import OK, TIMEOUT_SECONDS, Peer, answers
from tests.protocol.test_tap_of_notes import Keeps, Notes
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection, create_tls_context
from workbench.protocol import tap as events
from workbench.protocol.notes import NotingTap


class Waits(Notes):
    """Its peer answers when it has looked at what was noted before the wait for the answer."""

    def __init__(self) -> None:
        super().__init__()
        self._waits = threading.Event()

    def take(self) -> None:
        super().take()
        if self.last[-1] is events.CallStarted:
            self._waits.set()

    def play(self, peer: Peer) -> None:
        peer.take_head()
        assert self._waits.wait(TIMEOUT_SECONDS)
        peer.send(OK)


def test_notes_are_looked_at_before_every_wait_and_when_a_call_ends(serve: Serve) -> None:
    notes = Waits()
    connection = serve(notes.play).connection(tap=notes)

    connection.request("GET", "/")
    of_request, notes.last = notes.last, []
    response = connection.getresponse()
    of_head, notes.last = notes.last, []
    response.read()

    assert of_request == [
        events.HostLookupStarted,
        events.HostLookupFinished,
        events.ConnectStarted,
        events.Connected,
        events.CallReturned,
        events.CallReturned,
    ]
    assert of_head == [events.CallStarted, events.CallReturned]
    assert notes.last == [events.CallReturned]
    assert notes.noted == []


def test_notes_are_not_looked_at_before_an_answer_that_is_there(serve: Serve) -> None:
    answered = threading.Event()

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(OK)
        answered.set()

    notes = Notes()
    connection = serve(play).connection(tap=notes)

    connection.request("GET", "/")
    assert answered.wait(TIMEOUT_SECONDS)
    notes.last = []
    connection.getresponse()

    assert notes.last == [events.CallReturned]


def test_notes_are_looked_at_before_the_wait_behind_a_session_ticket(
    serve: Serve, authority: Authority, server_context: ssl.SSLContext
) -> None:
    """TLS 1.3 sends tickets behind the handshake: something is there to receive, and no answer."""
    notes = Waits()
    context = create_tls_context(str(authority.cafile))
    server = serve(notes.play, context=server_context)
    connection = server.secure_connection(context=context, tap=notes, timeout=2 * TIMEOUT_SECONDS)

    connection.request("GET", "/")
    select.select([connection.sock], [], [], TIMEOUT_SECONDS)

    assert connection.getresponse().read() == b"ok"


def test_tap_that_never_looks_is_not_called(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def take(_: NotingTap) -> None:
        looks.append("a look")

    looks: list[str] = []
    monkeypatch.setattr(NotingTap, "take", take)
    keeps, looks_once = Keeps(), Keeps()
    looks_once.take = lambda: looks.append("its own")  # type: ignore[method-assign]
    server = serve(answers(OK), answers(OK))

    for tap in (keeps, looks_once):
        connection = server.connection(tap=tap)
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"
        connection.close()

    assert [note[0] for note in keeps.noted][-1] == "CallReturned"
    assert set(looks) == {"its own"}


def test_notes_are_looked_at_after_a_request_that_the_kernel_takes_at_once() -> None:
    notes = Notes()
    connection = HTTPConnection("example.test", tap=notes)
    connection.sock, peer = socket.socketpair()

    with peer:
        connection.request("GET", "/")
        connection.close()

    assert notes.last[0] is events.CallReturned
    assert notes.of(events.BytesSent)


@pytest.mark.parametrize("full", [False, True], ids=["half of it", "none of it"])
def test_notes_are_looked_at_before_what_the_kernel_does_not_take_at_once(full: bool) -> None:
    waits = threading.Event()

    class Hears(Notes):
        def take(self) -> None:
            super().take()
            if self.last[-1] is not events.CallReturned:
                waits.set()

    notes = Hears()
    connection = HTTPConnection("example.test", tap=notes)
    connection.sock, peer = socket.socketpair()
    head = b"GET / HTTP/1.1\r\nHost: a\r\nA: "
    if full:
        # Of another program's, which has the same socket.
        with suppress(BlockingIOError):
            while True:
                connection.sock.send(bytes(1 << 16), socket.MSG_DONTWAIT)
    length = 1 << 22
    received: list[bytes] = []

    def read() -> None:
        assert waits.wait(TIMEOUT_SECONDS)
        received.extend(iter(lambda: peer.recv(1 << 20), b""))

    reader = threading.Thread(target=read)
    reader.start()
    with peer:
        connection.send(head + bytes(length).replace(b"\0", b"a") + b"\r\n\r\n")
        connection.close()
        reader.join(TIMEOUT_SECONDS)

    assert b"".join(received).endswith(b"a\r\n\r\n")
    assert sum(len(event.span) for event in notes.of(events.BytesSent)) == len(head) + length + 4
    notes.check()


def test_request_that_the_kernel_refuses_at_once_is_told_of(watch: Watch) -> None:
    connection = HTTPConnection("example.test", tap=watch)
    connection.sock, peer = socket.socketpair()
    peer.close()

    with pytest.raises(BrokenPipeError):
        connection.request("GET", "/")
    connection.close()

    assert watch.one(events.TransportFailed).operation == "send"


@pytest.mark.parametrize("kind", ["iterable", "file"])
def test_notes_are_looked_at_before_a_piece_of_a_body_is_waited_for(serve: Serve, kind: str) -> None:
    notes = Notes()
    connection = serve(answers(OK)).connection(tap=notes)
    unseen: list[int] = []

    class Body(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def read(self, _: int = -1) -> bytes:
            unseen.append(len(notes.noted))
            return b"piece" if len(unseen) < 3 else b""

    connection.request("POST", "/", Body() if kind == "file" else iter(Body().read, b""))

    assert unseen == [0, 0, 0]


def test_notes_are_looked_at_before_the_wait_for_100_goes_on(serve: Serve) -> None:
    heard = threading.Event()

    class Hears(Notes):
        def take(self) -> None:
            super().take()
            if self.of(events.BytesReceived):
                heard.set()

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        assert heard.wait(TIMEOUT_SECONDS)
        peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        peer.take(4)
        peer.send(OK)

    server = serve(play)
    connection = server.connection(tap=Hears())
    connection.expect_timeout = 2 * TIMEOUT_SECONDS

    connection.request("POST", "/", b"body", {"Expect": "100-continue"})

    assert connection.getresponse().read() == b"ok"
