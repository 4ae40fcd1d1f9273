"""A file as a body: where no tap wants to see its bytes, the kernel sends them by itself."""

import errno
import io
import os
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from tests.protocol.conftest import Serve
from tests.protocol.peer import OK, Peer
from tests.protocol.test_sending import TOO_LARGE
from tests.protocol.watching import Watch
from workbench.protocol.policy import STRICT

CONTENT = bytes(range(256)) * 1000
LARGE = 100_000_000
"""More than any pair of socket buffers takes."""


class Keep:
    """A play that keeps what it is sent."""

    def __init__(self, length: int = len(CONTENT)) -> None:
        self._length = length
        self.head = self.body = b""

    def __call__(self, peer: Peer) -> None:
        self.head = peer.take_head()
        if b"100-continue" in self.head:
            peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.body = peer.take(self._length)
        peer.send(OK)
        peer.take_all()


@pytest.fixture
def file(tmp_path: Path) -> Any:
    path = tmp_path / "body"
    path.write_bytes(CONTENT)
    with path.open("rb") as file:
        yield file


@pytest.mark.parametrize("tapped", [False, True], ids=["untapped", "tapped"])
@pytest.mark.parametrize("timeout", [None, 10])
@pytest.mark.parametrize("start", [0, 5])
def test_file_is_sent_from_its_place_to_its_end(
    serve: Serve, watch: Watch, file: Any, tapped: bool, timeout: float | None, start: int
) -> None:
    play = Keep(len(CONTENT) - start)
    connection = serve(play).connection(timeout=timeout, tap=watch if tapped else None)
    file.seek(start)

    connection.request("POST", "/", file)

    assert connection.getresponse().read() == b"ok"
    assert play.body == CONTENT[start:]
    assert file.tell() == len(CONTENT)
    assert connection.sock.gettimeout() == timeout
    connection.close()


@pytest.mark.parametrize("buffering", [0, -1], ids=["raw", "buffered"])
def test_file_that_was_written_to_is_sent_with_what_was_written(
    serve: Serve, tmp_path: Path, buffering: int
) -> None:
    play = Keep()
    connection = serve(play).connection()
    with (tmp_path / "body").open("w+b", buffering=buffering) as file:
        file.write(CONTENT)
        file.seek(0)

        connection.request("POST", "/", file)

    assert connection.getresponse().read() == b"ok"
    assert play.body == CONTENT


def test_file_is_sent_after_the_server_has_asked_for_it(serve: Serve, file: Any) -> None:
    play = Keep()
    connection = serve(play).connection(expect_timeout=10)

    connection.request("POST", "/", file, {"Expect": "100-continue"})

    assert connection.getresponse().read() == b"ok"
    assert play.body == CONTENT


def test_debug_output_has_each_piece_of_a_file(serve: Serve, file: Any) -> None:
    connection = serve(Keep()).connection()
    connection.set_debuglevel(1)
    with redirect_stdout(io.StringIO()) as output:
        connection.request("POST", "/", file)

    assert output.getvalue().count("send: ") == 1 + -(-len(CONTENT) // connection.blocksize)


def test_file_that_is_longer_than_declared_is_sent_in_pieces(serve: Serve, file: Any) -> None:
    connection = serve(Keep()).connection()

    connection.request("POST", "/", file, {"Content-Length": "10"})

    assert connection.getresponse().will_close


def test_file_that_the_kernel_does_not_send_is_read(
    serve: Serve, file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: int) -> int:
        raise OSError(errno.EINVAL, "the file system has no such thing")

    monkeypatch.setattr(os, "sendfile", refuse)
    play = Keep()
    connection = serve(play).connection()

    connection.request("POST", "/", file)

    assert connection.getresponse().read() == b"ok"
    assert play.body == CONTENT


@pytest.fixture
def large_file(tmp_path: Path) -> Any:
    path = tmp_path / "large"
    with path.open("w+b") as file:
        os.truncate(file.fileno(), LARGE)
        yield file


def test_early_response_stops_a_file(serve: Serve, large_file: Any) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.send(TOO_LARGE)
        peer.take(1000)
        peer.reset()

    connection = serve(play).connection()

    connection.request("POST", "/", large_file)
    response = connection.getresponse()

    assert response.status == 413
    assert response.will_close
    assert large_file.tell() < LARGE


def test_reset_while_a_file_is_sent_raises(serve: Serve, large_file: Any) -> None:
    def play(peer: Peer) -> None:
        peer.take_head()
        peer.reset()

    connection = serve(play).connection()

    with pytest.raises(ConnectionError):
        connection.request("POST", "/", large_file)

    connection.close()


def test_file_that_is_cut_while_it_is_sent_is_less_than_declared(serve: Serve, large_file: Any) -> None:
    """The server cuts it before it reads, when the socket buffers are full and no more."""
    left = LARGE // 2

    def play(peer: Peer) -> None:
        peer.take_head()
        os.truncate(large_file.fileno(), left)
        peer.take(left)
        peer.take_all()

    connection = serve(play).connection(policy=STRICT)

    with pytest.raises(ValueError, match=f"{LARGE - left} bytes less"):
        connection.request("POST", "/", large_file)

    assert connection.sock is None


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="there is no /proc")
def test_file_that_seems_to_be_empty_is_sent_in_chunks(serve: Serve) -> None:
    heads = []

    def play(peer: Peer) -> None:
        heads.append(peer.take_head())
        peer.send(OK)
        peer.take_all()

    connection = serve(play).connection()
    with Path("/proc/self/cmdline").open("rb") as file:
        connection.request("POST", "/", file)
    assert connection.getresponse().read() == b"ok"
    connection.close()

    assert b"Transfer-Encoding: chunked\r\n" in heads[0]
    assert b"Content-Length" not in heads[0]
