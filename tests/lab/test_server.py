"""The server as its user sees it: ports, the log, limits, TLS, and the end."""

import dataclasses
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lab.conftest import TIMEOUT_SECONDS, EventQueue
from workbench.lab import EventLog, LabEvent, LabServer, Scenario, find_scenario

Connect = Callable[[Scenario], socket.socket]

GET = b"GET /hello HTTP/1.1\r\nHost: lab\r\n\r\n"
HELLO = find_scenario("hello")
STALL = find_scenario("stall")
HELLO_TLS = find_scenario("hello-tls")


def test_scenario_has_one_port_of_its_own(lab: LabServer) -> None:
    first, again, other = lab.open(HELLO), lab.open(HELLO), lab.open(STALL)

    assert first == again
    assert first != other


def test_script_has_the_address_filled_in(lab: LabServer) -> None:
    host, port = lab.open(HELLO)

    script = lab.script_for(HELLO)

    assert f'HTTPConnection("{host}", {port})' in script
    assert lab.origin(HELLO) == f"http://{host}:{port}"


def test_tls_script_names_localhost_and_a_file_that_is_there(lab: LabServer) -> None:
    script = lab.script_for(HELLO_TLS)

    assert lab.origin(HELLO_TLS) == f"https://localhost:{lab.open(HELLO_TLS)[1]}"
    assert f'cafile="{lab.cafile}"' in script
    assert lab.cafile is not None
    assert Path(lab.cafile).read_text().startswith("-----BEGIN CERTIFICATE-----")


def test_temporary_directory_is_private_and_gone_after_the_stop() -> None:
    with LabServer() as lab:
        lab.open(HELLO_TLS)
        assert lab.cafile is not None
        directory = Path(lab.cafile).parent
        assert directory.stat().st_mode & 0o077 == 0

    assert not directory.exists()


def test_log_has_both_directions(events: EventQueue, lab: LabServer, connect: Connect) -> None:
    sock = connect(HELLO)
    sock.sendall(GET)
    response = sock.recv(10_000)
    sock.close()
    events.wait_for("closed")

    kinds = [(event.kind, event.connection) for event in lab.log]
    assert kinds == [
        ("opened", 1),
        ("waiting", 1),
        ("received", 1),
        ("sent", 1),
        ("waiting", 1),
        ("peer_closed", 1),
        ("closed", 1),
    ]
    assert [event.data for event in lab.log if event.data] == [GET, response]
    assert {event.scenario for event in lab.log} == {"hello"}
    assert [event.time_ns for event in lab.log] == sorted(event.time_ns for event in lab.log)


def test_edited_scenario_keeps_its_port(lab: LabServer, connect: Connect, make_scenario: Callable) -> None:
    step = '[[steps]]\ndo = "send"\ntext = "{}"\n'
    before = lab.open(make_scenario(step.format("old")))

    edited = make_scenario(step.format("new"))

    assert lab.open(edited) == before
    assert connect(edited).recv(10) == b"new"


def test_two_hundred_connections_lose_nothing(lab: LabServer, connect: Connect) -> None:
    sockets = [connect(HELLO) for _ in range(200)]
    for sock in sockets:
        sock.sendall(GET)

    responses = {sock.recv(10_000) for sock in sockets}

    assert len(responses) == 1
    assert responses.pop().endswith(b"Hello, world\n")


def test_connection_over_the_cap_is_told_so() -> None:
    with LabServer(connection_cap=1) as lab:
        events = EventQueue(lab)
        address = lab.open(STALL)
        with socket.create_connection(address, timeout=TIMEOUT_SECONDS):
            with socket.create_connection(address, timeout=TIMEOUT_SECONDS) as second:
                told = b"".join(iter(lambda: second.recv(10_000), b""))
            assert told.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
            assert told.endswith(
                b"The cap of 1 open connections is reached. Try again when one of them has ended.\n"
            )
            assert events.wait_for("refused").note.startswith(
                "The cap of 1 open connections is reached; from 127"
            )
        while events.wait_for("closed").connection != 1:
            pass
        with socket.create_connection(address, timeout=TIMEOUT_SECONDS) as third:
            third.sendall(GET)
            assert events.wait_for("received").connection == 3


