"""Tunnels: CONNECT, what proxies answer, and what is done in the tunnel (RFC 9110 section 9.3.6)."""

import ssl
from typing import Any

import pytest

from tests.protocol.conftest import Authority, Serve
from tests.protocol.peer import OK, Peer, answers
from tests.protocol.rows import row
from tests.protocol.watching import Watch
from workbench.protocol import (
    BadStatusLine,
    HTTPConnection,
    HTTPException,
    HTTPSConnection,
    InvalidURL,
    TunnelError,
    create_tls_context,
)
from workbench.protocol import tap as events
from workbench.protocol.policy import Policy
from workbench.protocol.wire.state import State

ACCEPTED = b"HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r\n"


@row("R12", "R13")
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(ACCEPTED, id="200"),
        pytest.param(b"HTTP/1.0 200 OK\r\n\r\n", id="200 of HTTP/1.0"),
        pytest.param(b"HTTP/1.1 201 Created\r\n\r\n", id="201"),
        pytest.param(b"HTTP/1.1 299 Fine\r\nContent-Length: 5\r\n\r\n", id="299 with a Content-Length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", id="200 with a coding"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" + ACCEPTED, id="100 first"),
        pytest.param(b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + ACCEPTED, id="103 first"),
    ],
)
def test_any_2xx_opens_the_tunnel(serve: Serve, watch: Watch, policy: Policy, answer: bytes) -> None:
    heads: list[bytes] = []

    def play(peer: Peer) -> None:
        heads.append(peer.take_head())
        peer.send(answer)
        heads.append(peer.take_head())
        peer.send(OK)
        heads.append(peer.take_head())
        peer.send(OK)
        peer.take_all()

    connection = serve(play).connection(tap=watch, policy=policy)
    connection.set_tunnel("example.test", 81)
    for _ in range(2):
        connection.request("GET", "/x")
        assert connection.getresponse().read() == b"ok"
    connection.close()

    assert heads[0] == b"CONNECT example.test:81 HTTP/1.1\r\nHost: example.test:81\r\n\r\n"
    assert heads[1].startswith(b"GET /x HTTP/1.1\r\nHost: example.test:81\r\n")
    assert watch.one(events.TunnelStarted).authority == "example.test:81"
    assert watch.one(events.TunnelEstablished).status_code // 100 == 2
    watch.check()


def test_headers_of_the_proxy_are_kept(serve: Serve) -> None:
    connection = serve(answers(ACCEPTED, OK)).connection()
    connection.set_tunnel("example.test")
    assert connection.get_proxy_response_headers() is None

    connection.connect()

    assert connection.get_proxy_response_headers()["Via"] == "proxy"


@row("R11")
@pytest.mark.parametrize(
    ("host", "port", "authority"),
    [
        pytest.param("example.test", None, b"example.test:80", id="default port"),
        pytest.param("example.test:8080", None, b"example.test:8080", id="port in the host"),
        pytest.param("::1", 443, b"[::1]:443", id="IPv6"),
        pytest.param("[::1]:443", None, b"[::1]:443", id="IPv6 in brackets"),
        pytest.param("b\xfccher.test", 80, b"xn--bcher-kva.test:80", id="IDNA"),
    ],
)
def test_connect_names_the_server(
    serve: Serve, policy: Policy, host: str, port: int | None, authority: bytes
) -> None:
    heads: list[bytes] = []

    def play(peer: Peer) -> None:
        heads.append(peer.take_head())
        peer.send(ACCEPTED)
        peer.take_all()

    connection = serve(play).connection(policy=policy)
    connection.set_tunnel(host, port)

    connection.connect()

    assert heads == [b"CONNECT %b HTTP/1.1\r\nHost: %b\r\n\r\n" % (authority, authority)]


def test_headers_of_the_caller_go_to_the_proxy_alone(serve: Serve) -> None:
    heads: list[bytes] = []

    def play(peer: Peer) -> None:
        heads.append(peer.take_head())
        peer.send(ACCEPTED)
        heads.append(peer.take_head())
        peer.send(OK)
        peer.take_all()

    connection = serve(play).connection()
    connection.set_tunnel("example.test", 80, {"Proxy-Authorization": "Basic x", "host": "other.test"})
    connection.request("GET", "/")
    connection.getresponse().read()

    assert heads[0] == (
        b"CONNECT example.test:80 HTTP/1.1\r\nProxy-Authorization: Basic x\r\nhost: other.test\r\n\r\n"
    )
    assert b"Proxy-Authorization" not in heads[1]


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        pytest.param({"X\r\nInjected": "1"}, ValueError, id="name"),
        pytest.param({"X": "1\r\nInjected: 1"}, ValueError, id="value (CVE-2026-1502)"),
        pytest.param({"X": None}, TypeError, id="None"),
    ],
)
def test_header_that_cannot_be_sent_is_refused(headers: Any, error: type[Exception]) -> None:
    connection = HTTPConnection("proxy.test")

    with pytest.raises(error):
        connection.set_tunnel("example.test", 80, headers)


