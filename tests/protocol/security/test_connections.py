"""Who is at the other end, and whether it has said all. Each test is named after a published case."""

import ssl

import pytest

from tests.protocol.conftest import Authority, Serve
from tests.protocol.peer import NO_CONTENT, OK, Peer, answers, answers_and_closes
from tests.protocol.watching import Watch
from workbench.protocol import DEFAULT, STRICT, IncompleteRead, UnsolicitedResponse
from workbench.protocol import tap as events
from workbench.protocol.policy import Policy
from workbench.protocol.redaction import credential_spans, redact
from workbench.protocol.wire.span import Span

EVIL = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"


def test_cve_2014_9365_certificate_of_nobody_is_refused(serve: Serve, server_context: ssl.SSLContext) -> None:
    connection = serve(answers(OK), context=server_context).secure_connection()

    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/")


def test_cve_2014_9365_certificate_for_another_name_is_refused(serve: Serve, authority: Authority) -> None:
    context = authority.server_context("other.test")
    trusting = ssl.create_default_context(cafile=str(authority.cafile))
    connection = serve(answers(OK), context=context).secure_connection(context=trusting)

    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/")


def test_cve_2014_9365_unverified_connection_is_asked_for_and_reported(
    serve: Serve, watch: Watch, server_context: ssl.SSLContext
) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = serve(answers(OK), context=server_context).secure_connection(context=context, tap=watch)
    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert watch.codes() == ["TLS_UNVERIFIED"]


def together(*pieces: bytes) -> object:
    """A play that sends more than was asked for, in one segment."""

    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(b"".join(pieces))
        peer.take_all()

    return play


def test_response_queue_poisoning_in_the_same_segment_answers_no_request(serve: Serve, watch: Watch) -> None:
    connection = serve(together(OK, EVIL), answers(OK)).connection(tap=watch)
    connection.request("GET", "/1")
    assert connection.getresponse().read() == b"ok"
    connection.request("GET", "/2")

    assert connection.getresponse().read() == b"ok"
    assert watch.codes() == ["EXCESS_DATA"]
    assert watch.one(events.ExcessReceived).span.end == len(OK + EVIL)


def test_response_queue_poisoning_behind_no_content_answers_no_request(serve: Serve, watch: Watch) -> None:
    connection = serve(together(NO_CONTENT, EVIL), answers(OK)).connection(tap=watch)
    connection.request("GET", "/1")
    connection.getresponse().read()
    connection.request("GET", "/2")

    assert connection.getresponse().read() == b"ok"
    assert "EXCESS_DATA" in watch.codes()


def test_response_queue_poisoning_raises_under_the_strict_policy(serve: Serve) -> None:
    connection = serve(together(OK, EVIL)).connection(policy=STRICT)
    connection.request("GET", "/1")
    connection.getresponse().read()

    with pytest.raises(UnsolicitedResponse):
        connection.request("GET", "/2")

    assert connection.sock is None


def test_response_queue_poisoning_with_103_is_not_possible(serve: Serve) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    other = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother"
    connection = serve(answers(hints + OK, other)).connection()

    contents = []
    for target in ("/1", "/2"):
        connection.request("GET", target)
        contents.append(connection.getresponse().read())

    assert contents == [b"ok", b"other"]


@pytest.mark.parametrize("policy", [pytest.param(STRICT, id="strict"), pytest.param(DEFAULT, id="default")])
def test_tls_truncation_is_no_end(
    serve: Serve, watch: Watch, authority: Authority, server_context: ssl.SSLContext, policy: Policy
) -> None:
    cut = answers_and_closes(b"HTTP/1.1 200 OK\r\n\r\nhalf")
    context = ssl.create_default_context(cafile=str(authority.cafile))
    connection = serve(cut, context=server_context).secure_connection(
        context=context, tap=watch, policy=policy
    )
    connection.request("GET", "/")
    response = connection.getresponse()

    if policy is STRICT:
        with pytest.raises(IncompleteRead):
            response.read()
    else:
        assert response.read() == b"half"
    assert "TLS_TRUNCATION" in watch.codes()
    watch.check()


def test_credential_exposure_userinfo_is_not_sent(serve: Serve, watch: Watch) -> None:
    server = serve(answers(OK))
    connection = server.connection(tap=watch)
    connection.request("GET", "http://user:secret@example.test/")
    connection.getresponse().read()

    head = bytes(server.peers[0].received)
    assert head.startswith(b"GET http://example.test/ HTTP/1.1\r\nHost: example.test\r\n")
    assert b"secret" not in head
    assert "secret" not in "".join(map(repr, watch.of(events.DiagnosticFound, events.RequestLineBuffered)))


def test_cve_2024_24791_final_response_instead_of_100_leaves_no_body_behind(serve: Serve) -> None:
    """A client that goes on using the connection sends its body as the next request."""
    failed = b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"
    server = serve(answers(failed), answers(OK))
    connection = server.connection(expect_timeout=5)
    connection.request(
        "POST", "/1", body=b"GET /smuggled HTTP/1.1\r\n\r\n", headers={"Expect": "100-continue"}
    )
    assert connection.getresponse().status == 417

    connection.request("GET", "/2")

    assert connection.getresponse().read() == b"ok"
    assert len(server.peers) == 2
    assert b"smuggled" not in bytes(server.peers[0].received)


def test_credential_exposure_values_are_found_for_an_export(serve: Serve, watch: Watch) -> None:
    answer = (
        b"HTTP/1.1 200 OK\r\nSet-Cookie: id=secret;\r\n more-secret\r\nX: y\r\nContent-Length: 2\r\n\r\nok"
    )
    connection = serve(answers(answer)).connection(tap=watch)
    fields = {"Authorization": "Basic secret", "Proxy-Authorization": "secret", "Cookie": "id=secret"}
    connection.request("GET", "/", headers=fields | {"X-Other": "shown"})
    assert connection.getresponse().read() == b"ok"

    credentials = list(credential_spans(watch.events))
    pieces = [
        redact(event.data, event.span, credentials)
        for event in watch.of(events.FieldLineBuffered, events.BytesReceived)
    ]

    written = b"".join(pieces)
    assert b"secret" not in written
    assert b"Authorization: ************\r\n" in written
    assert b"Set-Cookie: **********\r\n ***********\r\nX: y\r\n" in written
    assert b"X-Other: shown" in written
    assert [len(piece) for piece in pieces] == [
        len(event.data) for event in watch.of(events.FieldLineBuffered, events.BytesReceived)
    ]


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        pytest.param(0, b"ab****", id="the beginning is in the piece"),
        pytest.param(4, b"****ef", id="the end is in the piece"),
        pytest.param(20, b"abcdef", id="elsewhere"),
    ],
)
def test_credential_exposure_value_may_be_cut(start: int, shown: bytes) -> None:
    secrets = [Span("received", 2, 8), Span("sent", 0, 100)]

    assert redact(b"abcdef", Span("received", start, start + 6), secrets) == shown