def test_silent_client_is_given_up() -> None:
    with LabServer(idle_seconds=0.05) as lab:
        events = EventQueue(lab)
        with socket.create_connection(lab.open(HELLO), timeout=TIMEOUT_SECONDS) as sock:
            assert sock.recv(1) == b""

        assert events.wait_for("error").note == "The client was idle for 0.05 s"


def test_stop_does_not_wait_for_clients_that_hang() -> None:
    others = set(threading.enumerate())
    lab = LabServer()
    lab.start()
    events = EventQueue(lab)
    sockets = [socket.create_connection(lab.open(STALL), timeout=TIMEOUT_SECONDS) for _ in range(20)]
    for sock in sockets:
        sock.sendall(GET)
    for _ in sockets:
        events.wait_for("waiting", "go away")

    lab.stop()

    for sock in sockets:
        assert sock.recv(1) == b""
        sock.close()
    assert [event.kind for event in lab.log].count("closed") == len(sockets)
    assert not any(thread.name == "workbench-lab" for thread in set(threading.enumerate()) - others)


def test_stop_interrupts_a_wait(make_scenario: Callable) -> None:
    scenario = make_scenario('[[steps]]\ndo = "wait"\nseconds = 600\n')
    with LabServer() as lab:
        events = EventQueue(lab)
        with socket.create_connection(lab.open(scenario), timeout=TIMEOUT_SECONDS) as sock:
            events.wait_for("waiting")
            lab.stop()
            assert sock.recv(1) == b""


def test_stopped_lab_starts_anew() -> None:
    lab = LabServer()
    for _ in range(2):
        lab.start()
        with socket.create_connection(lab.open(HELLO), timeout=TIMEOUT_SECONDS) as sock:
            sock.sendall(GET)
            assert sock.recv(10_000).endswith(b"Hello, world\n")
        lab.stop()
        lab.stop()

    with pytest.raises(RuntimeError, match="Expected a lab that runs"):
        lab.open(HELLO)


def test_mistake_of_the_lab_ends_one_play_and_is_in_the_log() -> None:
    broken = dataclasses.replace(STALL, steps=(object(),))
    with LabServer() as lab:
        events = EventQueue(lab)
        with socket.create_connection(lab.open(broken), timeout=TIMEOUT_SECONDS) as sock:
            assert sock.recv(1) == b""
        assert events.wait_for("error").note.startswith("A mistake in the lab: KeyError")
        with socket.create_connection(lab.open(HELLO), timeout=TIMEOUT_SECONDS) as sock:
            sock.sendall(GET)
            assert sock.recv(10_000).endswith(b"Hello, world\n")


def test_running_lab_cannot_be_started_again(lab: LabServer) -> None:
    with pytest.raises(RuntimeError, match="runs already"):
        lab.start()


def test_client_that_does_not_trust_the_lab_is_an_entry_in_the_log(
    lab: LabServer, events: EventQueue, connect: Connect
) -> None:
    sock = connect(HELLO_TLS)

    with pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(sock, server_hostname="localhost")

    assert "UNKNOWN_CA" in events.wait_for("error").note.upper().replace(" ", "_")
    events.wait_for("closed")


def test_plain_client_of_a_tls_scenario_is_an_entry_in_the_log(
    lab: LabServer, events: EventQueue, connect: Connect
) -> None:
    connect(HELLO_TLS).sendall(GET)

    assert events.wait_for("error").note.startswith("Before the first byte: SSLError")
    events.wait_for("closed")


def test_tls_close_sends_the_closure_alert(lab: LabServer, connect: Connect) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    sock = connect(HELLO_TLS)
    context.load_verify_locations(lab.cafile)
    with context.wrap_socket(sock, server_hostname="localhost", suppress_ragged_eofs=False) as tls:
        tls.sendall(GET)
        tls.recv(10_000)
        # The client's own alert first: unwrap() returns when the server's has come.
        assert isinstance(tls.unwrap(), socket.socket)


def test_tls_half_close_leaves_the_other_direction_open(
    lab: LabServer, events: EventQueue, connect: Connect, make_scenario: Callable
) -> None:
    steps = '[[steps]]\ndo = "half_close"\n[[steps]]\ndo = "expect_head"\n[tls]\n'
    sock = connect(make_scenario(steps))
    context = ssl.create_default_context(cafile=lab.cafile)
    with context.wrap_socket(sock, server_hostname="localhost", suppress_ragged_eofs=False) as tls:
        assert tls.recv(1) == b""
        tls.sendall(GET)

        assert events.wait_for("received").data == GET


def test_tls_log_has_the_bytes_before_encryption(
    lab: LabServer, events: EventQueue, connect: Connect
) -> None:
    sock = connect(HELLO_TLS)
    context = ssl.create_default_context(cafile=lab.cafile)
    with context.wrap_socket(sock, server_hostname="localhost") as tls:
        tls.sendall(GET)

        assert events.wait_for("tls").note.startswith("TLSv1.3 ")
        assert events.wait_for("received").data == GET
        assert events.wait_for("sent").data == tls.recv(10_000)


@pytest.mark.parametrize(
    ("host", "client_host"),
    [
        pytest.param("::1", "::1", id="IPv6"),
        pytest.param("localhost", "localhost", id="name"),
        pytest.param("0.0.0.0", "127.0.0.1", id="wildcard"),
    ],
)
def test_lab_listens_on_the_host_it_is_given(host: str, client_host: str) -> None:
    if host == "::1" and not has_ipv6():
        pytest.skip("this machine has no IPv6 loopback address")
    with LabServer(host) as lab:
        address = lab.open(HELLO)
        assert address[0] == client_host
        with socket.create_connection(address, timeout=TIMEOUT_SECONDS) as sock:
            sock.sendall(GET)
            assert sock.recv(10_000).endswith(b"Hello, world\n")


def test_certificate_is_for_every_name_of_a_lab_on_every_address() -> None:
    """Clients on other machines know it by its name, or by its address in the network."""
    with LabServer("0.0.0.0") as lab:
        lab.open(HELLO_TLS)
        context = ssl.create_default_context(cafile=lab.cafile)
        for name in ("localhost", "127.0.0.1", socket.gethostname()):
            sock = socket.create_connection(lab.open(HELLO_TLS), timeout=TIMEOUT_SECONDS)
            with context.wrap_socket(sock, server_hostname=name) as tls:
                assert tls.version() is not None


def has_ipv6() -> bool:
    """Tell whether ::1 can be listened on."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def test_log_drops_the_oldest_events_when_it_is_full() -> None:
    log = EventLog(max_events=3)
    for number in range(1, 6):
        log.add("hello", number, "opened")

    assert [event.connection for event in log] == [3, 4, 5]
    assert log.dropped == 2


def test_log_drops_the_oldest_events_when_their_data_is_too_much() -> None:
    log = EventLog(max_bytes=10)
    log.add("hello", 1, "sent", b"123456")
    log.add("hello", 1, "sent", b"789012")

    assert [event.data for event in log] == [b"789012"]
    assert log.dropped == 1


def test_subscriber_that_raises_is_taken_off() -> None:
    log = EventLog()
    seen: list[LabEvent] = []

    def fail(event: LabEvent) -> None:
        raise ValueError("a mistake of the subscriber")

    log.subscribe(fail)
    log.subscribe(seen.append)
    log.add("hello", 1, "opened")
    log.add("hello", 1, "closed")

    assert [event.kind for event in log] == ["opened", "error", "closed"]
    assert log[1].note == "A subscriber raised ValueError and was taken off the list"
    assert [event.kind for event in seen if event.kind != "error"] == ["opened", "closed"]


def test_subscription_can_be_ended() -> None:
    log = EventLog()
    seen: list[LabEvent] = []
    unsubscribe = log.subscribe(seen.append)

    unsubscribe()
    log.add("hello", 1, "opened")

    assert seen == []


def test_plain_scenarios_load_neither_certificates_nor_the_client_nor_a_screen() -> None:
    code = """
import sys
from workbench.lab import LabServer, find_scenario
with LabServer() as lab:
    lab.open(find_scenario("hello"))
names = {name.split(".")[0] for name in sys.modules} | set(sys.modules)
print(*sorted(names & {"trustme", "cryptography", "textual", "rich", "workbench.protocol", "http.client"}))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert result.stdout.strip() == ""
