"""Every event of `protocol.tap` is told by something that really happens."""

import gzip
import io
import ssl
from collections.abc import Callable
from typing import Any

import pytest

from tests.ports import closed_port
from tests.protocol.conftest import Authority, Serve
from tests.protocol.peer import OK, Peer, answers, answers_and_closes
from tests.protocol.watching import KINDS, Watch
from workbench.protocol import HTTPConnection, HTTPSConnection, ResponseNotReady, create_tls_context
from workbench.protocol import tap as events

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nok\r\n0\r\nX: y\r\n\r\n"
CODED = gzip.compress(b"ok", mtime=0)
GZIPPED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (
    len(CODED),
    CODED,
)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def exchange(connection: Any) -> None:
    try:
        connection.request("POST", "/", b"body")
        connection.getresponse().read()
    except OSError:
        pass


def plain(*responses: bytes) -> Callable[..., None]:
    """As many exchanges as there are responses."""

    def happen(serve: Serve, watch: Watch, **_: Any) -> None:
        def play(peer: Peer) -> None:
            for response in responses:
                peer.take_head()
                peer.take(4)
                peer.send(response)
            peer.take_all()

        connection = serve(play).connection(tap=watch)
        for _ in responses:
            exchange(connection)
        connection.close()

    return happen


def cut(serve: Serve, watch: Watch, **_: Any) -> None:
    connection = serve(answers_and_closes(b"")).connection(tap=watch)
    connection.request("GET", "/")
    with pytest.raises(ConnectionError):
        connection.getresponse()


def reset(serve: Serve, watch: Watch, **_: Any) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.reset()

    connection = serve(play).connection(tap=watch)
    connection.request("GET", "/")
    with pytest.raises(ConnectionError):
        connection.getresponse()


def refused(serve: Serve, watch: Watch, **_: Any) -> None:
    with closed_port() as port, pytest.raises(ConnectionRefusedError):
        HTTPConnection("127.0.0.1", port, tap=watch).connect()


def raising(serve: Serve, watch: Watch, **_: Any) -> None:
    with pytest.raises(ResponseNotReady):
        HTTPConnection("example.test", tap=watch).getresponse()


def tunnel(answer: bytes) -> Callable[..., None]:
    def happen(serve: Serve, watch: Watch, **_: Any) -> None:
        connection = serve(answers(answer, OK)).connection(tap=watch)
        connection.set_tunnel("example.test", 80)
        try:
            connection.connect()
        except OSError as error:
            error.response.close()

    return happen


def tls(serve: Serve, watch: Watch, authority: Authority) -> None:
    server = serve(answers(OK), context=authority.server_context())
    server.secure_connection(tap=watch, context=create_tls_context(str(authority.cafile))).connect()


def tls_untrusted(serve: Serve, watch: Watch, authority: Authority) -> None:
    server = serve(answers(OK), context=authority.server_context())
    connection = server.connection(HTTPSConnection, "localhost", tap=watch)
    with pytest.raises(ssl.SSLError):
        connection.connect()


def left(serve: Serve, watch: Watch, **_: Any) -> None:
    connection = serve(answers(OK)).connection(tap=watch)
    connection.request("GET", "/")
    connection.getresponse()
    connection.close()


def expecting(serve: Serve, watch: Watch, **_: Any) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(CONTINUE)
        peer.take(4)
        peer.send(OK)
        peer.take_all()

    connection = serve(play).connection(tap=watch, expect_timeout=5)
    connection.request("POST", "/", io.BytesIO(b"body"), {"Expect": "100-continue", "Content-Length": "4"})
    connection.getresponse().read()
    connection.close()


HAPPENINGS: dict[type[events.Event], Callable[..., None]] = {
    events.CallStarted: plain(OK),
    events.CallReturned: plain(OK),
    events.CallRaised: raising,
    events.StateChanged: plain(OK),
    events.HostLookupStarted: plain(OK),
    events.HostLookupFinished: plain(OK),
    events.ConnectStarted: plain(OK),
    events.Connected: plain(OK),
    events.ConnectFailed: refused,
    events.TlsStarted: tls,
    events.TlsEstablished: tls,
    events.TlsFailed: tls_untrusted,
    events.TunnelStarted: tunnel(b"HTTP/1.1 200 OK\r\n\r\n"),
    events.TunnelEstablished: tunnel(b"HTTP/1.1 200 OK\r\n\r\n"),
    events.TunnelRefused: tunnel(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"),
    events.ConnectionReused: plain(OK, OK),
    events.EndOfStreamReceived: cut,
    events.TransportFailed: reset,
    events.ConnectionClosed: plain(OK),
    events.BytesSent: plain(OK),
    events.BytesReceived: plain(OK),
    events.RequestLineBuffered: plain(OK),
    events.FieldLineBuffered: plain(OK),
    events.HeaderSectionBuffered: plain(OK),
    events.ContentBuffered: plain(OK),
    events.RequestCompleted: plain(OK),
    events.ContinueAwaited: expecting,
    events.ContinueResolved: expecting,
    events.StatusLineParsed: plain(OK),
    events.FieldLineParsed: plain(OK),
    events.BytesSkipped: plain(b"\r\n" + OK),
    events.HeaderSectionParsed: plain(OK),
    events.InterimResponseParsed: plain(CONTINUE + OK),
    events.FramingDecided: plain(OK),
    events.PersistenceDecided: plain(OK),
    events.ChunkHeaderParsed: plain(CHUNKED),
    events.ContentParsed: plain(OK),
    events.CodingDecoded: plain(GZIPPED),
    events.ChunkParsed: plain(CHUNKED),
    events.TrailerSectionParsed: plain(CHUNKED),
    events.MessageCompleted: plain(OK),
    events.ExcessReceived: plain(OK + b"more"),
    events.BytesLeft: left,
    events.DiagnosticFound: plain(b"\r\n" + OK),
}
"""What has to happen for each event to be told."""


def test_every_event_is_in_the_table() -> None:
    assert set(HAPPENINGS) == set(KINDS)


@pytest.mark.parametrize("kind", HAPPENINGS, ids=lambda kind: kind.__name__)
def test_event_is_told(serve: Serve, watch: Watch, authority: Authority, kind: type[events.Event]) -> None:
    HAPPENINGS[kind](serve=serve, watch=watch, authority=authority)

    assert watch.of(kind)


@pytest.mark.parametrize("kind", HAPPENINGS, ids=lambda kind: kind.__name__)
def test_event_says_what_it_is_about(kind: type[events.Event]) -> None:
    assert kind.__doc__
    assert set(events.Event.__slots__) == {"seq", "time_ns", "connection", "exchange"}


def test_request_that_was_not_sent_whole_is_told(serve: Serve, watch: Watch) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        peer.close()

    connection = serve(play).connection(tap=watch)
    connection.request("POST", "/", (bytes(100_000) for _ in range(10_000)))
    connection.getresponse().read()

    assert [event.complete for event in watch.of(events.RequestCompleted)] == [False]
    connection.close()
    watch.check()
