"""Playing by hand, and the steps for more than one connection, seen from the client."""

import hashlib
import socket
import ssl
import threading
from collections.abc import Callable

import pytest

from tests.lab.conftest import TIMEOUT_SECONDS, EventQueue
from workbench.lab import LabServer, Scenario
from workbench.lab.hand import SECONDS_BETWEEN_LOOKS

MakeScenario = Callable[..., Scenario]
Connect = Callable[[Scenario], socket.socket]
SEND = '[[steps]]\ndo = "send"\n'
HEAD = '[[steps]]\ndo = "expect_head"\n'
NEXT = '[[steps]]\ndo = "next_connection"\n'
GET = b"GET / HTTP/1.1\r\n\r\n"


def test_held_scenario_sends_only_what_is_permitted(
    lab: LabServer, events: EventQueue, make_scenario: MakeScenario, connect: Connect
) -> None:
    wait = '[[steps]]\ndo = "wait"\nseconds = 600\n'
    scenario = make_scenario(SEND + 'text = "abcdef"\n' + wait + SEND + 'text = "end"\n')
    lab.open(scenario)
    lab.hold(scenario)
    sock = connect(scenario)
    held = events.wait_for("held")
    assert (held.note, held.left) == ("next: send 6 bytes: 'abcdef'", 6)

    lab.allow_bytes(scenario, 1)
    assert events.wait_for("sent").data == b"a"
    lab.allow_bytes(scenario, 2)
    assert events.wait_for("sent").data == b"bc"
    held = events.wait_for("held", "'def'")
    assert (held.note, held.left) == ("next: 'def'", 3)
    lab.allow_step(scenario)
    assert events.wait_for("sent").data == b"def"
    held = events.wait_for("held")
    assert (held.note, held.left) == ("next: wait 600 s", 0)
    lab.allow_bytes(scenario, 100)
    assert events.wait_for("held").note == "next: send 3 bytes: 'end'"
    lab.release(scenario)

    assert events.wait_for("sent").data == b"end"
    assert b"".join(iter(lambda: sock.recv(10), b"")) == b"abcdefend"


def test_permit_is_for_the_play_that_has_waited_longest(
    lab: LabServer, events: EventQueue, make_scenario: MakeScenario, connect: Connect
) -> None:
    """Each play looks up now and then whether its client is there: that changes nothing in their order."""
    scenario = make_scenario(SEND + 'text = "ab"\n' + SEND + 'text = "cd"\n')
    lab.open(scenario)
    lab.hold(scenario)
    socks = []
    for _ in range(3):
        socks.append(connect(scenario))
        events.wait_for("held")

    waited = threading.Event().wait
    for sock in (*socks, *socks):
        waited(SECONDS_BETWEEN_LOOKS * 0.4)
        lab.allow_step(scenario)
        assert len(sock.recv(10)) == 2
    assert [sock.recv(10) for sock in socks] == [b"", b"", b""]


def test_steps_that_expect_something_need_no_key(
    lab: LabServer, events: EventQueue, make_scenario: MakeScenario, connect: Connect
) -> None:
    scenario = make_scenario(HEAD + SEND + 'text = "ok"\n')
    lab.open(scenario)
    lab.hold(scenario)
    sock = connect(scenario)

    sock.sendall(GET)

    events.wait_for("held", "send 2 bytes")
    lab.allow_step(scenario)
    assert sock.recv(10) == b"ok"


def test_play_whose_client_has_left_takes_no_permit(
    lab: LabServer, events: EventQueue, make_scenario: MakeScenario, connect: Connect
) -> None:
    scenario = make_scenario(HEAD + SEND + 'text = "ok"\n')
    lab.open(scenario)
    lab.hold(scenario)
    # More than its request, which nobody reads: it stands before the end of the stream.
    with connect(scenario) as gone:
        gone.sendall(GET + GET)
        events.wait_for("held")
    events.wait_for("peer_closed")
    sock = connect(scenario)
    sock.sendall(GET)
    events.wait_for("held")

    lab.allow_bytes(scenario, 1)

    assert sock.recv(10) == b"o"


