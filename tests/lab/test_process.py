"""`workbench lab` as a process: signals, options, and whoever stays connected."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.conftest import FILE, TIMEOUT_SECONDS

COMMAND = [sys.executable, "-m", "workbench", "lab"]


class Lab:
    """A process that serves."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "--json", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )
        assert self.process.stdout is not None
        text = ""
        while not text.endswith("\n}\n"):
            line = self.process.stdout.readline()
            assert line, self.process.communicate()
            text += line
        self.document = json.loads(text)

    def connect(self) -> socket.socket:
        host, port = self.document["origin"].removeprefix("http://").split(":")
        return socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)

    def end(self, *numbers: signal.Signals) -> tuple[int, str, str]:
        """Send signals one right behind the other. Returns exit code, output and errors."""
        for number in numbers:
            os.kill(self.process.pid, number)
        out, err = self.process.communicate(timeout=TIMEOUT_SECONDS)
        return self.process.returncode, out, err


@pytest.fixture
def sockets() -> Iterator[list[socket.socket]]:
    opened: list[socket.socket] = []
    yield opened
    for sock in opened:
        sock.close()


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param((signal.SIGINT,), id="SIGINT"),
        pytest.param((signal.SIGTERM,), id="SIGTERM"),
        pytest.param((signal.SIGINT,) * 20, id="SIGINT again and again"),
    ],
)
def test_signal_ends_it_with_two_hundred_connections(
    sockets: list[socket.socket], numbers: tuple[signal.Signals, ...]
) -> None:
    lab = Lab()
    targets = ["stall", "hello", "slow-drip", ""]
    for number in range(200):
        sock = lab.connect()
        sockets.append(sock)
        if target := targets[number % 4]:
            sock.sendall(f"GET /{target}/ HTTP/1.1\r\nHost: lab\r\n\r\n".encode())
    # Once the last of those that speak at once has answered, all are in.
    assert sockets[197].recv(10_000).startswith(b"HTTP/1.1 200 OK")

    assert lab.end(*numbers) == (0, "", "")

    for sock in sockets:
        sock.settimeout(TIMEOUT_SECONDS)
        try:
            while sock.recv(65536):
                pass
        except ConnectionResetError:
            pass  # What it had received and not read made TCP say so.


def test_options_reach_the_lab(sockets: list[socket.socket]) -> None:
    lab = Lab(
        "--connections", "1", "--idle", "0.2", "--log", "--ports", "hello", "--", "hello", "tls-expired"
    )
    assert [bool(entry["origin"]) for entry in lab.document["scenarios"]] == [True, False]
    sock = lab.connect()
    sockets.append(sock)

    assert sock.recv(1) == b""  # It was silent for too long.
    code, _, err = lab.end(signal.SIGTERM)

    assert code == 0
    assert "The client was idle for 0.2 s" in err


def test_enter_lets_what_pauses_go_on(tmp_path: Path) -> None:
    steps = """
[[steps]]
do = "expect_head"
[[steps]]
do = "send"
lines = ["HTTP/1.1 102 Processing", ""]
[[steps]]
do = "pause"
[[steps]]
do = "send"
lines = ["HTTP/1.1 204 No Content", ""]
"""
    (tmp_path / "made-up.toml").write_text(FILE + steps)
    keyboard, terminal = os.openpty()
    command = [*COMMAND, "--scenarios", str(tmp_path), "--log", "made-up"]
    with subprocess.Popen(
        command, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(7)]
            origin = next(line.split()[0] for line in lines if line.startswith("http://")).rstrip("/")
            host, port = origin.removeprefix("http://").split(":")
            with socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS) as sock:
                sock.sendall(b"GET /made-up HTTP/1.1\r\n\r\n")
                # It pauses from here on: Enter before that would be for nobody.
                assert sock.recv(100).startswith(b"HTTP/1.1 102 ")
                sock.settimeout(0.2)
                with pytest.raises(TimeoutError):
                    sock.recv(100)
                sock.settimeout(TIMEOUT_SECONDS)

                os.write(keyboard, b"\n")

                assert sock.recv(100).startswith(b"HTTP/1.1 204 ")
        finally:
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=TIMEOUT_SECONDS)
            os.close(keyboard)
            os.close(terminal)
    assert "Enter lets what pauses go on.\n" in lines
    assert process.returncode == 0
    assert '"GET /made-up HTTP/1.1" -> 102 204' in err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(["--port", "65536"], "expected a port from 0 to 65535, found '65536'", id="port"),
        pytest.param(
            ["--tls-port", "https"], "expected a port from 0 to 65535, found 'https'", id="TLS port"
        ),
        pytest.param(
            ["--connections", "0"], "expected a number from 1 to 10000, found '0'", id="connections"
        ),
        pytest.param(["--idle", "-1"], "expected a number of seconds above 0", id="idle"),
        pytest.param(["--ports", "helo"], "did you mean hello", id="scenario"),
    ],
)
def test_wrong_option_is_told(options: list[str], message: str) -> None:
    result = subprocess.run([*COMMAND, *options], capture_output=True, text=True, check=False)

    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr
