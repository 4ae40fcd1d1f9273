"""Every scenario, played to a plain socket that compares each byte."""

import socket
import ssl
from contextlib import ExitStack

import pytest

from tests.lab.conftest import TIMEOUT_SECONDS
from workbench.lab import LabServer, Scenario, TlsOptions, find_scenario, load_scenarios
from workbench.lab.steps import Close, Drip, ExpectBody, ExpectHead, Reset, Send, StartTls, Step

SCENARIOS = load_scenarios().values()
HEAD = b"POST /raw HTTP/1.1\r\nHost: lab\r\nContent-Length: 3\r\n\r\n"
BODY = b"abc"
ENOUGH = 8 * 1024 * 1024
"""Bytes of one step after which nothing new can come: what is longer repeats itself."""


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario_sends_exactly_the_bytes_of_its_file(lab: LabServer, scenario: Scenario) -> None:
    with ExitStack() as stack:
        sock = stack.enter_context(connect(lab, scenario))
        for place, step in enumerate(scenario.steps):
            if isinstance(step, StartTls):
                sock = stack.enter_context(wrap(lab, sock))
            if isinstance(step, ExpectHead):
                sock.sendall(head_for(step, has_content=wants_content(scenario.steps[place + 1 :])))
            follow(sock, step, scenario.tls)


def connect(lab: LabServer, scenario: Scenario) -> socket.socket:
    """Connect, over TLS without any verification where the scenario has it."""
    sock = socket.create_connection(lab.open(scenario), timeout=TIMEOUT_SECONDS)
    return wrap(lab, sock) if scenario.secure else sock


def wrap(lab: LabServer, sock: socket.socket) -> ssl.SSLSocket:
    """Begin TLS, with a certificate for whoever asks for one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    assert lab.client_certificate is not None
    context.load_cert_chain(lab.client_certificate)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(sock, suppress_ragged_eofs=False)


def follow(sock: socket.socket, step: Step, tls: TlsOptions | None) -> None:
    """Do the client's side of one step, and check the server's."""
    match step:
        case ExpectBody():
            sock.sendall(BODY)
        case Send():
            piece = filled(step.data) if step.fill else step.data
            size = min(step.size or len(piece) * step.times, ENOUGH)
            expected = (piece * (size // len(piece) + 1))[:size]
            assert receive(sock, size) == expected
        case Drip():
            assert receive(sock, len(step.data)) == step.data
        case Close():
            if tls is not None and not tls.close_notify:
                with pytest.raises(ssl.SSLEOFError):
                    sock.recv(1)
            else:
                assert sock.recv(1) == b""
        case Reset():
            with pytest.raises(ConnectionResetError):
                sock.recv(1)


def wants_content(steps: tuple[Step, ...]) -> bool:
    """Tell whether the content of a request is read before the next one is."""
    return isinstance(
        next((one for one in steps if isinstance(one, ExpectHead | ExpectBody)), None), ExpectBody
    )


def head_for(step: ExpectHead, *, has_content: bool) -> bytes:
    """Make a request that a step asks for."""
    field = b"" if step.field is None else step.field.encode() + b": yes\r\n"
    head = HEAD.replace(b"/raw", (step.path or "/raw").encode()).replace(b"Host:", field + b"Host:")
    return head if has_content else head.replace(b"Content-Length: 3\r\n", b"")


def filled(template: bytes) -> bytes:
    """Fill in what `follow` sends."""
    template = template.replace(b"{method}", b"POST").replace(b"{target}", b"/raw").replace(b"{base}", b"")
    template = template.replace(b"{body}", BODY).replace(b"{body_length}", b"3")
    return template.replace(b"{length}", b"%d" % len(template.partition(b"\r\n\r\n")[2]))


def receive(sock: socket.socket, length: int) -> bytes:
    """Receive exactly `length` bytes, or fewer when the stream ends."""
    received = bytearray()
    while len(received) < length and (data := sock.recv(length - len(received))):
        received += data
    return bytes(received)


def test_hello_is_these_bytes(lab: LabServer) -> None:
    """Written out once, so that a mistake in reading the files cannot hide in the table above."""
    with connect(lab, find_scenario("hello")) as sock:
        sock.sendall(b"GET /hello HTTP/1.1\r\nHost: lab\r\n\r\n")
        sock.shutdown(socket.SHUT_WR)

        assert receive(sock, 10_000) == (
            b"HTTP/1.1 200 OK\r\n"
            b"Date: Thu, 01 Jan 2026 12:00:00 GMT\r\n"
            b"Server: workbench-lab\r\n"
            b"Content-Type: text/plain; charset=utf-8\r\n"
            b"Content-Length: 13\r\n"
            b"\r\n"
            b"Hello, world\n"
        )


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(HEAD + BODY, id="length"),
        pytest.param(
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\na\r\n2\r\nbc\r\n0\r\nT: 1\r\n\r\n",
            id="chunked",
        ),
        pytest.param(b"POST / HTTP/1.1\nContent-Length: 3\n\nabc", id="bare LF"),
        pytest.param(b"\r\n\r\nPOST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", id="empty lines first"),
    ],
)
@pytest.mark.parametrize("size", [pytest.param(1, id="byte by byte"), pytest.param(10_000, id="whole")])
def test_echo_gives_the_content_back(lab: LabServer, request_bytes: bytes, size: int) -> None:
    with connect(lab, find_scenario("post-echo")) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(2):  # Twice, because what follows a message must be found too.
            for start in range(0, len(request_bytes), size):
                sock.sendall(request_bytes[start : start + size])
        sock.shutdown(socket.SHUT_WR)

        response = receive(sock, 10_000)
    assert response.count(b"Content-Length: 3\r\n\r\nabc") == 2
    assert response.endswith(b"abc")


def test_filling_is_done_once(lab: LabServer) -> None:
    """A request whose content is itself a filling must come back as it is."""
    with connect(lab, find_scenario("post-echo")) as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nContent-Length: 13\r\n\r\n{body_length}")
        sock.shutdown(socket.SHUT_WR)

        assert receive(sock, 10_000).endswith(b"Content-Length: 13\r\n\r\n{body_length}")