def test_host_that_would_inject_is_refused() -> None:
    connection = HTTPConnection("proxy.test")

    with pytest.raises(InvalidURL):
        connection.set_tunnel("example.test\r\nX-Injected: 1", 80)


@row("R14")
def test_refusal_can_be_read(serve: Serve, watch: Watch, policy: Policy) -> None:
    answer = b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 9\r\n\r\n"
    server = serve(answers(answer + b"no entry."), answers(ACCEPTED, OK))
    connection = server.connection(tap=watch, policy=policy)
    connection.set_tunnel("example.test", 443)

    with pytest.raises(TunnelError) as caught:
        connection.request("GET", "/")

    assert isinstance(caught.value, OSError)
    assert isinstance(caught.value, HTTPException)
    assert str(caught.value) == "Tunnel connection failed: 407 Proxy Authentication Required"
    response = caught.value.response
    assert (response.status, response.getheader("Proxy-Authenticate")) == (407, "Basic")
    assert response.read() == b"no entry."
    assert connection.get_proxy_response_headers()["Proxy-Authenticate"] == "Basic"
    assert connection.sock is None
    assert connection.state is State.IDLE
    refused = watch.one(events.TunnelRefused)
    assert (refused.status_code, refused.reason_phrase) == (407, "Proxy Authentication Required")
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    connection.close()
    watch.check()


def test_refusal_that_nobody_reads_is_closed(serve: Serve, watch: Watch) -> None:
    answer = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 9\r\n\r\nno entry."
    server = serve(answers(answer))
    connection = server.connection(tap=watch)
    connection.set_tunnel("example.test", 443)
    with pytest.raises(TunnelError) as caught:
        connection.connect()

    caught.value.response.close()

    server.wait()
    watch.check()


@pytest.mark.parametrize("answer", [b"garbage\r\n\r\n", b""])
def test_proxy_that_does_not_speak_http_is_an_error(serve: Serve, watch: Watch, answer: bytes) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(answer)

    connection = serve(play).connection(tap=watch)
    connection.set_tunnel("example.test", 443)

    with pytest.raises(BadStatusLine):
        connection.request("GET", "/")

    assert connection.sock is None
    assert connection.state is State.IDLE
    watch.check()


def test_close_reaches_the_proxy(serve: Serve, watch: Watch) -> None:
    """Nothing of the exchange with the proxy holds the socket open."""
    server = serve(answers(ACCEPTED, OK))
    connection = server.connection(tap=watch)
    connection.set_tunnel("example.test", 80)
    connection.request("GET", "/")
    connection.getresponse().read()

    connection.close()

    server.wait()
    assert len(watch.of(events.ConnectionClosed)) == 2
    watch.check()


def test_bytes_behind_the_answer_of_the_proxy_answer_no_request(serve: Serve, watch: Watch) -> None:
    """Nothing was asked when they came (RFC 9112 section 9.2). They are told, as never parsed."""
    evil = OK.replace(b"ok", b"no")
    connection = serve(answers(ACCEPTED + evil, OK)).connection(tap=watch)
    connection.set_tunnel("example.test", 80)
    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    connection.close()
    assert len(watch.one(events.BytesLeft).span) == len(evil)
    watch.check()


def test_tls_through_the_tunnel(
    serve: Serve, watch: Watch, authority: Authority, server_context: ssl.SSLContext
) -> None:
    heads: list[bytes] = []

    def play(peer: Peer) -> None:
        heads.append(peer.take_head())
        peer.send(ACCEPTED)
        peer.sock = server_context.wrap_socket(peer.sock, server_side=True)
        heads.append(peer.take_head())
        peer.send(OK)
        peer.take_all()

    server = serve(play)
    connection = server.connection(
        HTTPSConnection, context=create_tls_context(str(authority.cafile)), tap=watch
    )
    connection.set_tunnel("localhost")
    connection.request("GET", "/x")

    assert connection.getresponse().read() == b"ok"
    assert heads[0].startswith(b"CONNECT localhost:443 HTTP/1.1\r\n")
    assert heads[1].startswith(b"GET /x HTTP/1.1\r\nHost: localhost\r\n")
    assert watch.one(events.TlsStarted).server_name == "localhost"
    kinds = [type(event).__name__ for event in watch.events]
    assert kinds.index("TunnelEstablished") < kinds.index("TlsStarted") < kinds.index("TlsEstablished")
    connection.close()
    server.wait()
    watch.check()


def test_certificate_has_to_name_the_server_behind_the_proxy(
    serve: Serve, authority: Authority, server_context: ssl.SSLContext
) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(ACCEPTED)
        peer.sock = server_context.wrap_socket(peer.sock, server_side=True)

    connection = serve(play).connection(
        HTTPSConnection, "localhost", context=create_tls_context(str(authority.cafile))
    )
    connection.set_tunnel("example.test")

    with pytest.raises(ssl.SSLCertVerificationError):
        connection.connect()


def test_tunnel_is_opened_again_with_the_connection(serve: Serve) -> None:
    connection = serve(*[answers(ACCEPTED, OK)] * 2).connection()
    connection.set_tunnel("example.test", 80)

    for _ in range(2):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"
        connection.close()
