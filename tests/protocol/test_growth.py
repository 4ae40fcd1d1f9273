"""Large and many: memory stays flat where a response is read in pieces, and nothing is left of a connection."""

import gc
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.protocol.wire.scripted_socket import ScriptedSocket
from workbench.protocol import HTTPConnection
from workbench.protocol.policy import DEFAULT

OK = b"HTTP/1.1 200 OK\r\n"
PIECE = 65536
MEGABYTE = 1_000_000


def opened(*pieces: bytes) -> HTTPConnection:
    """A connection that has sent a request, and receives these pieces."""
    connection = HTTPConnection("127.0.0.1", policy=DEFAULT.with_limits(fields=1000))
    connection.sock = ScriptedSocket(pieces, ends=True)
    connection.request("GET", "/")
    return connection


def peak_of_reading(connection: HTTPConnection) -> tuple[int, int]:
    """Read in pieces; give the bytes of content, and the peak of memory meanwhile."""
    response = connection.getresponse()
    tracemalloc.start()
    length = sum(map(len, iter(lambda: response.read(PIECE), b"")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    connection.close()
    return length, peak


def test_reading_a_long_body_in_pieces_takes_no_more_memory_than_a_short_one() -> None:
    count = 1000
    head = OK + b"Content-Length: %d\r\n\r\n" % (count * PIECE)

    length, peak = peak_of_reading(opened(head, *[bytes(PIECE)] * count))

    assert length == count * PIECE
    assert peak < 3 * PIECE


def test_reading_many_chunks_in_pieces_takes_no_more_memory_than_few() -> None:
    many = b"a\r\n0123456789\r\n" * 4000
    head = OK + b"Transfer-Encoding: chunked\r\n\r\n"

    length, peak = peak_of_reading(opened(head, *[many] * 20, b"0\r\n\r\n"))

    assert length == 20 * 4000 * 10
    # The pieces of one read, each with the header of a Python object.
    assert peak < MEGABYTE


def test_section_of_as_many_fields_as_the_limit_allows_is_read() -> None:
    fields = b"".join(b"X-%d: y\r\n" % number for number in range(999))
    connection = opened(OK + b"Content-Length: 0\r\n" + fields + b"\r\n")

    assert len(connection.getresponse().headers) == 1000
    connection.close()


def open_files() -> set[str]:
    return {path.name for path in Path("/proc/self/fd").iterdir()}


def connections(count: int) -> Iterator[None]:
    for _ in range(count):
        connection = opened(OK + b"Content-Length: 2\r\n\r\nok")
        assert connection.getresponse().read() == b"ok"
        connection.close()
        yield


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted in /proc")
def test_connections_one_after_the_other_leave_nothing_behind() -> None:
    for _ in connections(100):
        pass
    gc.collect()
    objects, files = len(gc.get_objects()), open_files()
    gc.disable()
    try:
        for _ in connections(2000):
            pass
        # Not even for the garbage collector. What a thread of another test lets go meanwhile is gone, too.
        assert len(gc.get_objects()) - objects < 100
    finally:
        gc.enable()
    assert open_files() <= files
