"""Control characters from a peer, wherever it can put them: none of them reaches the terminal."""

import socket
import threading

import pytest

READY = "▶".encode()
SHOWN = "␛]0;evil␇".encode()
RAW = b"\x1b]0;evil\x07\x9b31m" + "\u009b31m\u202e".encode()
FORBIDDEN = (b"\x1b]0;", b"evil\x07", b"\x9b31m", "\u009b".encode(), "\u202e".encode())

HEAD = b"HTTP/1.1 200 O" + RAW + b"K\r\nX-" + RAW + b": 1\r\nX-Value: " + RAW + b"\r\n"
ANSWERS = [
    # Status, fields, a chunk extension, trailers.
    (
        HEAD
        + b"Transfer-Encoding: chunked\r\n\r\n5;"
        + RAW
        + b"\r\nhello\r\n0\r\nX-"
        + RAW
        + b": "
        + RAW
        + b"\r\n\r\n"
    ),
    # In a chunk size; where a status-line is expected; in content and the name of its charset.
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + RAW + b"\r\n",
    RAW + b"\r\n\r\n",
    (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset="
        + RAW
        + b"\r\nContent-Length: %d\r\n\r\n" % (len(RAW) + 2)
        + b'"'
        + RAW
        + b'"'
    ),
]
REFUSED = b"HTTP/1.1 403 " + RAW + b"\r\nX-Why: " + RAW + b"\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def serve():
    """Answers each connection with the next of some answers, then closes it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def start(answers):
        def run():
            for answer in answers:
                sock, _ = listener.accept()
                with sock:
                    sock.recv(65536)
                    sock.sendall(answer)

        threading.Thread(target=run, daemon=True).start()
        return listener.getsockname()[1]

    yield start
    listener.close()


@pytest.mark.parametrize(
    ("answers", "tunnel"),
    [
        pytest.param(ANSWERS, "", id="server"),
        pytest.param([REFUSED], 'conn.set_tunnel("a.test")', id="proxy"),
    ],
)
def test_no_control_character_of_a_peer_reaches_the_terminal(open_terminal, serve, tmp_path, answers, tunnel):
    lines = [
        "from http.client import HTTPConnection",
        "from workbench.protocol import LENIENT",
        f'conn = HTTPConnection("127.0.0.1", {serve(answers)}, policy=LENIENT)',
        tunnel,
        'conn.request("GET", "/")',
        "r1 = conn.getresponse()",
        "print(r1.reason, r1.getheaders())",
        "print(r1.read())",
    ]
    script = tmp_path / "script.py"
    script.write_text("\n".join(filter(None, lines)) + "\n", "utf-8")
    terminal = open_terminal(str(script), size=(160, 45))
    terminal.read_until(READY)
    written = bytearray()
    for _ in answers:
        written += terminal.output
        del terminal.output[:]
        terminal.press(b"c")
        # Shown, so that the test cannot pass by looking too early.
        terminal.read_until(SHOWN)
        for key in b"2www4mmmmmm31r":
            terminal.press(bytes([key]))
            terminal._read(0.2)
    terminal.press(b"\x11")
    terminal.read_to_the_end()
    written += terminal.output

    assert terminal.process.returncode == 0
    assert [payload for payload in FORBIDDEN if payload in written] == []
