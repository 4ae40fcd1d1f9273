"""Tunnels of the drop-in, which show more of themselves and less of the answer."""

import socket
import ssl
import sys
from typing import Any

import pytest

from tests.protocol.conftest import Authority, Serve
from tests.protocol.peer import OK, Peer
from workbench.protocol import STRICT, HTTPException, TunnelError, dropin
from workbench.protocol.dropin import (
    HTTPConnection,
    HTTPSConnection,
    RemoteDisconnected,
)


@pytest.mark.parametrize(
    ("shown", "headers"),
    [
        pytest.param(True, {"A": "b", "Host": "[::1]:8080"}, id="since Python 3.12"),
        pytest.param(False, {"A": "b"}, id="up to Python 3.11"),
    ],
)
def test_host_of_the_tunnel_is_shown_where_this_python_shows_it(shown: bool, headers: dict[str, str]) -> None:
    connection = HTTPConnection("proxy.test")
    connection._shows_tunnel_host = shown
    connection.set_tunnel("::1", 8080, {"A": "b"})

    assert connection._tunnel_headers == headers
    assert HTTPConnection._shows_tunnel_host == (sys.version_info >= (3, 12))


def test_host_that_is_given_for_the_tunnel_stays() -> None:
    connection = HTTPConnection("proxy.test")
    connection.set_tunnel("example.test", 8080, {"host": "other.test"})

    assert connection._tunnel_headers == {"host": "other.test"}


def test_tunnel_is_asked_for_through_send_and_its_answer_kept(serve: Serve, authority: Authority) -> None:
    class Watching(HTTPConnection):
        def send(self, data: Any) -> None:
            seen.append(bytes(data))
            super().send(data)

    def tunnel(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n")
        peer.answer(OK)

    seen: list[bytes] = []
    server = serve(tunnel)
    connection = server.connection(Watching)
    connection.set_tunnel("example.test", 80)
    nothing_yet = connection.get_proxy_response_headers()
    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert nothing_yet is None
    # As in http.client: sending the request is what opens the connection.
    assert [data.split()[0] for data in seen] == [b"GET", b"CONNECT"]
    assert connection._raw_proxy_headers == [b"Via: 1.1 proxy\r\n", b"\r\n"]
    assert connection.get_proxy_response_headers()["via"] == "1.1 proxy"
    connection.close()


def test_refused_tunnel_closes_the_response_of_the_proxy(serve: Serve) -> None:
    server = serve(
        lambda peer: (peer.take_head(), peer.send(b"HTTP/1.1 403 No\r\nA: b\r\n\r\n"), peer.take_all())
    )
    connection = server.connection(HTTPConnection)
    connection.set_tunnel("example.test", 443)

    with pytest.raises(TunnelError, match="Tunnel connection failed: 403 No") as caught:
        connection.request("GET", "/")

    assert connection.sock is None
    assert caught.value.response.isclosed()
    assert connection.get_proxy_response_headers()["a"] == "b"


@pytest.mark.parametrize(("given", "most"), [(None, 2), (3, 3)], ids=["of the module", "of the connection"])
def test_limits_hold_for_the_answer_of_a_proxy(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, given: int | None, most: int
) -> None:
    monkeypatch.setattr(dropin, "_MAXHEADERS", 2)
    server = serve(
        lambda peer: (peer.take_head(), peer.send(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 4 + b"\r\n"))
    )
    connection = server.connection(HTTPConnection, max_response_headers=given)
    connection.set_tunnel("example.test", 443)

    with pytest.raises(HTTPException, match=f"got more than {most} headers; max_response_headers="):
        connection.connect()


def test_policy_that_a_program_gave_has_its_own_limits_for_the_answer_of_a_proxy(serve: Serve) -> None:
    many = b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 150 + b"\r\n"
    server = serve(lambda peer: (peer.take_head(), peer.send(many), peer.take_head(), peer.send(OK)))
    connection = server.connection(HTTPConnection)
    connection.policy = policy = STRICT.with_limits(fields=150)
    connection.set_tunnel("example.test", 80)

    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert connection.policy is policy


def test_limits_are_looked_up_again_for_each_tunnel(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 4 + b"\r\n")

    connection = serve(play, play).connection(HTTPConnection)
    connection.set_tunnel("example.test", 443)
    monkeypatch.setattr(dropin, "_MAXHEADERS", 3)
    with pytest.raises(HTTPException, match="got more than 3 headers"):
        connection.connect()
    connection.close()
    monkeypatch.undo()

    connection.connect()

    assert len(connection.get_proxy_response_headers()) == 4
    connection.close()


def test_proxy_that_does_not_answer_leaves_no_headers(serve: Serve) -> None:
    server = serve(lambda peer: peer.take_head())
    connection = server.connection(HTTPConnection)
    connection.set_tunnel("example.test", 443)

    with pytest.raises(RemoteDisconnected):
        connection.request("GET", "/")

    assert connection.get_proxy_response_headers() is None


@pytest.mark.parametrize(
    ("address", "wrapped"), [(b"::1", b"[::1]"), (b"[::1]", b"[::1]"), (b"a.test", b"a.test")]
)
def test_ipv6_address_gets_brackets_once(address: bytes, wrapped: bytes) -> None:
    assert HTTPConnection("proxy.test")._wrap_ipv6(address) == wrapped


def test_tls_connection_talks_to_the_server_it_trusts(serve: Serve, authority: Authority) -> None:
    server = serve(lambda peer: peer.answer(OK), context=authority.server_context())
    context = ssl.create_default_context(cafile=str(authority.cafile))
    connection = HTTPSConnection("localhost", server.port, timeout=10, context=context)
    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert isinstance(connection.sock, socket.socket)
    connection.close()
