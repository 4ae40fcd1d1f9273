"""The lines of `workbench lab --log`."""

import re
import socket
from typing import Self

import pytest

from tests.lab.conftest import TIMEOUT_SECONDS, EventQueue
from workbench.lab import LabServer, find_scenario, load_scenarios
from workbench.lab.exchange_log import ExchangeLog

GET = "GET /{} HTTP/1.1\r\nHost: lab\r\n\r\n"


class Served:
    """A lab that writes its log into `lines`."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.lab = LabServer(pace=0, connection_cap=1)

    def __enter__(self) -> Self:
        self.lab.start()
        self.lab.subscribe(ExchangeLog(self.lines.append, now=lambda: "12:30:01"))
        self.events = EventQueue(self.lab)
        host, port = self.lab.open_origin(load_scenarios().values()).origin.removeprefix("http://").split(":")
        self.address = (host, int(port))
        return self

    def __exit__(self, *_: object) -> None:
        self.lab.stop()

    def talk(self, *requests: str) -> None:
        """Send requests at once, and wait for the end."""
        with socket.create_connection(self.address, timeout=TIMEOUT_SECONDS) as sock:
            try:
                sock.sendall("".join(requests).encode("iso-8859-1"))
                sock.shutdown(socket.SHUT_WR)
                while sock.recv(65536):
                    pass
            except OSError:
                pass  # A reset ends it too.

    def wait_for_end(self) -> None:
        """Wait until a connection is over."""
        while self.events.wait_for_any().kind not in {"closed", "reset"}:
            pass


@pytest.mark.parametrize(
    ("requests", "expected"),
    [
        pytest.param(
            [GET.format("hello/x")], [r'hello "GET /hello/x HTTP/1\.1" -> 200, 1\d\d bytes in \d+ ms'], id="one"
        ),
        pytest.param(
            [GET.format("hello"), GET.format("helo")],
            [r'hello "GET .*" -> 200, 1\d\d bytes', r"- \(nothing more\) -> 404, \d+ bytes"],
            id="pipelined",
        ),
        pytest.param([GET.format("continue-then-ok")], [r'-> 100 200, \d+ bytes'], id="interim response"),
        pytest.param([GET.format("reset-midway")], [r"-> 200, \d+ bytes in \d+ ms, reset"], id="reset"),
        pytest.param([GET.format("http09")], [r'-> "<TITLE>Simple response</TITLE>␊No status", '], id="no status"),
        pytest.param([GET.format("no-response")], ["-> no answer, 0 bytes"], id="no answer"),
        pytest.param(
            ["GET /hello/\x1b[2J\x9b HTTP/1.1\r\n\r\n"], [r'"GET /hello/␛\[2J\\x9b HTTP'], id="controls"
        ),
        pytest.param(["GET /hel"], [r'- "GET /hel" -> no answer, 0 bytes in \d+ ms, Expected the rest'], id="half"),
        pytest.param([], [], id="nothing"),
    ],
)  # fmt: skip
def test_exchange_has_one_line(requests: list[str], expected: list[str]) -> None:
    with Served() as served:
        served.talk(*requests)
        served.wait_for_end()

    for line, pattern in zip(served.lines, expected, strict=True):
        assert line.isprintable()
        assert re.match(rf"12:30:01 #1 127\.0\.0\.1:\d+ .*{pattern}", line), line


def test_refused_connection_has_a_line() -> None:
    with Served() as served, socket.create_connection(served.address, timeout=TIMEOUT_SECONDS) as first:
        first.sendall(GET.format("stall").encode())
        served.events.wait_for("received")
        served.talk()
        served.wait_for_end()

    refused, stalled = served.lines
    assert re.fullmatch(
        r"12:30:01 #2 127.0.0.1:\d+ - \(nothing more\) -> 503, \d+ bytes in \d ms, "
        "The cap of 1 open connections is reached",
        refused,
    )
    assert stalled.startswith("12:30:01 #1 127.0.0.1:")


def test_scenario_on_its_own_port_is_named() -> None:
    with Served() as served:
        served.address = served.lab.open(find_scenario("hello"))
        served.talk(GET.format("x"))
        served.wait_for_end()

    assert ' hello "GET /x HTTP/1.1" -> 200, ' in served.lines[0]
