"""HTTPSConnection, with real certificates and real handshakes."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.protocol.conftest import Authority, Serve
from tests.protocol.peer import OK, Peer, answers, answers_and_closes
from tests.protocol.rows import row
from tests.protocol.watching import Watch
from workbench.protocol import HTTPConnection, HTTPSConnection, IncompleteRead, create_tls_context
from workbench.protocol import tap as events
from workbench.protocol.policy import STRICT, Policy
from workbench.protocol.wire.state import State

UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\n\r\nall of it?"


@pytest.fixture
def context(authority: Authority) -> ssl.SSLContext:
    """What a script gets that trusts the authority of the tests."""
    return create_tls_context(str(authority.cafile))


def test_nothing_is_sent_in_the_clear_after_a_name_that_tls_refuses(watch: Watch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = HTTPSConnection("a..b", 1, tap=watch)
        connection._create_connection = lambda *_: socket.create_connection(listener.getsockname())

        for _ in range(2):
            with pytest.raises(UnicodeError, match="label"):
                connection.request("GET", "/secret")

            assert connection.sock is None
            with listener.accept()[0] as accepted:
                assert accepted.recv(100) == b""
    assert watch.of(events.BytesSent) == []


def test_verified_exchange(
    serve: Serve, watch: Watch, context: ssl.SSLContext, server_context: ssl.SSLContext
) -> None:
    server = serve(answers(OK, OK), context=server_context)
    connection = server.secure_connection(context=context, tap=watch)
    for _ in range(2):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"
    connection.close()

    established = watch.one(events.TlsEstablished)
    assert established.tls_version.startswith("TLSv1.")
    assert established.cipher
    assert established.verified
    assert established.certificate[:1] == b"\x30"
    assert established.issuer
    assert established.not_after.endswith("GMT")
    assert watch.one(events.TlsStarted).server_name == "localhost"
    assert watch.codes() == []
    watch.check()


def test_context_offers_http_1_1_and_checks_everything(context: ssl.SSLContext) -> None:
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.post_handshake_auth


def test_negotiated_protocol_is_told(
    serve: Serve, watch: Watch, authority: Authority, context: ssl.SSLContext
) -> None:
    server_context = authority.server_context()
    server_context.set_alpn_protocols(["h2", "http/1.1"])
    connection = serve(answers(OK), context=server_context).secure_connection(context=context, tap=watch)

    connection.connect()

    assert watch.one(events.TlsEstablished).alpn_protocol == "http/1.1"


def other_authority() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    return context


def expired(authority: Authority) -> ssl.SSLContext:
    now = datetime.now(UTC)
    return authority.server_context(
        "localhost", not_before=now - timedelta(days=9), not_after=now - timedelta(days=1)
    )


@pytest.mark.parametrize(
    ("make_context", "verify_code"),
    [
        pytest.param(lambda authority: authority.server_context("other.test"), 62, id="another host"),
        pytest.param(expired, 10, id="expired"),
        pytest.param(lambda authority: other_authority(), 20, id="unknown authority"),
    ],
)
def test_certificate_that_does_not_verify_is_refused(
    serve: Serve,
    watch: Watch,
    authority: Authority,
    context: ssl.SSLContext,
    make_context: Any,
    verify_code: int,
) -> None:
    connection = serve(answers(OK), context=make_context(authority)).secure_connection(
        context=context, tap=watch
    )

    with pytest.raises(ssl.SSLCertVerificationError) as caught:
        connection.request("GET", "/")

    assert caught.value.verify_code == verify_code
    assert connection.sock is None
    assert connection.state is State.IDLE
    assert "certificate verify failed" in watch.one(events.TlsFailed).error
    assert watch.of(events.BytesSent) == []
    connection.close()
    watch.check()


def test_server_is_checked_without_a_context(serve: Serve, server_context: ssl.SSLContext) -> None:
    """The documentation of 3.1 says that it is not (CVE-2014-9365)."""
    connection = serve(answers(OK), context=server_context).secure_connection()

    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/")


@pytest.mark.parametrize("check_hostname", [False, True])
def test_context_that_checks_nothing_is_a_diagnostic(
    serve: Serve, watch: Watch, authority: Authority, check_hostname: bool
) -> None:
    unverified = ssl.create_default_context(cafile=str(authority.cafile))
    unverified.check_hostname = False
    if not check_hostname:
        unverified.verify_mode = ssl.CERT_NONE
    server = serve(answers(OK), context=authority.server_context("other.test"))
    connection = server.secure_connection(context=unverified, tap=watch)

    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert watch.codes() == ["TLS_UNVERIFIED"]
    assert not watch.one(events.TlsEstablished).verified
    connection.close()
    watch.check()


def test_client_shows_its_certificate(serve: Serve, authority: Authority, tmp_path: Path) -> None:
    cert_file, key_file = tmp_path / "cert.pem", tmp_path / "key.pem"
    leaf = authority.ca.issue_cert("client@example.test")
    leaf.cert_chain_pems[0].write_to_path(str(cert_file))
    leaf.private_key_pem.write_to_path(str(key_file))
    server_context = authority.server_context()
    server_context.verify_mode = ssl.CERT_REQUIRED
    server_context.load_verify_locations(str(authority.cafile))
    seen: list[dict[str, Any]] = []

    def play(peer: Peer) -> None:
        seen.append(peer.sock.getpeercert())
        peer.answer(OK)

    connection = serve(play, context=server_context).secure_connection(
        key_file=str(key_file), cert_file=str(cert_file), context=create_tls_context(str(authority.cafile))
    )
    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert seen[0]["subjectAltName"] == (("email", "client@example.test"),)
    assert (connection.key_file, connection.cert_file) == (str(key_file), str(cert_file))


def test_certificate_file_may_hold_the_key_too(authority: Authority, tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    authority.ca.issue_cert("client@example.test").private_key_and_cert_chain_pem.write_to_path(str(both))

    connection = HTTPSConnection("localhost", cert_file=str(both))

    assert connection.key_file is None


def closes_in_order(response: bytes) -> Any:
    """A play that sends the closure alert."""

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(response)
        peer.sock = peer.sock.unwrap()

    return play


def test_content_until_close_that_ends_in_order_is_complete(
    serve: Serve, watch: Watch, context: ssl.SSLContext, server_context: ssl.SSLContext
) -> None:
    connection = serve(closes_in_order(UNTIL_CLOSE), context=server_context).secure_connection(
        context=context, tap=watch
    )
    connection.request("GET", "/")
    response = connection.getresponse()

    assert response.read() == b"all of it?"
    assert response.complete
    assert watch.codes() == []
    assert not watch.one(events.EndOfStreamReceived).tls_truncated
    watch.check()


@row("Q4")
def test_content_until_close_without_closure_alert_may_be_truncated(
    serve: Serve, watch: Watch, context: ssl.SSLContext, server_context: ssl.SSLContext, policy: Policy
) -> None:
    """Somebody else may have cut the stream."""
    connection = serve(answers_and_closes(UNTIL_CLOSE), context=server_context).secure_connection(
        context=context, tap=watch, policy=policy
    )
    connection.request("GET", "/")
    response = connection.getresponse()

    if policy is STRICT:
        with pytest.raises(IncompleteRead) as caught:
            response.read()
        assert caught.value.partial == b"all of it?"
    else:
        assert response.read() == b"all of it?"

    assert "TLS_TRUNCATION" in watch.codes()
    assert watch.one(events.EndOfStreamReceived).tls_truncated
    assert response.isclosed()
    watch.check()


def test_content_with_a_length_needs_no_closure_alert(
    serve: Serve, watch: Watch, context: ssl.SSLContext, server_context: ssl.SSLContext
) -> None:
    connection = serve(answers_and_closes(OK), context=server_context).secure_connection(
        context=context, tap=watch
    )
    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert watch.codes() == []


def test_body_is_sent_over_tls(
    serve: Serve, watch: Watch, context: ssl.SSLContext, server_context: ssl.SSLContext
) -> None:
    body = bytes(range(256)) * 2000
    received: list[bytes] = []

    def play(peer: Peer) -> None:
        peer.take_head()
        received.append(peer.take(len(body)))
        peer.send(OK)
        peer.take_all()

    connection = serve(play, context=server_context).secure_connection(context=context, tap=watch)
    connection.request("POST", "/", body)

    assert connection.getresponse().read() == b"ok"
    assert received == [body]
    connection.close()
    watch.check()


def test_plain_server_is_no_tls_server(serve: Serve, watch: Watch, context: ssl.SSLContext) -> None:
    def play(peer: Peer) -> None:
        peer.take(1)
        peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    connection = serve(play).secure_connection(context=context, tap=watch)

    with pytest.raises(ssl.SSLError):
        connection.connect()

    assert connection.sock is None
    watch.check()


def test_idle_tls_connection_is_probed_without_waiting(
    serve: Serve, watch: Watch, context: ssl.SSLContext, server_context: ssl.SSLContext
) -> None:
    """A session ticket may be there to be received, which is no content."""
    connection = serve(answers(OK, OK), context=server_context).secure_connection(context=context, tap=watch)
    connection.connect()
    connection.request("GET", "/")
    connection.getresponse().read()

    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert len(watch.of(events.ConnectionReused)) == 1


def test_tls_connection_is_a_connection() -> None:
    assert issubclass(HTTPSConnection, HTTPConnection)
