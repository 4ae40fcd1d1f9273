"""TLS that ends without close_notify is noticed, whatever the context of the caller (row Q4)."""

import socket
import ssl
import threading

import pytest

from tests.protocol.conftest import Authority, Serve
from tests.protocol.peer import OK, answers, answers_and_closes
from tests.protocol.watching import Watch
from workbench.protocol import IncompleteRead
from workbench.protocol import tap as events
from workbench.protocol.policy import STRICT
from workbench.protocol.transport import wrap_tls

UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\n\r\nall of it?"


@pytest.fixture(params=["as the standard library makes it", "that hides how a stream ended"])
def callers_context(request: pytest.FixtureRequest, authority: Authority) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(authority.cafile))
    if request.param.startswith("that hides"):
        context.options |= ssl.OP_IGNORE_UNEXPECTED_EOF
    return context


def test_truncation_is_noticed_under_the_context_of_a_caller(
    serve: Serve, watch: Watch, callers_context: ssl.SSLContext, server_context: ssl.SSLContext
) -> None:
    server = serve(answers_and_closes(UNTIL_CLOSE), context=server_context)
    connection = server.secure_connection(context=callers_context, tap=watch)
    connection.request("GET", "/")

    assert connection.getresponse().read() == b"all of it?"
    assert watch.codes() == ["TLS_TRUNCATION"]
    assert watch.one(events.EndOfStreamReceived).tls_truncated
    watch.check()


def test_truncation_raises_under_the_strict_policy_and_the_context_of_a_caller(
    serve: Serve, callers_context: ssl.SSLContext, server_context: ssl.SSLContext
) -> None:
    server = serve(answers_and_closes(UNTIL_CLOSE), context=server_context)
    connection = server.secure_connection(context=callers_context, policy=STRICT)
    connection.request("GET", "/")

    with pytest.raises(IncompleteRead) as caught:
        connection.getresponse().read()

    assert caught.value.partial == b"all of it?"


def test_context_of_a_caller_stays_as_it_is(
    serve: Serve, callers_context: ssl.SSLContext, server_context: ssl.SSLContext
) -> None:
    before = callers_context.options
    connection = serve(answers(OK), context=server_context).secure_connection(context=callers_context)

    connection.request("GET", "/")

    assert connection.getresponse().read() == b"ok"
    assert callers_context.options == before
    assert connection.sock.context is callers_context


def test_context_of_a_caller_stays_as_it_is_when_tls_cannot_begin(callers_context: ssl.SSLContext) -> None:
    before = callers_context.options

    with socket.socket() as sock, pytest.raises(ValueError, match="check_hostname"):
        wrap_tls(sock, callers_context, "")

    assert callers_context.options == before


def test_threads_that_share_a_context_all_notice(
    serve: Serve, callers_context: ssl.SSLContext, server_context: ssl.SSLContext
) -> None:
    """The context is changed for the moment in which TLS takes its options from it."""
    before = callers_context.options
    servers = [serve(*[answers_and_closes(UNTIL_CLOSE)] * 5, context=server_context) for _ in range(4)]
    noticed = []

    def fetch_all(server: object) -> None:
        for _ in range(5):
            connection = server.secure_connection(context=callers_context, policy=STRICT)
            connection.request("GET", "/")
            try:
                connection.getresponse().read()
            except IncompleteRead:
                noticed.append(server)

    threads = [threading.Thread(target=fetch_all, args=(server,)) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(noticed) == 20
    assert callers_context.options == before