def test_log_knows_the_ports_of_a_connection(
    events: EventQueue, make_scenario: MakeScenario, connect: Connect
) -> None:
    sock = connect(make_scenario(SEND + 'text = "x"\n'))

    assert events.wait_for("opened").ports == (sock.getpeername()[1], sock.getsockname()[1])


def test_each_connection_has_steps_of_its_own(
    lab: LabServer, make_scenario: MakeScenario, connect: Connect
) -> None:
    scenario = make_scenario(SEND + 'text = "one"\n' + NEXT + SEND + 'text = "two"\n')

    received = [connect(scenario).recv(10) for _ in range(3)]
    lab.rewind(scenario)

    assert received == [b"one", b"two", b"one"]
    assert connect(scenario).recv(10) == b"one"


def test_content_of_a_size_repeats_and_is_cut(make_scenario: MakeScenario, connect: Connect) -> None:
    sock = connect(make_scenario(SEND + 'text = "0123456789"\nsize = 1000003\n'))

    received = b"".join(iter(lambda: sock.recv(100_000), b""))

    assert hashlib.sha256(received).digest() == hashlib.sha256(b"0123456789" * 100_000 + b"012").digest()


def test_raw_bytes_are_read_and_sent_back(make_scenario: MakeScenario, connect: Connect) -> None:
    expect = '[[steps]]\ndo = "expect_bytes"\ncount = 5\n'
    sock = connect(make_scenario(HEAD + expect + SEND + 'fill = true\ntext = "{body}!"\n'))

    sock.sendall(GET + b"hello")

    assert sock.recv(10) == b"hello!"


def test_tls_begins_in_the_middle(lab: LabServer, make_scenario: MakeScenario, connect: Connect) -> None:
    steps = HEAD + SEND + 'text = "plain"\n[[steps]]\ndo = "start_tls"\n' + SEND + 'text = "secret"\n[tls]\n'
    scenario = make_scenario(steps)
    sock = connect(scenario)
    sock.sendall(GET)
    assert sock.recv(10) == b"plain"

    context = ssl.create_default_context(cafile=lab.cafile)
    with context.wrap_socket(sock, server_hostname="localhost") as tls:
        assert tls.recv(10) == b"secret"
    assert lab.origin(scenario).startswith("http://")


def test_self_signed_certificate_vouches_for_itself(
    lab: LabServer, make_scenario: MakeScenario, connect: Connect
) -> None:
    sock = connect(make_scenario(SEND + 'text = "x"\n[tls]\ncertificate = "self_signed"\n'))
    context = ssl.create_default_context(cafile=lab.cafile)

    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed certificate") as caught:
        context.wrap_socket(sock, server_hostname="localhost")

    assert caught.value.verify_code == 18


@pytest.mark.parametrize(("has_certificate", "received"), [(True, b"x"), (False, None)])
def test_client_certificate_is_required(
    lab: LabServer, make_scenario: MakeScenario, has_certificate: bool, received: bytes | None
) -> None:
    top = "[tls]\nclient_certificate = 'required'\nversion = '1.2'\n"
    scenario = make_scenario(SEND + 'text = "x"\n' + top)
    address = lab.open(scenario)
    context = ssl.create_default_context(cafile=lab.cafile)
    if has_certificate:
        assert lab.client_certificate is not None
        context.load_cert_chain(lab.client_certificate)
    with socket.create_connection(address, timeout=TIMEOUT_SECONDS) as sock:
        if received is None:
            with pytest.raises(ssl.SSLError, match=r"(?i)handshake.failure|certificate.required"):
                context.wrap_socket(sock, server_hostname="localhost")
        else:
            with context.wrap_socket(sock, server_hostname="localhost") as tls:
                assert tls.recv(1) == received
